"""The editors' web pages, `/redaksjon/…`: write, see, approve, send, follow and correct.

Promises that each page works without script, that nothing typed is lost, and that each refusal
says what to do. Calls the flows of lifecycle and the other rooms, never `api`. Each folder in here
is one part of the newsroom: its `routes` function gives its pages. `lists` and `shown` have none:
the others use them.
"""
