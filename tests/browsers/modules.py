"""Where the npm packages of this folder are."""

from pathlib import Path

from tests.expects import skip_or_fail

_MODULES = Path(__file__).parent / "node_modules"


def module(file: str) -> Path:
    """A file of an installed package; skips the test where it is not installed."""
    path = _MODULES / file
    if not path.exists():
        skip_or_fail("browsers", f"{file} is missing (npm ci --prefix tests/browsers)")
    return path
