"""SMTP out: connections to the relay, what its replies mean, and its limits.

Every mail that is offered here hears once what became of it: the relay took it, refused it, or
nobody knows. Knows mails and the numbers they are for; no ledger, no member."""
