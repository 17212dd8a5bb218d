"""What other services told us: a receipt for each alert, a preview for what waits, dead letters."""
