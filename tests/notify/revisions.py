"""An alert as members get it, from the first revision to the withdrawal."""

from shared.revision import Change, Past, Revision
from tests.make import alert, revision

original = revision(alert(title="Utgave 1"))


def changed(number: int, kind: str, *earlier: Revision, note: str = "") -> Revision:
    """A later revision of the original."""
    note = note or f"Dosen var feil i utgave {number - 1}."
    change = Change.model_validate({"kind": kind, "note": None if kind == "edit" else note})
    history = tuple(Past(revision=r.revision, at=r.at, change=r.change) for r in earlier)
    return revision(
        alert(title=f"Utgave {number}"), revision=number, change=change, history=history
    )


corrected = changed(3, "correction", original)
corrected_again = changed(4, "correction", original, corrected)
edited = changed(5, "edit", original)
edited_later = changed(5, "edit", original, corrected, corrected_again)
withdrawn = changed(7, "withdrawal", original, corrected)
