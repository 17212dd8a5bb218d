"""Unsubscribing: RFC 8058 (one-click), RFC 2369 (List-Unsubscribe), promise G10."""

import hmac
import re
import time
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.letters.asked import LetterKind
from services.notify.letters.store import AN_HOUR
from services.notify.vault.tokens import Tokens
from tests.notify.member_pages.conftest import (
    MEMBERS,
    Browser,
    Pages,
    asked,
    know_subjects,
    made_parts,
    sent_letters,
    text_of,
)
from tests.server import Valkey

Everything = Callable[[], Awaitable[dict[bytes, bytes | None]]]

ONE_CLICK = "List-Unsubscribe=One-Click"
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}
BODIES = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "the form's own": {"content": b"", "headers": URLENCODED},
    "empty": {},
    "broken multipart": {
        "content": b"--x\r\nnot a form",
        "headers": {"content-type": "multipart/form-data"},
    },
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_one_post_ends_the_subscription(pages: Pages, body: dict[str, object]) -> None:
    answer = await pages.http.post(pages.path(2), **body)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "Du er meldt av" in answer.text
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert await pages.members() == MEMBERS - 1
    assert await pages.redis.hkeys("notify:left:0") == [b"2"]


async def test_the_page_after_leaving_says_what_is_kept_and_how_to_come_back(pages: Pages) -> None:
    asks, answer = await pages.http.get(pages.path(2)), await pages.http.post(pages.path(2))
    assert "kan du melde deg på igjen" in text_of(asks)
    assert "Vi beholder adressen og navnet ditt en tid" in text_of(answer)
    assert "rettelse av et varsel som du har fått" in text_of(answer)
    assert "hvilke medisiner du har valgt, hva du samtykket til" in text_of(answer)
    for path in ("/bli-medlem/", "/min-side/"):
        assert f'href="{path}"' in answer.text
    forged = await pages.http.get("/member/unsubscribe/forged")
    assert "ta kontakt med Foreningen <Eksempel>" in text_of(forged)


async def test_the_pages_are_in_the_members_language(pages: Pages) -> None:
    [record] = (await pages.parts.members.records([2])).values()
    member = pages.parts.members.open(2, record)
    assert await pages.parts.membership.change(2, record, member._replace(lang="nn"))
    browser = pages.browser()
    asks = await browser.open(pages.path(2))
    left = await browser.fill(asks)
    back = await browser.fill(left)
    for page, said in ((asks, "lenger e-post"), (left, "tek vare på"), (back, "meld på igjen")):
        assert '<html lang="nn">' in page.text
        assert said in text_of(page)


async def test_one_button_undoes_the_leaving_with_a_new_number_and_a_letter(pages: Pages) -> None:
    await know_subjects(pages.redis, "Leddgikt")
    await pages.parts.choices.set(2, ["leddgikt"])
    browser = pages.browser()
    left = await browser.http.post(pages.path(2), content=ONE_CLICK, headers=URLENCODED)
    back = await browser.fill(left)
    assert "Du er meldt på igjen" in text_of(back)
    assert await pages.members() == MEMBERS
    assert await pages.parts.members.numbers_of(2) == [MEMBERS + 1, 2]
    assert await pages.parts.choices.of(MEMBERS + 1) == ("leddgikt",)
    [letter] = await sent_letters(pages.parts)
    assert letter.asked.kind is LetterKind.WELCOME_BACK
    assert letter.asked.email == "medlem2@example.org"
    again = await browser.fill(left)
    assert (again.status_code, await pages.members()) == (200, MEMBERS)
    assert await sent_letters(pages.parts) == []


async def test_whoever_has_an_old_mail_makes_neither_a_mail_bomb_nor_numbers_without_end(
    pages: Pages,
) -> None:
    answers = []
    for _ in range(20):
        left = await pages.http.post(pages.path(2))
        assert "Du er meldt av" in left.text, "leaving itself is never refused"
        undo = re.search(r'name="angre" value="([^"]+)"', left.text)
        assert undo
        answers.append(await pages.http.post(f"{pages.path(2)}/angre", data={"angre": undo[1]}))
    assert {answer.status_code for answer in answers} == {200, 429}
    assert len(await sent_letters(pages.parts)) <= AN_HOUR
    assert len(await pages.parts.members.numbers_of(2)) <= 1 + AN_HOUR


