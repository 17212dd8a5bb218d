"""Who the members are: their numbers and sealed records, and how they come and go.

A number is one subscription's life and is never given twice. May use the vault, choices, the
journal and passkeys; knows no delivery and no mail."""
