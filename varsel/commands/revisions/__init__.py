"""The words that make a new revision from a file: save, edit and correct.

They speak to the API alone, which decides what is possible.
"""
