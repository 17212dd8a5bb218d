"""Only our own pages can send a form of ours."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.visitors.cookies import MEMBER_COOKIES, Cookies, new_id
from shared.visitors.forms import FIELD, LARGEST_BODY_BYTES, Form, Forms

SITE = "https://varsel.example.org"
FORMS = Forms(b"f" * 32, Cookies(SITE, MEMBER_COOKIES), SITE)
_text = st.text(st.characters(exclude_categories=("Cs",)))


def _request(body: bytes, cookies: Mapping[str, str], **headers: str) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    found = {name.replace("_", "-"): value for name, value in headers.items()}
    found["cookie"] = "; ".join(f"__Host-{name}={value}" for name, value in cookies.items())
    found["host"] = "varsel.example.org"
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "path": "/min-side/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in found.items()],
    }
    return Request(scope, receive)


async def _read(body: Mapping[str, str], cookies: Mapping[str, str], **headers: str) -> Form:
    return await FORMS.read(_request(urlencode(body).encode(), cookies, **headers))


async def _status(body: Mapping[str, str], cookies: Mapping[str, str], **headers: str) -> int:
    try:
        await _read(body, cookies, **headers)
    except HTTPException as error:
        return error.status_code
    return 200


@given(st.dictionaries(_text.filter(lambda name: name != FIELD), _text))
async def test_what_was_typed_is_what_is_read(typed: dict[str, str]) -> None:
    browser = new_id()
    form = await _read(typed | {FIELD: FORMS.token(browser, "")}, {MEMBER_COOKIES.browser: browser})
    assert {name: form.text(name) for name in typed} == {
        name: value.strip() for name, value in typed.items()
    }


async def test_a_token_works_in_its_own_browser_and_session_alone() -> None:
    browser, session = new_id(), new_id()
    in_session = {FIELD: FORMS.token(browser, session)}
    before = {FIELD: FORMS.token(browser, "")}
    mine = {MEMBER_COOKIES.browser: browser, MEMBER_COOKIES.session: session}
    assert await _status(in_session, mine) == 200
    assert await _status(before, {MEMBER_COOKIES.browser: browser}) == 200
    for body, cookies in (
        (in_session, {MEMBER_COOKIES.browser: browser}),
        (in_session, {MEMBER_COOKIES.session: session}),
        (in_session, mine | {MEMBER_COOKIES.session: new_id()}),
        (in_session, mine | {MEMBER_COOKIES.browser: new_id()}),
        (before, mine),
        (before, {}),
        ({}, mine),
        ({FIELD: ""}, {}),
        ({FIELD: FORMS.token("", "")}, {}),
        ({FIELD: "æ" * 32}, mine),
    ):
        assert await _status(body, cookies) == 403, (body, cookies)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 200),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": SITE}, 403),
        ({"origin": SITE}, 200),
        ({"origin": "null"}, 200),
        ({"origin": "https://annen.example.net"}, 403),
        ({"origin": "http://varsel.example.org"}, 403),
        ({}, 200),
    ],
)
async def test_a_form_that_another_site_sends_is_refused(
    headers: dict[str, str], status: int
) -> None:
    browser = new_id()
    body = {FIELD: FORMS.token(browser, "")}
    assert await _status(body, {MEMBER_COOKIES.browser: browser}, **headers) == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (LARGEST_BODY_BYTES + 1), 413),
        (b"navn=%ff", 400),
        (b"\xff", 400),
        (b"&".join(b"a=1" for _ in range(501)), 400),
    ],
    ids=["too large", "no UTF-8", "no UTF-8 at all", "too many fields"],
)
async def test_what_is_no_form_of_ours_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(HTTPException) as refused:
        await FORMS.read(_request(body, {MEMBER_COOKIES.browser: new_id()}))
    assert refused.value.status_code == status


async def test_what_a_script_sends_needs_the_token_of_its_page_as_a_form_does() -> None:
    browser = new_id()
    token = FORMS.token(browser, "")
    FORMS.check(_request(b"{}", {MEMBER_COOKIES.browser: browser}), token)
    for request, said in (
        (_request(b"{}", {MEMBER_COOKIES.browser: browser}), ""),
        (_request(b"{}", {MEMBER_COOKIES.browser: new_id()}), token),
        (_request(b"{}", {MEMBER_COOKIES.browser: browser}, sec_fetch_site="cross-site"), token),
    ):
        with pytest.raises(HTTPException) as refused:
            FORMS.check(request, said)
        assert refused.value.status_code == 403
