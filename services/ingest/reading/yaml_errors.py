"""What is wrong with front matter that is no YAML, in words for editors."""

import re

from ruamel.yaml.error import MarkedYAMLError

from services.ingest.problems import FieldError, Problem, malformed
from services.ingest.reading.paths import dotted

_KEY = re.compile(r"\s*(?:- +)*([^\s:#\"'-][^:]*):(?:\s|$)")
_END_OF_PATH = re.compile(r"\.?\d+$")
# The parser notices these at the end of the text; they begin at the context.
_NOTICED_LATE = ("while scanning a quoted scalar", "while scanning a simple key")

_QUOTE = "sett anførselstegn rundt verdien"
_WAYS_OUT = (
    (r"found character '\\t'", "linjen har en tabulator; bruk mellomrom, ikke tabulator"),
    (
        "mapping values are not allowed",
        f"verdien har et kolon; {_QUOTE} (er den et felt for seg, så rett innrykket)",
    ),
    (
        r"(found|got) '<scalar>'",
        "det står mer etter anførselstegnet eller klammen; sett anførselstegn rundt hele verdien, "
        "og bruk «…» inne i den",
    ),
    (
        "cannot start any token|sequence entries are not allowed|expected a comment",
        f"verdien begynner med et tegn som har en egen betydning; {_QUOTE}",
    ),
    ("unexpected end of stream", "anførselstegnet blir aldri avsluttet; sett et etter verdien"),
)
QUOTES_OF_WORD = tuple("“”„«‘’»")
STRAIGHT_QUOTES = (
    'anførselstegnene rundt verdien må være rette, "…", ikke slike som Word setter; '
    "«…» kan stå inne i dem"
)
_OTHERWISE = (
    "her, eller like etter, er det noe som ikke er gyldig YAML; "
    "se om innrykk, kolon og anførselstegn er riktige"
)


def not_yaml(error: Exception, head: str, path: str, above: int = 1) -> Problem:
    """400 for the front matter `head`, whose reading failed at `path`, as far as that is known.
    `above` is how many lines stand over it: the opening ---, unless it is a file of its own."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return _problem("", path, _OTHERWISE)
    late = error.context in _NOTICED_LATE and error.context_mark
    mark = error.context_mark if late else error.problem_mark
    where = f" Se linje {mark.line + above + 1}, tegn {mark.column + 1}."
    said = error.problem or ""
    words = next((words for sign, words in _WAYS_OUT if re.search(sign, said)), _OTHERWISE)
    line = head.split("\n")[mark.line]
    if words is _WAYS_OUT[1][1] and line.partition(":")[2].strip().startswith(QUOTES_OF_WORD):
        words = STRAIGHT_QUOTES
    return _problem(where, _field(head.split("\n")[: mark.line + 1], path), words)


def _problem(where: str, field: str, words: str) -> Problem:
    detail = f"Front matter er ikke gyldig YAML{f' ved {field}' if field else ''}.{where}"
    return malformed(detail, FieldError(field or "front matter", words))


def _field(lines: list[str], path: str) -> str:
    """The field that the last of `lines` belongs to.

    The reader's `path` may lack the last name, since it looks ahead, and may count an item more.
    """
    keys = [(line[:1].isspace() or line[:1] == "-", _key(line)) for line in lines]
    top = next((dotted([key]) for inner, key in reversed(keys) if key and not inner), "")
    if not path or path.split(".", maxsplit=1)[0] != top:
        return top or path
    last = keys[-1][1]
    if last is None:
        return _END_OF_PATH.sub("", path)
    name = dotted([last])
    return path if path.rsplit(".", maxsplit=1)[-1] == name else f"{path}.{name}"


def _key(line: str) -> str | None:
    found = _KEY.match(line)
    return found[1].rstrip() if found else None