async def test_a_return_that_has_to_wait_can_be_pressed_again_and_again(
    pages: Pages, tmp_path: Path
) -> None:
    """While the journal cannot be written; then it works at once."""
    folder = tmp_path / "another process"
    folder.mkdir()
    (folder / "journal").write_text("no folder")
    parts = made_parts(pages.redis, folder)
    http, mine = asked(parts), pages.browser()
    await mine.log_in("medlem1@example.org")
    left = await pages.http.post(pages.path(2))
    undo = re.search(r'name="angre" value="([^"]+)"', left.text)
    assert undo
    await mine.send("/min-side/meld-av/")
    other = Browser(http, parts)
    other.http.cookies = mine.http.cookies
    for _ in range(AN_HOUR + 2):
        answer = await http.post(f"{pages.path(2)}/angre", data={"angre": undo[1]})
        assert answer.status_code == 503
        assert (await other.fill(await other.open("/min-side/"))).status_code == 503
    (folder / "journal").unlink()
    answer = await http.post(f"{pages.path(2)}/angre", data={"angre": undo[1]})
    assert "Du er meldt på igjen" in text_of(answer)
    assert (await other.fill(await other.open("/min-side/"))).status_code == 200
    assert await pages.members() == MEMBERS


async def test_who_returns_too_often_is_told_when_they_can_again(pages: Pages) -> None:
    for _ in range(AN_HOUR + 1):
        left = await pages.http.post(pages.path(2))
        undo = re.search(r'name="angre" value="([^"]+)"', left.text)
        assert undo
        last = await pages.http.post(f"{pages.path(2)}/angre", data={"angre": undo[1]})
    assert last.status_code == 429
    assert "Du kan melde deg på igjen om en time" in text_of(last)


async def test_the_token_of_an_old_mail_leaves_and_opens_nothing_more(pages: Pages) -> None:
    """Not even the way back: only the page that answers a leaving has that, for a day."""
    await pages.http.post(pages.path(2))
    token = pages.tokens.seal(2)
    for path in (f"/min-side/inn/{token}", f"/bli-medlem/bekreft/{token}", f"/min-side/{token}"):
        assert (await pages.http.get(path)).status_code == 404
    undo = f"{pages.path(2)}/angre"
    late = int(time.time()) - 1
    signed = hmac.digest(pages.parts.key, f"undo 2 {late}".encode(), "sha256").hex()[:32]
    other = hmac.digest(pages.parts.key, f"undo 1 {late + 9}".encode(), "sha256").hex()[:32]
    forged = ["", "2", "2.9999999999.x", f"2.{late}.{signed}", f"1.{late + 9}.{other}", "æ.²."]
    for typed in forged:
        answer = await pages.http.post(undo, data={"angre": typed})
        assert answer.status_code == 403, typed
    assert await pages.members() == MEMBERS - 1
    assert (await pages.http.get(undo)).status_code == 405


async def test_an_old_mails_link_ends_what_the_member_has_begun_since(pages: Pages) -> None:
    browser = pages.browser()
    await browser.fill(await browser.http.post(pages.path(2)))
    assert await pages.members() == MEMBERS
    await pages.http.post(pages.path(2))
    assert await pages.members() == MEMBERS - 1


async def test_who_was_erased_cannot_be_brought_back_by_the_page(pages: Pages) -> None:
    browser = pages.browser()
    left = await browser.http.post(pages.path(2))
    await pages.parts.membership.erase(2)
    assert (await browser.fill(left)).status_code == 403
    assert await pages.members() == MEMBERS - 1


async def test_a_replayed_post_is_answered_alike_and_changes_nothing(
    pages: Pages, everything: Everything
) -> None:
    first = await pages.http.post(pages.path(2), content=ONE_CLICK, headers=URLENCODED)
    after = await everything()
    again = await pages.http.post(pages.path(2), content=ONE_CLICK, headers=URLENCODED)
    undo = r'value="\d+\.\d+\.\w+"'  # until when it can be undone
    assert again.status_code == first.status_code
    assert re.sub(undo, "", again.text) == re.sub(undo, "", first.text)
    assert await everything() == after


