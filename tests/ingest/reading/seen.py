"""A second opinion on what may vanish from a text, by rules that know no parser.

Characters of the source are walked beside those of the page. One may be missing from the page only
where an editor would call it markup: that is judged from the characters around it alone.
"""

import re
from html.parser import HTMLParser

from services.render.text.body_html import body_html
from services.render.text.labels import labels

_MARKER = re.compile(r"[\s>]*(?:(?:[-*+–]|\d+[.)])[ \t\u00a0]+|•[ \t\u00a0]*)\S")
_HEADING = re.compile(r"[\s>]*#{1,6}[\s\w(\"«“]")
_MARKS = re.compile(r"(?:[\s>#•]|[-*+–](?=\s)|\d+[.)](?=\s))*")
_DASHES = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_RULE = re.compile(r"(?:.*>)?\s*(?:([-*_=~`])[ \t]*){3,}")
_PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n")


class _Numbered(HTMLParser):
    """The text of a page with the numbers that a browser sets before the items of a list."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._numbers: list[int | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "ul"):
            self._numbers.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        elif tag == "li" and (number := self._numbers[-1]) is not None:
            self.text += f"{number}."
            self._numbers[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul"):
            self._numbers.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def page_text(body: str) -> str:
    return _Numbered(str(body_html(body, {}, labels("nb")))).text


def is_as_written(body: str) -> bool:
    """Whether the page's text is the body's, markup and spaces aside."""
    page = "".join(page_text(body).split())
    places = {0}
    for at, char in enumerate(body):
        if char.isspace():
            continue
        after = {place + 1 for place in places if _is_seen(body, at, page[place : place + 1])}
        places = after | (places if _may_vanish(body, at) else set())
    return len(page) in places


def _is_seen(body: str, at: int, shown: str) -> bool:
    """`1)` before an item is shown as `1.`."""
    return shown == body[at] or (body[at] == ")" and shown == "." and body[at - 1].isdigit())


def _may_vanish(body: str, at: int) -> bool:
    char = body[at]
    lines = body[:at].split("\n")
    line = body.split("\n")[len(lines) - 1]
    behind = body[at + 1 :]
    if _RULE.fullmatch(line):
        return True
    if char in "|-:" and _in_table(body, len(lines) - 1):
        return char == "|" or bool(_DASHES.fullmatch(line))
    if char in "*_`":
        run = re.compile(r"[*_]+" if char != "`" else "`+")
        found = next(one for one in run.finditer(body) if one.start() <= at < one.end())
        before, after = body[: found.start()][-1:], body[found.end() :][:1]
        return not (before.isalnum() and after.isalnum())
    if char == "\\":
        return behind[:1] in _PUNCTUATION
    if char == "•":
        return bool(_MARKS.fullmatch(lines[-1]))
    if char in "-+–":
        number = char == "+" and re.match(r"\s+\d", behind)
        return bool(_begins(lines, line, _MARKER)) and not number
    if char == "#":
        closing = re.search(r"(#+)\s.*\s\1\s*$", line) and not behind.split("\n")[0].strip(
            "#\u00a0 \t"
        )
        return bool(closing or _begins(lines, line, _HEADING))
    if char == ">":
        return bool(_MARKS.fullmatch(lines[-1])) and not re.match(
            r"[\s>]*(?:=|[.,]?\d)", behind.split("\n")[0]
        )
    return False


def _in_table(body: str, number: int) -> bool:
    """Whether the line of this number is between blank lines that all begin and end with `|`, and
    the second of them is of dashes."""
    lines = body.split("\n")
    start, end = number, number
    while start and lines[start - 1].strip():
        start -= 1
    while end < len(lines) and lines[end].strip():
        end += 1
    rows = [line.strip() for line in lines[start:end]]
    whole = all(row[0] == "|" == row[-1] for row in rows)
    return len(rows) > 1 and whole and bool(_DASHES.fullmatch(rows[1]))


def _begins(lines: list[str], line: str, mark: re.Pattern[str]) -> bool:
    """Whether the last of `lines`, up to the character, holds nothing but marks, and `line` is one
    that may begin with them: the first of its paragraph, or in a list or under a heading."""
    if not _MARKS.fullmatch(lines[-1]) or not (_MARKER.match(line) or mark.match(line)):
        return False
    if "•" in lines[-1] or re.match(r"\s*–\t\s*[^\s\d]", line):  # Word's: nothing else
        return True
    if line[:2].isspace() and any(map(_MARKER.match, lines[:-1])):  # inside an item
        return True
    above: list[str] = []
    for one in reversed(lines[:-1]):
        quoted = line.lstrip().startswith(">")
        if not one.strip(" \t\u00a0>" if quoted else " \t\u00a0"):
            break
        above.append(one)
    return not above or any(
        _MARKER.match(one) or _HEADING.match(one) or _RULE.fullmatch(one) for one in above
    )
