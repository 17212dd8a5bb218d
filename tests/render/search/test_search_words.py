"""Words as the search knows them: all forms of a word are one, in both standards."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.render.search import spelling, words


@pytest.mark.parametrize(
    "forms",
    [
        "legemiddel legemidlet legemidler legemidlene legemidla",
        "sykdom sykdommen sykdommer sykdommene sjukdom sjukdomen sjukdommar sjukdommane",
        "bivirkning bivirkninger bivirkningene biverknad biverknader biverknadene",
        "bok boka bøker bøkene",
        "hånd hånda hender hendene",
        "øye øyne øynene auge augo",
        "tann tenner tennene",
        "barn barnet barna",
        "lege legen leger legene legar legane",
        "uke uka uker ukene veke veka veker vekene",
        "melk melka mjølk mjølka",
        "artikkel artikkelen artikler artiklene artiklar",
        "kapsel kapsler kapslene kapslar",
        "tablett tabletten tabletter tablettene tablettar tablettane",
        "behandling behandlingen behandle behandlet behandlinger",
        "foster fosteret",
        "hjerte hjertet hjarte hjartet",
        "liten små mindre",
        "sove sov sovet sover søv",
    ],
)
def test_the_forms_of_a_word_are_one(forms: str) -> None:
    assert len({words.token(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("lever", "leverandør"), ("hår", "har"), ("nyre", "ny"), ("ledd", "led")],
)
def test_words_that_are_not_one_stay_apart(one: str, other: str) -> None:
    assert words.token(one) != words.token(other)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("leddgiktmedisin", "ledd gikt medisin"),
        ("sykdomsaktivitet", "sykdom aktivitet"),
        ("blodprøver", "blod prøve"),
        ("hjertesjukdommar", "hjerte sykdom"),
        ("kalvetreksatbehandling", "kalvetreksat behandling"),
    ],
)
def test_a_compound_is_found_by_what_it_is_made_of(compound: str, parts: str) -> None:
    assert {words.token(part) for part in parts.split()} <= set(words.parts(compound))


@pytest.mark.parametrize("word", ["medisin", "bivirkning", "tablett", "fastlege", "alvorlig"])
def test_a_word_that_is_no_compound_is_left_whole(word: str) -> None:
    assert words.parts(word) in ((), ("fast", "leg")) or len(words.parts(word)) < 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sovnloshet", "søvnløshet"), ("oyebetennelse", "øyebetennelse"), ("kvalm", "kvalm")],
)
def test_a_word_without_its_norwegian_letters_is_among_the_tokens_of_the_word(
    typed: str, meant: str
) -> None:
    assert words.token(typed) in words.tokens(meant)


def test_two_letters_are_typed_for_one() -> None:
    assert words.typed("aarsmoete") == words.folded("årsmøte")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("methotrexate", "metotreksat"),
        ("metotrexat", "metotreksat"),
        ("revmatsime", "revmatisme"),
        ("fibromialgi", "fibromyalgi"),
        ("bektherev", "bekhterev"),
        ("psoreasis", "psoriasis"),
    ],
)
def test_a_word_is_put_right_by_its_sound_and_its_letters(wrong: str, right: str) -> None:
    assert not set(spelling.keys(wrong)).isdisjoint(spelling.keys(right))
    assert spelling.nearest(wrong, ["metronom", "forening", "medlem", right])[0] == right


def test_threads_do_not_mix_their_words() -> None:
    said = [f"{head}{tail}" for head in "abcdefghij" for tail in ("legemidlene", "sykdommens")] * 50
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(words.stem, said))
    assert found == [words.stem(word) for word in said]


@given(st.text(max_size=300))
def test_any_text_gives_tokens_that_are_letters_and_digits_only(text: str) -> None:
    for word in words.spoken(text):
        for one in (*words.tokens(word), *words.parts(word)):
            assert one.replace("\u0307", "").isalnum() or not one.isascii()
            assert '"' not in one
            assert " " not in one


@given(st.text(alphabet="abcdeiklmnorstuæøå", min_size=1, max_size=14))
def test_a_word_that_is_typed_right_is_meant(word: str) -> None:
    assert spelling.distance(word, word) == 0
    assert spelling.nearest(word, [word]) == [word]


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_distance_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert spelling.distance(one, other) == spelling.distance(other, one)
    assert (spelling.distance(one, other) == 0) == (one == other)
