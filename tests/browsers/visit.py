"""Opening the pages of the system in a browser, as readers do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from shared.languages.say import LANGS
from shared.visitors.cookies import MEMBER_COOKIES
from tests.browsers.answers import ANSWERS, KeptAnswer, answers
from tests.browsers.page_names import MY_PAGES
from tests.browsers.world import World, parted

WIDTHS = {"phone": 390, "desktop": 1280}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_NOT_200 = dict.fromkeys(("not found", "no such mail", "unknown link", "dead link"), 404)
_NOT_200["no such page of members"] = 404
_NOT_200 |= {"withdrawn news": 410}


class Visits:
    def __init__(self, browser: Browser, world: World, pages: dict[str, str]) -> None:
        self.world = world
        self._answers: dict[str, KeptAnswer] = {}
        self._browser = browser
        self._pages = pages
        self._tabs: dict[tuple[tuple[str, bool], ...], Page] = {}
        self._requests: list[str] = []

    def path(self, name: str) -> str:
        """The path of a page; skips the test where the real article is not here."""
        if name == "real article" and name not in self._pages:
            pytest.skip("the real article is not here")
        return self._pages[name]

    @contextmanager
    def to(self, name: str, *, width: int = 1280, **options: bool) -> Iterator[Page]:
        """Open a page by its name; `options` are those of `tab`.

        A mail is opened without its policy: that locks it in so well that a test sees nothing.
        """
        if name == "mail itself":
            options["bypass_csp"] = True
        with self.tab(width=width, **options) as page:
            page.context.clear_cookies()
            base, lang = parted(name)
            if base in ANSWERS:
                self._show_again(page, name)
                yield page
                return
            if base in MY_PAGES:
                cookie = {
                    "name": MEMBER_COOKIES.session,
                    "value": self.world.sessions[lang],
                    "url": self.world.up.url,
                }
                page.context.add_cookies([cookie])  # type: ignore[list-item]
            answer = page.goto(self.path(name))
            assert answer and answer.status == _NOT_200.get(base, 200)
            if name == "unsubscribed":
                page.locator("main").get_by_role("button").click()
                page.get_by_role("status").wait_for()
                page.wait_for_load_state("load")  # its stylesheets too
            if name == "joining, wrong":
                page.locator("main").get_by_role("button").click()
                page.get_by_role("alert").wait_for()
                page.wait_for_load_state("load")
            yield page

    def kept(self) -> dict[str, KeptAnswer]:
        """The pages that can be had once only, by name; made when one is first wanted."""
        if not self._answers:
            for lang in LANGS:
                found = answers(self.world, lang)
                more = "" if lang == "nb" else f" ({lang})"
                self._answers |= {f"{name}{more}": answer for name, answer in found.items()}
        return self._answers

    def _show_again(self, page: Page, name: str) -> None:
        """Open a page that was answered once, as it was."""
        path, text, policy = self.kept()[name]
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        page.route(f"**{path}", lambda route: route.fulfill(body=text, headers=headers), times=1)
        page.goto(path)

    @contextmanager
    def tab(self, *, width: int = 1280, **options: bool) -> Iterator[Page]:
        """A page to go on from; `options` are those of Playwright's browser contexts.

        It is used again for the next visit with the same options, since opening one takes longer
        than most tests. AssertionError at the end where anything was loaded from elsewhere.
        """
        key = tuple(sorted(options.items()))
        page = self._tabs.pop(key, None) or self._new_tab(options)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light", forced_colors="none")
        self._requests.clear()
        try:
            yield page
            own = f"{self.world.up.url}/"
            elsewhere = [url for url in self._requests if not url.startswith(own)]
            assert self._requests
            assert not elsewhere, f"loaded from elsewhere: {elsewhere}"
        except BaseException:
            page.context.close()
            raise
        self._tabs[key] = page

    def _new_tab(self, options: dict[str, bool]) -> Page:
        context = self._browser.new_context(
            base_url=self.world.up.url,
            locale="nb-NO",
            **options,  # type: ignore[arg-type]
        )
        context.on("request", lambda request: self._requests.append(request.url))
        return context.new_page()
