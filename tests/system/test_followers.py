"""The whole way to a follower, from outside: posts, what it missed, and that all is alive."""

import asyncio
import json
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

from tests.make import alert, alert_fields
from tests.system.running import Up
from tests.system.steps import SECRET, follower, post
from tests.wait import until


async def test_a_follower_asks_for_what_it_was_posted_and_hears_that_all_is_alive() -> None:
    tried = alert(title="Tenkt varsel", alert=alert_fields() | {"mode": "exercise"})
    async with follower() as (hook, posts), httpx.AsyncClient() as http:
        wants = {"url": hook, "secret": SECRET, "exercises": True, "heartbeat": True}
        with Up(VARSEL_WEBHOOKS=json.dumps([wants])) as up:
            up.start()
            key = await asyncio.to_thread(up.key)
            await asyncio.to_thread(post, up, key, alert())
            await asyncio.to_thread(post, up, key, tried)

            def posted(kind: str) -> list[dict[str, Any]]:
                found = [Webhook(SECRET).verify(*one) for one in posts]
                return [one for one in found if one["type"] == kind]

            await until(lambda: len(posted("page.published")) == 2 and posted("heartbeat"))
            real = (await http.get(f"{up.url}/changes.json")).json()
            exercises = (await http.get(f"{up.url}/ovelser/changes.json")).json()
            alive = await http.get(f"{up.url}/heartbeat.json")
            asked = [*real["changes"], *exercises["changes"]]
            assert [one["data"]["mode"] for one in asked] == ["actual", "exercise"]
            told = sorted(posted("page.published"), key=lambda one: one["data"]["mode"])
            assert asked == told, "word for word"
            assert alive.status_code == 200
            newest = asked[0]["data"]["change_id"]
            assert alive.json()["newest_change"] == newest
            assert (await http.get(real["next"])).json()["changes"] == []
            cap = await http.get(asked[1]["data"]["cap"])
            assert "<status>Exercise</status>" in cap.text
