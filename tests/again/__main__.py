"""Try what failed in the last run once more, one after the other, with nothing beside it.

    python -m tests.again

A whole run keeps both cores of a small machine busy for half an hour, and a rented one stands still
now and then, so a test may be late by no fault of the code. Each that fails is named here, also if
it passes now: it has a race, and the race is to be mended. Exit code 0 if all pass now.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.again.excuse import plain, why_not

FAILED = Path(".pytest_cache/v/cache/lastfailed")
"""The ids of tests that failed when they were last run; pytest keeps it."""


def main() -> int:
    failed = sorted(map(plain, json.loads(FAILED.read_text()))) if FAILED.exists() else []
    refusal = why_not(failed)
    if refusal:
        print(refusal)
        return 1
    print("Once more, alone, after failing in the whole run:", *failed, sep="\n  ", flush=True)
    # By what pytest remembers, since some ids are made while tests are collected.
    FAILED.write_text(json.dumps(dict.fromkeys(failed, True)))
    files = sorted({test.partition("::")[0] for test in failed})
    run = [sys.executable, "-m", "pytest", "-n", "0", "--last-failed", *files]
    return subprocess.run(run, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
