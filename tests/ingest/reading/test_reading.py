"""The pure reading of submissions: both forms alike, and no input that breaks it."""

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.problems import Problem
from services.ingest.reading import front_matter, submission
from shared.revision import content_sha256
from shared.slug import slug
from shared.text import one_line
from tests import make


def is_a_line(text: str) -> bool:
    try:
        return bool(one_line(text))
    except ValueError:
        return False


LINE = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), max_codepoint=0x1FFFF
    ),
    min_size=1,
    max_size=60,
).filter(is_a_line)
BODY = st.lists(st.sampled_from(["Ett avsnitt.", "- a\n- b", "## Æ", "– Replikk"]), min_size=1)


class _Dumper(yaml.SafeDumper):
    """Puts in quotation marks also what YAML 1.2 alone takes for a number, as 0E0."""


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^(?:0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$"),
    list("-+.0123456789"),
)


def as_markdown(fields: dict[str, Any], style: str | None = None) -> bytes:
    head = {name: value for name, value in fields.items() if name != "body"}
    text = yaml.dump(head, Dumper=_Dumper, allow_unicode=True, default_style=style, width=60)
    return f"---\n{text}---\n\n{fields['body']}\n".encode()


@example(
    title="0E0", kicker="0o17", topics=["1e3", ".5e1", "-7."], body=["a"], style=None,
    line_end="\n",
)  # fmt: skip
@given(
    title=LINE, kicker=st.none() | LINE, topics=st.lists(LINE, max_size=5), body=BODY,
    style=st.sampled_from([None, '"']), line_end=st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_an_article_reads_alike_as_json_and_as_markdown(
    title: str, kicker: str | None, topics: list[str], body: list[str], style: str, line_end: str
) -> None:
    fields = make.news().model_dump(mode="json") | {
        "title": title, "topics": topics, "body": "\n\n".join(body),
    }  # fmt: skip
    # What is not there is left out: in quotation marks, YAML would need a tag to say so.
    fields = {name: value for name, value in fields.items() if value is not None}
    fields = fields | {"kicker": kicker} if kicker else fields
    one = submission.read("application/json", json.dumps(fields).encode())
    text = as_markdown(fields, style).decode().replace("\n", line_end)
    other = submission.read("text/markdown; charset=UTF-8", text.encode())
    assert one == other
    assert content_sha256(one.article, {}) == content_sha256(other.article, {})


def test_an_alert_reads_alike_as_json_and_as_markdown() -> None:
    fields = make.alert().model_dump(mode="json")
    one = submission.read("application/json", b"\xef\xbb\xbf" + json.dumps(fields).encode())
    other = submission.read("text/markdown", b"\xef\xbb\xbf" + as_markdown(fields))
    assert one == other


def test_yaml_words_are_read_by_the_core_schema_of_yaml_1_2() -> None:
    head = "a: 2023-04-03\nb: yes\nc: true\nd: ~\ne: 'null'\nf: 0o17\ng: 1_000\nh: 12:30:45\n"
    fields, body = front_matter.read(f"---\n{head}---\nText\n---\nMore")
    assert fields == {
        "a": "2023-04-03", "b": "yes", "c": True, "d": None, "e": "null", "f": 0.0,
        "g": "1_000", "h": "12:30:45",
    }  # fmt: skip
    assert body == "Text\n---\nMore"


@given(st.text(alphabet=st.sampled_from("a:-[]{}&*!|>'\"%@`#,? \n\t\\0x\u0085\ufeff"), max_size=80))
def test_any_front_matter_is_read_or_refused(head: str) -> None:
    try:
        fields, _ = front_matter.read(f"---\n{head}\n---\nText")
    except Problem as problem:
        assert problem.status in (400, 422)
        assert problem.detail
    else:
        assert isinstance(fields, dict)


@given(
    raw=st.binary(max_size=200), content_type=st.sampled_from(["application/json", "text/markdown"])
)
def test_any_bytes_are_refused_cleanly(raw: bytes, content_type: str) -> None:
    with pytest.raises(Problem) as caught:
        submission.read(content_type, raw)
    assert caught.value.status in (400, 422)
    json.dumps(caught.value.document())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "alert", "x", "body", "draft"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*make.alert().model_dump(), "draft", "x"]), JSON_VALUES))
def test_any_wrong_values_are_named(fields: dict[str, Any]) -> None:
    right = make.alert().model_dump(mode="json")
    try:
        read = submission.read("application/json", json.dumps(right | fields).encode())
    except Problem as problem:
        assert fields, "what is right is accepted"
        assert problem.errors
        assert all(error.field and error.message for error in problem.errors)
        assert problem.detail
        return
    assert "x" not in fields, "an unknown field is refused"
    assert read.draft is fields.get("draft", False)
    kept = read.article.model_dump(mode="json")
    for name, value in fields.items():
        if isinstance(value, str):
            assert kept[name], f"{name} is not empty"
        elif name in kept:
            assert kept[name] == value, f"{name} is as it was written"


@given(st.text(max_size=200))
def test_a_slug_is_short_plain_and_stable(title: str) -> None:
    name = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 80
    assert slug(name) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Blåbær på ØRSTA – «Søt» & god", "blabaer-pa-orsta-sot-god"),
        ("Crème brûlée", "creme-brulee"),
        ("A\u030angstrom", "angstrom"),
        ("🙂 Здравствуй", "sak"),
        ("ord " * 30, "-".join(["ord"] * 20)),
        ("x" * 100, "x" * 80),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_slugs(title: str, name: str) -> None:
    assert slug(title) == name
