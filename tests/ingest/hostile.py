"""Submissions that must be refused: by name, the bytes, the status, and the field to be named."""

import json
from typing import Any, NamedTuple

import yaml

from tests import make

JSON = "application/json"
MARKDOWN = "text/markdown"


class Hostile(NamedTuple):
    content_type: str
    raw: bytes
    status: int
    field: str | None
    """None where no field can be at fault."""


def alert(**overrides: Any) -> dict[str, Any]:
    return make.alert().model_dump(mode="json") | overrides


def markdown(head: str, body: str = "Tekst.") -> bytes:
    return f"---\n{head}\n---\n\n{body}\n".encode("utf-8", "surrogatepass")


def front_matter(**overrides: Any) -> str:
    fields = {name: v for name, v in alert(**overrides).items() if name != "body"}
    return yaml.safe_dump(fields, allow_unicode=True).strip()


def as_json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in alert().items() if key != name}


def inner(**overrides: Any) -> dict[str, Any]:
    return alert(alert=make.alert_fields() | overrides)


def _fields() -> dict[str, tuple[dict[str, Any], str]]:
    """Wrong fields, in either form."""
    source = alert()["sources"][0]
    return {
        "a title is missing": (without("title"), "title"),
        "a byline is missing": (without("byline"), "byline"),
        "an alert is missing": (without("alert"), "alert"),
        "a kicker is missing from an alert": (without("kicker"), "kicker"),
        "topics are missing from an alert": (without("topics"), "topics"),
        "sources are missing from an alert": (without("sources"), "sources"),
        "news with an alert": (alert(kind="news"), "alert"),
        "an unknown field": (alert(tittel="x"), "tittel"),
        "an unknown field in the alert": (inner(severty="x"), "alert.severty"),
        "an unknown kind": (alert(kind="nyhet"), "kind"),
        "an unknown language": (alert(lang="sv"), "lang"),
        "an unknown severity": (inner(severity="bad"), "alert.severity"),
        "an empty title": (alert(title=" "), "title"),
        "a title that is a number": (alert(title=2023), "title"),
        "a title that is nothing": (alert(title=None), "title"),
        "a title of 151 characters": (alert(title="x" * 151), "title"),
        "a lead of 601 characters": (alert(lead="x" * 601), "lead"),
        "a body of 200,001 characters": (alert(body="x" * 200_001), "body"),
        "twenty-one topics": (alert(topics=["x"] * 21), "topics"),
        "a line feed in a title": (alert(title="a\nb"), "title"),
        "a line separator in a title": (alert(title="a\u2028b"), "title"),
        "a null character in a lead": (alert(lead="a\0b"), "lead"),
        "an escape character in a topic": (alert(topics=["a", "b\x1b[1m"]), "topics.1"),
        "a bidi override in a title": (alert(title="a\u202eb"), "title"),
        "a bidi mark in a byline": (alert(byline="a\u200fb"), "byline"),
        "no stop advice": (inner(stop_advice=None), "alert.stop_advice"),
        "a stop advice without text": (
            inner(stop_advice={"code": "stop_now"}),
            "alert.stop_advice.text",
        ),
        "no medicines": (inner(medicines=[]), "alert.medicines"),
        "a medicine without brands": (
            inner(medicines=[{"substance": "x", "brands": []}]),
            "alert.medicines.0.brands",
        ),
        "a javascript address": (
            alert(sources=[source | {"url": "javascript:alert(1)"}]),
            "sources.0.url",
        ),
        "a day that does not exist": (alert(published_on="2023-02-30"), "published_on"),
        "a day that is a number": (alert(published_on=20230230), "published_on"),
        "a day of a source": (
            alert(sources=[source | {"published_on": "i går"}]),
            "sources.0.published_on",
        ),
        "a list that is a text": (alert(topics="x"), "topics"),
        "an alert that is a text": (alert(alert="x"), "alert"),
        "a draft that is a text": (alert(draft="yes"), "draft"),
    }


def _bodies() -> dict[str, str]:
    return {
        "a script": "<script>alert(1)</script>",
        "html in a line": "Tekst med <b>html</b>.",
        "an html comment": "Tekst\n\n<!-- skjult -->",
        "html in a list": "- a\n\n  <div>b</div>",
        "a footnote without text": "Tekst.[^1]",
        "a picture never uploaded": "![Et brev](brev.jpg)",
        "a picture elsewhere": "![Et brev](https://example.org/brev.jpg)",
        "a picture with Word's quotes": "![Et brev](brev.jpg ”Brevet”)",
        "a link that runs": "[a](javascript:alert(1))",
        "a link to nowhere": "[a](om-oss)",
        "a ragged table": "| a | b |\n|---|---|\n| 1 |",
        "a table without headings": "| | |\n|---|---|\n| 1 | 2 |",
        "a table of text": "a|b\n-|-\n1|2",
        "html in a table": "| a | b |\n|---|---|\n| 1<br>2 | 3 |",
        "a picture without alt text": "![](brev.jpg)",
        "a control character": "Tekst \x07",
        "a bidi override": "Tekst \u202e",
        "nothing": " \n\n ",
        "a hundred thousand unclosed footnotes": "^[" * 50_000,
    }


