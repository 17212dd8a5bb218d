"""What was heard of a mail of ours."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.bounces.codes import Reason, reason
from services.notify.bounces.reading.notice import Notice, Says
from services.notify.vault.return_paths import SentMail


@dataclass(frozen=True)
class Heard:
    """What somebody told us of a mail of ours. Whose it is, only the token has said."""

    sent: SentMail
    delivery: str
    notice: Notice
    at: datetime

    @property
    def has_come_back(self) -> bool:
        return self.notice.says is Says.RETURNED

    @property
    def reason(self) -> Reason | None:
        """What its code says of the address; none if the mail has not come back."""
        return reason(self.notice.code) if self.has_come_back else None
