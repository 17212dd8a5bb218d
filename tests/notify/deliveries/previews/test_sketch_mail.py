"""Whoever writes an alert sees the mail that it would be, before anybody is asked to approve it."""

from datetime import UTC, datetime

from shared.event_data import MailSketch, Preview
from shared.events import MailPreviewed, MailSketched, PagePreviewed, PageSketched
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.make import news, revision
from tests.notify.revisions import changed, corrected, original
from tests.notify.steps import addresses
from tests.notify.system import System


async def tell(up: System, said: Revision, model: type[PageSketched | PagePreviewed]) -> None:
    kind = model.model_fields["type"].default
    await up.tell(
        model(
            id=f"{said.id}.{said.revision}.{kind}.1",
            source="/varsel/render",
            subject=said.id,
            time=datetime.now(UTC),
            traceparent=new_traceparent(),
            data=Preview(revision=said, token="0" * 32),
        )
    )
    await up.settled()


async def sketches(up: System) -> list[MailSketch]:
    return [event.data for event in await up.told() if isinstance(event, MailSketched)]


async def test_the_sketch_is_the_mail_that_an_approver_would_see(up: System) -> None:
    await up.join(*addresses(2))
    await tell(up, original, PageSketched)
    [sketch] = await sketches(up)
    await tell(up, original, PagePreviewed)
    [preview] = [one.data for one in await up.told() if isinstance(one, MailPreviewed)]
    assert (sketch.article, sketch.sha256) == (original.id, original.sha256)
    for part in ("subject", "text", "html"):
        assert getattr(sketch, part) == getattr(preview, part)
    assert up.relay.mails == []


async def test_of_what_is_written_about_a_sent_alert_it_is_the_correction(up: System) -> None:
    await up.join(*addresses(2))
    await up.publish(original)
    await up.delivery()
    await tell(up, corrected, PageSketched)
    [sketch] = await sketches(up)
    assert sketch.subject.startswith("RETTET: ")
    assert len(up.relay.mails) == 2, "nobody got any of it"


async def test_only_the_last_sketch_stays_and_news_has_none(up: System) -> None:
    await tell(up, original, PageSketched)
    await tell(up, changed(1, "edit"), PageSketched)
    [sketch] = await sketches(up)
    assert sketch.sha256 == changed(1, "edit").sha256
    await tell(up, revision(news(), id="ennyhet00000"), PageSketched)
    assert len(await sketches(up)) == 1
