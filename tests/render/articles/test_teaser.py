import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.render.articles.teaser import LONGEST, author, sentence
from tests.render.real import needs_real_article, real_article

WORDS = st.sampled_from(
    [
        *("og", "medisin", "kreft,", "ca.", "10", "mg", "20.", "september", "bl.a.", "f.eks."),
        *("«Kjære", "helsepersonell»", "«", "»", "sa.", "Å", "…", "e\u0301n", "blodpropp!"),
        *("nr.", "3", "kl.", "12.30", "(se", "side", "4).", "–"),
    ]
)
LEADS = st.lists(WORDS, min_size=1, max_size=60).map(" ".join) | st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), max_size=400
)
LONG = "Dette er en lang setning om medisiner som fyller opp plassen før det egentlig begynner"


@given(LEADS)
def test_a_teaser_fits_and_making_it_again_changes_nothing(lead: str) -> None:
    teaser = sentence(lead)
    assert len(teaser) <= LONGEST
    assert sentence(teaser) == teaser
    assert unicodedata.is_normalized("NFC", teaser)


@given(LEADS)
def test_a_teaser_is_the_beginning_of_the_lead(lead: str) -> None:
    whole = " ".join(unicodedata.normalize("NFC", lead).split())
    start = re.sub(r"\u00a0…»*$", "", sentence(lead)).replace("\u00a0…", " …")
    assert whole.startswith(start)


@given(st.lists(WORDS, min_size=1, max_size=80).map(" ".join))
def test_a_teaser_never_ends_inside_a_word_or_after_a_bare_number(lead: str) -> None:
    whole = " ".join(unicodedata.normalize("NFC", lead).split())
    teaser = sentence(lead)
    if teaser.endswith("\u00a0…") and len(whole) > LONGEST:
        start = teaser.removesuffix("\u00a0…")
        rest = whole[len(start) :]
        assert not rest[:1].isalnum()
        assert not re.search(r"(^| )\d+$", start)


@given(st.lists(WORDS, min_size=1, max_size=80).map(" ".join))
def test_quotation_marks_stay_in_pairs(lead: str) -> None:
    whole = " ".join(lead.split())
    if re.fullmatch(r"[^«»]*(«[^«»]*»[^«»]*)*", whole):
        assert re.fullmatch(r"[^«»]*(«[^«»]*»[^«»]*)*", sentence(lead))


@pytest.mark.parametrize(
    "abbreviation", ["bl.a. Kreft", "f.eks. Kreft", "ca. Ti", "nr. Tre", "kl. Ti", "den 20. Mai"]
)
def test_an_abbreviation_or_ordinal_ends_no_sentence(abbreviation: str) -> None:
    lead = f"{LONG} {abbreviation} og så videre i det uendelige, med flere ord enn det er plass til"
    assert sentence(lead + " her på siden.").endswith("\u00a0…")


def test_a_teaser_ends_at_the_last_whole_sentence() -> None:
    assert sentence(f"{LONG}. {LONG}.") == f"{LONG}."


def test_a_sentence_may_end_after_a_quotation() -> None:
    assert sentence(f"Han sier: «{LONG}.» {LONG}.") == f"Han sier: «{LONG}.»"


def test_a_sentence_that_is_too_short_alone_is_no_teaser() -> None:
    assert sentence(f"Kort sagt. {LONG} {LONG}").endswith("\u00a0…")


def test_a_number_is_not_parted_from_its_unit() -> None:
    lead = "x" * 60 + " " + "y" * 92 + " 10 mg daglig til alle pasienter"
    assert sentence(lead).endswith("y\u00a0…")


def test_a_short_lead_is_kept_with_its_spaces_put_right() -> None:
    assert sentence("  Åpent\u00a0møte\n for  alle. ") == "Åpent møte for alle."


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Skrevet av Kari Eksempel", "Kari Eksempel"),
        ("Tekst: Ola Eksempel", "Ola Eksempel"),
        ("Avdelingen", "Avdelingen"),
        ("Redaksjonen", "Redaksjonen"),
    ],
)
def test_the_author_is_the_person_of_the_byline(byline: str, name: str) -> None:
    assert author(byline) == name


@needs_real_article
def test_the_real_lead_gives_its_first_sentence() -> None:
    lead = real_article().lead
    assert sentence(lead) == lead[: lead.index(".") + 1]
    assert len(sentence(lead)) == 143
