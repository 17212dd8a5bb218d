"""What somebody may have meant who wrote a word that no article has. Pure."""

import re
from collections.abc import Iterable, Iterator

from services.render.search.words import folded

_SOUNDS = (
    *((re.compile(old), new) for old, new in (("th", "t"), ("ph", "f"), ("x", "ks"), ("q", "k"))),
    *((re.compile(old), new) for old, new in (("c(?=[eiy])", "s"), ("ch|ck|c", "k"), ("z", "s"))),
    *((re.compile(old), new) for old, new in (("w", "v"), ("hj|gj", "j"), ("hv", "v"))),
    *((re.compile(old), new) for old, new in (("kj|tj", "k"), ("skj|sj", "s"), ("d(?=t|s)", ""))),
)
_VOWELS = re.compile(r"[aeiouyhj]")
_DOUBLE = re.compile(r"(.)\1+")
SHORTEST = 4
"""Characters of a word that is put right; a shorter one may be anything."""


def sound(word: str) -> str:
    """How a word sounds, roughly: its consonants, those that are spelt in several ways as one."""
    heard = _DOUBLE.sub(r"\1", folded(word))
    for old, new in _SOUNDS:
        heard = old.sub(new, heard)
    first = "a" if _VOWELS.match(heard) else ""
    return first + _DOUBLE.sub(r"\1", _VOWELS.sub("", heard))


def keys(word: str) -> Iterator[str]:
    """What a word is looked up by: its sound, and that with one letter less."""
    whole = sound(word)
    yield whole
    if len(whole) > 3:
        yield from {whole[:place] + whole[place + 1 :] for place in range(len(whole))} - {whole}


def distance(one: str, other: str) -> int:
    """How many letters are to be changed, put in, taken out or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if older and i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """Those of `words` that `word` may be meant to be, the nearest first."""
    plain = folded(word)
    most = 1 if len(plain) < 6 else 2 if len(plain) < 10 else 3
    heard = sound(word)
    found = [(distance(plain, folded(other)), other) for other in words]
    near = [(far - (sound(other) == heard), other) for far, other in found]
    return [other for far, other in sorted(near) if far <= most]
