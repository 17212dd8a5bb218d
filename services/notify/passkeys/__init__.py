"""Passkeys of members, sealed in the vault. Knows numbers, no member.

Promises that Redis tells only which number has some and how many, that whoever holds the device
learns nothing of who the member is, and that nothing is left of them once the number is erased.
"""
