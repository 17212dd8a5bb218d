"""The list of articles: what waits for whom, its pages, and the search through all of them.

An overview reads so many articles of each state and no more, however many there are.
"""
