"""`python -m tests.packages`: exit 0 if no package has a known fault, or nobody can be asked, which
is said; 1 if one has."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPO = Path(__file__).parents[2]
LOCK = REPO / "requirements-dev.lock"
"""It has what the other locks have, and more."""
PATIENCE_SECONDS = 300


def faults(report: str) -> list[str]:
    """A line for each known fault in pip-audit's report. ValueError if it is none. Pure."""
    document: dict[str, Any] = json.loads(report)
    return [
        f"{one['name']} {one['version']}: {fault['id']}"
        + (f", mended in {', '.join(fault['fix_versions'])}" if fault["fix_versions"] else "")
        for one in document["dependencies"]
        for fault in one.get("vulns", ())
    ]


def asked() -> tuple[str, str]:
    """pip-audit's report, and its last words if it has none."""
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip"),
                *("--require-hashes", "--vulnerability-service", "osv", "--timeout", "5"),
                *("--format", "json", "--progress-spinner", "off"),
            ],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "", "no answer"
    return done.stdout, (done.stderr.strip().splitlines() or [""])[-1]


def main(ask: Callable[[], tuple[str, str]] = asked) -> int:
    """Ask, and say what was found; gives the exit code."""
    report, words = ask()
    try:
        found = faults(report)
    except (ValueError, KeyError, TypeError):
        print(f"Packages were not audited: the database cannot be asked ({words[:120]} …).")
        return 0
    for line in found:
        print(line)
    print(f"Packages were audited: {len(found)} known faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
