"""What was heard of a mail of ours."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.bounces.codes import Meaning, meaning
from services.notify.bounces.reading.report import Kind, Report
from services.notify.vault.return_paths import SentMail


@dataclass(frozen=True)
class Heard:
    """What somebody told us of a mail of ours. Whose it is, only the token has said."""

    sent: SentMail
    delivery: str
    report: Report
    at: datetime

    @property
    def has_come_back(self) -> bool:
        return self.report.kind is Kind.RETURNED

    @property
    def meaning(self) -> Meaning | None:
        """What its code says of the address; none if the mail has not come back."""
        return meaning(self.report.code) if self.has_come_back else None
