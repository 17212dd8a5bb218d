"""The linter: warns of what authorities warn of, names the field, and never refuses or fails."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.reading.lint import warnings
from services.ingest.reading.readability import lix, sentences, words
from shared.article import Article
from shared.text import many_lines, one_line
from tests import make
from tests.render.real import needs_real_article, real_article


def with_alert(**overrides: Any) -> Article:
    return make.alert(alert=make.alert_fields() | overrides)


def told(article: Article, field: str) -> list[str]:
    return [warning.message for warning in warnings(article) if warning.field == field]


def test_a_plain_article_has_no_warnings() -> None:
    assert warnings(make.alert()) == []
    assert warnings(make.news()) == []


@pytest.mark.parametrize(("length", "warns"), [(70, False), (71, True)])
def test_a_title_over_70_characters_is_told_with_its_length(length: int, warns: bool) -> None:
    title = "Exempla: " + "x" * (length - len("Exempla: "))
    messages = told(make.alert(title=title), "title")
    assert [f"{length} tegn" in message for message in messages] == [True] * warns


def sentence(count: int) -> str:
    return " ".join(["Så", *["er"] * (count - 1)]) + "."


@pytest.mark.parametrize(("count", "warns"), [(20, False), (21, True)])
@pytest.mark.parametrize(
    ("field", "overrides"),
    [
        ("alert.what_happened", lambda text: {"what_happened": "Exempla. eksempelinib. " + text}),
        ("alert.who_is_affected", lambda text: {"who_is_affected": text}),
        ("alert.what_to_do.1", lambda text: {"what_to_do": ["Ring legen.", text]}),
        ("alert.stop_advice.text", lambda text: {"stop_advice": {"code": "stop_now", "text": text}}),  # noqa: E501
        ("alert.seek_help_if.0", lambda text: {"seek_help_if": [text]}),
    ],
)  # fmt: skip
def test_a_sentence_over_20_words_is_told_with_its_field_and_its_words(
    field: str, overrides: Any, count: int, warns: bool
) -> None:
    article = make.alert(
        title="Exempla kan skade", alert=make.alert_fields() | overrides(sentence(count))
    )
    messages = told(article, field)
    assert [f"{count} ord" in message for message in messages] == [True] * warns
    assert all("«Så er er er …»" in message for message in messages)


def test_a_long_sentence_in_the_lead_is_told() -> None:
    assert len(told(make.news(lead=sentence(21)), "lead")) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("…", 0),
        ("Vi går.", 2),
        ("Jeg liker katter. De er små.", 3),  # 6 words / 2 sentences, none over six letters
        ("Legemiddelverket advarer. Pasienter bør kontakte legen.", 70),  # 3 + 100 · 4/6
        ("Du bør snakke med legen din hvis du får vondt i magen eller føler deg syk.", 16),
        ("Se opp: Alle må møte.", 2),  # a colon ends a sentence: 5 words / 2, rounded to even
    ],
)
def test_lix_is_as_bjornsson_defines_it(text: str, number: int) -> None:
    assert lix([text]) == number


def test_lix_counts_an_item_of_a_list_as_a_sentence() -> None:
    assert lix(["ta det med ro", "ring oss"]) == 3


def test_sentences_end_where_readers_see_an_end() -> None:
    assert sentences(
        "Den 3. april kl. 10.00 møtes vi. Kom! «Nå.» Ja, f.eks. i dag, 2.5 ganger."
    ) == [
        "Den 3. april kl. 10.00 møtes vi.",
        "Kom!",
        "«Nå.»",
        "Ja, f.eks. i dag, 2.5 ganger.",
    ]
    assert words("JAK-hemmere, hjerte- og 116 117") == ["JAK-hemmere", "hjerte", "og", "116", "117"]


def test_an_alert_that_is_hard_to_read_is_told_with_its_number() -> None:
    hard = (
        "Kardiovaskulære hendelser forekommer hyppigere blant eldre behandlingstrengende pasienter."
    )
    article = with_alert(what_happened=hard, who_is_affected=hard, what_to_do=[hard] * 10)
    (message,) = told(article, "alert")
    assert "LIX er 71" in message
    assert "høyst 40" in message


@pytest.mark.parametrize(
    ("body", "told_of"),
    [
        ("Han fikk VTE.", "«VTE»"),
        ("Han fikk VTE. VTE er farlig.", "«VTE»"),
        ("Bruk TNF-hemmer ved IBD.", "«TNF», «IBD»"),
        ("Han fikk venøs tromboembolisme (VTE). VTE er farlig.", None),
        ("Han fikk VTE (blodpropp i en vene).", None),
        ("Janus-kinase (JAK)-hemmere og JAK-hemmere.", None),
        ("JAK-hemmere (en gruppe medisiner).", None),
        ("Myndighetene i EU og USA, og WHO.", None),
        ("Se `VTE` og <https://example.org/VTE>.", None),
        ("VIKTIGE RÅD til deg.", "«RÅD»"),
        ("Prisen er 5 A, og B.", None),
    ],
)
def test_an_abbreviation_that_nobody_explains_is_told(body: str, told_of: str | None) -> None:
    messages = told(make.news(body=body), "body")
    assert [message.split(" er ikke")[0] for message in messages] == ([told_of] if told_of else [])


def test_an_abbreviation_is_told_once_where_it_is_met_first() -> None:
    article = make.alert(title="Exempla kan gi VTE", body="VTE er farlig.")
    assert [one.field for one in warnings(article) if "VTE" in one.message] == ["title"]


def test_a_title_without_a_medicines_name_is_told() -> None:
    assert "tittelen nevner ingen" in told(make.alert(title="Nytt råd"), "title")[0]
    for name in ("Exempla", "PROVEX", "Prøvomab", "Exemplas virkning"):
        assert told(make.alert(title=f"{name}: nytt råd"), "title") == []
    assert told(make.alert(title="Nyexempla: nytt råd"), "title") != []


def test_brand_and_substance_are_both_wanted() -> None:
    says: dict[str, Any] = {"what_happened": "Den kan skade.", "who_is_affected": "Alle."}
    article = {"lead": "Nytt råd.", "alert": make.alert_fields() | says}
    (message,) = told(make.alert(title="Exempla", **article), "alert.what_happened")
    assert "virkestoffet" in message
    (message,) = told(make.alert(title="Eksempelinib", **article), "alert.what_happened")
    assert "navnet på pakken" in message
    assert "«Exempla»" in message
    assert told(make.alert(title="Exempla, prøvomab", **article), "alert.what_happened") == []


@pytest.mark.parametrize("text", ["her", "Les mer", "klikk her", "**her**", "her.", "les meir →"])
def test_a_link_that_does_not_say_where_it_leads_is_told(text: str) -> None:
    (message,) = told(make.news(body=f"Se [{text}](https://example.org)."), "body")
    assert "sier ikke hvor den fører" in message


@pytest.mark.parametrize("text", ["Meld bivirkninger her", "hermetikk", "https://example.org/her"])
def test_a_link_that_says_where_it_leads_is_not_told(text: str) -> None:
    assert told(make.news(body=f"Se [{text}](https://example.org), les mer."), "body") == []


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("Kurs 20.-22. september.", "«20.–22.»"),
        ("Kurs 20.–22. september 2026, kl. 10.00.", None),
        ("Det var 10000 pasienter.", "«10\u00a0000»"),
        ("Det var 1234567 pasienter.", "«1\u00a0234\u00a0567»"),
        ("Det var 4362 av 10 000. Ring 22334455. Sak 26/12345-6, x12345.", None),
    ],
)
def test_dates_and_numbers_that_read_badly_are_told(text: str, told_of: str | None) -> None:
    messages = told(make.news(body=text), "body")
    assert [told_of in message for message in messages] == ([True] if told_of else [])  # type: ignore[operator]


def _line(text: str) -> bool:
    try:
        return bool(one_line(text)) and bool(many_lines(text))
    except ValueError:
        return False


TEXT = (
    st.text(max_size=60)
    | st.lists(
        st.sampled_from([*"().:!?…«»[]-–#*`\\ ", "VTE", "12345", "20.-22.", "[her](https://a.b)"])
    ).map("".join)
).filter(_line)


@given(title=TEXT, lead=TEXT, body=TEXT, box=TEXT, brand=TEXT)
def test_no_text_breaks_it_and_every_warning_names_a_field_that_exists(
    title: str, lead: str, body: str, box: str, brand: str
) -> None:
    medicine = {"substance": brand, "brands": [brand]}
    alert = make.alert_fields() | {"medicines": [medicine], "what_happened": box}
    alert |= {"what_to_do": [box] * 3, "seek_help_if": [box]}
    article = make.alert(title=title, lead=lead, body=body, alert=alert)
    for warning in warnings(article):
        assert one_line(warning.message)
        found: Any = article.model_dump()
        for step in warning.field.split("."):
            found = found[int(step) if step.isdecimal() else step]


@given(st.lists(TEXT))
def test_lix_of_any_text_is_a_number(texts: list[str]) -> None:
    assert lix(texts) >= 0


@needs_real_article
def test_the_real_article_has_the_warnings_that_it_deserves() -> None:
    found = warnings(real_article())
    assert [warning.field for warning in found] == [
        "title",  # neither a brand nor a substance
        "alert.what_happened",  # no brand
        "alert.what_happened",  # no substance
        "alert.who_is_affected",  # a sentence of 27 words
        "body",  # abbreviations
    ]
    assert "27 ord" in found[3].message
    assert "«IBD», «TNF»" in found[4].message
