"""Logs: one JSON object a line, with stable event names, never with a member's address or name.

On a terminal the same lines are text. docs/observing.md lists all events.
"""

import logging
import sys
import traceback
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure(level: int = logging.INFO) -> None:
    """Send all logs, also those of libraries, to standard error."""
    render: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer()
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*chain, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=partial(_LogLines, sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=render, foreign_pre_chain=[_without_words, *chain]
        )
    )
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


class _LogLines:
    """Writes lines to a stream. One that cannot be written, as on a full disk, is lost: what it
    tells of goes on."""

    def __init__(self, stream: TextIO, *_: object) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with suppress(OSError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def get(service: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry the service's name."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(service=service)
    return logger


def place(trace: TracebackType | None) -> str:
    """Where an error was raised, as `file.py:12`; empty if there is no trace."""
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""


def _without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's line, without its text and that of its error: asyncio and others quote what was
    handled, which may be an address (G8). Where it was written tells which line it is."""
    record: logging.LogRecord = event["_record"]
    kind, _error, trace = record.exc_info or (None, None, None)
    told = {"logger": record.name, "at": f"{record.filename}:{record.lineno}"}
    if kind:
        told |= {"cause": f"{kind.__name__} at {place(trace)}"}
    kept = {name: value for name, value in event.items() if name.startswith("_")}
    return {"event": "library_log", **told, **kept}
