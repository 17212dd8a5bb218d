"""Subjects as two services or more need them: which an alert is about, and the list of them in
Redis, kept by what the stream `reference` tells.

Promises that an alert is never narrowed by a name that nobody knows: if any of its medicines and
conditions is not matched to a subject, it goes to all. Knows no article and no member.
"""
