"""Reads a mail from a stranger. The work of a child process: it needs no keys, and gets none.

Before the child reads the first mail it gives up the right to open files and connections, so that a
fault in a parser that a mail finds leads to nothing.
"""

import encodings
import importlib
import pkgutil
import resource
from contextlib import suppress
from email.parser import BytesParser

from services.notify.bounces.reading import auto_reply, delivery_status, feedback_report, old_shapes
from services.notify.bounces.reading.said import Said, Says

_MORE = ("email.generator", "email.iterators", "email.quoprimime", "email.base64mime", "quopri")
"""What parsing imports only when a mail needs it."""
_READERS = (feedback_report.read, delivery_status.read, old_shapes.read, auto_reply.read)


def read(mail: bytes) -> Said:
    """What a mail says. Never fails: what cannot be read says nothing."""
    try:
        message = BytesParser().parsebytes(mail)
    except (ValueError, LookupError, RecursionError):
        return Said(Says.NO_NEWS)
    for reader in _READERS:
        # Parsers of the standard library and of flufl.bounce raise almost anything on mail that is
        # broken on purpose; another reader may still know it.
        with suppress(Exception):
            if found := reader(message):
                return found
    return Said(Says.NO_NEWS)


def read_shut_off(mail: bytes) -> Said:
    """What a mail says, read by a process that can open no file and no connection from now on."""
    _shut_off()
    return read(mail)


def _shut_off() -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 0:
        return
    every = (f"encodings.{found.name}" for found in pkgutil.iter_modules(encodings.__path__))
    for name in (*every, *_MORE):
        with suppress(ImportError):  # some are of other systems
            importlib.import_module(name)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
