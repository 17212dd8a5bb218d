"""What a page needs that asks for a passkey, and what becomes of the browser's answer."""

from redis.asyncio import Redis

from services.ingest.newsroom.visit import StaffDoor, StaffVisit
from services.ingest.people.passkeys import StaffPasskeys
from services.ingest.people.person import Person
from shared.passkeys.ceremonies import BrowserAnswer, Passkey, PasskeyRefused
from shared.visitors.sessions import Proof

_LOG_IN = "log in"


class WithPasskey:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis, door: StaffDoor) -> None:
        self.held = StaffPasskeys(redis)
        self._door = door

    @property
    def can_be(self) -> bool:
        """Whether browsers make passkeys at the site's address."""
        return self._door.ceremonies.can_be

    def to_log_in(self, visit: StaffVisit) -> str:
        """What the visitor's browser is asked, as JSON, to log in; empty if it cannot be."""
        if not self.can_be:
            return ""
        challenge = self._door.challenges.make(visit.browser, _LOG_IN)
        return self._door.ceremonies.to_log_in(challenge)

    async def log_in(self, visit: StaffVisit, answer: str) -> Person:
        """Whose passkey answered. PasskeyRefused if nobody's did."""
        claimed = BrowserAnswer.of(answer)
        held = await self.held.find(claimed.id)
        if not await self._door.challenges.use(claimed.challenge, visit.browser, _LOG_IN):
            raise PasskeyRefused("the page was open for too long, or sent this before")
        if held is None:
            raise PasskeyRefused("nobody here has this passkey")
        count = self._door.ceremonies.used(answer, claimed.challenge, held.passkey)
        if not await self.held.note_use(held, count):
            raise PasskeyRefused("it was used or removed at the same moment")
        return held.person

    async def to_make(self, visit: StaffVisit, person: Person) -> str:
        """What the visitor's browser is asked, as JSON, to make a passkey of this person; empty if
        passkeys do not work here."""
        if not self.can_be:
            return ""
        return self._door.ceremonies.to_make(
            self._door.challenges.make(visit.browser, _making(visit, person)),
            handle=bytes.fromhex(person.id),
            name=person.name,
            has=list(await self.held.of(person.id)),
        )

    async def may_make(self, visit: StaffVisit) -> bool:
        """Whether whoever is logged in has just shown who they are, by a passkey or an invitation;
        a person who has no passkey yet, by whatever let them in. Else a browser that somebody left
        open would make a lasting way in."""
        has = await self.held.of(visit.who.id)
        proofs = (Proof.PASSKEY, Proof.INVITATION) if has else tuple(Proof)
        return visit.found is not None and visit.found.is_fresh(*proofs)

    async def made(self, visit: StaffVisit, person: Person, answer: str) -> Passkey:
        """The passkey that was made; nobody has it yet. PasskeyRefused if none was."""
        claimed = BrowserAnswer.of(answer)
        if not await self._door.challenges.use(
            claimed.challenge, visit.browser, _making(visit, person)
        ):
            raise PasskeyRefused("the page was open for too long, or sent this before")
        return self._door.ceremonies.made(answer, claimed.challenge)


def _making(visit: StaffVisit, person: Person) -> str:
    """Only for the session that the page was shown in: there it was known who asks."""
    return f"make {person.id} {visit.session}"
