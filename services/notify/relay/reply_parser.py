"""Pure: the bytes that a relay sends → replies (RFC 5321, section 4.2)."""

from functools import lru_cache

LONGEST = 65_536
"""Bytes of one reply; a relay that says more has lost its way."""
_LONGEST_KEPT = 256
"""Bytes of a line whose reading is kept: relays say the same few lines to every mail."""


class ReplyParser:
    """Takes what the relay sends in any pieces: half a reply, or several at once if we pipeline."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._length = 0

    def feed(self, data: bytes) -> list[tuple[int, str]]:
        """Code and words of each reply that is complete now; lines are joined by a line feed.

        ValueError if what was sent is no reply of SMTP, or too long a one.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        replies = []
        for line in lines:
            code, words, is_last = _kept(line) if len(line) <= _LONGEST_KEPT else _read(line)
            if is_last and not self._lines:  # as nearly always
                self._length = 0
                replies.append((code, words))
                continue
            self._length += len(line)
            if self._length > LONGEST:
                raise ValueError("an endless reply")
            self._lines.append(words)
            if is_last:
                replies.append((code, "\n".join(self._lines)))
                self._lines.clear()
                self._length = 0
        if self._length + len(self._rest) > LONGEST:
            raise ValueError("an endless reply")
        return replies


def _read(line: bytes) -> tuple[int, str, bool]:
    """Code and words of a line, and whether the reply ends with it."""
    line = line.rstrip(b"\r")
    if not line[:3].isdigit() or len(line) < 3 or line[3:4] not in (b"", b" ", b"-"):
        raise ValueError("no reply of SMTP")
    if len(line) > LONGEST:
        raise ValueError("an endless reply")
    return int(line[:3]), line[4:].decode(errors="replace"), line[3:4] != b"-"


_kept = lru_cache(maxsize=64)(_read)
