"""The words that are typed after `varsel`: each in the file of its name; cli.py puts them together.

A command reads its options, asks the API or the system's Redis, and says what came of it: to people
in Norwegian, to programs as JSON. It decides nothing that a service could decide.
"""
