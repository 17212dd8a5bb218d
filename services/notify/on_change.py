"""What each room does as members come back and are erased: for the service, and for commands."""

from functools import partial

from redis.asyncio import Redis

from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.ledger.forget import forget_member
from services.notify.members.membership import OnChange
from services.notify.vault.vault import Vault
from services.notify.visitors.sessions import end_all


def on_change(redis: Redis, vault: Vault) -> OnChange:
    """All of them. Whoever opens the members to erase somebody needs it."""
    choices = Choices(redis, vault)
    return OnChange(
        returned=[choices.carry_over],
        erased=[
            choices.gone,
            partial(forget_member, redis),
            Bounces(redis, vault).forget,
            partial(end_all, redis),
        ],
    )
