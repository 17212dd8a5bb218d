"""What the journal says, in the files of all processes."""

from redis.asyncio import Redis

from services.notify.journal import files
from services.notify.journal.entries import JournalState, state_of, unseal
from tests.chaos.deeds.telling import vault_of
from tests.chaos.system import Chaos


async def journal_of(chaos: Chaos, redis: Redis) -> JournalState:
    """ValueError if a line cannot be read: whoever is killed leaves no broken line but the last."""
    vault = await vault_of(redis)
    folders = [process.data / "journal" for process in chaos.workers()]
    lines = [line for folder in folders for line in files.read(folder)[0]]
    return state_of(unseal(vault, line) for line in lines)
