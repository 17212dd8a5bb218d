"""Text that would run if a page took it for markup, and an article that has it everywhere."""

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from tests.make import alert
from tests.render.lives import every_alert_field

Path = tuple[str | int, ...]

ATTACKS = (
    "<script>alert(1)</script>",
    "</title></head><script>alert(1)</script>",
    "</style></textarea></noscript><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    '" onpointerenter="alert(1)" style="position:fixed;inset:0" x="',
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;quot;",
    "{{ 7*7 }}{% raw %}{{ self }}{# #}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<a href=javascript:alert(1)>trykk</a>",
    "<style>@import'//x.example';*{color:red}</style><link rel=stylesheet href=//x.example>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<base href=//x.example/><meta http-equiv=refresh content=0;url=//x.example>",
    "https://x.example/?a='onfocus='alert(1)'&b=&lt;script&gt;&c=javascript:alert(1)",
    "https://x.example/javascript:alert(1)//(';alert(1)//",
)
SITE_NAME = """</title>"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"""

_EVERYWHERE = """{text}

## {text}

- {text}

> {text} [{text}](https://x.example/ "{text}")

`{raw}`

~~~~
{raw}
~~~~

![{text}](PICTURE "{text} Foto: {text}")

Midt i ![{text}](PICTURE) en setning.[^a]

[^a]: {text}
"""
IN_BODY = 10
"""How often an attack is to be read in a body made by `body`, pictures' alternative texts apart."""


def text_fields(model: type[BaseModel]) -> Iterator[Path]:
    """Where a model takes text: each `str`, found by walking it; of lists the first place."""
    for name, field in model.model_fields.items():
        yield from _texts(field.annotation, (name,))


def _texts(kind: Any, at: Path) -> Iterator[Path]:
    if kind is str:
        yield at
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from ((*at, *inner) for inner in text_fields(kind))
    else:
        inner_place: Path = (*at, 0) if getattr(kind, "__origin__", None) is tuple else at
        for inner in get_args(kind):
            yield from _texts(inner, inner_place)


def marked(attack: str, at: Path) -> str:
    """The attack as it is put into one field, so that one can tell which field is read."""
    return f"{attack}#{'.'.join(map(str, at))}"


def body(attack: str) -> str:
    """A body that Markdown reads as the attack's very text, in every place that text can have."""
    text = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", attack)
    return _EVERYWHERE.replace("{text}", text).replace("{raw}", attack)


def fields(values: dict[Path, str]) -> dict[str, Any]:
    """An alert as it is posted, with these texts in it."""
    document = alert(alert=every_alert_field()).model_dump(mode="json")
    for at, value in values.items():
        place: Any = document
        for step in at[:-1]:
            place = place[step]
        place[at[-1]] = value
    return document
