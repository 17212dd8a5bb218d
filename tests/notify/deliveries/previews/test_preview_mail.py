"""Whoever is to approve an alert sees the mail that it would be, and how many would get it."""

import io

import pytest

from services.notify.mail.marks import Marks
from services.notify.members.store import leave
from services.notify.register.import_members import import_members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from shared.event_data import MailPreview, Preview
from shared.events import MailPreviewed, PagePreviewed
from shared.revision import Change, Revision
from shared.trace import new_traceparent
from tests.make import alert, alert_fields, news, revision
from tests.notify.marked import address_is_gone
from tests.notify.revisions import changed, corrected, original, withdrawn
from tests.notify.steps import DELIVERY, addresses, these
from tests.notify.system import System, running
from tests.wait import until


async def preview(up: System, said: Revision) -> None:
    event = PagePreviewed(
        id=f"{said.id}.{said.revision}.page.previewed",
        source="/varsel/render",
        subject=said.id,
        time=said.at,
        traceparent=new_traceparent(),
        data=Preview(revision=said, token="0" * 32),
    )
    await up.tell(event)
    await up.settled()


async def previewed(up: System, said: Revision) -> MailPreview:
    await preview(up, said)
    found = [event.data for event in await up.told() if isinstance(event, MailPreviewed)]
    assert found[-1].revision == said.revision
    assert found[-1].sha256 == said.sha256
    return found[-1]


async def test_a_first_alert_would_reach_whoever_is_a_member_now(up: System) -> None:
    await up.join(*addresses(5))
    await leave(up.redis, 3)
    found = await previewed(up, original)
    assert found.audience == 4
    assert found.subject == "Sikkerhetsvarsel: Utgave 1"
    await up.publish(original)
    await up.delivery()
    mail = up.relay.mails[0].message
    assert found.subject == mail["Subject"]
    link = "https://varsel.example.org/member/unsubscribe/"
    for said, part in ((found.text, "plain"), (found.html, "html")):
        sent = mail.get_body((part,)).get_content().replace("\r\n", "\n")
        assert said.partition(link)[0].strip() == sent.partition(link)[0].strip()
        assert f"{link}eksempel" in said


async def test_an_alert_would_not_reach_an_address_that_is_gone(up: System) -> None:
    await up.join(*addresses(5))
    await address_is_gone(up, 2, 4)
    await leave(up.redis, 4)  # counted once
    found = await previewed(up, original)
    assert (found.audience, found.first, found.gone, found.no_address) == (3, 3, 1, 1)
    await up.publish(original)
    done = await up.delivery()
    assert (done["handed_over"], done["suppressed"]) == (found.audience, found.no_address)


async def test_a_correction_would_reach_whom_the_alert_did_whatever_came_back_since(
    up: System,
) -> None:
    await up.join(*addresses(3))
    await address_is_gone(up, 1)
    await up.publish(original)
    await up.delivery()
    await address_is_gone(up, 1, 2)
    found = await previewed(up, corrected)
    assert (found.audience, found.no_address) == (2, 0)
    await up.publish(corrected)
    assert (await up.delivery_of(corrected))["handed_over"] == found.audience


async def test_an_exercise_would_reach_staff(up: System) -> None:
    await up.join(*addresses(5))
    file = io.BytesIO(b"email,name,lang\nstab@example.org,Stab,nb\n")
    await import_members(up.redis, up.settings, file, consent="Ja", staff=True)
    found = await previewed(up, revision(alert(alert=alert_fields() | {"mode": "exercise"})))
    assert found.audience == 1
    assert found.subject.startswith("ØVELSE: ")


