"""Norwegian words as the search knows them: one token for all forms of a word. Pure.

Snowball takes off endings. What it misses is here and in three lists beside this file: irregular
forms and what a word is in nynorsk (same.txt), compounds (parts.txt), and, when somebody asks, what
readers say for one another (alike.txt).
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+(?:[-‐‑’'][^\W_]+)*")
_HYPHEN = re.compile(r"[-‐‑’']")
_FOLDS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae"})
_TYPED = (("oe", "o"), ("aa", "a"))
"""How ø and å are typed where there is no key for them."""
_ENDINGS = (
    *("", "s", "e", "a", "t", "n", "r", "en", "et", "er", "ar", "ene", "ane", "ens", "ets"),
    *(
        "ne",
        "te",
        "ende",
        "ande",
        "ere",
        "else",
        "elser",
        "men",
        "mer",
        "mene",
        "met",
        "mar",
        "mane",
    ),
)
SHORTEST_COMPOUND = 7
"""Letters of a word that is taken apart."""
_SHORTEST_TAIL = 4
"""Letters of its last part."""
_SHORTEST_HEAD = 3
"""Letters of what stands before that."""
_LONGEST_WORD = 60
"""Characters; what is longer is no word that somebody searches for."""
STOP_WORDS = frozenset((_HERE / "stop.txt").read_text().split())
"""Words that tell nothing of what is asked for."""


def spoken(text: str) -> Iterator[str]:
    """The words of a text in lower case, in order; one with a hyphen also as one and in parts."""
    for found in _WORD.finditer(unicodedata.normalize("NFC", text).lower()):
        word = found[0]
        if len(word) > _LONGEST_WORD:
            continue
        pieces = _HYPHEN.split(word)
        if len(pieces) > 1:
            yield "".join(pieces)
        yield from pieces


def folded(word: str) -> str:
    """The word in the letters a to z, as it is typed on a keyboard without æ, ø and å."""
    plain = unicodedata.normalize("NFKD", word.translate(_FOLDS))
    return "".join(char for char in plain if not unicodedata.combining(char))


def typed(word: str) -> str:
    """The word with one letter where two are typed for ø or å."""
    for two, one in _TYPED:
        word = word.replace(two, one)
    return word


@lru_cache(maxsize=40_000)
def token(word: str) -> str:
    """What stands for all forms of `word` (in lower case)."""
    same = _same()
    if found := same.get(word):
        return found
    found = stem(word)
    return _same_stems().get(found, found)


@lru_cache(maxsize=40_000)
def tokens(word: str) -> tuple[str, ...]:
    """What a word of a text is found by: its token, and the same in the letters a to z."""
    plain = folded(word)
    return (token(word),) if plain == word else tuple({token(word): 0, token(plain): 0})


class _Stemmers(threading.local):
    """One for each thread: it keeps the word in itself while it works, and two would mix theirs."""

    def __init__(self) -> None:
        self.norwegian = snowballstemmer.stemmer("norwegian")


_stemmers = _Stemmers()


def stem(word: str) -> str:
    """The word without its endings, by Snowball and the rules that it lacks."""
    if word.isdigit():
        return word
    found: str = _stemmers.norwegian.stemWord(word)
    if found.endswith("mm"):  # sykdommen, sykdom
        found = found[:-1]
    if len(found) >= 6 and found.endswith(("er", "ar")):  # fosteret, foster; svaret, svar
        found = found[:-2]
    if len(found) >= 7 and found.endswith("ing"):  # behandling, behandle
        found = found[:-3]
    if len(found) >= 5 and found.endswith("el") and found[-3] not in "aeiouyæøåhl":
        found = found[:-2] + "l"  # kapsel, kapsler
        if found[-2] == found[-3]:  # middel, midler
            found = found[:-2] + "l"
    return found


@cache
def _same() -> Mapping[str, str]:
    """From each form in same.txt to its token."""
    return {form: stem(line[0]) for line in lines("same.txt") for form in line}


@cache
def _same_stems() -> Mapping[str, str]:
    """The same for the stems of those forms, so that their other endings are known, too."""
    found: dict[str, str] = {}
    for line in lines("same.txt"):
        for form in line:
            found.setdefault(stem(form), stem(line[0]))
    # What a stem is of itself goes before what it is of another word.
    return found | {stem(line[0]): stem(line[0]) for line in lines("same.txt")}


def lines(name: str) -> list[list[str]]:
    """The words of each line of a list beside this file."""
    texts = (_HERE / name).read_text().splitlines()
    return [list(spoken_once(text)) for text in texts if text and not text.startswith("#")]


@cache
def _forms() -> Mapping[str, str]:
    """From each form of a word in parts.txt to its token."""
    found: dict[str, str] = {}
    bases = [base for line in lines("parts.txt") for base in line]
    for base in bases:
        for ending in _ENDINGS:
            found.setdefault(base + ending, token(base))
        if base.endswith("e"):
            for ending in _ENDINGS:
                found.setdefault(base[:-1] + ending, token(base))
    wanted = {token(base) for base in bases}
    for form, one in _same().items():
        if one in wanted and len(form) > 2:
            found |= {form + ending: one for ending in _ENDINGS if form + ending not in found}
            found[form] = one
    return found


@lru_cache(maxsize=40_000)
def parts(word: str) -> tuple[str, ...]:
    """The tokens of the words that `word` is put together of; none if it is one word.

    The longest last part that is known counts; of what stands before it, also what is not known if
    it is long enough to be a word.
    """
    if len(word) < SHORTEST_COMPOUND or word in _same():
        return ()
    forms = _forms()
    best: tuple[str, ...] = ()
    for cut in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1):
        tail = forms.get(word[cut:])
        if tail is None:
            continue
        head = word[:cut]
        for first in (head, *_unlinked(head)):
            if first in forms:
                return (forms[first], tail)
            if (inner := parts(first)) and not best:
                best = (*inner, tail)
        if not best and len(head) >= 4 and len(word) >= 9:
            plain = next(iter(_unlinked(head)), head)
            best = tuple({token(head): 0, token(plain): 0, tail: 0})
    return best


def _unlinked(head: str) -> Iterator[str]:
    """The first part without the letter that may stand between it and the next."""
    if head[-1:] in ("s", "e", "-"):
        yield head[:-1]


def phrase(text: str) -> tuple[str, ...]:
    """The tokens of a name or a term, in order, without stop words unless it has no others."""
    words = list(spoken_once(text))
    told = [word for word in words if word not in STOP_WORDS] or words
    return tuple(token(word) for word in told)


def spoken_once(text: str) -> Iterator[str]:
    """As `spoken`, but of a word with a hyphen only the one word: «p-pille» is asked for whole."""
    for found in _WORD.finditer(unicodedata.normalize("NFC", text).lower()):
        yield "".join(_HYPHEN.split(found[0]))[:_LONGEST_WORD]


@cache
def alike() -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """From each term in alike.txt, as tokens and in the letters a to z, to the others that mean
    the same."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for text in (_HERE / "alike.txt").read_text().splitlines():
        if not text or text.startswith("#"):
            continue
        terms = [phrase(term) for term in text.split("|")]
        for term in (*terms, *(tuple(map(folded, term)) for term in terms)):
            others = found.setdefault(term, {})
            others |= {other: None for other in terms if other != term}
    return {term: tuple(others) for term, others in found.items()}
