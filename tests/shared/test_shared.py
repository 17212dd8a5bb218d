"""What all three services agree on."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared import markdown
from shared.article import Article
from shared.events import ArticlePublished, PagePublished, from_fields, to_fields
from shared.revision import Revision, content_sha256
from shared.settings import Settings
from shared.text import Line, many_lines, nfc, one_line
from shared.topology import DEAD, STREAMS, TOPOLOGY
from shared.trace import new_traceparent
from tests import make

LINE: TypeAdapter[str] = TypeAdapter(Line)


@given(st.text(max_size=400))
def test_one_line_is_one_line_in_nfc_or_refused(text: str) -> None:
    try:
        line = one_line(text)
    except ValueError:
        return
    assert line == unicodedata.normalize("NFC", line).strip()
    assert len(line.splitlines()) == 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in line)
    assert one_line(line) == line


@pytest.mark.parametrize(
    "bad", ["a\nb", "a\rb", "a\0b", "a\u2028b", "a\u0085b", "a\u202eb", "a\u2066b", "\ud800", " "]
)
def test_a_line_with_a_control_or_turning_character_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(bad)


@pytest.mark.parametrize("bad", ["", " ", "\u200b", "\u3164", "\u00ad", "a\U000e0041"])
def test_a_line_that_shows_nothing_or_hides_something_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(bad)


@given(st.text(st.sampled_from("a\u0958\ufb2c\u2adc"), min_size=1, max_size=300))
def test_what_is_accepted_is_accepted_again(text: str) -> None:
    """Composing may lengthen a text: a length checked before it would refuse the event later."""
    try:
        line = LINE.validate_python(text)
    except ValidationError:
        return
    assert LINE.validate_python(line) == line


@pytest.mark.parametrize(
    "bad",
    ["https://<b>/", "https://a:99999999/", "https://a:b@c.example", "http://[::1", "ftp://a.example",
     'https://a.example/"><script>', "javascript:alert(1)", "https:///sti", "a.example"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_with_the_way_out(bad: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        make.alert(sources=[{"publisher": "A", "url": bad, "published_on": "2026-09-01"}])


@given(st.text(max_size=400))
def test_a_text_has_line_feeds_only_or_is_refused(text: str) -> None:
    try:
        body = many_lines(text)
    except ValueError:
        return
    assert "\r" not in body
    assert many_lines(body) == body


@pytest.mark.parametrize("article", [make.news(), make.alert()], ids=["news", "alert"])
def test_an_event_comes_back_from_its_fields_as_it_was(article: Article) -> None:
    event = PagePublished.about(make.revision(article), traceparent=new_traceparent())
    fields = {k.encode(): v.encode() for k, v in to_fields(event).items()}
    back = from_fields(fields)
    assert back.model_copy(update={"time": event.time}) == event
    assert from_fields(fields | {b"dead_cause": b"x"}).id == event.id


def test_an_events_id_is_the_same_on_a_repeat() -> None:
    one, other = (
        ArticlePublished.about(make.revision(), traceparent=new_traceparent()) for _ in range(2)
    )
    assert one.id == other.id


def test_a_number_is_no_date() -> None:
    with pytest.raises(ValidationError, match="ÅÅÅÅ-MM-DD"):
        make.news(published_on=20260901)


@pytest.mark.parametrize("field", ["kicker", "topics", "sources", "alert"])
def test_an_alert_without_one_of_its_parts_is_refused_by_the_fields_name(field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make.alert(**{field: None if field in ("kicker", "alert") else []})
    assert refused.value.errors()[0]["type"] == f"field:{field}"


def test_an_error_never_repeats_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        make.news(title="hemmelig\u202e", extra="hemmelig")
    assert "hemmelig" not in str(refused.value)


def test_the_content_hash_depends_on_every_field() -> None:
    base = make.alert()
    other = make.alert(title="Noe annet")
    assert content_sha256(base, {}) == content_sha256(make.alert(), {})
    assert content_sha256(base, {}) != content_sha256(other, {})


def test_a_revision_knows_its_pages_path() -> None:
    assert make.revision(slug="en-sak").path == "/nyheter/en-sak/"
    with pytest.raises(ValidationError):
        Revision.model_validate(make.revision().model_dump() | {"slug": "../etc"})


def test_every_stream_of_events_has_one_of_dead_letters_that_ingest_reads() -> None:
    for stream in STREAMS:
        assert TOPOLOGY[stream.name + DEAD].groups == ("ingest",)


def test_pictures_are_found_once_each_in_order() -> None:
    assert markdown.pictures('![a](b.jpg "c")\n\n- ![d](a.png)\n\n![e](b.jpg)') == [
        "b.jpg", "a.png",
    ]  # fmt: skip


def test_an_alert_needs_an_approval_once_there_is_a_relay() -> None:
    assert Settings().approvals == 0
    relay = {"smtp_url": "smtp://relay.example.org", "mail_from": "varsel@example.org"}
    assert Settings(**relay).approvals == 1  # type: ignore[arg-type]


REAL = ["smtp://relay.example.org", "smtps://u:hemmelig@relay.example.org:465", "smtp://10.0.0.5"]
HERE = ["smtp://127.0.0.1:2525", "smtp://[::1]", "smtp://localhost", "smtp://inbox:1025"]


@pytest.mark.parametrize("url", REAL)
def test_nobody_alone_mails_all_members_by_a_real_relay(url: str) -> None:
    given = {"smtp_url": url, "mail_from": "varsel@example.org"}
    with pytest.raises(ValidationError, match="VARSEL_ALERT_APPROVALS must be 1 or 2") as refused:
        Settings(**given, alert_approvals=0)  # type: ignore[arg-type]
    assert "hemmelig" not in str(refused.value)
    assert Settings(**given, alert_approvals=2).approvals == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("url", HERE)
def test_a_relay_of_this_machine_alone_is_there_to_try_with(url: str) -> None:
    given = {"smtp_url": url, "mail_from": "varsel@example.org"}
    assert Settings(**given, alert_approvals=0).approvals == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("probe", ["caddy", "caddy:443", "192.0.2.7", "[2001:db8::7]:8443"])
def test_a_probe_is_a_host_with_or_without_a_port(probe: str) -> None:
    assert Settings(site_probe=probe).site_probe == probe


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("site_url", "https://example.org/sti"),
        ("site_url", "uten-skjema.example.net"),
        ("site_probe", "https://varsel.example.net"),
        ("site_probe", "caddy:https"),
        ("site_probe", "kari@varsel.example.net"),
        ("site_name", "Foreningen\nBcc: x@example.org"),
        ("postal_address", "Postboks 1\n0001 Prøveby"),
        ("contact", "Telefon\u2028Bcc: x@example.org"),
        ("secret_key", "for-kort"),
        ("webhooks", "{"),
        ("webhooks", '[{"url": "ftp://example.org", "secret": "whsec_0123456789012345"}]'),
        ("webhooks", '[{"url": "https://example.org", "secret": "whsec_for-kort"}]'),
        ("websub_hubs", '["hub.example.org"]'),
        ("smtp_url", "smtp://relay.example.org"),
    ],
)
def test_a_wrong_setting_is_refused_without_its_value(setting: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**{setting: value})  # type: ignore[arg-type]
    assert value not in str(refused.value)


MARKS = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
MADE_OF_MARKS = ["\u0344", "\u0f73", "\u0f75", "\u0f81"]


@given(st.lists(st.sampled_from([*MARKS, *MADE_OF_MARKS]), min_size=31, max_size=60))
def test_more_than_thirty_marks_in_a_row_are_refused_before_they_are_put_in_order(
    marks: list[str],
) -> None:
    with pytest.raises(ValueError, match=r"tegn nummer 2 er det første av over 30 aksenter"):
        nfc("a" + "".join(marks))


@given(
    st.text(st.sampled_from([*"aåé\u030a\u0300\u1100\u1161\u11a8 ", *MADE_OF_MARKS]), max_size=30)
)
def test_what_people_write_is_composed(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)
