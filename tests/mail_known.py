"""What ingest knows of an alert's mail once notify has told of it."""

from typing import Any

from redis.asyncio import Redis

from services.ingest.lifecycle.store import Articles
from services.ingest.receipts.previews import PreviewReceipts, mail_previewed
from shared.event_data import MailPreview


async def mail_known(redis: Redis, article: str, **about: Any) -> None:
    """As if notify had told what mail the newest revision would be. Without `about` it tells only
    what is not known yet."""
    life = await Articles(redis).life(article)
    if life is None or (not about and await PreviewReceipts(redis).mail(life)):
        return
    said: dict[str, Any] = {
        "article": article,
        "revision": life.revision,
        "sha256": life.sha256,
        "subject": "Sikkerhetsvarsel",
        "text": "Hei",
        "html": "<p>Hei</p>",
        "audience": 5,
        "size": 12_345,
        "relay_takes": 10_240_000,
        "cut_by_gmail": False,
        "refused": "",
    }
    for op in mail_previewed(MailPreview.model_validate(said | about)).ops:
        await redis.execute_command(*op)
