"""Flow: a person's address was given. A letter goes to it, so that a wrong one is found before the
first word that matters."""

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters


async def give_address(letters: Letters, person: str) -> None:
    """Have that letter sent. redis-py's errors."""
    await letters.ask(Asked(LetterKind.STAFF, "", staff=person, about="address"))
