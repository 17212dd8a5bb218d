import dataclasses
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from services.notify.mail import wording
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead, Variant
from services.render.text import labels as page
from shared.alert import Mode
from shared.article import Article, Lang
from shared.languages.say import LANGS
from shared.revision import Change, Revision
from tests.examples import examples
from tests.make import alert, alert_fields, all_alert_fields, news, revision
from tests.notify.mail.reading import (
    HEAD,
    MARKS_KEY,
    STARTED,
    TOKENS,
    html_of,
    mail_of,
    read,
    received,
    sent,
    squeezed,
    text_of,
)

REAL = Path(__file__).parents[4] / "shared/articles/jak-hemmere.md"
lines = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cn", "Cs", "Zl", "Zp")), min_size=1, max_size=140
).filter(str.strip)


def every_field(said: Revision) -> list[str]:
    article = said.article
    warning = article.alert
    assert warning
    fields = [article.title, warning.what_happened, warning.who_is_affected]
    fields += [*warning.what_to_do, *warning.seek_help_if, warning.stop_advice.text]
    fields += [warning.report.patient, warning.report.health_personnel]
    for medicine in warning.medicines:
        triangle = "▼" if medicine.additional_monitoring else ""
        fields += [f"{triangle}{brand}" for brand in medicine.brands] + [medicine.substance]
    for source in article.sources:
        fields += [source.publisher, source.url]
    fields += [f"https://varsel.example.org{said.path}", "Forbundet for ål"]
    return fields


@pytest.mark.parametrize("part", [text_of, html_of])
@given(
    title=lines,
    steps=st.lists(lines, min_size=1, max_size=4),
    publisher=lines,
    brand=lines,
    what=st.lists(lines, min_size=1, max_size=4).map(" ".join),
)
@settings(max_examples=examples(40))
def test_every_field_of_the_alert_is_in_both_parts(
    part: Callable[[EmailMessage], str],
    title: str,
    steps: list[str],
    publisher: str,
    brand: str,
    what: str,
) -> None:
    medicine = {"substance": "prøvomab", "brands": [brand], "additional_monitoring": True}
    warning = alert_fields() | {
        "what_to_do": steps,
        "medicines": [medicine],
        "what_happened": what,
    }
    source = {
        "publisher": publisher,
        "url": "https://kilde.example.org/" + "a/" * 90,
        "published_on": "2026-09-01",
    }
    article = alert(title=title, alert=warning, sources=[source])
    found = part(read(sent(article)))
    for field in every_field(revision(article)):
        assert squeezed(field) in found
    assert "alvorlig" in found.casefold()
    assert "1. september 2026" in found


@given(title=lines, name=st.one_of(st.just(""), lines.map(lambda text: text[:100])))
@settings(max_examples=examples(60))
def test_a_mail_is_sound_whatever_its_words(title: str, name: str) -> None:
    content = sent(alert(title=title), name=" ".join(name.split()))
    message = read(content)
    assert not message.defects
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for part in message.walk():
        assert not part.defects
        assert not any(header.defects for _, header in part.items())
    assert b"\r\n\r\n" in content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", content)
    assert content.isascii()
    headers, _, body = content.partition(b"\r\n\r\n")
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert all(len(line) <= 998 for line in headers.split(b"\r\n"))
    assert message["Subject"].startswith("Sikkerhetsvarsel: ")
    assert len(message["To"].addresses) == 1


def test_headers_say_what_the_mail_is_and_how_to_leave() -> None:
    content = sent(alert())
    message = read(content)
    link = f"https://varsel.example.org/member/unsubscribe/{TOKENS.seal(7)}"
    expected = {
        "From": "Forbundet for ål <varsel@post.example.org>",
        "To": "Kåre Ødegård <kare@example.org>",
        "Subject": "Sikkerhetsvarsel: Eksempelinib kan skade leveren",
        "Reply-To": "hjelp@example.org",
        "Date": "Tue, 01 Sep 2026 10:00:00 +0000",
        "Message-ID": f"<a1b2c3d4e5f6.1.{TOKENS.reference('a1b2c3d4e5f6.1', 7)}@post.example.org>",
        "List-Id": "Sikkerhetsvarsler <sikkerhetsvarsler.post.example.org>",
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Archived-At": "<https://varsel.example.org/nyheter/en-sak/>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "nb",
        "MIME-Version": "1.0",
    }
    assert {name: str(message[name]) for name in expected} == expected
    assert link in text_of(message)
    assert link in html_of(message)
    headers = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    whole = [line for line in headers if line.startswith((b"List-", b"Message-ID", b"Archived-At"))]
    assert len(whole) == 5
    assert not any(b"=?" in line for line in whole)
    assert not any(line.startswith((b" ", b"\t")) for line in headers if b"https:" in line)


