"""Stops an alert in its hold if its mail cannot be sent. One that is published already has a
delivery, which notify itself holds."""

from dataclasses import dataclass

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.refusals import why_not_mailable
from services.ingest.lifecycle.steps import THE_CLOCK, StepResult, Turn
from shared.event_data import MailPreview


@dataclass(frozen=True)
class StopIfItWaits:
    """The wish that the revision of this mail is not published, if it waits for its time."""

    mail: MailPreview

    title = None  # stopping leaves it as it is

    def decide(self, stored: StoredArticle | None, _: str, turn: Turn) -> Decision:
        stored = require(stored)
        life, mail = stored.life, self.mail
        is_it = (life.revision, life.sha256) == (mail.revision, mail.sha256)
        if not is_it or life.state != "approved":
            return Decision(StepResult(life), stored.head)
        return Decision(steps.stop(life, turn, why_not_mailable(mail)), stored.head)


async def stop_unmailable(advance: AdvanceArticle, mail: MailPreview) -> None:
    """Make the revision a draft again, with the reason, if it waits for its time."""
    await advance(mail.article, StopIfItWaits(mail), THE_CLOCK)
