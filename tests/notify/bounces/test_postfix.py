"""What a real relay says later is understood: Postfix takes the alert, finds out, and tells us."""

import pytest
from redis.asyncio import Redis

from services.notify.bounces.store import told
from services.notify.ledger.delivery import bounces_key
from tests.expects import skip_or_fail
from tests.notify.bounces.postfix import RUNS, postfix
from tests.notify.bounces.steps import bounced, free_port, handled, hearing
from tests.notify.relay_server import Relay
from tests.notify.revisions import original
from tests.notify.steps import balanced
from tests.wait import until

SAYS = {
    "kari@example.org": "550 5.1.1 no such user",
    "ola@example.org": "554 5.7.1 we do not like you",
    "lise@example.org": "552 5.2.2 mailbox full",
}
DELIVERY = f"{original.id}.1"


@pytest.fixture(autouse=True)
def _there_is_a_postfix() -> None:
    if not RUNS:
        skip_or_fail("postfix", "there is no postfix, or it may not run")


async def test_an_alert_that_postfix_cannot_deliver_comes_back_to_its_ledger(
    redis: Redis, redis_url: str
) -> None:
    hosts, returns_at = await Relay().start(), free_port()
    hosts.rcpt = SAYS.get
    try:
        async with postfix(
            members_at=hosts.port, returns="varsel.example.org", returns_at=returns_at
        ) as port:
            relay = f"smtp://127.0.0.1:{port}"
            async with hearing(redis, redis_url, smtp_url=relay, bounce_port=returns_at) as up:
                await up.join(*SAYS, "per@example.org")
                await up.publish(original)
                sums = await up.delivery_of(original)
                assert sums["handed_over"] == 4

                async def all_three() -> bool:
                    return await bounced(redis, DELIVERY) == 3

                await until(all_three, timeout=60)
                await handled(redis)
                assert hosts.recipients() == ["per@example.org"]
                assert await redis.hgetall(bounces_key(DELIVERY)) == {
                    b"1": b"5.1.1", b"2": b"5.7.1", b"3": b"5.2.2",
                }  # fmt: skip
                assert set(await told(redis)) == {"about_us 5.7.1"}
                await balanced(up)
    finally:
        await hosts.stop()
