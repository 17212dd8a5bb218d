"""What the log and the causes of dead letters say of errors that quote a member (promise G8)."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiosmtplib import SMTPRecipientRefused, SMTPRecipientsRefused
from pydantic import BaseModel, ConfigDict, ValidationError
from redis.exceptions import RedisError, ResponseError

from shared import log
from shared.bus.errors import cause
from shared.trace import logged, new_traceparent, trace_id

ADDRESS = "kari.kanari@example.org"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log writes."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    error = io.StringIO()
    monkeypatch.setattr(sys, "stderr", error)
    root.handlers = []  # pytest's own are not ours to close
    log.configure()
    yield error
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers, root.level = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    assert ADDRESS not in written.getvalue()
    return [json.loads(line) for line in written.getvalue().splitlines()]


def failing() -> None:
    raise ValueError(f"no such mailbox: {ADDRESS}")


def test_a_librarys_line_says_where_it_was_written_and_none_of_its_words(
    written: io.StringIO,
) -> None:
    library = logging.getLogger("some_package")
    try:
        failing()
    except ValueError:
        library.exception("%r unrecognised", ADDRESS)
    library.warning(f"formatted before: {ADDRESS}")
    with_error, without = lines(written)
    assert with_error["event"] == "library_log"
    assert (with_error["logger"], with_error["level"]) == ("some_package", "error")
    assert with_error["at"].startswith("test_log.py:")
    assert with_error["cause"].startswith("ValueError at test_log.py:")
    assert "cause" not in without


async def test_a_task_that_nobody_awaited_tells_its_error_without_its_words(
    written: io.StringIO,
) -> None:
    async def work() -> None:
        failing()

    task = asyncio.create_task(work())
    await asyncio.wait([task])
    del task
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": f"of {ADDRESS}", "exception": ValueError(ADDRESS)})
    told = lines(written)
    assert {line["logger"] for line in told} == {"asyncio"}
    assert [line["cause"].split(" at")[0] for line in told] == ["ValueError"] * 2


def test_a_warning_of_python_is_a_line_of_the_log() -> None:
    code = f"import warnings; from shared import log; log.configure(); warnings.warn('{ADDRESS}')"
    # In a process of its own: here the warnings are pytest's.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    [line] = lines(io.StringIO(done.stderr))
    assert (line["event"], line["logger"]) == ("library_log", "py.warnings")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int = 0
    pictures: dict[str, int] = {}


@pytest.mark.parametrize(
    "error",
    [
        ValueError(ADDRESS),
        KeyError(ADDRESS),
        UnicodeEncodeError("ascii", ADDRESS, 0, 1, "ordinal not in range"),
        SMTPRecipientsRefused([SMTPRecipientRefused(550, ADDRESS, ADDRESS)]),
        OSError(2, "No such file", ADDRESS),
        RedisError(ADDRESS),
        ResponseError(f"ERR unknown command, with args beginning with: {ADDRESS}"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_a_cause_has_none_of_the_errors_words(error: Exception) -> None:
    try:
        raise error
    except Exception as raised:
        told = cause(raised)
    assert told.startswith(f"{type(error).__name__} at test_log.py:")
    assert ADDRESS not in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"number": ADDRESS}, "number: int_parsing"),
        ({ADDRESS: 1}, "event: extra_forbidden"),
        ({"pictures": {ADDRESS: "x"}}, "pictures.…: int_parsing"),
    ],
)
def test_a_cause_names_fields_of_ours_and_no_name_that_the_data_brought(
    data: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        _Strict.model_validate(data)
    assert cause(raised.value) == f"ValidationError: {told}"


def test_lines_within_an_event_carry_its_trace_and_no_text_that_is_none(
    written: io.StringIO,
) -> None:
    traceparent = new_traceparent()
    with logged(traceparent):
        log.get("render").info("page_rendered")
    with logged(f"00-{ADDRESS}"):
        log.get("render").info("page_rendered")
    log.get("render").info("page_rendered")
    within, forged, after = lines(written)
    assert within["trace"] == trace_id(traceparent) == traceparent[3:35]
    assert forged["trace"] == ""
    assert "trace" not in after
