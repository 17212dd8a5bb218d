"""Whoever tells of something goes on if that cannot be written."""

import subprocess
import sys
from pathlib import Path

LOGS = """
from shared import log

log.configure()
for _ in range(3):
    log.get("ingest").warning("request_refused", reason="redis_away")
print("on")
"""


def test_a_line_that_cannot_be_written_stops_nothing() -> None:
    with Path("/dev/full").open("w") as full:
        asked = [sys.executable, "-c", LOGS]
        done = subprocess.run(asked, stdout=subprocess.PIPE, stderr=full, check=False)
    assert done.stdout == b"on\n"
