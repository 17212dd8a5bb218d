"""Small faults that are put into the code on purpose, each with the promise that it breaks.

The tests must find every one, by an assertion and not by a time limit. `make mutants` tries all.

A list lies in each `*.toml`, by room; `mutant.py` says what stands in it.
"""
