"""Where a mail comes back to: only what we made is read, whatever became of its case on the way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.vault.return_paths import LONGEST_LOCAL, ReturnPaths, SentMail, check

paths = ReturnPaths(bytes(32), "retur@varsel.example.org")
DELIVERY, KARI = "a1b2c3d4e5f6.1", "kari@example.org"
numbers = st.integers(1, 2**32 - 1)
made = st.builds(
    paths.make,
    delivery=st.from_regex(r"[0-9a-z]{8,32}\.[1-9][0-9]{0,3}", fullmatch=True),
    started=st.integers(0, 2**32 - 1),
    number=numbers,
    email=st.emails(),
)


@given(
    number=numbers, started=st.integers(0, 2**32 - 1), upper=st.lists(st.booleans(), min_size=90)
)
def test_an_address_is_read_back_in_any_case(number: int, started: int, upper: list[bool]) -> None:
    address = paths.make(DELIVERY, started, number, KARI)
    changed = "".join(c.upper() if up else c for c, up in zip(address, upper, strict=False))
    sent = SentMail(number, started, check(DELIVERY), check(KARI))
    assert paths.read(address) == paths.read(changed) == sent


@given(address=made)
def test_an_address_fits_and_is_lower_case(address: str) -> None:
    local, _, domain = address.partition("@")
    assert len(local) <= 64
    assert domain == "varsel.example.org"
    assert re.fullmatch(r"retur\+[a-z2-7]+", local)


def test_the_longest_address_that_can_be_set_still_fits() -> None:
    longest = ReturnPaths(bytes(32), f"{'b' * LONGEST_LOCAL}@example.org")
    address = longest.make("a" * 32 + ".9999", 2**32 - 1, 2**32 - 1, KARI)
    assert len(address.partition("@")[0]) == 64
    for wrong in ("b" * (LONGEST_LOCAL + 1), "b+c", "", "b\u00e5"):
        with pytest.raises(ValueError):
            ReturnPaths(bytes(32), f"{wrong}@example.org")


@given(
    address=made, place=st.integers(0, 44), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz27")
)
def test_what_was_forged_is_not_read(address: str, place: int, letter: str) -> None:
    before, plus, rest = address.partition("+")
    forged = f"{before}{plus}{rest[:place]}{letter}{rest[place + 1 :]}"
    if forged == address:
        return
    # The last character has bits that stand for nothing.
    assert paths.read(forged) in (None, paths.read(address))
    assert place == 44 or paths.read(forged) is None


def test_an_address_of_another_key_or_domain_is_none_of_ours() -> None:
    theirs = ReturnPaths(bytes(31) + b"\1", "retur@varsel.example.org")
    assert paths.read(theirs.make(DELIVERY, 1, 1, KARI)) is None
    ours = paths.make(DELIVERY, 1, 1, KARI)
    assert paths.read(ours.replace("example.org", "example.net")) is None
    assert paths.read(ours.replace("retur+", "avmeld+")) is None
    assert paths.read(f"x{ours}") is None
    assert paths.read("retur@varsel.example.org") is None
    assert paths.is_plain("Retur@Varsel.example.org")


@given(before=st.binary(max_size=50), after=st.binary(max_size=50), address=made)
def test_an_address_is_found_in_what_quotes_it(before: bytes, after: bytes, address: str) -> None:
    content = before + b" <" + address.encode() + b">" + after
    assert paths.in_text(content) == paths.read(address)


def test_a_retry_has_the_same_address_and_nobody_else_has() -> None:
    ours = paths.make(DELIVERY, 1, 1, KARI)
    assert ours == paths.make(DELIVERY, 1, 1, KARI)
    others = {
        paths.make(DELIVERY, 1, 2, KARI),
        paths.make(DELIVERY, 2, 1, KARI),
        paths.make("a1b2c3d4e5f6.2", 1, 1, KARI),
        paths.make(DELIVERY, 1, 1, "ola@example.org"),
    }
    assert len(others | {ours}) == 5
