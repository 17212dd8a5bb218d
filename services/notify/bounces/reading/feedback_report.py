"""Pure: complaints, as providers forward them (ARF, RFC 5965)."""

from email.message import Message

from services.notify.bounces.reading.said import Said, Says

_COMPLAINTS = ("abuse", "fraud", "opt-out", "opt-out-list")
_NO_NEWS = ("not-spam",)
"""The member says that it was no spam after all (RFC 6430)."""


def read(mail: Message) -> Said | None:
    """What a report says; none if the mail is none. Whose mail it was about is not read: many
    providers leave the address out, and it is known by the token."""
    for part in mail.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        payload = part.get_payload()
        fields = payload[0] if isinstance(payload, list) and payload else part
        if not isinstance(fields, Message):
            continue
        kind = str(fields.get("Feedback-Type", "")).strip().lower()
        if kind in _COMPLAINTS:
            return Said(Says.COMPLAINT, shape="arf")
        if kind in _NO_NEWS:
            return Said(Says.NO_NEWS, shape="arf")
        return Said(Says.ABOUT_US, shape="arf")
    return None
