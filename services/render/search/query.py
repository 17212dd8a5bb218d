"""What is searched for, as FTS5 reads it. Pure but for what it asks of an index.

Every word stands in quotation marks and has letters and digits only: nobody can write an operator.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.render.search import spelling, words

LONGEST = 200
"""Characters of what somebody types."""
MOST_WORDS = 12
_LONGEST_NAME = 4
"""Words of a name or a term."""
_SHORTEST_PART = 4
"""Letters of a part that a word is taken apart by here."""
_MOST_OTHERS = 40
"""Names that mean the same, of one name."""
_MOST_HEARD = 200
"""Words that sound alike, among which the nearest is looked for."""
TokensOfTerm = tuple[str, ...]
"""Tokens that all must be there."""


@dataclass(frozen=True)
class WantedTerm:
    """A word or a term of what was typed."""

    own: tuple[TokensOfTerm, ...]
    """It itself: any of these will do."""
    others: tuple[TokensOfTerm, ...]
    """What means the same."""


@dataclass(frozen=True)
class WantedTerms:
    groups: tuple[WantedTerm, ...]
    meant: tuple[tuple[str, str], ...] = ()
    """Words that nothing has, each with the one that is searched for in its place."""
    unknown: tuple[str, ...] = ()
    """Words that nothing has, and nothing like them."""


def typed_words(text: str) -> list[str]:
    """The words of `text` that are searched for: those that tell something, if there are any."""
    said = list(dict.fromkeys(words.spoken_once(text[:LONGEST])))
    telling = [word for word in said if word not in words.STOP_WORDS] or said
    return telling[:MOST_WORDS]


def understood(base: sqlite3.Connection, text: str) -> WantedTerms:
    """What `text` asks for of the index: the longest names and terms first, each word once. Words
    that no article has are taken apart or put right if that helps, else left out."""
    said = typed_words(text)
    tokens = [words.token(words.typed(word)) for word in said]
    groups: list[WantedTerm] = []
    meant: list[tuple[str, str]] = []
    unknown: list[str] = []
    place = 0
    while place < len(said):
        name = _name(base, tokens[place:])
        word = said[place]
        place += len(name) or 1
        if len(name) > 1:
            groups.append(WantedTerm((name,), _others(base, name)))
        elif group := _known(base, word) or _apart(base, word):
            groups.append(group)
        elif right := _right(base, word):
            groups.append(WantedTerm(tuple(_own(right)), _others(base, (words.token(right),))))
            meant.append((word, right))
        elif group := _half(base, word):
            groups.append(group)
        else:
            unknown.append(word)
    return WantedTerms(tuple(groups), tuple(meant), tuple(unknown))


def _name(base: sqlite3.Connection, tokens: Sequence[str]) -> TokensOfTerm:
    """The longest name or term of several words that these begin with, if an article has it or
    what means the same."""
    for length in range(min(_LONGEST_NAME, len(tokens)), 1, -1):
        name = tuple(tokens[:length])
        others = _others(base, name)
        if others and has(base, any_of((name, *others))):
            return name
    return ()


def _known(base: sqlite3.Connection, word: str) -> WantedTerm | None:
    """The word, if an article has it, what means the same, or one that begins so."""
    own = tuple(_own(word))
    others = tuple({other: None for term in own for other in _others(base, term)})
    if has(base, any_of((*own, *others))):
        return WantedTerm(own, others)
    begins = len(word) >= spelling.SHORTEST and has(base, f'"{own[0][0]}" *')
    return WantedTerm(own, others) if begins else None


def _cuts(base: sqlite3.Connection, word: str) -> Iterator[tuple[str, str, bool, bool]]:
    """Every way to take a word apart: the tokens of both parts, and whether an article has them."""
    if len(word) < words.SHORTEST_COMPOUND:
        return
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        tail = words.token(word[cut:])
        has_tail = has(base, f'"{tail}"')
        for head in dict.fromkeys((word[:cut], word[:cut].rstrip("se"))):
            if len(head) >= _SHORTEST_PART - 1:
                first = words.token(head)
                yield first, tail, has(base, f'"{first}"'), has_tail


def _apart(base: sqlite3.Connection, word: str) -> WantedTerm | None:
    """A compound that nobody wrote, whose parts are there: best in one article."""
    both = [(head, tail) for head, tail, one, other in _cuts(base, word) if one and other]
    together = next((pair for pair in both if has(base, _all_of(pair))), None)
    if together:
        return WantedTerm((together,), ())
    if parts := words.parts(word):
        there = [(part,) for part in parts if has(base, f'"{part}"')]
        return WantedTerm(tuple(there), ()) if there else None
    return WantedTerm(((both[-1][0],), (both[-1][1],)), ()) if both else None


def _half(base: sqlite3.Connection, word: str) -> WantedTerm | None:
    """What is known of a compound whose other part nobody wrote."""
    found = [head if one else tail for head, tail, one, other in _cuts(base, word) if one or other]
    longest = max(found, key=len, default="")
    return WantedTerm(((longest,),), ()) if len(longest) >= _SHORTEST_PART else None


def _own(word: str) -> Iterator[TokensOfTerm]:
    for one in dict.fromkeys((words.token(word), words.token(words.typed(word)))):
        yield (one,)
    parts = words.parts(word)
    if parts:
        yield tuple(dict.fromkeys(parts))


def _others(base: sqlite3.Connection, name: TokensOfTerm) -> tuple[TokensOfTerm, ...]:
    found = dict.fromkeys(words.alike().get(name, ()))
    rows = base.execute(
        "SELECT DISTINCT other FROM other WHERE name = ? LIMIT ?", (" ".join(name), _MOST_OTHERS)
    )
    found |= {tuple(row[0].split()): None for row in rows}
    return tuple(one for one in found if one != name and one)


def _right(base: sqlite3.Connection, word: str) -> str | None:
    if len(word) < spelling.SHORTEST:
        return None
    marks = list(spelling.keys(word))
    held = ",".join("?" * len(marks))
    rows = base.execute(
        f"SELECT DISTINCT word FROM heard WHERE key IN ({held}) LIMIT ?",  # noqa: S608 (marks only)
        (*marks, _MOST_HEARD),
    )
    near = spelling.nearest(word, [row[0] for row in rows])
    return next((one for one in near if has(base, any_of(tuple(_own(one))))), None)


def has(base: sqlite3.Connection, match: str) -> bool:
    return bool(
        base.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (match,)).fetchone()
    )


def any_of(terms: Iterable[TokensOfTerm]) -> str:
    return "(" + " OR ".join(_all_of(term) for term in terms) + ")"


def _all_of(term: TokensOfTerm) -> str:
    quoted = [f'"{one}"' for one in term]
    return quoted[0] if len(quoted) == 1 else "(" + " AND ".join(quoted) + ")"


def whole_matches(query: WantedTerms) -> list[str]:
    """What to ask FTS5 for all that was typed, the strictest first: as it was typed, or what means
    the same, or words that begin so. The second one asks for no beginnings."""
    own = " AND ".join(any_of(group.own) for group in query.groups)
    wide = " AND ".join(_wide(query))
    begun = " AND ".join(_begun(group) for group in query.groups)
    return [own, wide, begun]


def part_matches(query: WantedTerms) -> list[str]:
    """What to ask for some of it: all but one of the words, then any."""
    wide = _wide(query)
    if len(wide) < 2:
        return []
    any_word = " OR ".join(wide)
    if len(wide) == 2:
        return [any_word]
    but_one = (wide[:left] + wide[left + 1 :] for left in range(len(wide)))
    return [" OR ".join("(" + " AND ".join(rest) + ")" for rest in but_one), any_word]


def _wide(query: WantedTerms) -> list[str]:
    return [any_of((*group.own, *group.others)) for group in query.groups]


def _begun(group: WantedTerm) -> str:
    """As any of its terms, or as a word that begins so: «ledd» is in «leddgikt»."""
    plain = any_of((*group.own, *group.others))
    first = group.own[0]
    if len(first) == 1 and len(first[0]) >= spelling.SHORTEST:
        return f'({plain} OR "{first[0]}" *)'
    return plain


def begun_words(text: str) -> str | None:
    """What to ask for suggestions: all words but the last are there, the last one begins so."""
    said = [words.folded(word) for word in words.spoken_once(text[:LONGEST])][:MOST_WORDS]
    if not said or len(said[-1]) < 2:
        return None
    return " AND ".join([*(f'"{word}"' for word in said[:-1]), f'"{said[-1]}" *'])
