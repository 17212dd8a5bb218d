"""Of a warning that was pasted, what stands there word for word is proposed, and nothing else."""

from hypothesis import given as given_that
from hypothesis import strategies as st

from services.ingest.desk import given
from services.ingest.desk.given import KnownMedicine
from services.ingest.desk.shape import in_shape
from services.ingest.desk.to_submission import to_json

KNOWN = (
    KnownMedicine("eksempelinib", ("Exempla", "Exempla Rapid"), ("L04AF01",)),
    KnownMedicine("prøvecept", ("Provo 2,5 mg",), ("L04AB02",)),
    KnownMedicine("tredjemab", ("Tertia",)),
)
WARNING = """Eksempeltilsynet advarer mot Exempla Rapid (eksempelinib), ATC-kode L04AF01.

Les mer: https://tilsyn.example.org/varsel?id=7. Se også <https://ema.example.org/a(b)>
Gjelder også PROVO  2,5 mg, men ikke tredjemabet.
"""


def fields(text: str = WARNING) -> dict[str, object]:
    return dict(in_shape({"kind": "safety_alert", "given": text}))


def test_a_known_medicine_is_found_by_its_whole_names_and_by_nothing_else() -> None:
    found = given.named_medicines(WARNING, KNOWN)
    assert [(one.key, one.said) for one in found] == [
        ("eksempelinib", "Exempla Rapid, eksempelinib, L04AF01"),
        ("prøvecept", "Provo 2,5 mg"),
    ]


def test_its_web_addresses_are_found_without_what_stands_around_them() -> None:
    assert given.links(WARNING) == (
        "https://tilsyn.example.org/varsel?id=7",
        "https://ema.example.org/a",
    )


def test_what_is_accepted_stands_in_the_form_once_and_a_row_of_the_same_medicine_grows() -> None:
    typed = fields()
    for one in given.named_medicines(WARNING, KNOWN):
        assert not given.is_taken(typed, one)
        typed = given.with_medicine(given.with_medicine(typed, one), one)
        assert given.is_taken(typed, one)
    first, second = typed["alert"]["medicines"]  # type: ignore[index]
    assert first["substance"] == "eksempelinib"
    assert first["brands"] == "Exempla Rapid"
    assert first["atc"] == "L04AF01"
    assert (second["substance"], second["brands"]) == ("", "Provo 2,5 mg")
    (more, *_) = given.named_medicines("Exempla", KNOWN)
    first, _ = given.with_medicine(typed, more)["alert"]["medicines"]
    assert first["brands"].split() == ["Exempla", "Rapid", "Exempla"]


def test_an_address_becomes_a_source_with_nothing_said_of_who_says_it() -> None:
    typed = fields() | {"sources": in_shape({"sources": [{}]})["sources"]}
    for link in given.links(WARNING):
        typed = given.with_source(typed, link)
        assert given.is_source(typed, link)
    assert [row["url"] for row in typed["sources"]] == list(given.links(WARNING))
    assert all(row["publisher"] == row["published_on"] == "" for row in typed["sources"])


@given_that(st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_whatever_is_pasted_each_name_that_is_found_stands_in_it(
    text: str, names: list[str]
) -> None:
    known = [KnownMedicine(name) for name in names]
    for one in given.named_medicines(f"{text} {names[0] if names else ''}", known):
        words = " ".join(given._tokens(text + " " + names[0]))
        assert " ".join(given._tokens(one.substance)) in words


@given_that(st.text())
def test_what_was_pasted_is_in_nothing_that_is_submitted(text: str) -> None:
    pasted = f"aldri-ut {text}"
    assert b"aldri-ut" not in to_json(in_shape({"kind": "news", "title": "x", "given": pasted}))
    assert to_json(fields(pasted)) == to_json(fields(""))
