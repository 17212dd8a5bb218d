"""What a relay's later word makes of a mail: it came back, somebody complained, or it is no news.

Promises that what was accepted is handled, and has its effect once, whoever is killed; that only
the token in the address is trusted, never the text; and that nobody is marked for what speaks of
us, or for a surge. Marks members' addresses and ends subscriptions; never takes from a ledger what
it counts as handed over. May use the members, the vault and the ledger.
"""
