"""Mail to one person that is no delivery: what they asked for, and what they must be told.

Accepted means sent, whichever process dies (as an alert). A log-in letter never waits behind an
alert, nor an alert behind letters (promise G14). What is asked is sealed from the moment that it is
accepted, and whose address it is is looked up only when the letter is sent: nobody who asks can
tell a member from a stranger. May use mail, members, the relay,
the vault and the outbox; knows no delivery.
"""
