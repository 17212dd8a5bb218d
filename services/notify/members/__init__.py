"""Who the members are: their numbers, sealed records, choices, and how they come and go.

A number is one subscription's life and is never given twice. A list that cannot be read whole is
refused; of one that can, each line is taken or refused with a reason. May use the vault; knows no
delivery and no mail."""
