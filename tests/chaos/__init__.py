"""Kills every process at every step of a delivery, and audits from outside what became of it."""