def test_plain_text_comes_first_and_the_stop_advice_before_the_rest() -> None:
    message = read(sent(alert()))
    html = re.sub(r"tel:\d+", "", html_of(message)).partition("Eksempelinib kan skade leveren ")[2]
    for found in (text_of(message), squeezed(html)):
        places = [
            found.casefold().index(word.casefold())
            for word in (
                "Forbundet for ål Sikkerhetsvarsel Eksempelinib kan skade leveren",
                "Publisert 2. september 2026",
                "Alvorlighetsgrad: alvorlig",
                "Ikke slutt på egen hånd",
                "Søk hjelp med en gang",
                "Ring 113",
                "Ring 116 117",
                "Ring 113 hvis du blir gul",
                "Hva har skjedd?",
                "Hvem gjelder det?",
                "Dette bør du gjøre",
                "▼Exempla (eksempelinib)",
                "Provo, Provex (prøvomab)",
                "Meld fra om bivirkninger",
                "Les hele saken",
                "Kilde:",
                "Du får denne e-posten fordi",
            )
        ]
        assert places == sorted(places)


def test_a_mail_has_the_words_of_the_page_in_the_language_of_the_article() -> None:
    for field in dataclasses.fields(wording.MailLabels):
        if hasattr(page.BOKMAL, field.name) and field.name != "monitored_note":
            for lang in LANGS:
                mine, theirs = wording.labels(lang), page.labels(lang)
                assert getattr(mine, field.name) == getattr(theirs, field.name)


@pytest.mark.parametrize("part", [text_of, html_of])
def test_every_mail_says_who_sent_it_and_whom_to_ask(part: Callable[[EmailMessage], str]) -> None:
    found = part(read(sent(alert())))
    assert "Spør oss: telefon 22 00 00 00" in found
    assert "Forbundet for ål, Postboks 1, 0001 Prøveby" in found
    bare = Letterhead(HEAD.site, HEAD.site_name, HEAD.sender)
    message = read(received(mail_of(alert(), bare).fill(7, "k@example.org", "", TOKENS)))
    assert "Reply-To" not in message
    assert "Spør oss" not in part(message)


SHOWN_CHARACTERS = 200
"""Of a mail's beginning, more than mail programs show of it in a list or on a locked screen."""


@pytest.mark.parametrize("variant", get_args(Variant))
@given(title=lines, mode=st.sampled_from(get_args(Mode)), name=lines)
@settings(max_examples=examples(30))
def test_a_neutral_mail_says_neither_in_its_subject_nor_first_lines_what_it_is_about(
    variant: Variant, title: str, mode: Mode, name: str
) -> None:
    article = alert(title=f"Prøvomab: {title}", alert=alert_fields() | {"mode": mode})
    mail = AlertMail(
        revision(article, change=Change(kind="correction", note="Feil råd om prøvomab.")),
        delivery="a1b2c3d4e5f6.2",
        started=STARTED,
        head=dataclasses.replace(HEAD, neutral=True),
        marks_key=MARKS_KEY,
        variant=variant,
        earlier=[] if variant == "alert" else ["a1b2c3d4e5f6.1"],
    )
    message = read(received(mail.fill(7, "k@example.org", squeezed(name)[:99], TOKENS)))
    marks = {"alert": "", "correction": "RETTET: ", "withdrawal": "TRUKKET: "}
    said = f"{wording.BOKMAL.subject_of_mode[mode]}{marks[variant]}Viktig sikkerhetsmelding fra"
    assert message["Subject"] == f"{said} Forbundet for ål"
    shown = html_of(message).removeprefix(message["Subject"]).lstrip()
    for found in (text_of(message), shown):
        first = found[:SHOWN_CHARACTERS].casefold()
        assert not re.search("prøvomab|exempla|eksempelinib|sikkerhetsvarsel", first)
        assert squeezed(article.title) in found


TABLE = "Dosen går etter vekt.\n\n| Vekt | Dose |\n|:-----|-----:|\n| 10 kg | 5 mg |"


@pytest.mark.parametrize("part", [text_of, html_of])
@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_the_link_says_that_the_page_has_a_table_and_only_then(
    part: Callable[[EmailMessage], str], lang: str
) -> None:
    assert "med tabell" in part(read(sent(alert(lang=lang, body=TABLE))))
    for body in ("Tekst.", "```\n| a | b |\n```", "Fra 1 | til 2."):
        assert "med tabell" not in part(read(sent(alert(lang=lang, body=body))))


