"""A browser of somebody who can make a passkey.

At http://localhost, since browsers make no passkeys for an address of digits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.system.running import Up

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def somebody(browser: Browser, up: Up, **options: Any) -> Iterator[Page]:
    """A page of somebody with an authenticator that checks who they are, as a phone does.

    `options` are those of Playwright's browser contexts. AssertionError at the end if the browser
    found anything wrong.
    """
    context = browser.new_context(base_url=up.url, locale="nb-NO", **options)
    page = context.new_page()
    errors: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            errors.append(f"{said.location['url']} {said.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    try:
        yield page
        assert errors == []
    finally:
        context.close()
