"""What articles are found by in the newsroom, however many there are and whatever their state.

Promises that what a step changes is found from that moment, since the step's script writes it.
Knows no other room.
"""
