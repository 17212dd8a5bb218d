"""What each room does as members come back and are erased: for the service, and for commands."""

from functools import partial

from redis.asyncio import Redis

from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.ledger.forget import forget_member
from services.notify.members.membership import OnChange
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault.vault import Vault
from shared.visitors import sessions


def on_change(redis: Redis, vault: Vault) -> OnChange:
    """What all rooms do. Whoever opens the members to erase somebody needs it."""
    choices = Choices(redis, vault)
    return OnChange(
        returned=[choices.carry_over],
        erased=[
            choices.gone,
            partial(forget_member, redis),
            Bounces(redis, vault).forget,
            partial(_log_out, redis),
        ],
        nothing_left=[MemberPasskeys(redis, vault).forget],
    )


async def _log_out(redis: Redis, number: int) -> None:
    await sessions.end_all(redis, sessions.MEMBER_SESSIONS, str(number))
