"""The commands `varsel members …`."""
