"""Somebody had the page to approve open, and is of the staff no more, may approve no more, or is
logged out, when they press its button."""

from services.ingest.newsroom.visit import key_of
from services.ingest.people.store import People
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.proof.desk import AtTheDesk, OpenForm
from tests.proof.facts import Who

FALLS = ("revoked", "may not", "logged out")


class Fallen(AtTheDesk):
    def __init__(self) -> None:
        super().__init__()
        self.fallen = 0

    async def falls_before_approving(self, article: str, how: str) -> None:
        """Nothing is done by the button. Who is only logged out sends the same form again."""
        self.fallen += 1
        who = (f"Tor Eksempel {self.fallen}", "approver")
        filled = await self._filled(who, "approve", article)
        if filled is None:
            return
        person, people = await self.world.person(who), People(self.world.redis)
        if how == "revoked":
            await people.revoke(person.id)
        elif how == "may not":
            await people.set_role(person.id, "editor")
        else:
            key = await key_of(self.world.redis)
            await Sessions(self.world.redis, STAFF_SESSIONS, key).end_all(person.id)
        await self._presses_for_nothing(filled)
        if how == "logged out":
            await self.world.logs_in_again(who)
            await self.send_form(filled)

    async def _presses_for_nothing(self, filled: OpenForm) -> None:
        who: Who = filled.who
        before = await self.head(filled.article)
        answer = await self._press(who, filled.form)
        assert answer is not None
        assert answer.status_code == 403, (answer.status_code, answer.text)
        assert await self.head(filled.article) == before
