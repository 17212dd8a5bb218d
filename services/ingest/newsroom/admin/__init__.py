"""What an admin looks after: people and their keys, subjects, the system's state, the audit trail.

Promises that each change is in the audit trail with who made it, that nobody shuts themselves out,
and that what is wrong is said in words with a way to it. May use people, subjects, identity,
lifecycle, pictures, reading, receipts and audit.
"""
