"""What stands in the frames: served so that nothing in it can run or reach the newsroom. Pure."""

import re

from services.ingest.newsroom.look import HEADERS

# Links open in a window of their own: most sites refuse to be framed.
MAIL_HEADERS = HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
}
"""A mail has its style inside it, so it may here, and nowhere else in the newsroom."""
WAITING_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
}
_BEFORE_HEAD_ENDS = re.compile(
    r"\s*(<!doctype[^>]*>)?\s*(<html\b[^>]*>)?\s*(<head\b[^>]*>)?", re.IGNORECASE
)


def links_elsewhere(html: str) -> str:
    """A mail whose links open in a window of their own."""
    head = _BEFORE_HEAD_ENDS.match(html)
    place = head.end() if head else 0
    return f'{html[:place]}<base target="_blank">{html[place:]}'
