"""What is said of an alert that no subject narrows. Pure."""

from services.ingest.reading.text_check.findings import Warning, excerpt
from shared.subjects.match import Matched

_NAMED = 3
"""How many names are told at most."""


def unmatched(matched: Matched) -> tuple[Warning, ...]:
    """The warning that names of an alert are no subject's, so that it goes to all; empty if it goes
    to all anyway, or each is known."""
    names = [f"«{excerpt(name)}»" for name in matched.unmatched]
    if matched.extreme or not names:
        return ()
    more = f" og {len(names) - _NAMED} til" if len(names) > _NAMED else ""
    return (
        Warning(
            "alert",
            f"{', '.join(names[:_NAMED])}{more} er ikke navn på noe emne som medlemmer kan velge, "
            "så varselet går til alle. Er det en skrivefeil, så rett den; ellers kan emnet tas inn "
            "(varsel subjects import)",
        ),
    )
