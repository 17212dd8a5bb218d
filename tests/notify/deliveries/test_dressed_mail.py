"""Mail says what the association says of itself: from a delivery's start to its end the same."""

from services.notify.ledger.delivery import put_off_key
from shared.events import SiteDressed
from shared.identity import Identity
from tests.notify.mail.reading import text_of
from tests.notify.revisions import corrected, original
from tests.notify.steps import DELIVERY, addresses
from tests.notify.system import System, running
from tests.wait import until

FIRST = Identity(
    name="Foreningen for eksempler",
    postal_address="Storgata 1, 0155 Oslo",
    telephone="22 00 00 00",
    email="post@example.org",
)
SECOND = Identity(name="Landsforeningen for eksempler")


async def dress(up: System, identity: Identity, version: int) -> None:
    await up.tell(SiteDressed.about(identity, version), stream="reference")
    await up.settled("reference")


async def test_mails_say_what_the_association_says_of_itself_without_a_restart(up: System) -> None:
    await up.join(*addresses(2))
    await dress(up, FIRST, 1)
    await up.publish(original)
    await up.delivery()
    for mail in up.relay.mails:
        assert mail.head["From"] == "Foreningen for eksempler <varsel@example.org>"
        text = text_of(mail.message)
        assert text.startswith("Foreningen for eksempler ")
        assert "post@example.org, telefon 22 00 00 00" in text
        assert "Foreningen for eksempler, Storgata 1, 0155 Oslo" in text
    await dress(up, SECOND, 2)
    await dress(up, FIRST, 1)  # once more, and late
    await up.publish(corrected)
    await until(lambda: len(up.relay.mails) == 4)
    for mail in up.relay.mails[2:]:
        assert text_of(mail.message).startswith("Landsforeningen for eksempler ")


async def test_a_delivery_keeps_its_letterhead_whatever_is_said_and_who_goes_on(
    notify: System,
) -> None:
    await notify.join(*addresses(2))
    notify.relay.rcpt = lambda to: "451 4.7.1 later" if to == addresses(2)[1] else None
    async with running(notify):
        await dress(notify, FIRST, 1)
        await notify.publish(original)
        await until(lambda: len(notify.relay.mails) == 1)
        await dress(notify, SECOND, 2)
        await until(lambda: notify.redis.exists(put_off_key(DELIVERY)))
    notify.relay.rcpt = lambda _: None
    async with running(notify):
        await notify.bring_forward()
        await notify.delivery()
    assert len(notify.relay.mails) == 2
    for mail in notify.relay.mails:
        assert text_of(mail.message).startswith("Foreningen for eksempler ")
