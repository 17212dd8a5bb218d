"""Pure: what a client says to an SMTP server, step by step, also where it pipelines.

Steps are `connect`, the commands by name, `content` (a message but for its end) and `dot` (its
end). All that the client sends belongs to a step, so the steps' bytes joined are what it sent.
"""

from collections import deque
from collections.abc import Iterator

END = b".\r\n"


class Conversation:
    """Both sides of one connection. The server's matter, since only its 354 begins a message."""

    def __init__(self) -> None:
        self._buffer = b""
        self._replies = b""
        self._open: deque[str] = deque(["connect"])
        """Steps that the server has not answered yet."""
        self._in_content = False
        self._at_line_start = True

    def client(self, data: bytes = b"") -> Iterator[tuple[str, bytes]]:
        """The steps that `data` completes. A message may come in several steps `content`.

        What follows DATA is kept until the server has answered it: call again, without data, then.
        """
        self._buffer += data
        while self._buffer and "DATA" not in self._open:
            found = self._content() if self._in_content else self._command()
            if found is None:
                return
            yield found

    def server(self, data: bytes) -> Iterator[tuple[str, int, bytes]]:
        """The replies that `data` completes: the step, the code and the bytes. A step `""` is what
        was said unasked."""
        self._replies += data
        while (length := _reply(self._replies)) is not None:
            raw, self._replies = self._replies[:length], self._replies[length:]
            step = self._open.popleft() if self._open else ""
            code = int(raw.splitlines()[-1][:3]) if raw[:3].isdigit() else 0
            if step == "DATA" and code == 354:
                self._in_content, self._at_line_start = True, True
            yield step, code, raw

    def _command(self) -> tuple[str, bytes] | None:
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            return None
        self._buffer = rest
        name = line.split(b" ")[0].split(b":")[0].decode(errors="replace").upper()
        self._open.append(name)
        return name, line + found

    def _content(self) -> tuple[str, bytes] | None:
        buffer = self._buffer
        if self._at_line_start and buffer.startswith(END):
            self._buffer, self._in_content = buffer[len(END) :], False
            self._open.append("dot")
            return "dot", END
        end = buffer.find(b"\r\n" + END)
        if end >= 0:
            cut = end + 2
        elif self._at_line_start and END.startswith(buffer):
            return None
        else:  # the last bytes may be the beginning of the end
            cut = max(len(buffer) - 4, 0)
            if b"\r" not in buffer[-4:]:
                cut = len(buffer)
        if not cut:
            return None
        piece, self._buffer = buffer[:cut], buffer[cut:]
        self._at_line_start = piece.endswith(b"\r\n")
        return "content", piece


def _reply(data: bytes) -> int | None:
    """How long the first whole reply in `data` is, continuation lines included."""
    at = 0
    while (end := data.find(b"\r\n", at)) >= 0:
        if data[at + 3 : at + 4] != b"-":
            return end + 2
        at = end + 2
    return None
