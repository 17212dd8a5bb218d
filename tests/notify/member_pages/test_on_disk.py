"""Leaving, being erased, moving and coming back are on the disk before anybody hears that they are
done (the journal's fsync before the 2xx)."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from tests.notify.member_pages.conftest import NEW, ONE, Browser, Pages, newest_letter
from tests.wait import until

Step = Callable[[Pages], Awaitable[Callable[[], Awaitable[httpx.Response]]]]
"""Prepares something, and gives what is to be confirmed."""
_ENOUGH_SECONDS = 0.3
"""In which a page that does not wait for the disk has answered many times."""


class HeldDisk:
    """`os.fsync` of the journal's files, held until `let_go`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._sync = os.fsync
        self._go = threading.Event()
        self.synced: list[str] = []
        monkeypatch.setattr(os, "fsync", self._fsync)

    def _fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.suffix == ".journal":
            self.synced.append(path.name)
            self._go.wait(60)
        self._sync(descriptor)

    def let_go(self) -> None:
        self._go.set()


async def _leaves_by_a_click(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    return lambda: pages.http.post(pages.path(2))


async def _undoes_it_there(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    left = await pages.http.post(pages.path(2))
    token = left.text.partition('name="angre" value="')[2].partition('"')[0]
    return lambda: pages.http.post(f"{pages.path(2)}/angre", data={"angre": token})


async def _leaves_on_my_page(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    browser = await pages.logged_in()
    return lambda: browser.send("/min-side/meld-av/")


async def _undoes_it_on_my_page(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    browser = await pages.logged_in()
    left = await browser.send("/min-side/meld-av/")
    return lambda: browser.fill(left)


async def _is_erased(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    browser = await pages.logged_in()
    return lambda: browser.send("/min-side/slett/")


async def _joins(browser: Browser, email: str) -> Callable[[], Awaitable[httpx.Response]]:
    await browser.send("/bli-medlem/", epost=email, samtykke="ja")
    letter = await newest_letter(browser.parts)
    return lambda: browser.send("/bli-medlem/kode/", kode=letter.code)


async def _joins_again_after_leaving(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    await pages.http.post(pages.path(1))
    return await _joins(pages.browser(), ONE)


async def _joins_again_after_erasing(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    await (await pages.logged_in()).send("/min-side/slett/")
    return await _joins(pages.browser(), ONE)


async def _moves(pages: Pages) -> Callable[[], Awaitable[httpx.Response]]:
    browser = await pages.logged_in()
    await browser.send("/min-side/adresse/", epost=NEW)
    letter = await newest_letter(pages.parts)
    return lambda: browser.send("/min-side/adresse/kode/", kode=letter.code)


@pytest.mark.parametrize(
    "step",
    [
        *(_leaves_by_a_click, _undoes_it_there, _leaves_on_my_page, _undoes_it_on_my_page),
        *(_is_erased, _joins_again_after_leaving, _joins_again_after_erasing, _moves),
    ],
)
async def test_it_is_confirmed_only_once_it_is_on_the_disk(
    pages: Pages, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm = await step(pages)
    disk = HeldDisk(monkeypatch)
    asking = asyncio.ensure_future(confirm())
    try:

        async def at_the_disk() -> bool:
            return bool(disk.synced) or asking.done()

        await until(at_the_disk)
        done, _ = await asyncio.wait({asking}, timeout=_ENOUGH_SECONDS)
        assert disk.synced, "nothing of it was synced"
        assert not done, "it is confirmed before the disk has it"
    finally:
        disk.let_go()
    assert (await asking).status_code == 200
