"""The words for the steps of an article's life: submit, approve, reject, stop and withdraw.

They speak to the API alone, which decides what is possible.
"""