def _json() -> dict[str, Hostile]:
    text = as_json(alert()).decode()
    cut = text[1:]
    deep = 100_000
    documents: dict[str, tuple[bytes, int, str | None]] = {
        "nothing": (b"", 400, None),
        "no object": (b"[]", 400, None),
        "half a document": (text[:-5].encode(), 400, None),
        "a field twice": (('{"title": "a", ' + cut).encode(), 400, "title"),
        "an inner field twice": (
            text.replace('"severity":', '"severity": "minor", "severity":').encode(),
            400,
            "alert.severity",
        ),
        "NaN": (('{"topics": [NaN], ' + without_text("topics")).encode(), 400, "topics.0"),
        "Infinity": (b'{"title": -Infinity}', 400, "title"),
        "lists in lists": (b'{"title": ' + b"[" * deep + b"]" * deep + b"}", 400, "title"),
        "objects in objects": (b'{"alert": ' + b'{"a":' * deep, 400, "alert"),
        "only brackets": (b"[" * deep, 400, None),
        "a million quotation marks": (b'"' * 1_000_000, 400, None),
        "a raw control character": (b'{"lead": "a\x01"}', 400, "lead"),
        "half a character": (('{"kicker": "\\ud800", ' + cut).encode(), 400, "kicker"),
        "half a character alone": (
            as_json(alert(title="a\ud800")),
            422,
            "title",
        ),
        "half a character in a name": (b'{"\\ud800": 1}', 422, "feltnavn"),
        "a name of a million characters": (b'{"' + b"x" * 900_000 + b'": 1}', 422, "x" * 60 + "…"),
        "a number of a million digits": (b'{"title": ' + b"1" * 1_000_000 + b"}", 422, "title"),
        "bytes that are no UTF-8": (b'{"title": "\xff"}', 400, "title"),
        "UTF-16": (text.encode("utf-16"), 400, None),
        "a hundred thousand names": (
            ("{" + ",".join(f'"a{n}":1' for n in range(90_000)) + "}").encode(),
            422,
            "title",
        ),
    }
    return {name: Hostile(JSON, *rest) for name, rest in documents.items()}


def without_text(name: str) -> str:
    return as_json(without(name)).decode()[1:]


def _yaml() -> dict[str, Hostile]:
    whole = front_matter()
    heads: dict[str, tuple[str, int, str | None]] = {
        "a field twice": (f"title: x\n{whole}", 400, "title"),
        "an inner field twice": ("alert:\n  severity: a\n  severity: b", 400, "alert.severity"),
        "a field twice in braces": ("alert: {severity: a, severity: b}", 400, "alert.severity"),
        "a tag": ("title: !!str a", 400, "title"),
        "a tag of python": ("title: !!python/object/apply:os.system [ls]", 400, "title"),
        "a tag of its own": ("title: !x a", 400, "title"),
        "an anchor": ("title: &a b", 400, "title"),
        "an alias": ("title: *a", 400, "title"),
        "a billion laughs": (
            "topics: &a [x, x]\n" + "".join(f"k{n}: &b{n} [*a, *a]\n" for n in range(50)),
            400,
            "topics",
        ),
        "a merge key": ("<<: {title: a}", 422, "<<"),
        "two documents": ("title: a\n--- {title: b}", 400, "front matter"),
        "two documents with an end mark": ("title: a\n...\nlead: b", 400, "front matter"),
        "a directive": ("%YAML 1.1\n--- {title: a}", 400, "front matter"),
        "lists in lists": ("title: " + "[" * 60_000, 400, None),
        "lists in lines": ("topics:\n" + "- " * 30_000, 400, None),
        "maps in maps": ("alert: " + "{a: " * 15_000, 400, None),
        "a list as a name": ("? [a]\n: b", 400, "front matter"),
        "no fields": ("bare tekst", 400, None),
        "nothing": ("", 400, None),
        "a tab": ("title:\n\tx", 400, "title"),
        "an unclosed quotation mark": ('title: "a', 400, "title"),
        "a body among the fields": (f"body: x\n{whole}", 422, "body"),
        "over 64 KiB": (f"{whole}\n#" + "x" * 65_536, 400, None),
        "a control character": ("title: a\x07b", 422, "title"),
        "a null character": ("lead: a\0b", 422, "lead"),
        "an escape for half a character": ('title: "\\ud800"', 422, "title"),
        "an escape beyond Unicode": ('title: "\\U99999999"', 400, "title"),
        "an unquoted year": ("title: 2023", 422, "title"),
        "thirty thousand names": ("{" + "a," * 30_000, 400, "a"),
    }
    found = {name: Hostile(MARKDOWN, markdown(h), s, f) for name, (h, s, f) in heads.items()}
    documents: dict[str, tuple[bytes, int, str | None]] = {
        "no front matter": (b"# Tittel\n", 400, None),
        "front matter without an end": (b"---\ntitle: a\n", 400, None),
        "a body that is no UTF-8": (markdown(whole) + b"\xff\xfe", 400, "body"),
        "a title that is no UTF-8": (b"---\ntitle: \xe6\n---\nx", 400, "title"),
        "a surrogate in UTF-8": (markdown("title: a\ud800"), 400, "title"),
    }
    return found | {name: Hostile(MARKDOWN, *rest) for name, rest in documents.items()}


def corpus() -> dict[str, Hostile]:
    found = {f"json: {name}": case for name, case in _json().items()}
    found |= {f"markdown: {name}": case for name, case in _yaml().items()}
    for name, (fields, field) in _fields().items():
        found[f"json: {name}"] = Hostile(JSON, as_json(fields), 422, field)
        body = fields.get("body", "")
        head = {key: value for key, value in fields.items() if key != "body"}
        text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False).strip()
        found[f"markdown: {name}"] = Hostile(MARKDOWN, markdown(text, body), 422, field)
    for name, body in _bodies().items():
        found[f"json: body: {name}"] = Hostile(JSON, as_json(alert(body=body)), 422, "body")
        found[f"markdown: body: {name}"] = Hostile(
            MARKDOWN, markdown(front_matter(), body), 422, "body"
        )
    return found
