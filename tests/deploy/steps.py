"""What an operator does first."""

import shutil
import subprocess
from pathlib import Path

REPO = Path(__file__).parents[2]


def prepared(folder: Path, settings: str = "") -> None:
    """A clone in `folder`, made under a strict umask, with these `settings`; `deploy/prepare` has
    run in it."""
    for name in ("deploy", "shared/bus"):
        ignored = shutil.ignore_patterns("secrets", "__pycache__")
        shutil.copytree(REPO / name, folder / name, ignore=ignored)
    shutil.copy(REPO / "deploy/helm/secrets", folder / "deploy/helm/secrets")
    (folder / ".env").write_text(settings)
    subprocess.run(["chmod", "-R", "go-rwx", "."], cwd=folder, check=True)
    environment = {"PATH": "/usr/bin:/bin"}
    subprocess.run(["deploy/prepare"], cwd=folder, env=environment, check=True, capture_output=True)
