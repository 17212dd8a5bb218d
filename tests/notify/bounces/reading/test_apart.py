"""Strangers' mail is read in a child that has nothing to lose: no key, no file, no connection."""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notify.bounces.reading.read import read, read_shut_off
from services.notify.bounces.reading.said import Said
from shared.child.children import Children
from tests.notify.bounces.shapes import SHAPES, complaint, vacation


@pytest.fixture
async def children(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Children]:
    monkeypatch.setenv("VARSEL_SECRET_KEY", "x" * 32)
    monkeypatch.setenv("VARSEL_REDIS_URL", "redis://notify:secret@redis")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))
    found = Children("services.notify.bounces.reading.read", __name__, most=1)
    yield found
    await found.close()


def look_around(mail: bytes) -> list[str]:
    """What a mail could do that had taken the reader over; runs in the child."""
    read_shut_off(mail)
    found = [name for name in os.environ if name.startswith("VARSEL_")]
    for name, try_ in (
        ("file", lambda: Path("/proc/self/environ").read_bytes()),
        ("connection", lambda: socket.create_connection(("127.0.0.1", 6379))),
        ("pipe", os.pipe),
    ):
        try:
            try_()
            found.append(name)
        except OSError:
            pass
    return found


async def test_every_shape_is_read_as_well_in_the_child(children: Children) -> None:
    mails = [make("5.1.1") for make in SHAPES.values()]
    mails += [complaint(), vacation("=?utf-8?q?Frav=C3=A6r?="), b"", b"\xff\x00"]
    for charset in ("utf-8", "iso-2022-jp", "x-unknown"):
        mails.append(SHAPES["qmail"]("5.1.1").replace(
            b"Subject:", b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\nSubject:"
        ))  # fmt: skip
        mails.append(vacation(f"=?{charset}?q?Autosvar?="))
    for mail in mails:
        found: Said = await children.run_apart(10, read_shut_off, mail)
        assert found == read(mail)


async def test_a_reader_that_a_mail_has_taken_over_finds_no_key_no_file_and_no_way_out(
    children: Children,
) -> None:
    assert await children.run_apart(10, look_around, SHAPES["postfix"]("5.1.1")) == []
