import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.members.addresses import identity, parse


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("kari@example.org", "kari@example.org"),
        (" Kari.Nordmann+varsel@EXAMPLE.org ", "Kari.Nordmann+varsel@example.org"),
        ("post@blåbærsyltetøy.example", "post@xn--blbrsyltety-y8ao3x.example"),
    ],
)
def test_a_good_address_is_brought_to_the_form_of_the_wire(text: str, wire: str) -> None:
    assert parse(text) == wire


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kari.example.org", "@"),
        ("kari@kari@example.org", "@"),
        ("@example.org", "foran @"),
        ("kari..n@example.org", "foran @"),
        ('"kari n"@example.org', "foran @"),
        ("kåre@example.org", "SMTPUTF8"),
        ("kari@example", "domenet"),
        ("kari@-example.org", "domenet"),
        ("kari@exa_mple.org", "domenet"),
        ("kari@[127.0.0.1]", "domenet"),
        ("kari@127.0.0.1", "domenet"),
        ("kari@", "domenet"),
        ("kari@example.org\r\nRCPT TO:<x@example.org>", "kontrolltegn"),
        ("kari\0@example.org", "kontrolltegn"),
        ("k" * 65 + "@example.org", "for lang"),
        ("kari@" + ".".join(["a" * 60] * 5) + ".org", "domenet"),
    ],
)
def test_an_address_that_cannot_be_mailed_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        parse(text)
    assert text not in str(refused.value)


def is_taken(address: str) -> bool:
    try:
        return parse(address) == address
    except ValueError as refused:
        assert "lang" in str(refused)
        return False


@pytest.mark.parametrize(("length", "taken"), [(63, True), (64, True), (65, False)])
def test_a_part_before_the_at_of_64_octets_is_the_longest(length: int, taken: bool) -> None:
    """RFC 5321, section 4.5.3.1.1."""
    assert is_taken("k" * length + "@example.org") is taken


@pytest.mark.parametrize(("length", "taken"), [(253, True), (254, True), (255, False)])
def test_an_address_of_254_octets_is_the_longest(length: int, taken: bool) -> None:
    domain = ".".join(["a" * 63] * 3) + ".org"
    assert is_taken("k" * (length - len(domain) - 1) + f"@{domain}") is taken


@given(st.text(max_size=80))
def test_whatever_is_accepted_is_safe_in_an_smtp_command(text: str) -> None:
    try:
        wire = parse(text)
    except ValueError:
        return
    assert wire.isascii()
    assert not set(wire) & set('\r\n\0 <>\t"(),:;[]\\')
    assert parse(wire) == wire


def test_spellings_of_one_address_have_one_identity() -> None:
    assert identity(parse("Kari@Example.ORG")) == identity(parse("kari@example.org"))
    assert identity(parse("a@blåbær.example")) == identity(parse("A@xn--blbr-roah.example"))
