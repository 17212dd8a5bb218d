"""The redirects of an old site, as a file `_redirects` has them: two addresses a line. Pure.

Each leads to an article, by way of as many others as it takes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.old_address import old_path

NAME = "_redirects"


@dataclass(frozen=True)
class Resolved:
    homes: dict[str, str]
    """Each address that leads on, and the address of the article where that ends."""
    problems: dict[str, str]
    """Those that lead nowhere, and why, in words."""


def read_redirects(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The redirects in a file, by their old paths, and what is wrong with its other lines. A third
    word, as 301, and remarks (#) are passed over."""
    found: dict[str, str] = {}
    problems: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) not in (2, 3):
            problems[f"{NAME}, linje {number}"] = (
                "skriv den gamle adressen, et mellomrom og den nye"
            )
            continue
        try:
            found.setdefault(old_path(words[0]), old_path(words[1]))
        except ValueError as error:
            problems[f"{NAME}, linje {number}"] = f"adressen {error}"
    return found, problems


def resolve(redirects: Mapping[str, str], homes: Iterable[str]) -> Resolved:
    """Where each of `redirects` ends. `homes` are the addresses of articles: they lead nowhere
    else, whatever is said of them."""
    known = set(homes)
    ends: dict[str, str] = {}
    problems: dict[str, str] = {}
    for start in redirects:
        at, seen = start, {start}
        while at not in known and (following := redirects.get(at)) is not None:
            if following in seen:
                problems[start] = "går i ring; rett den ene av dem"
                break
            at = following
            seen.add(at)
        else:
            if start in known:
                problems[start] = "er en saks egen adresse, og kan ikke føre videre"
            elif at in known:
                ends[start] = at
            else:
                problems[start] = f"fører til {at}, som ikke er adressen til noen sak i mappen"
    return Resolved(ends, problems)
