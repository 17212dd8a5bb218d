"""What an editor is told: the field, and the way out, in words that fit who reads them."""

from typing import Any

import pytest

from services.ingest.problems import FieldError, Problem
from services.ingest.reading import submission
from services.ingest.reading.body import read as read_body
from services.ingest.reading.front_matter import read as read_front_matter
from services.render.text.body_html import body_html
from services.render.text.labels import labels
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.hostile import front_matter, markdown


def refused(head: str) -> FieldError:
    """What is said of the first thing that is wrong with the front matter `head`."""
    with pytest.raises(Problem) as caught:
        submission.read("text/markdown", markdown(head))
    return caught.value.errors[0]


COLON = "verdien har et kolon; sett anførselstegn rundt verdien"
QUOTES = "sett anførselstegn rundt hele verdien"
TAB = "bruk mellomrom, ikke tabulator"
STRAIGHT = 'må være rette, "…"'
CUT = "alt fra og med # ville falt bort; sett anførselstegn rundt hele verdien"
MISTAKES = {
    "a colon": ("title: Ny medisin: fare\nlead: x", "title", COLON),
    "a colon further down": (
        "title: a\nalert:\n  severity: severe\n  what_happened: Ny: fare\nkind: x",
        "alert.what_happened",
        COLON,
    ),
    "a colon in a list": (
        "sources:\n  - publisher: A\n    url: x\n  - publisher: Tilsynet: nytt\n",
        "sources.1.publisher",
        COLON,
    ),
    "a colon in a second line": ("title: a\nlead: Dette er\n  mer: tekst\nkind: x", "lead", COLON),
    "a value in quotes with more behind": ('title: "Brevet" er sendt\nlead: x', "title", QUOTES),
    "quotes in quotes": ('title: "Han sa "nei" i går"\nlead: x', "title", QUOTES),
    "single quotes in single quotes": ("title: 'Legens 'råd' her'\nlead: x", "title", QUOTES),
    "quotes further down": (
        'alert:\n  stop_advice:\n    code: x\n    text: "Nei" er svaret',
        "alert.stop_advice.text",
        QUOTES,
    ),
    "quotes in a list": ('topics:\n  - a\n  - "b" c\nlead: x', "topics", QUOTES),
    "quotes of Word": ("title: “Exempla: nytt råd”\nlead: x", "title", STRAIGHT),
    "quotes of print": ("title: «Exempla: nytt råd»\nlead: x", "title", STRAIGHT),
    "low quotes in a list": ("topics:\n  - „a: b”", "topics.0", STRAIGHT),
    "a sign that cuts": ("title: fra pakke # A1234\nlead: x", "title", CUT),
    "a sign that leaves nothing": ("title: #5 i køen\nlead: x", "title", CUT),
    "a sign behind quotes": ('title: "Exempla" # 5\nlead: x', "title", CUT),
    "a sign in a list": ("topics:\n  - a # b", "topics.0", CUT),
    "a sign in brackets": ("topics: [a, b # c\n  , d]", "topics.1", CUT),
    "a sign behind brackets": ("topics: [a, b] # c", "topics", CUT),
    "a sign further down": ("alert:\n  what_happened: a # b", "alert.what_happened", CUT),
    "a sign before a text of lines": ("lead: | # 5\n  a", "lead", CUT),
    "a sign in a second line": ("lead: Ta\n  # 5 mg\nkind: x", "lead", CUT),
    "quotes without an end": ('title: "a\nlead: b', "title", "avsluttet"),
    "a tab": ("alert:\n\tseverity: x", "alert.severity", TAB),
    "a tab in a second line": ("title: a\n\tb\nlead: x", "title", TAB),
    "a tab in a list": ("topics:\n\t- a", "topics", TAB),
    "a tab after spaces": ("alert:\n  severity: x\n\tmedicines: x", "alert.medicines", TAB),
    "a character with a meaning": ("title: @foo", "title", "sett anførselstegn rundt verdien"),
    "an indent that is too small": ("alert:\n    severity: x\n  report: y", "alert", "innrykk"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_usual_mistake_in_the_fields_is_named_with_the_way_out(name: str) -> None:
    head, field, words = MISTAKES[name]
    error = refused(head)
    assert error.field == field
    assert words in error.message


def test_a_remark_on_a_line_of_its_own_and_a_sign_in_a_text_are_left_alone() -> None:
    fields, _ = read_front_matter(
        '---\n# a\ntitle: C#-kurs\nlead: "a # b"\nalert:\n  # c\n  severity: x\n  # d\n'
        "  what_to_do:\n    - e\n    # f\n    - publisher: g\n      # h\n      url: i\n"
        "kicker: |\n  j # k\n---\nTekst"
    )
    assert (fields["title"], fields["lead"], fields["kicker"]) == ("C#-kurs", "a # b", "j # k\n")


SAVED = {
    "Windows-1252": (markdown(front_matter()).decode().encode("cp1252"), "Windows-1252"),
    "UTF-16": (markdown(front_matter()).decode().encode("utf-16"), "UTF-16"),
    "Word": (b"PK\x03\x04\x14\x00\x06\x00", "Word-dokument"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    "PDF": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "rich text": (b"{\\rtf1\\ansi", ".rtf"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "bilde"),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_file_that_is_no_text_is_called_what_it_is(name: str) -> None:
    raw, kind = SAVED[name]
    with pytest.raises(Problem) as caught:
        submission.read("text/markdown", raw)
    said = f"{caught.value.detail} {[one.message for one in caught.value.errors]}"
    assert caught.value.status == 400
    assert kind in said
    assert "UTF-8" in said or name == "a picture"


def test_a_mistake_in_the_fields_is_told_with_its_line_as_the_editor_counts() -> None:
    with pytest.raises(Problem) as caught:
        submission.read("text/markdown", markdown("title: a\nlead: Ny: fare"))
    assert "linje 3" in caught.value.detail
    assert "lead" in caught.value.detail


@pytest.mark.parametrize("name", ["title", "lang", "published_on", "topics", "draft"])
def test_an_empty_field_is_called_empty(name: str) -> None:
    head = front_matter(**{name: None}).replace(f"{name}: null", f"{name}:")
    assert f"{name}:\n" in f"{head}\n"
    error = refused(head)
    assert error.field == name
    assert error.message.startswith("feltet er tomt; ")


LENGTHS = {
    "a text that is too long": ({"title": "x" * 151}, "title", "for langt: høyst 150 tegn"),
    "a line that is too long": ({"byline": "x" * 301}, "byline", "for langt: høyst 300 tegn"),
    "a text without a character": ({"lead": ""}, "lead", "feltet er tomt"),
    "a list that is too long": ({"topics": ["x"] * 21}, "topics", "for mange innslag: høyst 20"),
    "a list that is too short": (
        {"alert": make.alert_fields() | {"what_to_do": []}},
        "alert.what_to_do",
        "minst 1 innslag",
    ),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_characters_are_counted_in_texts_and_entries_in_lists(name: str) -> None:
    fields, field, words = LENGTHS[name]
    error = refused(front_matter(**fields))
    assert error.field == field
    assert words in error.message


def test_a_list_is_not_called_too_short_for_a_wrong_entry() -> None:
    medicine = {"substance": "eksempelinib", "brands": [" "]}
    alert = make.alert_fields() | {"medicines": [medicine]}
    with pytest.raises(Problem) as caught:
        submission.read("text/markdown", markdown(front_matter(alert=alert)))
    (error,) = caught.value.errors
    assert error.field == "alert.medicines.0.brands.0"


@pytest.mark.parametrize("day", ["1899-12-31", "0203-04-03", "2201-01-01", "9999-01-01"])
def test_a_year_that_must_be_a_typing_error_is_refused(day: str) -> None:
    source = make.alert().model_dump(mode="json")["sources"][0]
    error = refused(front_matter(published_on=day))
    assert error.field == "published_on"
    assert "1900" in error.message
    error = refused(front_matter(sources=[source, source | {"published_on": day}]))
    assert error.field == "sources.1.published_on"


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_a_day_long_ago_or_far_ahead_is_left_alone(day: str) -> None:
    submission.read("text/markdown", markdown(front_matter(published_on=day)))


LEFT_AS_TEXT = [
    "![Et brev](brev.jpg ”Brevet. Foto: Kari.”)",
    "![Et brev](brev.jpg “Brevet”)",
    "![Et brev](brev.jpg «Brevet»)",
    '![Et brev](brev.jpg "Han sa "nei" igår")',
    "![Et brev] (brev.jpg)",
    "![Et brev](brev.jpg\n”Brevet”)",
    "- Punkt\n\n  ![Et *brev*](brev.jpg ”Brevet”)",
    "    ![Et brev](brev.jpg ”Brevet”)",
    "Tekst.^[Se ![brev](brev.jpg ”Brevet”)]",
]


@pytest.mark.parametrize("body", LEFT_AS_TEXT)
def test_a_picture_that_would_be_left_as_text_is_refused_by_name(body: str) -> None:
    (error,) = read_body(body).errors
    assert error.field == "body"
    assert "bildet «brev.jpg»" in error.message
    assert 'bruk rette anførselstegn "…" rundt bildeteksten' in error.message


ADDRESSES = [
    "https://example.org", "HTTP://example.org", "mailto:a@example.org", "tel:+4711223344",
    "/om-oss", "om-oss.html", "#nye-rad", "www.example.org", "//example.org/a", "",
    "javascript:alert(1)", "data:text/html,x", "ftp://example.org/a", "file:///a", "sms:112",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_link_is_refused_exactly_where_the_page_would_be_without_it(address: str) -> None:
    for body in (f"Se [denne](<{address}>).", f"- Se [*denne*](<{address}>)"):
        kept = "<a " in body_html(body, {}, labels("nb"))
        messages = [error.message for error in read_body(body).errors]
        assert bool(messages) != kept
        assert kept or (f"«{address}»" in messages[0] and "https://" in messages[0])


@pytest.mark.parametrize(
    "body", ["Se [denne](https://example.org ”her”).", "Se [denne](https://example.org/to ord)."]
)
def test_a_link_that_would_be_left_as_text_is_refused_by_name(body: str) -> None:
    (error,) = read_body(body).errors
    assert "«https://example.org" in error.message


@pytest.mark.parametrize(
    "body",
    [
        "Skriv `![brev](brev.jpg ”Brevet”)` eller `[a](/b)`.",
        "```\n![brev](brev.jpg ”Brevet”)\n[a](javascript:b)\n| a |\n|---|\n```",
        "`|---|---|`",
        r"Slik: \![brev](brev.jpg ”Brevet”) og \[a](b c).",
        "Hun sa [sic] (og smilte) at 2 | 3 er nok! [Se under]",
        "a | b",
        "Tekst\n\n---\n\nMer tekst",
        '![Et brev](brev.jpg "Se «dette» – Foto: Kari.")',
    ],
)
def test_code_escapes_and_prose_are_left_alone(body: str) -> None:
    assert read_body(body).errors == ()


@pytest.mark.parametrize("piece", ["[", "![", "](", "[a](", "![a] ", "|-", "| ", "[]( ", "![]()("])
def test_a_long_body_of_half_links_and_tables_is_read(piece: str) -> None:
    read_body(piece * (50_000 // len(piece)))


async def test_a_picture_that_is_not_uploaded_is_called_what_its_file_is_called(
    ingest: Ingest,
) -> None:
    article = make.news(body="![Et brev](<Brev æ.jpg>)").model_dump(mode="json")
    (error,) = (await ingest.post(article)).json()["errors"]
    assert error["message"] == (
        "bildet «Brev æ.jpg» er ikke lastet opp; legg filen i samme mappe som saken, "
        "med nøyaktig dette navnet"
    )


async def test_who_has_no_key_is_told_where_to_get_one(ingest: Ingest) -> None:
    problem = (await ingest.http.post("/api/assets", headers={"Authorization": ""})).json()
    assert problem["errors"][0]["message"] == (
        "nøkkelen mangler eller er feil; be om en ny hos den som drifter Varsel "
        "(API: Authorization: Bearer …)"
    )


async def test_the_detail_is_a_headline_with_the_fields_and_repeats_no_error(
    ingest: Ingest,
) -> None:
    article: dict[str, Any] = make.news().model_dump(mode="json")
    one = (await ingest.post(article | {"lead": ""})).json()
    assert one["detail"] == "Saken kan ikke tas imot. Rett dette feltet, og send igjen: lead."
    two = (
        await ingest.post(article | {"lead": "", "lang": "sv", "body": "[a](/b) [c](/d)"})
    ).json()
    assert two["detail"] == (
        "Saken kan ikke tas imot. Rett disse feltene, og send igjen: lead, lang, body."
    )
    many = (await ingest.post(article | {f"x{number}": 1 for number in range(40)})).json()
    assert many["detail"].endswith("x9 og 30 til.")
    for answer in (
        await ingest.http.post("/api/articles", headers={"Authorization": ""}),
        await ingest.http.post("/api/articles", json=article, headers={"Idempotency-Key": "a b"}),
        await ingest.http.post("/api/assets", files={"file": ("a.jpg", b"x")}),
        await ingest.http.post("/api/assets", files={"bilde": ("a.jpg", b"x")}),
        await ingest.http.post("/api/assets", content=b"x",
                               headers={"Content-Type": "multipart/form-data"}),
        await ingest.http.post("/api/articles", content=b'{"title": "\xff"}',
                               headers={"Content-Type": "application/json"}),
        await ingest.http.post("/api/articles", content=b'{"title": ' + b"[" * 99,
                               headers={"Content-Type": "application/json"}),
    ):  # fmt: skip
        problem = answer.json()
        assert problem["errors"], problem
        for error in problem["errors"]:
            assert error["message"].lower() not in problem["detail"].lower()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("Tekst.\n\n[^1]: Viktig, men ikke vist til.", "ikke brukt"),
        ("Tekst.\n\n[^1]: VIKTIG <script>x</script>", "ikke brukt"),
        ("Ta[^1] den.\n\n[^1]: Ta halve dosen.\n\n[^1]: Ikke ta den.", "2 tekster"),
        ("Tekst.[^1]\n\n[^1]: Med <b>HTML</b>.", "rå HTML"),
    ],
)
def test_a_footnote_that_the_page_would_leave_out_is_refused(body: str, word: str) -> None:
    assert any(word in error.message for error in read_body(body).errors)


def test_a_footnote_in_code_is_left_alone() -> None:
    assert read_body("Slik:\n\n```\n[^1]: Noten.\n```\n\nOg brukt.[^2]\n\n[^2]: Ja.").errors == ()
