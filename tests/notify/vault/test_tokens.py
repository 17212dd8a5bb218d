import re

from hypothesis import given
from hypothesis import strategies as st

from services.notify.vault.tokens import TOKEN_LENGTH, Tokens

tokens = Tokens(bytes(range(32)))
numbers = st.integers(1, 2**63)


@given(numbers)
def test_a_token_is_opaque_fit_for_a_url_and_opens_to_its_number(number: int) -> None:
    token = tokens.seal(number)
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}", token)
    assert token == tokens.seal(number)
    assert tokens.open(token) == number


@given(st.one_of(st.text(), st.text("abcABC019_-", min_size=32, max_size=32)))
def test_a_made_up_token_opens_to_nothing(token: str) -> None:
    assert tokens.open(token) is None


@given(numbers, st.integers(0, 31), st.sampled_from("aZ0_-"))
def test_a_token_changed_in_one_place_opens_to_nothing(number: int, place: int, to: str) -> None:
    token = tokens.seal(number)
    changed = token[:place] + to + token[place + 1 :]
    assert changed == token or tokens.open(changed) is None


def test_another_key_opens_nothing() -> None:
    assert Tokens(bytes(32)).open(tokens.seal(7)) is None


@given(numbers, numbers)
def test_a_reference_is_the_same_each_time_and_another_for_each_member(a: int, b: int) -> None:
    assert tokens.reference("x.1", a) == tokens.reference("x.1", a)
    assert (tokens.reference("x.1", a) == tokens.reference("x.1", b)) == (a == b)
    assert tokens.reference("x.1", a) != tokens.reference("x.2", a)
