"""What `varsel watch` shows: a look at the whole system, what is wrong with it, and its picture.

Promises to change nothing. Only `overview` reads Redis; all else is pure.
"""
