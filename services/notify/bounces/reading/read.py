"""Reads a mail from a stranger. The work of a child process: it needs no keys, and gets none.

Before the child reads the first mail it gives up the right to open files and connections, so that a
fault in a parser that a mail finds leads to nothing.
"""

import email
import encodings
import importlib
import pkgutil
import resource
from contextlib import suppress

from services.notify.bounces.reading import auto_reply, delivery_status, feedback_report, old_shapes
from services.notify.bounces.reading.report import Kind, Report

_READERS = (feedback_report.read, delivery_status.read, old_shapes.read, auto_reply.read)


def read(mail: bytes) -> Report:
    """What a mail says. Never fails: what cannot be read says nothing."""
    try:
        message = email.message_from_bytes(mail)
    except (ValueError, LookupError, RecursionError):
        return Report(Kind.NO_NEWS)
    for reader in _READERS:
        # Parsers of the standard library and of flufl.bounce raise almost anything on mail that is
        # broken on purpose; another reader may still know it.
        with suppress(Exception):
            if found := reader(message):
                return found
    return Report(Kind.NO_NEWS)


def read_shut_off(mail: bytes) -> Report:
    """What a mail says, read by a process that can open no file and no connection from now on."""
    _shut_off()
    return read(mail)


def _shut_off() -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 0:
        return
    for found in pkgutil.iter_modules(encodings.__path__):  # mails name them; later none opens
        with suppress(ImportError):
            importlib.import_module(f"encodings.{found.name}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
