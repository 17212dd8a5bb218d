"""Names for addresses, made from titles and file names. Pure."""

import re
import unicodedata

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, *, length: int = 80, empty: str = "sak") -> str:
    """`text` as `[a-z0-9-]`, at most `length` characters. If it is longer, it is cut between two
    words, if it has several. Gives `empty` if nothing of `text` can be written so.
    """
    letters = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode().lower()
    words = _OTHER.sub("-", plain).strip("-")
    if len(words) > length:
        # One character more shows whether the cut falls between two words.
        whole, _, _ = words[: length + 1].rpartition("-")
        words = whole or words[:length]
    return words.strip("-") or empty
