"""What a letter is once it is accepted, for rooms that accept one in a step with what it tells of.

Promises that a letter which a room's script accepts waits for a sender, and is accepted once. Knows
bytes and Redis keys; no member, no sealed word, and not how a letter is sent: `letters` does.
"""
