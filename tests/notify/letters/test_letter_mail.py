"""A letter's mail: one link, the code, how long both work, and nothing that a stranger wrote."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.decide import What, decide
from services.notify.letters.letter_mail import LetterMail
from services.notify.letters.wording import words
from shared.article import Lang
from shared.identity import Identity
from shared.languages.say import LANGS
from tests.notify.mail.dkim_keys import both_are_whole, signer
from tests.notify.mail.reading import HEAD, html_of, read, received, text_of

MADE = datetime(2026, 4, 3, 10, 0, 0, 500_000, tzinfo=UTC)
"""A Friday; in Norway it is 12.00."""
TOKEN = "T" * 43


def letter(what: What = What.LOG_IN, **changes: object) -> LetterMail:
    made = LetterMail(
        what=what,
        id="l1",
        asks=1,
        asked_at=MADE,
        made=MADE,
        email="kari@example.org",
        lang="nb",
        life=timedelta(hours=48),
        token=TOKEN,
        code="012345",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def mail(what: What = What.LOG_IN, **changes: object):
    return read(received([letter(what, **changes).content(HEAD)]))


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_each_letter_says_the_same_in_text_and_html(what: What, lang: str) -> None:
    told = mail(what, lang=lang)
    text, html = text_of(told), html_of(told)
    for said in (text, html):
        assert HEAD.site_name in said
        assert said.count("https://varsel.example.org/") == 1, "one link"
        assert "ikke" in said if lang == "nb" else "ikkje" in said
        assert HEAD.postal in said
        assert HEAD.contact in said
    assert ("012345" in text) == ("012345" in html)
    words = re.compile(r"[^\W\d_]{4,}")
    assert set(words.findall(text)) <= set(words.findall(html)), "nothing is in the text alone"


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_a_subject_is_neutral(what: What, lang: str) -> None:
    subject = str(mail(what, lang=lang)["Subject"])
    assert HEAD.site_name not in subject
    assert "012345" not in subject
    assert not re.search("varsel|medlem|medisin|syk|lege", subject, re.IGNORECASE)


def test_the_headers_are_those_of_a_letter_and_of_no_list() -> None:
    told = mail()
    assert told["From"].addresses[0].display_name == HEAD.site_name
    assert told["To"] == "kari@example.org"
    assert told["Reply-To"] == HEAD.reply_to
    assert told["Auto-Submitted"] == "auto-generated"
    assert told["Content-Language"] == "nb"
    assert not [name for name in told if name.lower().startswith("list-") or name == "Precedence"]


def test_a_letter_is_the_same_each_time_it_is_made_and_another_each_time_it_is_asked_for() -> None:
    first = letter().content(HEAD)
    assert letter().content(HEAD) == first
    assert mail()["Message-ID"] == mail()["Message-ID"]
    asked_again = mail(asks=2, asked_at=MADE + timedelta(minutes=3))
    assert asked_again["Message-ID"] != mail()["Message-ID"]
    assert text_of(asked_again) == text_of(mail()), "the same link, code and times"
    assert "l1" not in str(mail()["Message-ID"])


def test_it_says_until_when_link_and_code_work_as_clocks_in_norway_show_it() -> None:
    assert "til fredag 3. april kl. 12.15." in text_of(mail())
    assert "til søndag 5. april kl. 12.00." in text_of(mail())
    assert "til søndag 5. april kl. 12.00." in text_of(mail(lang="nn"))


def test_a_letter_without_code_or_link_of_its_own_says_nothing_of_them() -> None:
    told = text_of(mail(What.MOVED, code=""))
    assert "oden" not in told
    assert f"https://varsel.example.org/min-side/angre/{TOKEN}" in told
    told = text_of(mail(What.NO_MEMBER, code="", token=""))
    assert "virker" not in told


@pytest.mark.parametrize(
    ("join", "leads"),
    [
        (Identity().join, "https://varsel.example.org/bli-medlem/"),
        ("/om/bli-stottemedlem/", "https://varsel.example.org/om/bli-stottemedlem/"),
        ("https://register.example.net/inn?fra=varsel&x=1",) * 2,
    ],
)
def test_who_is_no_member_is_led_to_where_the_association_has_people_join(
    join: str, leads: str
) -> None:
    head = HEAD.dressed(Identity(join=join))
    for lang in LANGS:
        said = letter(What.NO_MEMBER, code="", token="", lang=lang)
        told = read(received([said.content(head)]))
        assert f": {leads} " in text_of(told)
        assert leads in html_of(told)
        assert (join == Identity().join) == ("/bli-medlem/" in text_of(told) + html_of(told))
        others = letter(What.CONFIRM_JOINING, lang=lang).content(head)
        assert f"/bli-medlem/bekreft/{TOKEN}" in text_of(read(received([others])))


@pytest.mark.parametrize("lang", LANGS)
def test_each_language_has_each_letter(lang: Lang) -> None:
    assert set(words(lang).letters) == set(What)


def test_a_letter_in_english_is_english_also_in_its_time() -> None:
    told = text_of(mail(What.LOG_IN, lang="en"))
    assert "Here is the link to My page" in told
    assert re.search(r"works until \w+day \d+\s\w+ at\s\d\d:\d\d", told)


def test_an_address_that_would_break_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        letter(email="a@example.org>\r\nBcc: b@example.org").content(HEAD)


@given(
    kind=st.sampled_from(LetterKind),
    number=st.integers(0, 3),
    member=st.none() | st.integers(1, 3),
    name=st.text(max_size=5),
)
def test_only_whose_address_it_is_decides_who_a_link_logs_in(
    kind: LetterKind, number: int, member: int | None, name: str
) -> None:
    asked = Asked(kind, "kari@example.org", name=name, number=number, browser="b", about="waits")
    what, ticket = decide(asked, member)
    if ticket and ticket.kind is LetterKind.LOGIN:
        assert ticket.number == member, "never who asks"
        assert member is not None
        assert ticket.name == ""
    elif ticket:
        assert ticket == asked
    if kind is LetterKind.JOIN:
        assert (what is What.CONFIRM_JOINING) == (member is None)
    if kind is LetterKind.MOVE and ticket:
        assert (ticket.kind is LetterKind.MOVE) == (member in (None, number))
    assert ticket is None or ticket.browser == asked.browser
    assert kind is not LetterKind.STAFF or ticket is None


def test_no_text_of_who_asks_is_in_a_letter() -> None:
    assert "name" not in LetterMail.__dataclass_fields__


def test_a_letter_is_signed_and_the_same_when_it_is_sent_again() -> None:
    head = replace(HEAD, signer=signer())
    content = letter().content(head)
    assert letter().content(head) == content
    assert both_are_whole(received([content]))
    assert f"t={int(MADE.timestamp())};".encode() in content
