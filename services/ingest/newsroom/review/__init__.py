"""Approving, stopping, withdrawing and correcting: the pages where a word goes out to people.

Promises that what is approved is exactly what was on the page, and that a double click, a reload or
two people at once do no harm. Calls lifecycle's flows.
"""
