"""The editor that is served is the one that its sources make."""

import shutil
import subprocess
from pathlib import Path

import pytest

from services.ingest.newsroom.look import STATIC
from tests.expects import skip_or_fail

pytestmark = pytest.mark.browsers

_SOURCES = Path(__file__).parents[3] / "editor"
_MADE = ("editor.js", "editor.licenses.txt")


def test_a_fresh_build_gives_the_files_that_are_served(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (_SOURCES / "node_modules").exists():
        skip_or_fail("browsers", "the editor's packages are missing (npm ci --prefix editor)")
    subprocess.run([node, "build.mjs", "--out", str(tmp_path)], cwd=_SOURCES, check=True)
    for name in _MADE:
        assert (tmp_path / name).read_bytes() == (STATIC / name).read_bytes(), (
            f"{name}: run `npm run build` in editor/"
        )


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (_SOURCES / "package-lock.json").read_text()
