"""Pure: marks, which stand in a mail until a member's values do, and the boundary of its parts.

Whoever could write one into an alert would get members' addresses and tokens into a text of their
own, or end a part of the mail where they like. So nobody can know them without a key of notify's,
and a mail in which one stands anywhere but in its own places is not built.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.mail.not_mailable import NotMailable
from services.notify.vault.tokens import TOKEN_LENGTH


@dataclass(frozen=True, repr=False)
class Marks:
    """The marks of one mail: `key` is the vault's for marks, `seed` names the mail."""

    key: bytes
    seed: str

    def of(self, slot: str) -> str:
        """What stands for the slot's value. It is as long as a token and of the same alphabet, so
        that quoted-printable breaks lines at the same places."""
        said = f"{self.seed} {slot}".encode()
        return hmac.digest(self.key, said, "sha256").hex()[:TOKEN_LENGTH]


def require_in_place(
    text: str | bytes, marks: Mapping[str, str], places: Mapping[str, int]
) -> None:
    """NotMailable unless each of `marks`, by slot, stands in the text as often as `places` says; a
    slot that is not there has none. Bytes are those of a mail, where quoted-printable's soft line
    breaks (RFC 2045, section 6.7) may cut a mark."""
    if isinstance(text, bytes):
        text = text.replace(b"=\r\n", b"").decode("ascii")
    for slot, mark in marks.items():
        if text.count(mark) != places.get(slot, 0):
            raise NotMailable("unsafe", f"the mark of {slot} stands where it must not")
