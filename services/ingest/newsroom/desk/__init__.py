"""Writing: the list of articles, a new one, the form with its autosaved working copy, what is
missing before it can be submitted, and submitting it.

Promises that nothing typed is lost or overwritten, with script and without. Draws on
`services.ingest.desk`, which keeps what is typed.
"""
