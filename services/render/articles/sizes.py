"""What there is of a picture beside its file: in the hash `render:pictures`, by its name."""

from collections.abc import Iterable, Sequence

from redis.asyncio import Redis

from services.render.articles.reads import Read
from shared.bus import Effects
from shared.bus.entry import Op
from shared.picture_files import PictureSizes, ScaledPictures

_KEY = "render:pictures"


class Sizes:
    """The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, names: Iterable[str]) -> dict[str, PictureSizes]:
        """What is known of the pictures with these names, by name."""
        wanted = sorted(set(names))
        return sizes_in(await self._redis.hmget(_KEY, wanted) if wanted else [])


def reading(names: Iterable[str]) -> list[Read]:
    """The reads whose answers `sizes_in` takes, to be made with others."""
    return [("HGET", _KEY, name) for name in sorted(set(names))]


def sizes_in(found: Sequence[bytes | str | None]) -> dict[str, PictureSizes]:
    """What Redis has of pictures, by name."""
    sizes = [PictureSizes.model_validate_json(one) for one in found if one]
    return {one.picture.name: one for one in sizes}


def sizes_kept(scaled: ScaledPictures, *also: Op) -> Effects:
    """What to write when pictures have their other files, and `also` what follows."""
    kept: list[Op] = [
        ("HSET", _KEY, one.picture.name, one.model_dump_json()) for one in scaled.sizes
    ]
    return Effects(ops=[*kept, *also])
