"""Work that kills the process which does it, as a file may that a decoder has a fault for."""

import os
import signal


def make(_raw: bytes, _uploaded_as: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
