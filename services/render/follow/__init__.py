"""What programs that follow us ask for: what changed since they last asked, and whether we live.

Promises that whoever asks for what is next misses nothing, and that an exercise is never among the
rest. Reads render's own keys, and how far the readers of streams are; writes nothing.
"""
