"""A revision in words that people read, and what has changed in it. Pure.

Promises that nothing of a revision is left out, and that two contents which differ look different.
"""
