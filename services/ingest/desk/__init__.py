"""Working copies: what somebody is writing, before it is a revision.

Nothing typed is lost: a save that finds another's text keeps both. A copy has the fields of the
form as they were typed; `to_submission` makes of them what `POST /api/articles` takes,
`from_article` goes back. May touch `lifecycle` to open and submit, and everything below it.
"""
