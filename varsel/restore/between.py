"""What happened between a backup and its being put back, as far as journal and site tell. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.notify.journal.entries import EntryKind, JournalState
from services.notify.ledger.states import STATES, State

LEAST_MARGIN = 1000
"""Member numbers that are passed over at least if the journal is lost; or a tenth of all."""
REVISION_MARGIN = 100
"""The same for the revisions of an article if no site tells what readers have."""


class Between(BaseModel):
    """What a person is shown before they let a restored system go on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    made_at: AwareDatetime
    """The backup."""
    restored_at: AwareDatetime
    journal_is_lost: bool
    """Whether nobody can say who left since the backup."""
    has_site: bool
    left: int
    """How many left since, by the journal."""
    erased: int
    deliveries: tuple[str, ...]
    """Those that were started since, by the journal."""
    newer: dict[str, tuple[int, int]]
    """Articles of which the site shows a newer revision: that, and the newest one of the copy."""
    unknown: tuple[str, ...]
    """Articles that the site shows and the copy has not."""
    trail_is_older: bool
    """Whether the site shows a root of the audit trail that the copy has not reached."""


def ended_since(state: JournalState, made_at: datetime) -> tuple[int, int]:
    """How many left after `made_at`, and how many of all that ended then were erased."""
    since = [entry for entry in state.gone.values() if entry.at > made_at]
    erased = sum(entry.kind is EntryKind.ERASED for entry in since)
    return len(since) - erased, erased


def numbers_until(state: JournalState, last: int, *, is_lost: bool) -> int:
    """The member number up to which all may have been given. `last` is the copy's."""
    highest = max(state.highest, last)
    return highest + max(LEAST_MARGIN, highest // 10) if is_lost else highest


def revisions_until(
    kept: Mapping[str, int], shown: Mapping[str, int], started: Collection[str], *, has_site: bool
) -> dict[str, int]:
    """For each article of `kept`, which has the copy's newest revision, the one up to which all may
    be in somebody's hands: as the site has `shown` it, or the journal knows its delivery as
    `started`."""
    margin = 0 if has_site else REVISION_MARGIN
    until = {
        article: max(revision + margin, shown.get(article, 0)) for article, revision in kept.items()
    }
    for delivery in started:
        article, _, revision = delivery.rpartition(".")
        if article in until and revision.isdigit():
            until[article] = max(until[article], int(revision))
    return until


def newer_than(kept: Mapping[str, int], shown: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The articles that are shown in a newer revision than the copy has."""
    return {
        article: (revision, kept[article])
        for article, revision in shown.items()
        if revision > kept.get(article, revision)
    }


def in_doubt(ledger: bytes) -> bytes:
    """A ledger of a delivery under way: since the copy was made, each open member may have been
    mailed, so each is as if a worker had them in hand. Then a later correction is owed to them."""
    return ledger.translate(_IN_DOUBT)


_IN_DOUBT = bytes(
    byte - byte % STATES + State.SENDING
    if byte % STATES in (State.PLANNED, State.DEFERRED)
    else byte
    for byte in range(256)
)
"""What each byte of a ledger becomes if the mail may have gone since; flags stay."""