async def test_a_post_from_a_foreign_origin_is_accepted(pages: Pages) -> None:
    headers = URLENCODED | {"origin": "https://mail.example.net", "sec-fetch-site": "cross-site"}
    answer = await pages.http.post(pages.path(1), content=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    assert await pages.members() == MEMBERS - 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_following_the_link_only_asks_and_changes_nothing(
    pages: Pages, everything: Everything, method: str
) -> None:
    before = await everything()
    answer = await pages.http.request(
        method, pages.path(2), params={"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert await everything() == before


class _Form(HTMLParser):
    """What a browser would send when the button is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str | None]] = []
        self.buttons = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.forms.append(dict(attrs))
        self.buttons += tag == "button"


async def test_the_page_has_one_button_that_posts_to_its_own_address(pages: Pages) -> None:
    page = await pages.http.get(pages.path(2))
    form = _Form()
    form.feed(page.text.partition("<main")[2])
    assert form.forms == [{"method": "post"}]  # without an action: to the page's own address
    assert form.buttons == 1
    assert (await pages.http.post(page.url)).status_code == 200
    assert await pages.members() == MEMBERS - 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_a_forged_token_is_not_found_and_changes_nothing(
    pages: Pages, everything: Everything, method: str
) -> None:
    token = pages.tokens.seal(2)
    before = await everything()
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-1],
        token + "A",
        "2",
        "%00",
        "æøå",
        "..%2f..",
        Tokens(b"x" * 32).seal(2),
    ]
    for wrong in forged:
        answer = await pages.http.request(method, f"/member/unsubscribe/{wrong}")
        assert answer.status_code == 404, wrong
        assert method == "HEAD" or "Vi kjenner ikke igjen lenken" in answer.text
    assert await everything() == before


async def test_a_number_that_was_never_given_cannot_leave(
    pages: Pages, everything: Everything
) -> None:
    before = await everything()
    for number in (0, MEMBERS + 1, 2**63):
        assert (await pages.http.post(pages.path(number))).status_code == 404
    assert await everything() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(pages: Pages, method: str) -> None:
    answer = await pages.http.request(method, pages.path(2))
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert await pages.members() == MEMBERS


@pytest.mark.parametrize("path", ["/member/", "/member/unsubscribe/", "/member/x/y"])
async def test_other_addresses_are_not_found(pages: Pages, path: str) -> None:
    assert (await pages.http.get(path)).status_code == 404
    assert (await pages.http.get(pages.path(2) + "/")).status_code == 404


async def test_a_body_larger_than_any_form_is_refused(pages: Pages, everything: Everything) -> None:
    before = await everything()
    limit = 16 * 1024
    answer = await pages.http.post(pages.path(2), content=b"x" * (limit + 1))
    assert answer.status_code == 413
    assert await everything() == before
    assert (await pages.http.post(pages.path(2), content=b"x" * limit)).status_code == 200


async def _every_kind_of_answer(pages: Pages) -> list[httpx.Response]:
    return [
        await pages.http.get(pages.path(1)),
        await pages.http.post(pages.path(1)),
        await pages.http.get("/member/unsubscribe/forged"),
        await pages.http.put(pages.path(1)),
        await pages.http.post(pages.path(1), content=b"x" * 20_000),
    ]


async def test_every_answer_is_kept_from_caches_searches_referrers_and_scripts(
    pages: Pages,
) -> None:
    for answer in await _every_kind_of_answer(pages):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )


async def test_every_answer_is_a_page_in_norwegian_with_one_heading_and_no_script(
    pages: Pages,
) -> None:
    for answer in await _every_kind_of_answer(pages):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="nb">' in answer.text
        assert answer.text.count("<h1>") == 1
        assert "<script" not in answer.text
        assert "Foreningen &lt;Eksempel&gt;" in answer.text
        assert re.findall(r'(?:src|href)="([^"]+)"', answer.text)[0] == "/style.css"


async def test_with_redis_away_nobody_is_told_that_they_left(pages: Pages, tmp_path: Path) -> None:
    server = Valkey().start()
    try:
        async with (
            Redis.from_url(server.url) as redis,
            asked(made_parts(redis, tmp_path / "away")) as http,
        ):
            await redis.ping()
            server.kill()
            answer = await http.post(pages.path(2))
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "60"
            assert "Prøv igjen om noen minutter" in answer.text
            assert "Regn med at du ikke er meldt av ennå" in answer.text
            assert answer.headers["cache-control"] == "no-store"
            assert (await http.get(pages.path(2))).status_code == 200
    finally:
        server.close()
