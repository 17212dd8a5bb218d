"""What tests of the doors do: open pages that ask for a passkey, and have one answer."""

import html
import re

import httpx

from tests.authenticator import Authenticator
from tests.ingest.newsroom.steps import SITE, NewsroomBrowser

_ASK = re.compile(r'data-ask="([^"]*)"')
_ACTION = re.compile(r'<form method="post" action="([^"]*)" data-passkey')


def phone() -> Authenticator:
    return Authenticator(SITE)


def asked(page: str) -> str:
    """What a page has the browser ask its authenticator, as JSON."""
    found = _ASK.search(page)
    assert found, "the page asks for no passkey"
    return html.unescape(found[1])


async def make_passkey(
    browser: NewsroomBrowser, path: str, authenticator: Authenticator
) -> httpx.Response:
    """Open a page that has a passkey made, and press its button."""
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return await browser.send(path, svar=authenticator.make(asked(page.text)))


async def log_in(
    browser: NewsroomBrowser, authenticator: Authenticator, *, after: str = ""
) -> httpx.Response:
    """Open the log-in page, and press its button."""
    page = await browser.get("/redaksjon/inn/")
    answer = authenticator.use(asked(page.text))
    return await browser.send("/redaksjon/inn/", svar=answer, til=after)


async def is_in(browser: NewsroomBrowser) -> bool:
    """Whether somebody is logged in there."""
    return (await browser.http.get("/redaksjon/meg/")).status_code == 200
