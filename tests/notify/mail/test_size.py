"""The mail is never larger than ingest took it for when the alert was saved."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.reading.mail_size import at_most
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead, Variant
from shared.article import Article
from shared.revision import Change, Past
from tests.examples import examples
from tests.make import alert, alert_fields, all_alert_fields, revision
from tests.notify.mail.reading import HEAD, MARKS_KEY, STARTED, TOKENS

VARIANTS: tuple[Variant, ...] = ("alert", "correction", "withdrawal")
LONG_HEAD = Letterhead(
    "https://varsel." + "lang." * 40 + "example.org", "Foreningen å " * 20, HEAD.sender
)
chars = st.characters(exclude_categories=("Cc", "Cf", "Cn", "Cs", "Zl", "Zp", "Co"))
lines = st.one_of(
    st.text(chars, min_size=1, max_size=300),
    st.text("&<>\"'= .a", min_size=1, max_size=300),
    st.builds(lambda word, count: (word + " ") * count, st.text("åa&", min_size=1, max_size=80),
              st.integers(1, 7)),
).map(lambda text: " ".join(text.split())[:300].strip() or "x")  # fmt: skip


def largest(article: Article, notes: list[str], head: Letterhead = HEAD) -> int:
    """Of all variants, with as many corrections as there are notes."""
    changes = [Change(kind="correction", note=note) for note in notes]
    past = tuple(
        Past(revision=number, at=STARTED, change=change)
        for number, change in enumerate([None, *changes[:-1]], start=1)
    )
    said = revision(
        article,
        revision=len(changes) + 1,
        change=changes[-1] if changes else None,
        history=past if changes else (),
    )
    earlier = [f"{said.id}.{number}" for number in range(1, said.revision)]
    return max(
        AlertMail(
            said,
            delivery=f"{said.id}.{said.revision}",
            started=STARTED,
            head=head,
            marks_key=MARKS_KEY,
            variant=variant,
            earlier=earlier,
        ).largest(TOKENS)
        for variant in VARIANTS
    )


medicines = st.fixed_dictionaries(
    {
        "substance": lines,
        "brands": st.lists(lines, min_size=1, max_size=5),
        "batches": st.lists(lines, max_size=8),
        "additional_monitoring": st.booleans(),
    }
)
urls = st.text("abc/=&?'~-", max_size=500).map(lambda end: f"https://kilde.example.org/{end}")


@given(
    title=lines.map(lambda text: text[:150].strip() or "x"),
    said=st.fixed_dictionaries(
        {
            "what_happened": lines,
            "who_is_affected": lines,
            "what_to_do": st.lists(lines, min_size=1, max_size=10),
            "seek_help_if": st.lists(lines, min_size=1, max_size=10),
            "groups": st.lists(lines, max_size=10),
            "conditions": st.lists(lines, max_size=10),
            "medicines": st.lists(medicines, min_size=1, max_size=6),
            "authorities": st.lists(
                st.fixed_dictionaries({"name": lines, "reference": lines, "url": urls}), max_size=5
            ),
        }
    ),
    sources=st.lists(
        st.fixed_dictionaries(
            {"publisher": lines, "url": urls, "published_on": st.just("2026-09-01")}
        ),
        min_size=1,
        max_size=10,
    ),
    notes=st.lists(lines, max_size=10),
)
@settings(max_examples=examples(60))
def test_the_bound_holds_whatever_the_texts(
    title: str, said: dict[str, Any], sources: list[dict[str, Any]], notes: list[str]
) -> None:
    article = alert(title=title, alert=all_alert_fields() | said, sources=sources)
    assert largest(article, notes, LONG_HEAD) <= at_most(article, notes)


@pytest.mark.parametrize("char", ["a", "å", "&", "'", "=", "😀", " a", "aaaaaaaaaaaa aaaaaaaaa "])
def test_the_bound_holds_where_every_field_is_full(char: str) -> None:
    line, paragraph = ((char * size)[:size].strip().ljust(size, "a") for size in (300, 600))
    url = f"https://a.example.org/{'=' * 1900}"
    medicine = {"substance": line, "brands": [line] * 20, "batches": [line] * 50}
    said = {
        "what_happened": paragraph, "who_is_affected": paragraph, "what_to_do": [line] * 10,
        "seek_help_if": [line] * 10, "groups": [line] * 20, "conditions": [line] * 20,
        "medicines": [medicine | {"additional_monitoring": True}] * 5,
        "authorities": [{"name": line, "reference": line, "url": url}] * 20,
    }  # fmt: skip
    article = alert(title=line[:150], alert=all_alert_fields() | said)
    assert largest(article, [paragraph] * 20) <= at_most(article, [paragraph] * 20)


def test_an_alert_as_they_are_is_far_below_it() -> None:
    """And the bound is not far above the truth."""
    for fields in (alert_fields(), all_alert_fields()):
        article = alert(alert=fields)
        assert largest(article, []) <= at_most(article) <= 4 * largest(article, [])
        assert at_most(article) < 50_000


def test_a_long_list_of_batches_is_mailed() -> None:
    medicine = {"substance": "prøvomab", "brands": ["Provo"] * 20, "batches": ["AB123456"] * 50}
    article = alert(alert=alert_fields() | {"medicines": [medicine] * 50})
    assert at_most(article) < 400_000
