"""Bodies as editors write them, paste them and break them, made from a number: the same number
makes the same body."""

import random
from collections.abc import Callable, Iterator

_WORDS = (
    *("Legen", "sier", "at", "medisinen", "kan", "gi", "skader", "på", "leveren", ",", "og"),
    *("dosen", "må", "være", "lavere", ".", "Ta", "en", "prøve"),
    *("2*500", "5 mg", "10_000", "a_b", "«Exempla»", "(eksempelinib)", "3. april", "–", "116 117"),
    *(
        "≥ 5",
        "< 3",
        "> 4",
        "1*",
        "*",
        "_",
        "`",
        "#1",
        "100 %",
        "C:\\mappe",
        "AT&T",
        "&amp;",
        "~",
        "|",
    ),
    *(
        "https://tilsynet.example.org/a_b?c=1.",
        "www.example.org",
        "kari@example.org",
        "[NB]",
        "(1)",
    ),
    *("\\*", "\\#", "é", "æ", "😀", "\u00a0", "…", "Ø.", "!", "^", "[", "]", "(", ")", '"'),
)
_MARKED = (
    *(
        "**viktig**",
        "*straks*",
        "***nå***",
        "_ja_",
        "__nei__",
        "`kode`",
        "**Obs:**",
        "**«a» *b* c**",
    ),
    *(
        "[råd](https://example.org/r)",
        "[*råd*](https://example.org/(a))",
        "**[a](https://b.example)**",
    ),
    *('[a](https://example.org "tittel")', "<https://example.org>", "[^1]", "^[inni]", "[ref]"),
    *("[ref][ref]", "![i](i.jpg)", "<b>x</b>", "linje  \nmer", "linje\\\nmer", "linje\nmer"),
)
_PICTURES = (
    '![Et brev](brev.jpg "Brevet. Foto: Kari.")',
    "![Brev](<et brev.jpg>)",
    "![](tom.jpg)",
    "![a *b*](b.jpg)",
    "![a][ref]",
)
_LAST = (
    "[^1]: Kilden. *Tidsskrift*, 2022.",
    "[ref]: https://example.org/ref",
    "[^1]: En.\n\n    To.",
)


class Bodies:
    """Makes bodies."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def body(self) -> str:
        """One body of some blocks, nearly always with blank lines between them."""
        one = self._random
        blocks = [self._block() for _ in range(one.randint(1, 9))]
        blocks += [text for text in _LAST if one.random() < 0.4]
        gaps = one.choices(
            ["\n\n", "\n", "\n\n\n", "\n \n", "\n\u00a0\n"], [30, 2, 2, 1, 1], k=len(blocks)
        )
        ends = ("", "", "\n", "\n\n", "  \n")
        text = "".join(block + gap for block, gap in zip(blocks, gaps, strict=True))
        return one.choice(("", "", "", "\n", " \n\n")) + text.rstrip("\n") + one.choice(ends)

    def _block(self) -> str:
        kinds: dict[Callable[[], str], int] = {
            self._words: 10,
            self._speech: 4,
            self._heading: 4,
            self._list: 6,
            self._numbers: 3,
            self._quotation: 2,
            lambda: self._random.choice(_PICTURES): 3,
            lambda: self._random.choice(("---", "***", "- - -", "===")): 1,
            self._table: 2,
            lambda: "```\nkode *a*\n```": 1,
            lambda: "<div>\nrå\n</div>": 1,
        }
        (chosen,) = self._random.choices(list(kinds), list(kinds.values()))
        return chosen()

    def _words(self, most: int = 25) -> str:
        one = self._random
        words = (
            one.choice(_MARKED if one.random() < 0.12 else _WORDS)
            for _ in range(one.randint(1, most))
        )
        return " ".join(words)

    def _line(self) -> str:
        return self._words(6).replace("\n", " ")

    def _speech(self) -> str:
        return "– " + self._words()

    def _heading(self) -> str:
        mark = self._random.choice(("##", "##", "###", "#", "####"))
        end = self._random.choice(("", "", "", f" {mark}"))
        return self._random.choice((f"{mark} {self._line()}{end}", f"{self._line()}\n---"))

    def _list(self) -> str:
        one = self._random
        bullet = one.choice(("- ", "- ", "- ", "* ", "-   ", "• ", "•\t", "– ", "+ "))
        between = one.choice(("\n", "\n", "\n", "\n\n"))
        items = []
        for _ in range(one.randint(1, 4)):
            items.append(bullet + self._line())
            if one.random() < 0.25:
                items.append(f"{' ' * one.choice((2, 2, 4))}- {self._line()}")
            if one.random() < 0.05:
                items.append(f"\n  {self._line()}")
        return between.join(items)

    def _numbers(self) -> str:
        one = self._random
        first, end = one.choice((1, 1, 1, 3, 17, 2019)), one.choice((".", ".", ")"))
        step = one.choice((1, 1, 1, 1, 0, 2))
        return "\n".join(
            f"{first + at * step}{end} {self._line()}" for at in range(one.randint(1, 4))
        )

    def _quotation(self) -> str:
        return "\n".join(f"> {self._line()}" for _ in range(self._random.randint(1, 3)))

    def _table(self) -> str:
        one = self._random
        columns = one.randint(1, 4)
        rows = [
            [self._line().replace("|", "") for _ in range(columns)]
            for _ in range(one.randint(2, 4))
        ]
        rows.insert(1, [one.choice(("---", "--:", ":-:")) for _ in range(columns)])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def bodies(count: int, seed: int = 1) -> Iterator[str]:
    """`count` bodies, the same for the same `seed`."""
    made = Bodies(seed)
    return (made.body() for _ in range(count))
