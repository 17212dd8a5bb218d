"""Articles of another site: taken in with their old dates and addresses, and told to nobody.

Promises that each is taken in once, by its old address. May use lifecycle, pictures and reading.
"""
