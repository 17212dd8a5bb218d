"""What the machine of a test run promises to have, so that nothing is skipped there unnoticed."""

import os
from typing import NoReturn

import pytest


def skip_or_fail(what: str, reason: str) -> NoReturn:
    """Skip the test; fail it where `VARSEL_EXPECTS` (words, as "browsers docker") names `what`."""
    if what in os.environ.get("VARSEL_EXPECTS", "").split():
        pytest.fail(f"{what} was promised, but: {reason}")
    pytest.skip(reason)
