"""What Redis is asked for a visitor is the same, whoever's address they type: it is counted, since
time is noisy. `python -m benchmarks.joining` measures the time."""

import pytest

from tests.notify.member_pages.conftest import Pages, sent_letters

MEMBER, STRANGER = "medlem1@example.org", "ny@example.org"
JOIN = {"navn": "Kari", "maal": "nb", "hvilke": "alle", "samtykke": "ja"}
MOST_COMMANDS = 40
"""For a form, those in scripts included: 10,000 a minute are to be accepted on one core."""
PLACES = {"/bli-medlem/": JOIN, "/min-side/": {}}


async def asked_of_redis(pages: Pages, path: str, email: str) -> list[tuple[dict[str, int], bool]]:
    """Calls of each command, and whether anything was written that the disk is waited for: for the
    form, and for a wrong code once the letter has been sent."""
    browser, found = pages.browser(), []
    for send in (
        {"path": path, "epost": email} | PLACES[path],
        {"path": f"{path}kode/", "kode": "000000"},
    ):
        before, wrote = await counted(pages)
        await browser.send(**send)
        after, has_written = await counted(pages)
        calls = {name: count - before.get(name, 0) for name, count in after.items()}
        found.append(({n: c for n, c in calls.items() if c}, has_written > wrote + 1))
        if (path, email) != ("/min-side/", STRANGER):  # whose letter has no link and no code
            await sent_letters(pages.parts)
    return found


async def counted(pages: Pages) -> tuple[dict[str, int], int]:
    stats = await pages.redis.info("commandstats")
    written = await pages.redis.info("persistence")
    calls = {name: int(said["calls"]) for name, said in stats.items() if "info" not in name}
    return calls, int(written["rdb_changes_since_last_save"])


@pytest.mark.parametrize("path", PLACES)
async def test_redis_is_asked_as_much_for_a_member_as_for_a_stranger(
    pages: Pages, path: str
) -> None:
    await asked_of_redis(pages, path, "medlem2@example.org")  # loads the scripts
    member, code = await asked_of_redis(pages, path, MEMBER)
    stranger, no_code = await asked_of_redis(pages, path, STRANGER)
    assert member == stranger
    assert sum(member[0].values()) <= MOST_COMMANDS, member[0]
    assert code[1] and no_code[1], "the disk is waited for in one of the two only"
