"""What tests of ingest send it, and what they wait for."""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.ingest.conftest import Ingest
from tests.wait import until


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    image = Image.new(mode, size)
    image.paste(200, (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


async def all_read(ingest: Ingest, stream: str) -> None:
    """Wait until ingest has settled every entry of `stream`."""

    async def read() -> bool:
        for group in await ingest.redis.xinfo_groups(stream):
            if group["name"] == b"ingest":
                return group["lag"] == 0 and group["pending"] == 0
        return False

    await until(read)
