"""From what was typed to what `POST /api/articles` takes, and from that one's errors back to the
form. Pure.

Nothing is judged here: what is wrong with a field, `reading` says. A field or a row in which
nothing was typed is left out. What has one meaning only is written as `reading` wants it: a return
in a field of one line is a space, and an address may lack its `https://`.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ingest.desk.shape import (
    CHECK,
    CODES,
    FORM,
    LINES,
    NAMES,
    Fields,
    Shape,
    in_shape,
    is_blank,
    listed,
)
from shared.oslo import OSLO

_BARE_ADDRESS = re.compile(r"\s*((?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?)\s*", re.IGNORECASE)
"""As people write and say it: «www.example.org/varsel»."""
_RETURN = re.compile(r"\s*[\r\n]+\s*")
_CODE = re.compile(r"\s*(\S+)(?:\s+fra\s+(\S+))?(?:\s+til\s+(\S+))?\s*", re.IGNORECASE)


def to_json(fields: Fields, *, draft: bool = False) -> bytes:
    """The fields as a JSON document of `Submission`, or of `Resubmission` if a change is told."""
    typed = in_shape(fields)
    made = _made(typed, FORM)
    made.pop("given", None)  # is never published
    for source in made.get("sources", ()):
        _with_scheme(source, "url")
    if typed["kind"] == "safety_alert":
        # So that each part of it is missed by name.
        alert = made.setdefault("alert", {})
        for part in ("stop_advice", "report"):
            alert.setdefault(part, {})
        for who in ("patient", "health_personnel"):
            _with_scheme(alert["report"], who)
    else:
        made.pop("alert", None)
    if "kind" not in made.get("change", {}):
        made.pop("change", None)
    if "publish_at" in made:
        made["publish_at"] = with_zone(made["publish_at"])
    if draft:
        made["draft"] = True
    return json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _made(value: Any, shape: Shape) -> Any:
    if isinstance(shape, dict):
        return {
            name: value[name] if name == "body" else _made(value[name], inner)
            for name, inner in shape.items()
            if not is_blank(value[name])
        }
    if isinstance(shape, list):
        return [_made(row, shape[0]) for row in value if not is_blank(row)]
    if shape == CHECK:
        return True
    if shape in (LINES, NAMES):
        return _lines(value, shape)
    return [_code(line) for line in _lines(value, shape)] if shape == CODES else _one_line(value)


def _one_line(value: Any) -> Any:
    if not isinstance(value, str) or not _RETURN.search(value):
        return value
    return _RETURN.sub(" ", value).strip()


def _with_scheme(made: dict[str, Any], name: str) -> None:
    if isinstance(found := made.get(name), str) and (bare := _BARE_ADDRESS.fullmatch(found)):
        made[name] = f"https://{bare[1]}"


def _lines(text: str, shape: Shape) -> list[str]:
    return [one for _, one in listed(text, shape)]


def _code(line: str) -> dict[str, str]:
    """What is written otherwise is refused for its code, which is the first thing to mend."""
    found = _CODE.fullmatch(line)
    if not found:
        return {"code": line.strip()}
    code = {"code": found[1], "valid_from": found[2], "valid_to": found[3]}
    return {name: text for name, text in code.items() if text}


def with_zone(local: str) -> str:
    """A time as a form has it, without zone, as clocks in Norway show it, with its zone. Other text
    is given back as it is."""
    try:
        at = datetime.fromisoformat(local.strip())
    except ValueError:
        return local
    return local if at.tzinfo else at.replace(tzinfo=OSLO).isoformat()


@dataclass(frozen=True)
class FormPlace:
    """Where in the form an error belongs."""

    name: str
    """Of the field or the group of fields; empty if the form has no such place."""
    line: int | None = None
    """In a field with one text on each line, from 1."""


def place_of(fields: Fields, path: str) -> FormPlace:
    """The place of what an error names by `path`, as it stands in what `to_json` made of `fields`:
    empty rows count there no more."""
    value, shape = in_shape(fields), FORM  # type: Any, Shape
    name: list[str] = []
    for part in path.split("."):
        if isinstance(shape, dict) and part in shape:
            value, shape = value[part], shape[part]
            name.append(part)
        elif isinstance(shape, list) and part.isdigit():
            typed = [place for place, row in enumerate(value) if not is_blank(row)]
            if int(part) >= len(typed):
                break
            value, shape = value[typed[int(part)]], shape[0]
            name.append(str(typed[int(part)]))
        elif shape in (LINES, NAMES, CODES) and part.isdigit():
            return FormPlace(".".join(name), _line(value, shape, int(part)))
        else:
            break
    return FormPlace(".".join(name))


def _line(text: str, shape: Shape, number: int) -> int | None:
    lines = [at for at, _ in listed(text, shape)]
    return lines[number] if number < len(lines) else None
