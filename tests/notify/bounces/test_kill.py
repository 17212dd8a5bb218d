"""kill -9 while a bounce is handled: nothing is lost, and nothing counts twice."""

import signal

import pytest
from redis.asyncio import Redis

from services.notify.bounces import handle_bounces
from services.notify.bounces.store import DUE, MAIL, Bounces, told
from services.notify.ledger.delivery import bounces_key
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from tests.notify.bounces.handler import STEPS
from tests.notify.bounces.shapes import complaint, postfix
from tests.notify.bounces.steps import bounced, handle, hearing, return_path, send
from tests.notify.revisions import original
from tests.notify.steps import addresses, balanced

DELIVERY = f"{original.id}.1"
GONE, OURS, COMPLAINING, SILENT = range(1, 6), range(6, 9), range(9, 11), range(11, 21)


@pytest.mark.parametrize("step", STEPS)
async def test_whoever_handles_it_is_killed_and_it_counts_once(
    redis: Redis, redis_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle_bounces, "AT_ONCE", 0)  # this process takes it in, others handle it
    to = addresses(SILENT[-1])
    async with hearing(redis, redis_url) as up:
        await up.join(*to)
        await up.publish(original)
        await up.delivery_of(original)
        for number in (*GONE, *OURS, *COMPLAINING):
            mail = postfix("5.1.1") if number in GONE else postfix("5.7.1")
            mail = complaint() if number in COMPLAINING else mail
            assert (await send(up, return_path(up, to[number - 1]), mail))[0] == 250
        await balanced(up)
        secret = secret_key(up.settings)
    assert await handle(redis_url, secret, step) == -signal.SIGKILL
    assert await handle(redis_url, secret) == 0
    assert await bounced(redis, DELIVERY) == len(GONE) + len(OURS)
    assert set(await redis.hkeys(bounces_key(DELIVERY))) == {
        str(number).encode() for number in (*GONE, *OURS)
    }
    counts = {what: count for what, (count, _) in (await told(redis)).items()}
    assert counts == {"about_us 5.7.1": len(OURS), "complaint": len(COMPLAINING)}
    found = await keys.load(redis, secret)
    marks = await Bounces(redis, Vault(found.vault, found.index)).marks(range(1, len(to) + 1))
    assert {number: len(mine) for number, mine in marks.items()} == dict.fromkeys(GONE, 1)
    assert set(await redis.hkeys("notify:left:0")) == {str(n).encode() for n in COMPLAINING}
    assert not await redis.exists(MAIL, DUE)
