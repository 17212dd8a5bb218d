"""Why a picture that a body shows is not there."""

from collections.abc import Sequence

from services.ingest.pictures.store import Pictures
from services.ingest.problems import FieldError
from services.ingest.reading.body import never_uploaded
from services.ingest.reading.paths import clean


async def missing_pictures(
    pictures: Pictures, person: str, addresses: Sequence[str]
) -> list[FieldError]:
    """What to say of each of the `addresses`, none of which `pictures` has found. Raises redis-py's
    errors."""
    not_made = await pictures.not_made(person, addresses)
    errors = []
    for address in addresses:
        found = not_made.get(address)
        if found is None:
            errors.append(never_uploaded(address))
        elif found.refused is None:
            name = clean(found.uploaded_as)
            words = f"bildet «{name}» er ikke klart ennå; vent litt, og prøv igjen"
            errors.append(FieldError("body", words))
        else:
            errors.append(FieldError("body", f"fjern bildet fra teksten: {found.refused}"))
    return errors
