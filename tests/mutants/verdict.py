"""Pytest's plugin in a mutant's run: says for each test that failed what it failed by.

A line of the file that VARSEL_VERDICTS names is `assertion`, `late` or `error`, and the test's id.
What a test raises by itself, as a library that checks a signature does, is an assertion too; an
error of our code is none, since a fault that breaks everything would be found by anything.
"""

import os
import traceback
from pathlib import Path

import pytest

from tests.mutants.mutant import ROOT
from tests.wait import LateError

_OURS = {"services", "shared", "varsel"}


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in _leaves(one)]
    return [error]


def said_by(error: BaseException) -> str:
    """What a test failed by: `assertion`; `late` if it waited in vain; else `error`."""
    leaves = _leaves(error)
    if any(isinstance(leaf, LateError | TimeoutError) for leaf in leaves):
        return "late"
    return "assertion" if any(map(_is_the_tests_own, leaves)) else "error"


def _is_the_tests_own(error: BaseException) -> bool:
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return True
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [file.relative_to(ROOT).parts[0] for file in files if file.is_relative_to(ROOT)]
    return "tests" in ours and _OURS.isdisjoint(ours)


def pytest_exception_interact(
    node: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    if not report.failed or call.excinfo is None:
        return
    with Path(os.environ["VARSEL_VERDICTS"]).open("a") as file:
        file.write(f"{said_by(call.excinfo.value)} {node.nodeid}\n")
