"""Which subjects an alert is about. Whatever is wrong with a name, it leaves nobody out."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alert import Alert
from shared.subject import Subject
from shared.subjects.match import Matched, match
from shared.subjects.names import components, folded
from tests.make import alert_fields

JAK = Subject(id="jak-hemmere", name="JAK-hemmere", name_nn="JAK-hemmarar", atc=("L04AF",))
TOFA = Subject(
    id="tofacitinib",
    name="Tofacitinib",
    substance="tofacitinib",
    brands=("Xeljanz",),
    atc=("L04AF01",),
    classes=("JAK-hemmere",),
)
BARI = Subject(
    id="baricitinib", name="Baricitinib", substance="baricitinib", classes=("JAK-hemmere",)
)
AMLO = Subject(id="amlodipin", name="Amlodipin", substance="amlodipin", atc=("C08CA01",))
VALS = Subject(id="valsartan", name="Valsartan", substance="valsartan", brands=("Exforge",))
HEART = Subject(id="hjerte", name="Hjertemedisiner", atc=("C",))
COLITIS = Subject(
    id="kolitt", name="Ulcerøs kolitt", conditions=("UC", "colitis ulcerosa"), classes=("IBD",)
)
IBD = Subject(id="ibd", name="IBD", conditions=("inflammatorisk tarmsykdom",))
ALL = (JAK, TOFA, BARI, AMLO, VALS, HEART, COLITIS, IBD)


def about(*medicines: dict[str, Any], conditions: tuple[str, ...] = (), **more: Any) -> Alert:
    fields = alert_fields() | {"medicines": list(medicines), "conditions": conditions} | more
    return Alert.model_validate(fields)


def medicine(substance: str, *brands: str, atc: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "substance": substance,
        "brands": brands or ("Noe annet",),
        "atc": [{"code": code} for code in atc],
    }


@pytest.mark.parametrize(
    ("alert", "subjects"),
    [
        (about(medicine("tofacitinib")), {"tofacitinib", "jak-hemmere"}),
        (about(medicine("TOFACITINIB®", "Xeljanz")), {"tofacitinib", "jak-hemmere"}),
        (about(medicine("baricitinib")), {"baricitinib", "jak-hemmere"}),
        (about(medicine("baricitinib", "Xeljanz")), {"baricitinib", "tofacitinib", "jak-hemmere"}),
        (about(medicine("JAK-hemmarar")), {"jak-hemmere", "tofacitinib", "baricitinib"}),
        (about(medicine("Hjertemedisiner")), {"hjerte", "amlodipin"}),
        (about(medicine("jak hemmere")), {"jak-hemmere", "tofacitinib", "baricitinib"}),
        (about(medicine("valsartan", atc=("C08",))), {"valsartan", "amlodipin", "hjerte"}),
        (about(medicine("amlodipin/valsartan")), {"amlodipin", "valsartan", "hjerte"}),
        (about(medicine("Amlodipin og Valsartan")), {"amlodipin", "valsartan", "hjerte"}),
        (
            about(medicine("tofacitinib"), conditions=("ulceros  kolitt",)),
            {"tofacitinib", "jak-hemmere", "kolitt", "ibd"},
        ),
        (about(medicine("valsartan"), conditions=("IBD",)), {"valsartan", "kolitt", "ibd"}),
    ],
)
def test_an_alert_is_about_what_its_names_and_codes_say(alert: Alert, subjects: set[str]) -> None:
    found = match(alert, ALL)
    assert found.subjects is not None
    assert set(found.subjects) == set(found.about) == subjects
    assert found.unmatched == ()


@pytest.mark.parametrize(
    ("alert", "unmatched"),
    [
        (about(medicine("tofasitinib", "Xeljanz", atc=("L04AF01",))), ("tofasitinib",)),
        (about(medicine("tofacitinib"), medicine("nytinib")), ("nytinib",)),
        (about(medicine("amlodipin/nytinib")), ("amlodipin/nytinib",)),
        (about(medicine("amlodipine / valsartan", "Exforge")), ("amlodipine / valsartan",)),
        (about(medicine("valsartan"), conditions=("leddgikt", "UC")), ("leddgikt",)),
        (about(medicine("®™")), ("®™",)),
    ],
)
def test_a_name_that_nobody_knows_makes_it_go_to_all(
    alert: Alert, unmatched: tuple[str, ...]
) -> None:
    found = match(alert, ALL)
    assert (found.subjects, found.unmatched) == (None, unmatched)


def test_an_extreme_alert_goes_to_all() -> None:
    found = match(about(medicine("tofacitinib"), severity="extreme"), ALL)
    assert found == Matched(subjects=None, about=("jak-hemmere", "tofacitinib"), extreme=True)


def test_without_subjects_every_alert_goes_to_all() -> None:
    assert match(about(medicine("tofacitinib")), ()).subjects is None


SPELLINGS = st.sampled_from(
    [
        str.upper,
        str.title,
        lambda name: f"  {name}\u00ae",
        lambda name: "".join(f"{char}\u00ad" for char in name),
        "-".join,
        lambda name: unicodedata.normalize("NFD", name),
        lambda name: "".join(
            chr(ord(char) + 0xFEE0) if char.isascii() and char.isalpha() else char for char in name
        ),
    ]
)
NAMES = st.sampled_from(
    ["tofacitinib", "baricitinib", "amlodipin", "valsartan", "JAK-hemmere", "Xeljanz", "Exforge"]
)
CODES = st.lists(st.sampled_from(["L04AF01", "L04", "C08CA01", "C09DB01", "A"]), max_size=2)
medicines = st.builds(
    lambda substance, brand, codes: medicine(substance, brand, atc=tuple(codes)),
    NAMES | st.builds("{}/{}".format, NAMES, NAMES),
    NAMES | st.just("Noe annet"),
    CODES,
)


def goes_to(found: Matched) -> set[str]:
    """The subjects whose members get it, and `all` for who chose other ones."""
    return {one.id for one in ALL} | {"all"} if found.subjects is None else set(found.subjects)


@given(name=NAMES, spelling=SPELLINGS)
def test_a_name_is_the_same_however_it_is_written(name: str, spelling: Any) -> None:
    assert folded(spelling(name)) == folded(name)


@given(
    first=st.lists(medicines, min_size=1, max_size=3), place=st.integers(0, 2), wrong=st.text("xyz")
)
def test_a_spelling_leaves_nobody_out(first: list[dict[str, Any]], place: int, wrong: str) -> None:
    """A substance that becomes one which no subject has reaches everybody whom it reached."""
    one = first[place % len(first)]
    misspelt = [{**m, "substance": f"{m['substance']}q{wrong}"} if m is one else m for m in first]
    right, other = match(about(*first), ALL), match(about(*misspelt), ALL)
    assert goes_to(right) <= goes_to(other)
    assert other.subjects is None


@given(of=st.lists(medicines, min_size=1, max_size=3), more=st.lists(medicines, max_size=2))
def test_more_medicines_never_reach_fewer(
    of: list[dict[str, Any]], more: list[dict[str, Any]]
) -> None:
    assert goes_to(match(about(*of), ALL)) <= goes_to(match(about(*of, *more), ALL))


@given(
    of=st.lists(medicines, min_size=1, max_size=3),
    known=st.lists(st.sampled_from(ALL), unique_by=lambda one: one.id),
)
def test_whoever_could_only_choose_some_subjects_is_left_out_of_nothing(
    of: list[dict[str, Any]], known: list[Subject]
) -> None:
    """A subject that is taken away takes nobody else's alert with it, but for its class's."""
    fewer = match(about(*of), [one for one in ALL if one in known])
    every = match(about(*of), ALL)
    if fewer.subjects is not None and every.subjects is not None:
        assert set(fewer.subjects) <= set(every.subjects)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    assert all(part == folded(part) for part in components(name))
