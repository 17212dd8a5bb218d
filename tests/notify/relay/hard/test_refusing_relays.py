"""A relay that refuses us is asked again with growing pauses, and everybody is told why, once."""

import time
from itertools import pairwise

import pytest

from services.notify.ledger.control import control
from services.notify.ledger.delivery import deliveries
from services.notify.relay.standing import ENOUGH, FIRST_PAUSE_SECONDS
from shared.events import DeliveryPaused
from tests.make import alert, revision
from tests.notify.rogue import Conversation, Rogue, delivering_to
from tests.notify.steps import addresses
from tests.notify.system import System
from tests.wait import until

page = revision(alert())
SEVERAL_CHUNKS = 2500
LOGIN = "varsel:hemmelig@"


class Watched(Rogue):
    """Notes when it was asked, by connections and by mails; refuses until it is `well`."""

    well = False
    user = ""
    more = ""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def note(self) -> None:
        self.asked.append(time.monotonic())

    def on_connect(self, number: int) -> bytes | None:
        self.note()
        return super().on_connect(number)


class NotThere(Watched):
    def on_connect(self, number: int) -> bytes | None:
        found = super().on_connect(number)
        return found if self.well else None


class Full(Watched):
    def on_connect(self, number: int) -> bytes | None:
        found = super().on_connect(number)
        return found if self.well else b"421 4.3.2 too many connections\r\n"


class NoStartTls(Watched):
    more = "&starttls=required"


class NoAuth(Watched):
    user = LOGIN


class WrongPassword(Watched):
    user = LOGIN
    offers = (b"AUTH PLAIN",)

    def on_auth(self, said: Conversation, line: bytes) -> bytes | None:
        return super().on_auth(said, line) if self.well else b"535 5.7.8 wrong password\r\n"


class RefusesSender(Watched):
    def on_connect(self, number: int) -> bytes | None:
        return self.greeting

    def on_mail(self, said: Conversation) -> bytes | None:
        self.note()
        return super().on_mail(said) if self.well else b"553 5.7.1 sender refused\r\n"


class RefusesEverybody(RefusesSender):
    def on_mail(self, said: Conversation) -> bytes | None:
        self.note()
        return b"250 2.1.0 ok\r\n"

    def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
        return super().on_rcpt(said, recipient) if self.well else b"554 5.7.1 denied\r\n"


ALL = [
    (NotThere, "connection lost"),
    (Full, "connect 4.3.2 421"),
    (NoStartTls, "offers no STARTTLS"),
    (NoAuth, "offers no AUTH"),
    (WrongPassword, "refuses the log-in (5.7.8 535)"),
    (RefusesSender, "mail 5.7.1 553"),
    (RefusesEverybody, "rcpt 5.7.1 554"),
]


@pytest.mark.parametrize(("kind", "words"), ALL)
async def test_a_relay_that_refuses_us_is_asked_after_growing_pauses_and_told_of_once(
    notify: System, kind: type[Watched], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    await notify.join(*addresses(SEVERAL_CHUNKS))
    rounds = 6
    at_once = ENOUGH if kind is RefusesEverybody else 1
    async with (
        kind() as rogue,
        delivering_to(rogue, notify, page, user=rogue.user, more=rogue.more) as service,
    ):
        await until(lambda: len(rogue.asked) >= at_once + rounds - 1, timeout=30)
        asked = rogue.asked[at_once - 1 :][:rounds]
        (found,) = await deliveries(notify.redis)
        assert (found["state"], found["cause"]) == ("paused", words)
        assert (found["open"], found["failed"]) == (SEVERAL_CHUNKS, 0)
        assert f"relay: {words}" in service.problems()
        assert "chunks relay_down" in service.bus.problems()
    for place, (before, after) in enumerate(pairwise(asked)):
        assert after - before >= FIRST_PAUSE_SECONDS * 2**place * 0.9
    told = [event for event in await notify.told() if isinstance(event, DeliveryPaused)]
    assert [event.data.cause for event in told] == [words]
    log = "".join(capfd.readouterr())
    assert log.count("relay_trouble") == 1


@pytest.mark.parametrize(
    ("kind", "words"), [one for one in ALL if one[0] not in (NoStartTls, NoAuth)]
)
async def test_once_it_takes_mail_everybody_is_reached_and_all_is_well(
    notify: System, kind: type[Watched], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    await notify.join(*addresses(100))
    async with kind() as rogue, delivering_to(rogue, notify, page, user=rogue.user) as service:
        await until(lambda: f"relay: {words}" in service.problems())
        await notify.delivery("paused")
        rogue.well = True
        found = await notify.delivery()
        assert service.problems() == []
    assert rogue.taken == dict.fromkeys(addresses(100), 1)
    assert (found["handed_over"], found["failed"], found["cause"]) == (100, 0, "")
    log = "".join(capfd.readouterr())
    assert (log.count("relay_trouble"), log.count("relay_well")) == (1, 1)


async def test_a_relay_that_lets_us_in_again_and_puts_all_off_pauses_no_delivery(
    notify: System,
) -> None:
    class PutsOff(NotThere):
        def on_rcpt(self, said: Conversation, recipient: str) -> bytes | None:
            return b"450 4.2.0 greylisted\r\n"

    await notify.join(*addresses(10))
    async with PutsOff() as rogue, delivering_to(rogue, notify, page):
        await notify.delivery("paused")
        rogue.well = True
        found = await notify.delivery("sending")
        assert (found["open"], found["cause"]) == (10, "")


async def test_what_went_wrong_is_told_anew_if_it_has_changed(notify: System) -> None:
    class Changes(WrongPassword):
        def on_ehlo(self, said: Conversation) -> bytes | None:
            self.offers = (b"AUTH PLAIN",) if self.well else ()
            return super().on_ehlo(said)

        def on_auth(self, said: Conversation, line: bytes) -> bytes | None:
            return b"535 5.7.8 wrong password\r\n"

    await notify.join(*addresses(10))
    async with Changes() as rogue, delivering_to(rogue, notify, page, user=LOGIN):
        assert (await notify.delivery("paused"))["cause"] == "offers no AUTH"
        rogue.well = True

        async def told() -> list[str]:
            events = await notify.told()
            causes = [e.data.cause for e in events if isinstance(e, DeliveryPaused)]
            return causes if len(causes) == 2 else []

        assert await until(told) == ["offers no AUTH", "refuses the log-in (5.7.8 535)"]


async def test_a_cancelled_delivery_ends_while_the_relay_is_away(notify: System) -> None:
    await notify.join(*addresses(10))
    async with NotThere() as rogue, delivering_to(rogue, notify, page):
        found = await notify.delivery("paused")
        await control(notify.redis, str(found["id"]), "cancel")
        assert (await notify.delivery())["suppressed"] == 10
