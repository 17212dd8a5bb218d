"""Draft, review, approval, publication, correction, withdrawal: at each step just the right members
are mailed, as a real relay sees it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.notify.relay_server import Relay
from tests.system.hands import ByApi, ByCommands
from tests.system.running import Up
from tests.system.walking import Walk, walk


@asynccontextmanager
async def system() -> AsyncIterator[tuple[Up, Relay, str, str]]:
    """A system with a relay, where an alert needs an approval and a second of holding; the keys of
    an editor and of an approver."""
    relay = await Relay().start()
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_HOLD": "1",
    }
    with Up(**settings) as up:
        await asyncio.to_thread(up.start)
        keys = [
            (await asyncio.to_thread(up.json, "keys", "create", name, "--role", role))["key"]
            for name, role in (("Kari Eksempel", "editor"), ("Anne Eksempel", "approver"))
        ]
        yield up, relay, keys[0], keys[1]
    await relay.stop()


async def test_g9_the_walk_by_api_mails_just_the_right_members_at_each_step() -> None:
    async with system() as (up, relay, editor, approver):
        await walk(Walk(up, relay, ByApi(up, editor, approver), editor))


async def test_g9_the_walk_by_commands_mails_just_the_right_members_at_each_step() -> None:
    async with system() as (up, relay, editor, approver):
        await walk(Walk(up, relay, ByCommands(up, editor, approver), editor))
