"""Bodies that the text check and the page are tried with, and many made of their pieces."""

import random
from collections.abc import Iterator

from tests.ingest.reading.examples import CLEAR, PIECES, REFUSED, WARNED
from tests.render.bodies import DIALOGUE, INDENTED, LISTS, NO_MARKUP, NUMBERS

_MORE = (
    *("[a](https://e.org)", '[a](b "t")', '![x](y.jpg "z. Foto: k.")', "[^1]", "[^1]: ", "^[n]"),
    *(
        "<https://e.org>",
        "https://e.org/a_b.",
        "www.e.org",
        "[r]",
        "[r]: https://e.org",
        "\\",
        "\\*",
    ),
    *(
        "\n\n|a|b|\n|-|:-:|\n",
        "|c|d|\n",
        "|",
        "\\|",
        "**a**",
        "*b*",
        "_c_",
        "&amp;",
        "\n\n[^1]: x\n",
    ),
    *(
        "http://å.no",
        "•\t",
        "–\t",
        "o\t",
        "17. mai",
        "Ring",
        "?",
        "»",
        "😀",
        "²",
        "`",
        "Ta 2*500 mg",
    ),
)


def written() -> list[str]:
    """The examples of those tests."""
    first = [body for body, *_ in [*REFUSED.values(), *WARNED.values(), *LISTS.values()]]
    return list(dict.fromkeys([*first, *CLEAR, *NO_MARKUP, *NUMBERS, *DIALOGUE, *INDENTED]))


def pieced(count: int, seed: int = 1) -> Iterator[str]:
    """Texts of the pieces that the text check's own properties are tried with, and of more."""
    pieces = [*PIECES, *_MORE]
    chosen = random.Random(seed)
    return ("".join(chosen.choices(pieces, k=chosen.randint(1, 30))) for _ in range(count))
