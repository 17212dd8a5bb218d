"""The journal: who left, was erased and came back, and the highest numbers given, outside Redis.

Promises that what it was told survives a power cut, and any loss of Redis. Redis is emptied, or put
back to a copy from before: then the journal still says who is not to be mailed. Knows numbers and
keyed hashes; no address, no delivery. Needs the keys that lie beside it, wrapped by the secret.
"""