async def test_a_correction_would_reach_whom_the_script_then_counts(notify: System) -> None:
    """Of four: one has it, one failed, one is open, and one who left since has it."""
    await notify.join(*addresses(4))
    notify.relay.rcpt = lambda to: (
        "451 4.7.1 later" if "medlem3" in to else these("medlem2@example.org")(to)
    )
    await notify.publish(original)
    async with running(notify):
        await until(lambda: {"medlem3@example.org"} <= set(notify.relay.tried))
        await until(lambda: len(notify.relay.mails) == 2)
        await leave(notify.redis, 4)
        await until(lambda: _sums(notify, (2, 1, 1)))
        assert (await previewed(notify, changed(2, "edit", original))).audience == 1
        assert (await previewed(notify, withdrawn)).audience == 2
        found = await previewed(notify, corrected)
        assert found.audience == 3
        assert found.subject == "RETTET: Sikkerhetsvarsel: Utgave 3"
        assert "Dosen var feil" in found.text
        await notify.publish(corrected)
        assert (await notify.delivery_of(corrected, "sending"))["audience"] == 3


async def _sums(up: System, wanted: tuple[int, int, int]) -> bool:
    found = await up.delivery("sending")
    return (found["handed_over"], found["failed"], found["open"]) == wanted


async def test_news_and_what_was_never_mailed(up: System) -> None:
    await up.join(*addresses(2))
    await preview(up, revision(news()))
    assert not await up.told()
    change = Change(kind="correction", note="Ny dose.")
    found = await previewed(up, revision(alert(), revision=2, change=change))
    assert (found.audience, found.subject[:8]) == (2, "Sikkerhe")
    assert not up.relay.tried


async def test_a_preview_tells_how_large_the_mail_is_and_what_the_relay_takes(up: System) -> None:
    up.relay.largest = 123_456
    await up.join(*addresses(2))
    found = await previewed(up, original)
    assert (found.relay_takes, found.refused, found.cut_by_gmail) == (123_456, "", False)
    await up.publish(original)
    await up.delivery()
    sizes = [len(mail.content) for mail in up.relay.mails]
    # No member has a longer name or address than there may be.
    assert max(sizes) <= found.size < max(sizes) + 2500


async def test_a_mail_that_is_larger_than_the_relay_takes_is_refused(up: System) -> None:
    """At the very octet."""
    up.relay.largest = (await previewed(up, original)).size
    assert (await previewed(up, original)).refused == ""
    up.relay.largest -= 1
    found = await previewed(up, original)
    assert (found.refused, found.relay_takes) == ("too_large", up.relay.largest)
    assert found.text  # it can be looked at all the same


@pytest.mark.parametrize("largest", [None, 0])
async def test_a_relay_that_names_no_limit_takes_all(up: System, largest: int | None) -> None:
    up.relay.largest = largest
    found = await previewed(up, original)
    assert (found.refused, found.relay_takes) == ("", None)


async def test_a_relay_that_is_down_keeps_no_preview_waiting(up: System) -> None:
    await up.relay.stop()
    found = await previewed(up, original)
    assert (found.refused, found.relay_takes) == ("", None)
    assert found.size > 5000


async def test_a_mail_that_gmail_would_cut_says_so(up: System) -> None:
    medicine = {"substance": "prøvomab", "brands": ["Provo"], "batches": ["å" * 300] * 50}
    long = revision(alert(alert=alert_fields() | {"medicines": [medicine] * 8}))
    found = await previewed(up, long)
    assert (found.cut_by_gmail, found.refused) == (True, "")


async def test_a_text_with_a_mark_is_refused_before_anybody_approves_it(up: System) -> None:
    found = await keys.load(up.redis, secret_key(up.settings))
    mark = Marks(found.marks, f"{DELIVERY} 1 alert").of("token")
    told = await previewed(up, revision(alert(title=f"Se {mark}")))
    assert (told.refused, told.size) == ("unsafe", 0)


async def test_a_correction_is_measured_as_those_get_it_who_have_the_alert(up: System) -> None:
    await up.join(*addresses(2))
    await up.publish(original)
    await up.delivery()
    first = await previewed(up, original)
    found = await previewed(up, corrected)
    assert found.size > first.size
    await up.publish(corrected)
    await up.delivery_of(corrected)
    assert max(len(mail.content) for mail in up.relay.mails) <= found.size
