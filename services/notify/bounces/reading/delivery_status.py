"""Pure: delivery status notifications (RFC 3464, and RFC 6533 for addresses beyond ASCII)."""

from collections.abc import Iterator
from email.message import Message

from services.notify.bounces.reading.said import Said, Says, codes

_TYPES = ("message/delivery-status", "message/global-delivery-status")


def read(mail: Message) -> Said | None:
    """What a notification says; none if the mail is none.

    Each mail of ours goes to one address, but that may be an alias of several. It has not arrived
    if it arrived at none of them: then every group of fields has the action `failed`.
    """
    groups = list(_groups(mail))
    if not groups:
        return None
    actions = [str(group["Action"]).strip().lower().partition(" ")[0] for group in groups]
    if any(action != "failed" for action in actions):
        return Said(Says.NO_NEWS, shape="dsn")
    return Said(Says.RETURNED, _code(groups[0]), "dsn")


def _groups(mail: Message) -> Iterator[Message]:
    """The fields of each recipient. Those of the mail itself come before them, without action."""
    for part in mail.walk():
        if part.get_content_type() in _TYPES:
            payload = part.get_payload()
            blocks = payload if isinstance(payload, list) else []
            yield from (block for block in blocks if "Action" in block)  # type: ignore[misc]


def _code(group: Message) -> str:
    """The status. If it says no more than its class (Exim's does), the relay's own reply may."""
    (status,) = codes(str(group["Status"]), of="45")[:1] or ("5.0.0",)
    if not status.endswith(".0.0"):
        return status
    told = codes(str(group["Diagnostic-Code"]), of=status[0])
    return told[0] if told else status
