"""What the newsroom's tests share: its systems, and who is logged in to them."""
