"""Pure: the body of a mail: text and HTML side by side, in bytes that no relay has to change."""

import binascii
import re

_DOTS = re.compile(rb"^\.", re.MULTILINE)


def alternative(text: str, html: str, *, boundary: str) -> bytes:
    """Text and HTML as multipart/alternative (RFC 2046, section 5.1.4): the best part last."""
    return b"".join(
        (
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode(),
            _part("plain", text, boundary),
            _part("html", html, boundary),
            f"--{boundary}--\r\n".encode(),
        )
    )


def stuffed(mail: bytes) -> bytes:
    """The mail as it goes over the wire: dots at the beginning of a line doubled (RFC 5321, section
    4.5.2)."""
    return _DOTS.sub(b"..", mail)


def _part(subtype: str, text: str, boundary: str) -> bytes:
    """One part, quoted-printable: lines of at most 76 octets, and nothing that a relay would have
    to change."""
    lines = text.strip("\n").replace("\n", "\r\n") + "\r\n"
    return (
        f"--{boundary}\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + binascii.b2a_qp(lines.encode(), istext=True)
