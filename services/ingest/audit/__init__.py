"""The audit trail: who did what. Each line is bound to the one before by its hash.

Promises that no line is changed or removed unseen, and seals each day. The scripts of other rooms
stand on audit.lua, so that what happened and its line are written at once. Knows no other room.
"""
