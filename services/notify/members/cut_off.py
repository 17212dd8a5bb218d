"""Whoever is logged in as a member is out, and has no passkey: only a letter lets anybody in."""

from services.notify.members.store import Members
from services.notify.passkeys.store import MemberPasskeys
from shared.visitors.sessions import MEMBER_SESSIONS, end_all


async def cut_off(members: Members, passkeys: MemberPasskeys, number: int) -> None:
    """End every session, and drop every passkey, of all numbers of this number's member.
    Idempotent; redis-py's errors."""
    for one in await members.numbers_of(number):
        await end_all(members.redis, MEMBER_SESSIONS, str(one))
        await passkeys.forget(one)
