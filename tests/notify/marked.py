"""Members whose mail has come back, as tests have them."""

from datetime import UTC, datetime

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import Bounces
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from tests.notify.system import System

_DAY = 86_400


async def address_is_gone(on: System, *numbers: int) -> None:
    """Mail to the address that each of them has now came back from two deliveries, four days
    apart, for there is no such address."""
    members = await on.members()
    found = await keys.load(on.redis, secret_key(on.settings))
    bounces = Bounces(on.redis, Vault(found.vault, found.index))
    now = int(datetime.now(UTC).timestamp())
    for number, record in (await members.records(list(numbers))).items():
        address = bounces.address(members.open(number, record).email)
        for one, when in (("a.1", now - 4 * _DAY), ("b.1", now)):
            await bounces.mark(number, "d", Mark(one, when, "5.1.1", when, address))
