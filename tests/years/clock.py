"""A clock of the day that a test moves under processes, which have it by `environment`.

Their timeouts go by another clock, and take their own time. So what comes once a day comes at a
start: a test starts them anew, as machines are from time to time.
"""

import shutil
import struct
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.expects import skip_or_fail

_SOURCE = Path(__file__).with_name("moved_clock.c")


class MovedClock:
    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if not compiler:
            skip_or_fail("cc", "no compiler for C")
        library, self._file = folder / "moved_clock.so", folder / "moved_by"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"],
            check=True,
        )
        self._by = timedelta()
        self.move(timedelta())
        self.environment = {"LD_PRELOAD": str(library), "MOVED_CLOCK": str(self._file)}

    def move(self, by: timedelta) -> None:
        """Move it at once, forwards or backwards."""
        self._by += by
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("q", self._by // timedelta(microseconds=1) * 1000))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by
