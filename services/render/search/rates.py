"""How often one address may search, and ask what changed."""

from shared.visitors.rates import Rates
from shared.visitors.sources import network

AT_ONCE = 60
"""Searches and suggestions that an address may ask for in a row: a hall full of people has one."""
A_SECOND = 6.0
"""How many of these come back."""


class AddressRates:
    def __init__(self) -> None:
        self._rates = Rates(AT_ONCE, A_SECOND)

    def may_ask(self, address: str) -> bool:
        """Whether the source may ask once more now; this one is counted."""
        return self._rates.may_ask(network(address))
