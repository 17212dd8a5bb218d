"""What is known of each delivery and each member in it: every byte, and every script on it.

For each delivery audience = handed over + failed + suppressed + open, each counted (promise G6). A
final state stays. Knows members by number only."""
