"""A cookie is for this site alone, and no script reads it."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared.visitors.cookies import MEMBER_COOKIES, STAFF_COOKIES, Cookies, new_id


def _set(site: str) -> str:
    response = Response()
    Cookies(site, MEMBER_COOKIES).set(response, MEMBER_COOKIES.session, new_id())
    return response.headers["set-cookie"]


def _request(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def test_on_https_a_cookie_is_bound_to_the_host_and_goes_encrypted_alone() -> None:
    name, *how = _set("https://varsel.example.org").split("; ")
    assert name.startswith("__Host-varsel-member=")
    assert sorted(part.lower() for part in how) == ["httponly", "path=/", "samesite=lax", "secure"]


def test_on_plain_http_it_has_neither_or_browsers_would_drop_it() -> None:
    name, *how = _set("http://127.0.0.1:8000").split("; ")
    assert name.startswith("varsel-member=")
    assert sorted(part.lower() for part in how) == ["httponly", "path=/", "samesite=lax"]


def test_a_cookie_of_the_other_kind_is_not_ours() -> None:
    """Another host of the domain, or an unencrypted page, can set one without `__Host-`."""
    value, name = new_id(), MEMBER_COOKIES.session
    cookies = Cookies("https://varsel.example.org", MEMBER_COOKIES)
    assert cookies.read(_request(f"{name}={value}"), name) == ""
    assert cookies.read(_request(f"__Host-{name}={value}"), name) == value


@pytest.mark.parametrize("value", ["", "kort", "x" * 44, "æ" * 43, "x" * 42 + ".", "x" * 42 + '"'])
def test_a_value_that_we_cannot_have_made_is_none(value: str) -> None:
    name = MEMBER_COOKIES.session
    cookies = Cookies("http://127.0.0.1:8000", MEMBER_COOKIES)
    assert cookies.read(_request(f"{name}={value}"), name) == ""


def test_no_two_cookies_have_the_same_name() -> None:
    """The services share a host, and each of them is given its own alone."""
    assert len({*MEMBER_COOKIES, *STAFF_COOKIES}) == 4
