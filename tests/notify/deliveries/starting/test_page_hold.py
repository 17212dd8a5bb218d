"""No mail before readers see the page: notify as it runs, with two addresses of one site."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.notify.deliveries.page_hold import PATIENCE_SECONDS, PageHold
from services.notify.ledger import delivery as ledgers
from services.notify.ledger.control import NotPossible, control
from services.notify.ledger.delivery import delivery_key
from shared.bus.users import OPERATOR, as_user
from shared.events import DeliveryPaused
from shared.revision import Change
from tests import tls
from tests.make import alert, revision
from tests.notify.revisions import original
from tests.notify.site import Pages
from tests.notify.steps import DELIVERY, addresses, balanced, got, let_go, taken_up
from tests.notify.system import HOST, System, running, system
from tests.server import free_port
from tests.wait import until

MEMBERS = 3
alert_page = revision(alert())


async def begun(on: System) -> None:
    """An alert whose page is right where notify looks first."""
    await on.join(*addresses(MEMBERS))
    await on.publish(alert_page)


async def another_look(on: System) -> None:
    """Wait until a worker had the delivery in hand once more, and let it go."""
    await taken_up(on)
    await let_go(on)


async def told_cause(on: System, cause: str) -> bool:
    return cause in [event.data.cause for event in await on.told()]  # type: ignore[union-attr]


async def longer_ago(on: System) -> None:
    """As if the delivery had started so long ago that nobody waits for a look any more."""
    key = delivery_key(DELIVERY)
    started = datetime.fromisoformat((await on.redis.hget(key, "started")).decode())
    before = started - timedelta(seconds=PATIENCE_SECONDS)
    await on.redis.hset(key, "started", before.isoformat())


@pytest.fixture
async def outside() -> Any:
    """What readers reach, apart from what notify looks at first; it has no page yet."""
    pages = await Pages().start(tls.context(HOST))
    yield pages
    await pages.stop()


async def test_mail_goes_at_once_if_readers_see_the_page(up: System) -> None:
    await begun(up)
    assert (await up.delivery())["handed_over"] == MEMBERS
    assert "page" not in {event.data.cause for event in await up.told()}  # type: ignore[union-attr]


async def test_with_a_wrong_certificate_nobody_is_mailed_and_everybody_once_it_is_right(
    redis: Redis, redis_url: str
) -> None:
    wrong = await Pages().start(tls.context("other.example.org"))
    wrong.show(alert_page)
    async with system(redis, redis_url, site_probe=wrong.probe) as on:
        async with running(on) as bus:
            await begun(on)
            assert (await on.delivery("paused"))["cause"] == "page_wrong tls"
            await until(lambda: "chunks held_page_wrong tls" in bus.problems())
            await another_look(on)
        # Neither a restart nor time lets it go.
        await longer_ago(on)
        async with running(on) as bus:
            await until(lambda: "chunks held_page_wrong tls" in bus.problems())
        paused = [event for event in await on.told() if isinstance(event, DeliveryPaused)]
        assert [event.data.cause for event in paused] == ["page_wrong tls"]
        assert on.relay.tried == []
        right = on.settings.model_copy(update={"site_probe": on.site.probe})
        mended = System(redis, on.url, right, on.relay, on.site)
        async with running(mended) as bus:
            assert (await on.delivery())["handed_over"] == MEMBERS
            await until(lambda: not bus.problems())
        await balanced(on)
    await wrong.stop()


async def test_a_page_that_comes_right_lets_mail_go_without_anybody(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        with capture_logs() as lines:
            await begun(on)
            assert (await on.delivery("paused"))["cause"] == "page_wrong 404"
            outside.show(alert_page, sha256="0" * 64)
            await until(lambda: told_cause(on, "page_wrong other_revision"))
            assert on.relay.tried == []
            outside.show(alert_page)
            assert (await on.delivery())["handed_over"] == MEMBERS
        said = [line["event"] for line in lines if "page_" in line["event"]]
        wrong = "delivery_page_wrong"
        assert said == ["page_live", wrong, wrong, "delivery_page_right"]


async def test_a_person_lets_mail_go_though_the_page_is_wrong(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        await begun(on)
        await on.delivery("paused")
        async with Redis.from_url(as_user(redis_url, OPERATOR)) as operator:
            await control(operator, DELIVERY, "resume")
        assert (await on.delivery())["handed_over"] == MEMBERS


async def test_a_person_who_holds_it_is_not_overruled_by_a_page_that_comes_right(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        await begun(on)
        await on.delivery("paused")
        async with Redis.from_url(as_user(redis_url, OPERATOR)) as operator:
            await control(operator, DELIVERY, "hold", why="operator")
            outside.show(alert_page)
            for _ in range(2):
                await another_look(on)
            assert (await on.delivery("paused"))["cause"] == "operator"
            with pytest.raises(NotPossible, match="changed"):
                await control(operator, DELIVERY, "resume", expected="page_wrong 404")
            assert on.relay.tried == []
            await control(operator, DELIVERY, "resume")
        assert (await on.delivery())["handed_over"] == MEMBERS


async def test_where_nobody_can_tell_mail_waits_and_goes_after_two_minutes(
    redis: Redis, redis_url: str
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    async with system(redis, redis_url, site_probe=nobody) as on:
        with capture_logs() as lines:
            async with running(on) as bus:
                await begun(on)
                assert (await on.delivery("paused"))["cause"] == "page_unseen connect"
                await another_look(on)
                assert bus.problems() == []  # it may be this machine's router alone
            assert on.relay.tried == []
            async with running(on):  # a restart begins no new two minutes, and ends none
                await another_look(on)
                assert on.relay.tried == []
                await longer_ago(on)
                assert (await on.delivery())["handed_over"] == MEMBERS
        said = [line["event"] for line in lines if "delivery_page" in line["event"]]
        assert said == ["delivery_page_unseen", "delivery_page_given_up"]


async def test_what_nobody_could_tell_and_then_is_seen_to_be_wrong_is_held_for_longer(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    probe = f"127.0.0.1:{free_port()}"
    async with system(redis, redis_url, site_probe=probe) as on:
        async with running(on):
            await begun(on)
            await on.delivery("paused")
        seen = on.settings.model_copy(update={"site_probe": outside.probe})
        await longer_ago(on)
        async with running(System(redis, on.url, seen, on.relay, on.site)) as bus:
            await until(lambda: "chunks held_page_wrong 404" in bus.problems())
            assert (await on.delivery("paused"))["cause"] == "page_wrong 404"
        await longer_ago(on)
        async with running(on) as bus:  # nobody can tell again, but it was wrong
            await until(lambda: "chunks held_page_wrong 404" in bus.problems())
        assert on.relay.tried == []


async def test_a_withdrawal_is_never_held_and_what_was_held_before_it_reaches_nobody(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        await on.join(*addresses(MEMBERS))
        outside.show(original)
        await on.publish(original)
        await on.delivery()
        outside.html.clear()
        change = Change(kind="correction", note="Retter rådet.")
        correction = revision(alert(title="Nytt råd"), revision=2, change=change)
        await on.publish(correction)
        held = await on.delivery_of(correction, "paused")
        assert held["cause"] == "page_wrong 404"
        withdrawal = revision(alert(), revision=3, change=Change(kind="withdrawal", note="Feil."))
        await on.withdraw(withdrawal)
        await on.delivery_of(withdrawal)
        await balanced(on)
        assert {len(subjects) for subjects in got(on).values()} == {2}
        assert all("TRUKKET" in subjects[1] for subjects in got(on).values())


async def test_an_address_that_is_this_machine_alone_has_no_readers_who_could_miss_it(
    redis: Redis, redis_url: str
) -> None:
    """As in the stack to try, whose notify cannot reach localhost of the machine around it."""
    site = f"http://localhost:{free_port()}"
    async with system(redis, redis_url, site_url=site, site_probe="") as on, running(on):
        await begun(on)
        assert (await on.delivery())["handed_over"] == MEMBERS


async def test_how_long_mail_waits_is_the_holders(redis: Redis, redis_url: str) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    async with system(redis, redis_url, site_probe=nobody) as on:
        async with running(on):
            await begun(on)
            await on.delivery("paused")
        impatient = PageHold(redis, on.settings, patience_seconds=0.0)
        await impatient.look_again(await ledgers.find(redis, DELIVERY))
        assert (await on.delivery("sending"))["cause"] == ""
