"""The guard: looks at a system from outside, and rings when members do not get what they should.

Promises to need nothing of the system's inside: no Redis, no secret but a key that may only read
receipts, a relay of its own. Rings once for each fault, and says when it is well again. `judge.py`
and `memory.py` decide and are pure; the others look, ring and keep."""