@pytest.mark.parametrize("part", [text_of, html_of])
@pytest.mark.parametrize("code", wording.BOKMAL.stop_advice)
@pytest.mark.parametrize("severity", wording.BOKMAL.severity)
@pytest.mark.parametrize(
    ("lang", "begins"), [("nn", "Tryggleiksvarsel: "), ("en", "Safety alert: ")]
)
def test_every_word_around_an_alert_is_in_the_article_s_language(
    part: Callable[[EmailMessage], str], code: str, severity: str, lang: Lang, begins: str
) -> None:
    warning = all_alert_fields() | {"severity": severity}
    warning["stop_advice"] = {"code": code, "text": "Snakk med legen."}
    mail = mail_of(alert(lang=lang, alert=warning, body=TABLE), revised_at=STARTED)
    message = read(received(mail.fill(7, "kare@example.org", "", TOKENS)))
    assert message["Subject"].startswith(begins)
    assert message["Content-Language"] == lang
    found = part(message).casefold()
    said, bokmal = (_said(wording.labels(one), code, severity) for one in (lang, "nb"))
    for word in said:
        assert word.casefold() in found
    for word in bokmal - said:
        assert word.casefold() not in found


def _said(words: wording.MailLabels, code: str, severity: str) -> set[str]:
    """All words of one standard that a mail with this code and severity should have."""
    plain = {value for value in dataclasses.astuple(words) if isinstance(value, str)}
    return plain | {words.stop_advice[code], f"{words.severity_label} {words.severity[severity]}"}


def test_a_mail_sent_again_is_the_same_to_the_byte() -> None:
    assert sent(alert()) == sent(alert())
    assert sent(alert(), number=8) != sent(alert())


def test_members_differ_in_nothing_but_their_own_slots() -> None:
    mail = mail_of(alert())
    one = received(mail.fill(1, "a@example.org", "A", TOKENS))
    two = received(mail.fill(2, "b@example.org", "B", TOKENS))
    mine = TOKENS.seal(1), TOKENS.reference("a1b2c3d4e5f6.1", 1)
    theirs = TOKENS.seal(2), TOKENS.reference("a1b2c3d4e5f6.1", 2)
    whole = one.replace(b"=\r\n", b"").replace(b"A <a@", b"B <b@")
    for before, after in zip(mine, theirs, strict=True):
        assert before.encode() in whole
        whole = whole.replace(before.encode(), after.encode())
    assert whole == two.replace(b"=\r\n", b"")


def test_a_later_revision_keeps_the_message_id_of_the_delivery() -> None:
    first, second = (
        AlertMail(
            revision(alert(title=title), revision=number),
            delivery="a1b2c3d4e5f6.1",
            started=STARTED,
            head=HEAD,
            marks_key=MARKS_KEY,
        ).fill(7, "k@example.org", "", TOKENS)
        for number, title in ((1, "Første"), (2, "Andre"))
    )
    assert read(received(first))["Message-ID"] == read(received(second))["Message-ID"]
    assert "Andre" in read(received(second))["Subject"]


@given(
    st.lists(st.sampled_from([".", "..", "a", " ", "\n", "www.example.org"]), max_size=200), lines
)
def test_no_line_ends_a_mail_before_its_end(parts: list[str], name: str) -> None:
    """On the wire a line that begins with a dot begins with two (RFC 5321, section 4.5.2)."""
    text = "".join(parts) or "."
    article = alert()
    assert article.alert
    said = article.alert.model_copy(update={"what_happened": text})
    article = article.model_copy(update={"alert": said})
    wire = b"".join(mail_of(article).fill(7, "kare@example.org", name, TOKENS))
    assert not re.search(rb"^\.(?!\.)", wire, re.MULTILINE)
    assert wire.endswith(b"\r\n")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\0", "\u2028"])
def test_a_name_or_address_cannot_add_a_header(end: str) -> None:
    mail = mail_of(alert())
    with pytest.raises(ValueError, match="control"):
        mail.fill(7, "k@example.org", f"Kari{end}Bcc: x@example.org", TOKENS)
    with pytest.raises(ValueError, match="control"):
        mail.fill(7, f"k@example.org{end}Bcc: x@example.org", "Kari", TOKENS)


def test_markup_in_an_article_is_only_text_in_the_mail() -> None:
    message = read(sent(alert(title="<script>alert(1)</script> & {{ 7 * 7 }}")))
    html = message.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}" in html


def test_the_html_part_loads_nothing_and_tracks_nobody() -> None:
    html = read(sent(alert())).get_body(("html",)).get_content()
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|src=|@import", html)
    assert len(html) < 100_000


def test_news_has_no_mail() -> None:
    with pytest.raises(ValueError, match="alert"):
        mail_of(news())


@pytest.mark.skipif(not REAL.exists(), reason="the real article is not here")
def test_the_real_article_makes_a_whole_mail() -> None:
    _, front_matter, body = REAL.read_text().split("---\n", 2)
    article = Article.model_validate(YAML(typ="safe").load(front_matter) | {"body": body})
    message = read(sent(article))
    for found in (text_of(message), html_of(message)):
        for field in every_field(revision(article)):
            assert squeezed(field) in found
