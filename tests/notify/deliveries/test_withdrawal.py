"""An alert that was withdrawn mails nobody any more; and a chunk has one worker at a time."""

from contextlib import AsyncExitStack

from services.notify.ledger.delivery import deliveries
from tests.make import alert, revision
from tests.notify.steps import addresses
from tests.notify.system import System, running
from tests.wait import until

alert_page = revision(alert())
withdrawn_page = revision(alert(), revision=2)


async def test_a_page_that_says_it_is_withdrawn_starts_no_delivery_and_no_posts(
    notify: System,
) -> None:
    await notify.join(*addresses(5))
    notify.site.show_withdrawn(withdrawn_page)
    await notify.publish(alert_page, live=False)
    async with running(notify):
        await notify.settled()
    assert not await deliveries(notify.redis)
    assert not await notify.redis.exists("notify:posts")
    assert not notify.relay.tried


async def test_a_page_withdrawn_and_published_anew_is_mailed(up: System) -> None:
    await up.join(*addresses(5))
    await up.withdraw(withdrawn_page)
    await up.settled()
    await up.publish(revision(alert(), revision=3))
    assert (await up.delivery())["handed_over"] == 5


async def test_a_second_entry_of_a_chunk_mails_nobody_twice(notify: System) -> None:
    await notify.join(*addresses(490))
    async with AsyncExitStack() as stack:
        for number in (1, 2):
            await stack.enter_async_context(running(notify, consumer=f"notify-{number}"))
        await notify.publish(alert_page)
        await until(lambda: len(notify.relay.mails) > 20)
        ((_, fields),) = await notify.redis.xrange("chunks")
        await notify.redis.xadd("chunks", fields)
        await notify.delivery()
        await notify.settled("chunks")
    assert sorted(notify.relay.recipients()) == sorted(addresses(490))


async def test_two_processes_with_one_name_mail_nobody_twice(notify: System) -> None:
    await notify.join(*addresses(900))
    await notify.publish(alert_page)
    async with running(notify):
        await until(lambda: len(notify.relay.mails) > 60)
        async with running(notify):
            await notify.delivery()
            await notify.settled("chunks")
    assert sorted(notify.relay.recipients()) == sorted(addresses(900))
