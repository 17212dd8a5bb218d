"""What is wrong is said in words, the worst first, and all well only if nothing is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lifecycle.life import Last, Life
from services.ingest.newsroom.admin.state import LATE_SECONDS, SystemSeen, signs
from shared.bus.letter import read_letter
from shared.disk import Disk
from shared.events import StaffReachCounted
from shared.languages.say import catalogue
from shared.staff import StaffReach
from shared.trace import new_traceparent
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.ingest.staff_at_work import in_review
from tests.ingest.staff_at_work import somebody as by_key
from tests.ingest.statuses import publish
from tests.ingest.steps import all_read

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


def seen(**more: Any) -> SystemSeen:
    nothing: dict[str, Any] = {
        "now": NOW, "oldest_seconds": {}, "letters": (), "disks": (), "in_review": (),
        "receipts": (), "approvals": 1, "approvers": 3,
    }  # fmt: skip
    return SystemSeen(**nothing | more)


def test_nothing_is_said_if_all_is_well() -> None:
    quiet = {("articles", "render"): 1.0, ("chunks", "notify"): 9999.0}
    assert signs(seen(oldest_seconds=quiet, disks=(Disk("redis", 90, 100),))) == ()


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["articles", "pages", "control", "chunks"]),
            st.sampled_from(["render", "notify", "ingest"]),
        ),
        st.floats(0, 10_000),
    ),
    st.integers(0, 3),
    st.integers(0, 100),
    st.integers(0, 4),
)
def test_the_worst_comes_first_and_every_text_fits_its_values(
    oldest: dict[tuple[str, str], float], letters: int, free: int, approvers: int
) -> None:
    found = signs(
        seen(
            oldest_seconds=oldest,
            letters=[read_letter("pages", "1-0", {b"subject": b"x"})] * letters,
            disks=(Disk("redis", free, 100),),
            approvers=approvers,
        )
    )
    levels = [sign.level for sign in found]
    assert levels == sorted(levels, reverse=True)
    for sign in found:
        assert "{" not in sign.detail.format(**sign.values)
        assert {sign.title, sign.detail} <= catalogue("nn").keys(), "each has its nynorsk"
    late = {service for (stream, service), age in oldest.items()
            if stream != "chunks" and age > LATE_SECONDS}  # fmt: skip
    assert sum("service" in sign.values for sign in found) == len(late)
    assert any(sign.title == "Noe ble gitt opp" for sign in found) == bool(letters)
    assert any(sign.title == "Få kan godkjenne" for sign in found) == (approvers <= 1)


async def test_the_page_says_what_waits_and_links_to_it(make_ingest: Any) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=0)
    article = await in_review(await by_key(ingest, "Ola"))
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        page = (await browser.get("/redaksjon/tilstand/")).text
        assert f'href="/redaksjon/sak/{article}/"' in page
        assert "sendt inn av Ola" in page
        assert "Få kan godkjenne" in page
        await ingest.redis.xadd("pages.dead", {"subject": article, "dead_cause": "X"})
        assert "Noe ble gitt opp" in (await browser.get("/redaksjon/tilstand/")).text


def test_an_article_that_waits_for_over_a_day_is_named() -> None:
    life = Life.model_construct(
        id="a", title="En sak", last=Last(step="submit", by="Ola", at=NOW - timedelta(hours=25))
    )
    (sign,) = signs(seen(in_review=(life,)))
    assert sign.link == "/redaksjon/sak/a/"


@pytest.mark.parametrize(
    ("reach", "warns"),
    [
        (None, False),
        (StaffReach(addresses=0, webhook=False), True),
        (StaffReach(addresses=1, webhook=False), False),
        (StaffReach(addresses=0, webhook=True), False),
    ],
)
async def test_a_newsroom_of_which_nobody_hears_anything_is_warned(
    make_ingest: Any, reach: StaffReach | None, warns: bool
) -> None:
    ingest = await make_ingest()
    await ingest.bus.start()
    if reach:
        event = StaffReachCounted(
            id="staff.1.staff.reach_counted", source="/varsel/notify", subject="staff",
            time=NOW, traceparent=new_traceparent(), data=reach,
        )  # fmt: skip
        await publish(ingest.redis, "deliveries", event)
        await all_read(ingest, "deliveries")
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get("/redaksjon/tilstand/")).text
    assert ("Ingen i redaksjonen får beskjed" in page) == warns
    assert ('href="/redaksjon/varsle/">Oppgi adressen din' in page) == warns
