"""SMTP out: connections to the relay, what its replies mean, and its limits.

A mail that is offered here is handed over, refused, or said to be unknown; nothing is lost without
a word. Knows mails and numbers; no ledger, no member."""
