"""html-validate, which knows HTML and what is wise in it, of pages by their names."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.browsers.modules import module
from tests.expects import skip_or_fail

_SCRIPT = Path(__file__).with_name("html_validate.mjs")


def findings(pages: Mapping[str, str]) -> list[str]:
    """Whatever it says about these pages, by name and line."""
    module("html-validate/package.json")
    node = shutil.which("node")
    if node is None:
        skip_or_fail("browsers", "no node here (Debian: apt-get install npm)")
    done = subprocess.run(
        [node, str(_SCRIPT)],
        input=json.dumps(dict(pages)),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found
