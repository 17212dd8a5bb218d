"""What was heard of a mail of ours."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.bounces.codes import Reason, reason
from services.notify.bounces.reading.said import Said, Says
from services.notify.vault.return_paths import SentMail


@dataclass(frozen=True)
class Heard:
    """What somebody told us of a mail of ours. Whose it is, only the token has said."""

    sent: SentMail
    delivery: str
    said: Said
    at: datetime

    @property
    def has_come_back(self) -> bool:
        return self.said.says is Says.RETURNED

    @property
    def reason(self) -> Reason | None:
        """What its code says of the address; none if the mail has not come back."""
        return reason(self.said.code) if self.has_come_back else None
