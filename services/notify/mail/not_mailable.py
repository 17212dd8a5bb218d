"""Pure: why nobody can be mailed an alert as it is written, whoever they are."""

from typing import Literal

NotMailableWhy = Literal["unsafe", "too_large"]


class NotMailable(Exception):
    """The alert's mail must not be built. It is no ValueError: those are laid to a member's record.

    `why` is the delivery's cause. `unsafe`: a text of it has what only notify may put in a mail.
    `too_large`: the relay takes no mail of its size.
    """

    def __init__(self, why: NotMailableWhy, said: str) -> None:
        super().__init__(said)
        self.why = why
