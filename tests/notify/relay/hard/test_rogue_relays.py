"""Whatever a relay does, nobody is left out and nobody is blamed for it (promises G6, G7)."""

import asyncio
from typing import Any

import pytest

from services.notify.relay import connection
from tests.make import alert, revision
from tests.notify.rogue import HANG, Conversation, Rogue, delivering_to
from tests.notify.steps import addresses
from tests.notify.system import System
from tests.wait import until

MEMBERS = 320
page = revision(alert())


class OneByteAtATime(Rogue):
    async def say(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        for octet in line:
            writer.write(bytes([octet]))
            await asyncio.sleep(0)


class DropsEveryTenthConnection(Rogue):
    def on_connect(self, number: int) -> bytes | None:
        return None if number % 10 == 0 else super().on_connect(number)

    def on_mail(self, said: Conversation) -> bytes | None:
        return None if said.mails > 3 else super().on_mail(said)


class EnoughAfterAHundred(Rogue):
    def on_mail(self, said: Conversation) -> bytes | None:
        return b"421 4.7.0 enough\r\n" if said.mails > 100 else super().on_mail(said)


class EnoughAfterOne(Rogue):
    def on_mail(self, said: Conversation) -> bytes | None:
        return None if said.mails > 1 else super().on_mail(said)


class LockStep(Rogue):
    pipelines = False


class Multiline(Rogue):
    def on_mail(self, said: Conversation) -> bytes | None:
        return b"250-2.1.0 we\r\n250-2.1.0 talk\r\n250 2.1.0 much\r\n"


@pytest.mark.parametrize(
    "kind",
    [Rogue, LockStep, Multiline, OneByteAtATime, DropsEveryTenthConnection, EnoughAfterAHundred,
     EnoughAfterOne],
)  # fmt: skip
async def test_everybody_is_reached_once(notify: System, kind: type[Rogue]) -> None:
    await notify.join(*addresses(MEMBERS))
    async with kind() as rogue, delivering_to(rogue, notify, page):
        found = await notify.delivery()
    assert rogue.taken == dict.fromkeys(addresses(MEMBERS), 1)
    assert (found["handed_over"], found["failed"]) == (MEMBERS, 0)


class Takes354ForNobody(Rogue):
    """Rejects a recipient and asks for the content all the same."""

    unknown = "medlem7@example.org"

    def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
        if recipient == self.unknown:
            return b"550 5.1.1 unknown\r\n"
        return super().on_rcpt(said, recipient)

    def on_data(self, _said: Conversation) -> bytes | None:
        return b"354 go on\r\n"

    async def on_dot(self, said: Conversation, content: bytes) -> bytes | None:
        if not said.accepted:
            assert content == b"", "the mail was sent though nobody gets it"
            return b"554 5.5.1 no recipients\r\n"
        return await super().on_dot(said, content)


async def test_a_rejected_recipient_who_is_asked_for_content_fails_alone(notify: System) -> None:
    await notify.join(*addresses(20))
    async with Takes354ForNobody() as rogue, delivering_to(rogue, notify, page):
        found = await notify.delivery()
    reached = [a for a in addresses(20) if a != rogue.unknown]
    assert rogue.taken == dict.fromkeys(reached, 1)
    assert (found["handed_over"], found["failed"]) == (19, 1)


class Hangs(Rogue):
    """Says nothing once it has been asked for something, until it is well again."""

    step = ""
    well = False

    def __init__(self) -> None:
        super().__init__()
        self.hung = 0

    def _or_silence(self, step: str, answer: bytes | None) -> bytes | None:
        if self.step != step or self.well:
            return answer
        self.hung += 1
        return HANG

    def on_connect(self, number: int) -> bytes | None:
        return self._or_silence("connect", super().on_connect(number))

    def on_mail(self, said: Conversation) -> bytes | None:
        return self._or_silence("mail", super().on_mail(said))

    def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
        return self._or_silence("rcpt", super().on_rcpt(said, recipient))

    def on_data(self, said: Conversation) -> bytes | None:
        return self._or_silence("data", super().on_data(said))

    async def on_dot(self, said: Conversation, content: bytes) -> bytes | None:
        if self.step == "dot" and not self.well:
            self.hung += 1
            return HANG
        return await super().on_dot(said, content)


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt", "data", "dot"])
async def test_a_relay_that_hangs_is_waited_for_and_then_everybody_is_reached(
    notify: System, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for name in ("CONNECT", "STEP", "FINAL_DOT"):
        monkeypatch.setattr(connection, name, 0.3)
    await notify.join(*addresses(30))
    async with Hangs() as rogue:
        rogue.step = step
        async with delivering_to(rogue, notify, page):
            await until(lambda: rogue.hung)
            rogue.well = True
            found: dict[str, Any] = await notify.delivery()
    assert rogue.taken == dict.fromkeys(addresses(30), 1)
    assert (found["handed_over"], found["failed"]) == (30, 0)
