"""Pure: the bytes that a relay sends → replies (RFC 5321, section 4.2)."""

LONGEST = 65_536
"""Bytes of one reply; a relay that says more has lost its way."""


class ReplyParser:
    """Takes what the relay sends in any pieces: half a reply, or several at once if we pipeline."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._length = 0

    def feed(self, data: bytes) -> list[tuple[int, str]]:
        """Code and words of each reply that is complete now; lines are joined by a line feed.

        ValueError if what was sent is no reply of SMTP, or too long a one.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        replies = [reply for line in lines if (reply := self._line(line.rstrip(b"\r")))]
        if self._length + len(self._rest) > LONGEST:
            raise ValueError("an endless reply")
        return replies

    def _line(self, line: bytes) -> tuple[int, str] | None:
        if not line[:3].isdigit() or len(line) < 3 or line[3:4] not in (b"", b" ", b"-"):
            raise ValueError("no reply of SMTP")
        self._lines.append(line[4:])
        self._length += len(line)
        if self._length > LONGEST:
            raise ValueError("an endless reply")
        if line[3:4] == b"-":
            return None
        text = b"\n".join(self._lines).decode(errors="replace")
        self._lines.clear()
        self._length = 0
        return int(line[:3]), text
