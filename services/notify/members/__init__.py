"""Who the members are: their numbers, sealed records, choices, and how they come and go.

A number is one subscription's life and is never given twice. May use the vault; knows no
delivery and no mail."""
