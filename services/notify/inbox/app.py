"""The inbox: keeps the mail of a system without a relay, for people to look at.

Takes   mail by SMTP on 127.0.0.1, on a port that `start` gives
Serves  /inbox/            the list, newest first
        /inbox/N           one mail; /inbox/N/html is its HTML part, locked in
        /inbox/api/…       the same as JSON
Owns    notify:inbox*      in Redis: the newest thousand mails
"""

from redis.asyncio import Redis

from services.notify.inbox.mails import Mails
from services.notify.inbox.pages import create
from services.notify.inbox.smtp import SmtpServer


class Inbox:
    """SMTP server and pages, on one store."""

    def __init__(self, redis: Redis) -> None:
        mails = Mails(redis)
        self._smtp = SmtpServer(mails)
        self.http = create(mails)
        """The ASGI app for `/inbox/…`."""

    async def start(self) -> int:
        """Take mail from now on; gives the SMTP port."""
        return await self._smtp.start()

    async def stop(self) -> None:
        """Take no more mail, and end the conversations that are open."""
        await self._smtp.stop()
