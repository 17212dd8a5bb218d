"""YAML 1.2 front matter, of which only plain mappings, lists and texts are accepted.

Tags, anchors, aliases, directives and second documents have no use in an article and are the
ways in which YAML surprises, so they are refused. The value is built straight from the parser's
events, so reading ends at the first thing refused, however much hostile text follows.
"""

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from services.ingest.problems import FieldError, Problem, invalid, malformed
from services.ingest.reading.paths import MAX_DEPTH, dotted, field_with
from services.ingest.reading.yaml_errors import QUOTES_OF_WORD, STRAIGHT_QUOTES, not_yaml

MAX_BYTES = 64 * 1024

_START = re.compile(r"---[ \t]*\n")
_END = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
# What YAML 1.2 does not allow in a document (section 5.1), and line ends that it would fold away.
_NOT_YAML = re.compile(
    r"[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_MARK = "\ufffd"
_REMARK_BEHIND = re.compile(r"[ \t,:\[{|>+\d-]*(?<=[ \t])#")
_REMARK_BELOW = re.compile(r"(?:[ \t]*\n)+([ \t]+)#")

# The core schema, YAML 1.2.2 section 10.3.2. Days stay text: the model reads them.
_NULL = re.compile(r"(?:null|Null|NULL|~)?")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)


def read(text: str) -> tuple[dict[str, Any], str]:
    """The metadata and the body of a Markdown document.

    Problem 400 if the front matter is missing, too long, or not the YAML described above.
    """
    head, body = _split(text.replace("\r\n", "\n"))
    if _NOT_YAML.search(head):
        raise _control_character(head)
    metadata = load(head)
    if not isinstance(metadata, dict):
        raise malformed("Front matter må være felt med verdier, som «title: Min tittel».")
    return metadata, body


def lines_above(text: str) -> int:
    """How many lines of a document that was read stand above its body."""
    head, _ = _split(text.replace("\r\n", "\n"))
    return head.count("\n") + 2


def _split(text: str) -> tuple[str, str]:
    start = _START.match(text)
    if not start:
        raise malformed("Dokumentet må begynne med linjen --- og så front matter.")
    end = _END.search(text, start.end())
    head = text[start.end() : end.start() if end else None]
    if len(head.encode()) > MAX_BYTES:
        raise malformed(f"Front matter kan være høyst {MAX_BYTES // 1024} KiB; gjør det kortere.")
    if not end:
        raise malformed("Front matter mangler linjen --- som avslutter det.")
    return head, text[end.end() :]


def _control_character(head: str) -> Problem:
    name = field_with(_MARK, load(_NOT_YAML.sub(_MARK, head))) or "front matter"
    return invalid(
        FieldError(name, "feltet har et kontrolltegn eller usynlig linjeskift; fjern det")
    )


def load(head: str, above: int = 1) -> Any:
    """The value in a YAML document as described above; Problem 400 if it is not that. `above` is
    how many lines stand over it in its file."""
    builder = _Builder(head)
    try:
        for event in YAML(typ="safe", pure=True).parse(head):
            builder.take(event)
    except (YAMLError, ValueError, OverflowError) as error:
        # ValueError and OverflowError: an escape for a character that does not exist.
        raise not_yaml(error, head, builder.path(), above) from None
    return builder.value


class _Builder:
    """Takes the parser's events one by one, and refuses at once what is not accepted."""

    def __init__(self, head: str) -> None:
        self.value: Any = None
        self._head = head
        self._open: list[dict[str, Any] | list[Any]] = []
        """The mappings and lists whose end is not yet reached, outermost first."""
        self._keys: list[str | None] = []
        """For each, the key that waits for its value; none in a list, or if a key is next."""

    def take(self, event: Event) -> None:
        match event:
            case DocumentStartEvent() | DocumentEndEvent():
                if event.explicit:
                    raise self._refusal("front matter kan bare være ett dokument, uten direktiver")
            case MappingEndEvent() | SequenceEndEvent():
                self._keys.pop()
                value = self._open.pop()
                self._refuse_cut(event)
                self._put(value)
            case AliasEvent():
                raise self._refusal("henvisninger (*) er ikke lov; skriv verdien helt ut")
            case ScalarEvent() | CollectionStartEvent():
                self._take_node(event)

    def path(self) -> str:
        """Where in the document the builder is."""
        parts: list[str | int] = []
        for value, key in zip(self._open, self._keys, strict=True):
            if isinstance(value, list):
                parts.append(len(value))
            elif key is not None:
                parts.append(key)
        return dotted(parts)

    def _take_node(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.anchor:
            raise self._refusal("ankere (&) er ikke lov; skriv verdien helt ut")
        if event.tag is not None:
            raise self._refusal("tagger (!) er ikke lov; fjern den")
        if isinstance(event, ScalarEvent) and self._awaits_key():
            self._take_key(str(event.value))
            self._refuse_cut(event)
        elif isinstance(event, ScalarEvent):
            self._refuse_cut(event)
            self._put(_scalar(event))
        elif self._awaits_key():
            raise self._refusal("et feltnavn må være en kort tekst")
        else:
            self._enter({} if isinstance(event, MappingStartEvent) else [])

    def _refuse_cut(self, event: Event) -> None:
        """To YAML what follows « #» is a remark. A remark has a line of its own here, since a value
        must never be shortened without a word."""
        end = event.end_mark.index
        if end and self._head[end - 1] == "\n":
            return
        is_text = isinstance(event, ScalarEvent) and event.implicit[0] and event.value
        remark = _REMARK_BELOW.match(self._head, end) if is_text else None
        inside = remark and len(remark[1]) > _indent(self._head, event.start_mark.index)
        if inside or _REMARK_BEHIND.match(self._head, end):
            raise self._refusal(
                "alt fra og med # ville falt bort; sett anførselstegn rundt hele verdien (en "
                "merknad må stå på en linje for seg, uten innrykk)"
            )

    def _enter(self, value: dict[str, Any] | list[Any]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._refusal(f"for mange nivåer inni hverandre; høyst {MAX_DEPTH} er lov")
        self._open.append(value)
        self._keys.append(None)

    def _put(self, value: Any) -> None:
        """A value is whole: it goes into the mapping or list around it."""
        if not self._open:
            self.value = value
        elif isinstance(around := self._open[-1], list):
            around.append(value)
        else:
            around[str(self._keys[-1])] = value
            self._keys[-1] = None

    def _take_key(self, name: str) -> None:
        value = self._open[-1]
        if name[:1] in QUOTES_OF_WORD:
            raise self._refusal(STRAIGHT_QUOTES)
        self._keys[-1] = name
        if name in value:
            raise self._refusal("feltet er skrevet to ganger; behold bare det ene")

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], dict) and self._keys[-1] is None

    def _refusal(self, message: str) -> Problem:
        return malformed("", FieldError(self.path() or "front matter", message))


def _indent(head: str, at: int) -> int:
    """Where on its line the field begins, behind the mark of an item."""
    line = head[head.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" -"))


def _scalar(event: ScalarEvent) -> str | bool | float | None:
    text = str(event.value)
    plain = event.implicit[0]
    if not plain:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.lower() == "true"
    # No field is a number; which number it is makes no difference to the message that says so.
    return 0.0 if _NUMBER.fullmatch(text) else text
