"""A mail did not arrive at an address: the address gets a mark. See marks.py for what follows."""

from cryptography.exceptions import InvalidTag

from services.notify.bounces.codes import Reason
from services.notify.bounces.marks import Mark
from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.store import Bounces
from services.notify.members.store import Members
from services.notify.vault.return_paths import check


async def mark(store: Bounces, members: Members, heard: Heard) -> str | None:
    """Mark the address that the mail went to, if the member has it still. Gives its domain; none if
    nobody is marked: the code speaks of us, or the mail has not come back."""
    if heard.reason not in (Reason.GONE, Reason.NOT_NOW):
        return None
    number = heard.sent.number
    email = await email_of(members, number)
    if email is None or check(email) != heard.sent.address_check:
        return None
    await store.mark(
        number,
        store.domain(email),
        Mark(
            delivery=heard.delivery,
            started=heard.sent.started,
            code=heard.said.code,
            at=int(heard.at.timestamp()),
            address=store.address(email),
        ),
    )
    return email.rpartition("@")[2]


async def email_of(members: Members, number: int) -> str | None:
    """The member's address now; none if they were erased, or their record does not open."""
    sealed = (await members.records([number])).get(number)
    try:
        return members.open(number, sealed).email if sealed else None
    except (InvalidTag, TypeError, ValueError):
        return None
