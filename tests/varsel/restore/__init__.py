"""What becomes of a copy that is put back."""
