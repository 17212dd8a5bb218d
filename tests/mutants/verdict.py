"""Pytest's plugin in a mutant's run: says for each test that failed what it failed by.

A line of the file that VARSEL_VERDICTS names is `assertion`, `late` or `error`, and the test's id.
"""

import os
from pathlib import Path

import pytest

from tests.wait import LateError


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in _leaves(one)]
    return [error]


def said_by(error: BaseException) -> str:
    """What a test failed by: `assertion`; `late` if it waited in vain; else `error`."""
    leaves = _leaves(error)
    if any(isinstance(leaf, LateError | TimeoutError) for leaf in leaves):
        return "late"
    wanted = AssertionError | pytest.fail.Exception
    return "assertion" if any(isinstance(leaf, wanted) for leaf in leaves) else "error"


def pytest_exception_interact(
    node: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    if not report.failed or call.excinfo is None:
        return
    with Path(os.environ["VARSEL_VERDICTS"]).open("a") as file:
        file.write(f"{said_by(call.excinfo.value)} {node.nodeid}\n")
