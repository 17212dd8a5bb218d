"""What has become of an alert, live: who has it, who not and why, and what can be done about it.

Promises that a page which stays open shows what is so within a second, and never says that
something is sent which is not. Shows numbers alone: ingest knows no member.
"""
