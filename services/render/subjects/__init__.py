"""Medicines and classes of medicines, as `reference` tells of them, in Redis (`render:subjects…`),
and where their pages are. Knows no article."""
