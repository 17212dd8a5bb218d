"""Joining, «Min side», and the pages behind a mail's link.

A GET changes nothing (promise G10), and the answer tells nobody who is a member. May use members,
choices, letters, passkeys, bounces, the journal and the vault; reads ledgers and changes none."""
