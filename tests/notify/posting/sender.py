"""A sender in a process of its own, for a test to kill. Settings come from the environment.

Usage: python -m tests.notify.posting.sender REDIS_URL
"""

import asyncio
import sys

from services.notify.posting.send_posts import send_due_posts
from shared import log
from shared.bus import connect
from shared.settings import Settings
from tests.notify.posting.running import given

if __name__ == "__main__":
    log.configure()
    settings = Settings()
    asyncio.run(send_due_posts(connect(sys.argv[1]), settings, given(settings)))
