"""A person of the staff, and what their role lets them do. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

from shared.languages.say import Nb

Role = Literal["editor", "approver", "admin"]
"""Each may do all that those before it may."""
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: Nb[dict[Role, str]] = {
    "editor": "skriver",
    "approver": "godkjenner",
    "admin": "administrator",
}
"""In bokmål, as people read them."""


@dataclass(frozen=True)
class Person:
    """A person of the staff, as they are now."""

    id: str
    """Theirs for good: 16 hexadecimal digits. What counts persons counts these."""
    name: str
    """For people to read. No two persons have the same one."""
    role: Role

    def may(self, role: Role) -> bool:
        """Whether they may do what somebody with this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def is_role(text: str) -> bool:
    """Whether there is a role of this name."""
    return text in ROLES
