"""Asks whether any package of the locks has a known fault (`make audit-packages`)."""
