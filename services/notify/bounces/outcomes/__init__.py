"""What follows from a mail that came to a return path: a small file for each outcome.

Each may be done again for the same mail, with no other effect: whoever did it may have been killed
before the mail was forgotten.
"""
