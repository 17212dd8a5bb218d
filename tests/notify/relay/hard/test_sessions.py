"""Relays that take only so much on one connection: the next connection gets the rest, at once."""

from collections import Counter

import pytest

from services.notify.ledger.delivery import deliveries
from shared.events import DeliveryPaused
from tests.make import alert, revision
from tests.notify.rogue import Conversation, Rogue, delivering_to
from tests.notify.steps import DELIVERY, addresses
from tests.notify.system import System
from tests.wait import until

MEMBERS = 200
A_SESSION = 7
page = revision(alert())


class SoManyASession(Rogue):
    """Takes `A_SESSION` mails on a connection. To the next it says `words` at `step`."""

    step = "mail"
    words = b""

    def __init__(self) -> None:
        super().__init__()
        self.said = 0
        self.put_off: Counter[str] = Counter()

    def _enough(self, said: Conversation, step: str) -> bytes | None:
        if self.step != step or said.mails <= A_SESSION:
            return None
        self.said += 1
        self.put_off.update(said.accepted)
        return self.words

    def on_mail(self, said: Conversation) -> bytes | None:
        return self._enough(said, "mail") or super().on_mail(said)

    def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
        return self._enough(said, "rcpt") or super().on_rcpt(said, recipient)

    def on_data(self, said: Conversation) -> bytes | None:
        return self._enough(said, "data") or super().on_data(said)

    async def on_dot(self, said: Conversation, content: bytes) -> bytes | None:
        return self._enough(said, "dot") or await super().on_dot(said, content)


@pytest.mark.parametrize("pipelines", [True, False], ids=["pipelining", "lock-step"])
@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("data", "452 4.4.5 too many messages per session"),
        ("mail", "452 4.5.3 too many messages"),
        ("mail", "421 4.7.0 mail.example.org Error: too many errors"),
        ("mail", "421 too many messages in this connection"),
        ("mail", "450 4.7.1 Error: too much mail from 192.0.2.1"),
        ("rcpt", "421 4.3.2 Service not available"),
        ("rcpt", "452 4.5.3 Error: too many recipients"),
        ("rcpt", "451 4.7.500 Server busy. Please try again later"),
        ("rcpt", "450 4.2.1 Peak SMTP relay limit exceeded for customer"),
        ("data", "421 4.4.2 Connection dropped due to SocketError"),
        ("data", "452 4.3.1 Insufficient system resources"),
        ("dot", "421 4.7.28 Try again later, closing connection."),
        ("dot", "454 Throttling failure: Maximum sending rate exceeded."),
        ("dot", "432 4.3.2 Concurrent connections limit exceeded"),
    ],
)
async def test_a_relay_with_so_many_mails_a_session_gets_all_without_a_pause(
    notify: System, step: str, words: str, pipelines: bool
) -> None:
    await notify.join(*addresses(MEMBERS))
    rogue = SoManyASession()
    rogue.step, rogue.words, rogue.pipelines = step, f"{words}\r\n".encode(), pipelines
    async with rogue, delivering_to(rogue, notify, page):
        found = await notify.delivery()
    assert rogue.said, "the relay never had enough"
    assert rogue.taken == dict.fromkeys(addresses(MEMBERS), 1)
    assert (found["handed_over"], found["failed"]) == (MEMBERS, 0)
    assert not await notify.redis.exists(f"notify:tries:{DELIVERY}")
    assert not [event for event in await notify.told() if isinstance(event, DeliveryPaused)]


class DropsEverySecond(SoManyASession):
    """Drops every second connection without a word."""

    def on_connect(self, number: int) -> bytes | None:
        return None if number % 2 == 0 else super().on_connect(number)

    def on_mail(self, said: Conversation) -> bytes | None:
        return super().on_mail(said) if said.mails <= A_SESSION else None


async def test_a_connection_that_is_dropped_between_good_ones_holds_up_nobody(
    notify: System, capfd: pytest.CaptureFixture[str]
) -> None:
    await notify.join(*addresses(MEMBERS))
    async with DropsEverySecond() as rogue, delivering_to(rogue, notify, page):
        found = await notify.delivery()
    assert rogue.taken == dict.fromkeys(addresses(MEMBERS), 1)
    assert (found["handed_over"], found["failed"]) == (MEMBERS, 0)
    assert not [event for event in await notify.told() if isinstance(event, DeliveryPaused)]
    assert "relay_trouble" not in "".join(capfd.readouterr())


class ClosesOnOneMember(Rogue):
    """Ends the connection with a word on the session whenever one member's mail comes."""

    step = "rcpt"

    def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
        if self.step == "rcpt" and recipient == addresses(1)[0]:
            return b"421 4.7.0 closing\r\n"
        return super().on_rcpt(said, recipient)

    async def on_dot(self, said: Conversation, content: bytes) -> bytes | None:
        if said.accepted == addresses(1):
            return b"421 4.7.0 closing\r\n"
        return await super().on_dot(said, content)


@pytest.mark.parametrize("step", ["rcpt", "dot"])
async def test_a_mail_that_ends_every_session_holds_up_nobody_else_and_is_not_blamed(
    notify: System, step: str
) -> None:
    await notify.join(*addresses(50))
    rogue = ClosesOnOneMember()
    rogue.step = step
    async with rogue, delivering_to(rogue, notify, page):
        await until(lambda: len(rogue.taken) == 49)

        async def written_down() -> bool:
            (found,) = await deliveries(notify.redis)
            return (found["handed_over"], found["failed"], found["open"]) == (49, 0, 1)

        await until(written_down)
    assert set(rogue.taken.values()) == {1}
    assert addresses(1)[0] not in rogue.taken
