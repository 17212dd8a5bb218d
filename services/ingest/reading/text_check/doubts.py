"""Where a text can be read in two ways, or stands there as marks: worth a warning, or refused if
one of the ways is dangerous. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from services.ingest.reading.text_check.findings import Finding, excerpt
from shared.markup.links import SOURCE
from shared.markup.tables import CELL

_ITEM = re.compile(r"[-*+–] +[^\W\d]")
_NUMBERED = re.compile(r"(\d{1,9})[.)]\s")
_HEADING = re.compile(r"#{1,6}[ \u00a0]*[^\W\d]")
_QUOTED_NUMBER = re.compile(r"\s*(?:[-*+•]\s+)*(?:>\s*)+(?:=|[.,]?\d)")
_UNDONE = re.compile(r"(?<![*_\w])(?:\*\*|__)(?![*_])|(?<![*_])(?:\*\*|__)(?![*_\w])")
_NO_DEFINITION = re.compile(r"\[[^\[\]]+\]\[[^\[\]]*\]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MOJIBAKE = re.compile(r"Ã[\u0080-\u00bf†˜…‚]|â€|Â[\u00a0«»]")
_GOES_ON = re.compile(r"(?:^|\W)(?:under|over|enn|minus|pluss|til|fra|er|ca\.|minst|høyst|maks)$")


def doubts(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Finding]:
    yield from _numbers_that_do_not_count(tokens)
    for place, token in enumerate(tokens):
        if token.type == "bullet_list_open" and token.map:
            yield from _items(lines, tokens, place)
        elif token.type == "blockquote_open" and token.map:
            yield from _quoted_numbers(lines, token.map)
        elif token.type == "inline":
            yield from _in_text(token)
            if CELL not in token.meta:
                yield from _at_line_starts(token)
    yield from _footnotes(tokens)


def _items(lines: Sequence[str], tokens: Sequence[Token], place: int) -> Iterator[Finding]:
    """A minus that becomes the mark of an item, and speech that becomes a list."""
    opening = tokens[place]
    texts = list(_item_texts(tokens, place))
    starts = [text.content[:1].isdigit() for text in texts]
    first = opening.map[0] if opening.map else 0
    if opening.markup == "–" and all(text.content.endswith((".", "!", "?", "»")) for text in texts):
        yield Finding(
            first + 1,
            "linjene med tankestrek blir en punktliste; er de replikker, så sett en blank linje "
            "mellom dem",
        )
    if opening.markup not in ("-", "*", "–") or not texts:
        return
    goes_on = any(
        begins and _GOES_ON.search(before.content)
        for begins, (before, _) in zip(starts[1:], pairwise(texts), strict=True)
    )
    under_text = starts[0] and first > 0 and opening.level > 0 and _is_text(lines[first - 1])
    if all(starts) or goes_on or under_text:
        yield Finding(
            first + 1,
            f"«{excerpt(lines[first])}» blir et punkt i en liste, uten streken; mener du minus, så "
            "skriv − eller ordet «minus»",
        )


def _is_text(line: str) -> bool:
    return bool(line.strip()) and not line.rstrip().endswith(":")


def _item_texts(tokens: Sequence[Token], place: int) -> Iterator[Token]:
    """The first text of each item of the list at `place`."""
    level = tokens[place].level
    for at in range(place + 1, len(tokens)):
        token = tokens[at]
        if token.level <= level:
            return
        begins = token.type == "list_item_open" and token.level == level + 1
        if begins and tokens[at + 1].type == "paragraph_open":
            yield tokens[at + 2]


def _quoted_numbers(lines: Sequence[str], where: Sequence[int]) -> Iterator[Finding]:
    for number in range(*where):
        if _QUOTED_NUMBER.match(lines[number]):
            yield Finding(
                number + 1,
                f"«{excerpt(lines[number])}» ville blitt et sitat uten tegnet >; skriv «mer enn», "
                "eller \\> for tegnet selv",
                refused=True,
            )


def _in_text(block: Token) -> Iterator[Finding]:
    """What is left of marks, and what a mark hides."""
    children = block.children or []
    line = (block.map[0] if block.map else 0) + 1
    alone = all(child.type in ("image", "softbreak") for child in children)
    for place, child in enumerate(children):
        before = children[place - 1] if place else None
        line += child.type in ("softbreak", "hardbreak")
        if child.type == "text":
            escaped = "\\" in block.content
            yield from (Finding(line, words) for words in _left(child.content, escaped))
        elif child.type == "image" and not alone:
            yield Finding(
                line,
                "bildet står inne i et avsnitt, og leserne ser ikke bildeteksten; sett det alene "
                "på en linje",
            )
        elif child.type == "link_open" and child.attrs.get("title"):
            yield Finding(
                line,
                f"leserne ser ikke «{excerpt(str(child.attrs['title']))}» bak adressen i lenken; "
                "skriv det i teksten",
            )
        elif child.type == "link_close" and before and before.type == "link_open":
            address = excerpt(str(before.attrs["href"]))
            yield Finding(
                line, f"lenken til «{address}» har ingen ord; skriv dem mellom [ og ]", refused=True
            )
        elif child.type == "footnote_ref" and before and before.content[-1:].isdigit():
            mark = excerpt(str(child.meta.get(SOURCE, "")))
            yield Finding(
                line,
                f"fotnoten «{mark}» står rett etter et tall og kan leses som en del av det; sett "
                "den etter et ord eller et punktum",
            )
        elif child.type in ("em_open", "strong_open", "em_close", "strong_close"):
            after = children[place + 1] if place + 1 < len(children) else None
            yield from _uneven(child, before, after, line)


def _uneven(
    child: Token, before: Token | None, after: Token | None, line: int
) -> Iterator[Finding]:
    opens = child.type.endswith("open")
    left, mark = before if opens else after, child.markup[0]
    beside = left.content if left and left.type == "text" else ""
    if (beside[-1:] if opens else beside[:1]) == mark:
        yield Finding(
            line,
            f"tegnene {mark} går ikke opp; skriv like mange foran og bak ordet, eller \\{mark} for "
            "tegnet selv",
            refused=True,
        )


def _left(text: str, escaped: bool) -> Iterator[str]:
    if not escaped and (found := _UNDONE.search(text)):
        yield (
            f"leserne ser «{found[0]}», for uthevingen begynner eller slutter inne i et ord; sett "
            "mellomrom utenfor tegnene"
        )
    if not escaped and (found := _NO_DEFINITION.search(text)):
        yield (
            f"leserne ser «{excerpt(found[0])}», for lenken mangler adresse; skriv "
            "[ordene](https://…)"
        )
    if "```" in text or "~~~" in text:
        yield (
            "leserne ser tegnene for en kodeblokk; de må stå alene på en linje, før og etter den, "
            "med blank linje foran"
        )
    if found := _ENTITY.search(text):
        yield f"leserne ser «{excerpt(found[0])}» slik det står; skriv tegnet selv"
    if found := _MOJIBAKE.search(text):
        yield (
            f"«{excerpt(found[0])}» ser ut som en bokstav som er ødelagt av feil tegnsett; åpne "
            "filen på nytt som UTF-8"
        )


def _at_line_starts(block: Token) -> Iterator[Finding]:
    """Marks of lists and headings that stand inside a paragraph, as text."""
    first = block.map[0] if block.map else 0
    texts = block.content.split("\n")
    if re.match(r"#{1,7}[^\W\d]", texts[0]):
        yield Finding(
            first + 1,
            f"leserne ser «{excerpt(texts[0])}» med tegnet #; mener du en mellomtittel, så skriv "
            "«## » foran",
        )
    for number, (before, text) in enumerate(pairwise(texts), start=first + 2):
        counts = [int(found[1]) for one in (before, text) if (found := _NUMBERED.match(one))]
        if _HEADING.match(text):
            what = "en mellomtittel"
        elif text.startswith("–") and _ITEM.match(text):
            what = "en replikk"
        elif _ITEM.match(text) or (len(counts) == 2 and counts[1] == counts[0] + 1):
            what = "en liste"
        else:
            continue
        yield Finding(
            number,
            f"«{excerpt(text)}» blir stående i avsnittet, med tegnet foran; skal det være {what}, "
            "så sett en blank linje over",
        )


def _numbers_that_do_not_count(tokens: Sequence[Token]) -> Iterator[Finding]:
    """Steps that were meant as a list: 1, 1, 1, or 1, 2, 4."""
    texts = [one for one in tokens if one.type == "inline" and one.map and CELL not in one.meta]
    for before, token in pairwise(texts):
        numbers = [_NUMBERED.match(one.content) for one in (before, token)]
        if not numbers[0] or not numbers[1] or "\u00a0" not in token.content[:11]:
            continue
        first, second = int(numbers[0][1]), int(numbers[1][1])
        if first <= second <= first + 2 and second < 100 and second != first + 1:
            yield Finding(
                (token.map or [0])[0] + 1,
                f"tallet {second} følger etter {first}, så linjene står som avsnitt og ikke som en "
                "liste; rett tallet hvis det er en liste",
            )


def _footnotes(tokens: Sequence[Token]) -> Iterator[Finding]:
    """A mark with another number than the editor gave it: «se note 3» would mean another."""
    for block in tokens:
        for child in block.children or ():
            label = str(child.meta.get("label") or "") if child.type == "footnote_ref" else ""
            seen = str(child.meta.get("id", 0) + 1)
            if label.isdecimal() and label != seen:
                yield Finding(
                    (block.map[0] if block.map else 0) + 1,
                    f"fotnoten «[^{excerpt(label)}]» får tallet {seen}, for fotnoter telles i den "
                    "rekkefølgen de står; gi dem tall i samme rekkefølge",
                )
