"""`/redaksjon/inn/konto/`: log in by the association's own accounts, if it has set that up.

An account lets in whoever's it is: an invitation makes it theirs, nothing else does. What was asked
is kept for a quarter of an hour in `ingest:oidc:{hash}`, for the browser that asked, and once.
"""

import hmac
import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.doors.log_in import page_of_ours
from services.ingest.newsroom.doors.provider import (
    LogInQuestion,
    Provider,
    ProviderAway,
    ProviderRefused,
)
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.people.accounts import Accounts, account_id
from services.ingest.people.invitations import Invitations
from services.ingest.people.person import Person
from shared import log
from shared.visitors.sessions import Proof

START = "/redaksjon/inn/konto/"
BACK = "/redaksjon/inn/konto/svar/"
_LIFE_SECONDS = 15 * 60


class Outside:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._redis = parts.redis
        self._provider = Provider(parts.settings, f"{parts.settings.site}{BACK}")
        self._accounts = Accounts(parts.redis)
        self._invitations = Invitations(parts.redis)
        self._door = door
        self._look = look

    async def start(self, request: Request) -> Response:
        """POST: on to the provider. By a page, since a form may be sent to us alone."""
        visit = await self._door.known(request)
        form = await self._door.form_of_stranger(request)
        asking = LogInQuestion(*(secrets.token_urlsafe(32) for _ in range(3)))
        try:
            address = await self._provider.address(asking)
        except ProviderAway as away:
            return self._refuse(visit, str(away), "away", 503)
        kept = {
            "nonce": asking.nonce,
            "verifier": asking.verifier,
            "invitation": form.text("invitasjon"),
            "after": page_of_ours(form.text("til")),
        }
        await self._redis.set(self._place(asking.state, visit), json.dumps(kept), ex=_LIFE_SECONDS)
        headers = {"Refresh": f"0; url={address}"}
        return self._look.page(visit, "doors/outside.html", headers=headers, address=address)

    async def back(self, request: Request) -> Response:
        """GET: back from the provider."""
        visit = await self._door.known(request)
        state = request.query_params.get("state", "")
        stored = await self._redis.getdel(self._place(state, visit))
        if stored is None:
            return self._refuse(visit, "not asked, or not by this browser", "stale", 403)
        kept: dict[str, Any] = json.loads(stored)
        asking = LogInQuestion(state, kept["nonce"], kept["verifier"])
        try:
            code = request.query_params.get("code", "")
            subject = await self._provider.subject(asking, code)
        except ProviderAway as away:
            return self._refuse(visit, str(away), "away", 503)
        except ProviderRefused as refused:
            return self._refuse(visit, str(refused), "stale", 403)
        account = account_id(self._provider.issuer, subject)
        person = await self._person(account, kept["invitation"])
        if person is None:
            return self._refuse(visit, "an account of nobody here", "unknown", 403)
        response = to(kept["after"])
        await self._door.log_in(visit, response, person, Proof.OTHER)
        return response

    async def _person(self, account: str, invitation: str) -> Person | None:
        """Whom the account lets in; with an invitation, it becomes theirs first."""
        known = await self._accounts.find(account)
        invited = await self._invitations.look(invitation) if invitation else None
        if invited is None or (known and known.id != invited.id):
            return known if not invitation else None
        way_in = None if known else self._accounts.way_in(account, invited)
        person = await self._invitations.use(invitation, way_in)
        if person is None:
            return None
        await self._door.sessions.end_all(person.id)
        return person

    def _refuse(self, visit: StaffVisit, reason: str, why: str, status: int) -> Response:
        log.get("ingest").info("log_in_refused", reason=reason)
        return self._look.page(visit, "doors/outside_refused.html", status, why=why)

    def _place(self, state: str, visit: StaffVisit) -> str:
        hashed = hmac.digest(visit.browser.encode(), state.encode(), "sha256").hex()
        return f"ingest:oidc:{hashed}"
