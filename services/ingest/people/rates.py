"""How often a key may ask, and a source that shows none that is good: so that a program that runs
wild, or somebody who tries keys, takes no time from the others."""

from dataclasses import dataclass, field

from shared.visitors.rates import Rates

AT_ONCE = 1_000
"""Requests in a row."""
A_SECOND = 100.0
"""How many of these come back: more than a program needs that moves a whole site here, one article
after another."""


def _rates() -> Rates:
    return Rates(AT_ONCE, A_SECOND)


@dataclass(frozen=True)
class AskRates:
    """Requests with a good key count by that alone, so that nobody is locked out by others behind
    the same address."""

    keys: Rates = field(default_factory=_rates)
    """By a key's id."""
    sources: Rates = field(default_factory=_rates)
    """By what of an address tells one source from another."""
