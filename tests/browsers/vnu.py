"""The Nu Html Checker (vnu), which knows the standards of HTML and CSS."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browsers.modules import module
from tests.expects import skip_or_fail


def findings(folder: Path) -> list[str]:
    """Whatever it says about the `.html` and `.css` files of a folder: errors, warnings and notes.

    All files at once, because Java starts slowly.
    """
    java = shutil.which("java")
    if java is None:
        skip_or_fail("browsers", "no Java here (Debian: apt-get install default-jre-headless)")
    done = subprocess.run(
        [
            *(java, "-XX:TieredStopAtLevel=1", "-Xss2m"),  # starts sooner, but needs more stack
            *("-jar", str(module("vnu-jar/build/dist/vnu.jar"))),
            *("--also-check-css", "--format", "json", "--exit-zero-always", "--stdout"),
            *map(str, sorted(folder.iterdir())),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [_in_words(message) for message in json.loads(done.stdout)["messages"]]


def _in_words(message: dict[str, Any]) -> str:
    file = message["url"].rpartition("/")[2]
    kind = message.get("subType", message["type"])
    return f"{file}:{message.get('lastLine', 0)}: {kind}: {message['message']}"
