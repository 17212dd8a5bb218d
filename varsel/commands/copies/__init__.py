"""The commands `varsel backup`, `varsel restore` and `varsel resume`."""
