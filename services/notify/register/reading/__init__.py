"""Files to rows: CSV and Excel, whatever program wrote them. Knows addresses, nothing of members.

Promises that a file is read in bounded memory, in a child process, and that each row is a member
or a reason."""
