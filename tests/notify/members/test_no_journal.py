"""A system whose journal cannot be written, or not be read."""

from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from tests.notify.revisions import original
from tests.notify.system import serving, system
from tests.wait import until

KARI, OLA = "kari@example.org", "ola@example.org"


async def test_alerts_are_mailed_leaving_works_and_health_is_red_until_it_can_be_written(
    redis: Redis, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.journal.journal.RETRY_SECONDS", 0.05)
    folder = tmp_path / "journal"
    folder.write_text("a file, so that no folder can be made")
    async with system(redis, redis_url, journal=folder) as around:
        await around.join(KARI, OLA)
        async with serving(around) as service:
            assert any("journal: cannot be written" in one for one in service.problems())
            await around.publish(original)
            await around.delivery()
            [mail] = [m for m in around.relay.mails if m.recipient == KARI]
            link = str(mail.head["List-Unsubscribe"]).split(",")[0].strip("<> ")
            transport = httpx.ASGITransport(service.http)
            async with httpx.AsyncClient(transport=transport) as http:
                assert (await http.post(link)).status_code == 200
            members = await around.members()
            assert await members.left([1, 2]) == {1}
            folder.unlink()
            await until(lambda: not [p for p in service.problems() if "written" in p])
        async with serving(around) as service:
            assert service.problems() == []
    async with system(redis, redis_url, journal=folder, data=around.settings.data) as again:
        await redis.delete("notify:left:0", "notify:left_at:0", "notify:leaves", "notify:gone")
        async with serving(again):
            assert await members.left([1, 2]) == {1}
