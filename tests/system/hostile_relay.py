"""A relay that quotes addresses wherever it can, and fails in every way."""

import re
from collections import Counter

from tests.notify.relay_server import BREAK, Relay
from tests.system import canary


class HostileRelay(Relay):
    """Refuses in many ways, and quotes the address each time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.mail = self._mail
        self.senders = 0
        self.rcpt = self._rcpt
        self.after_data = self._after_data

    def _mail(self, sender: str) -> str | None:
        self.senders += 1
        if self.senders == 1:
            return f"553 5.7.1 <{sender}>: no mail from you for <{canary.TAKEN.wire}>"
        return None

    def _rcpt(self, address: str) -> str | None:
        self.asked[address] += 1
        soon = self.asked[address] > 2
        if address == canary.UNKNOWN.wire:
            return f"550 5.1.1 <{address}>: no such user {address} here"
        if address == canary.LATER.wire and self.asked[address] == 1:
            return f"450 4.2.0 {address} is greylisted"
        if address == canary.STAFF.wire:
            return f"550 5.1.1 <{address}>: {canary.STAFF.name} is not here"
        if address == canary.BROKEN.wire and not soon:
            return BREAK
        return None

    def _after_data(self, address: str) -> str | None:
        if address == canary.REFUSED.wire and self.asked[address] <= 2:
            return f"554 5.6.0 mail for <{address}> refused"
        return None

    def link_of(self, member: canary.Canary) -> str:
        """The one-click link in the newest mail to `member`."""
        [*_, mail] = [taken for taken in self.mails if taken.recipient == member.wire]
        [link] = re.findall(r"<(https?:[^>]*)>", str(mail.head["List-Unsubscribe"]))
        return re.sub(r"\s", "", link)
