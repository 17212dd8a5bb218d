"""The secret that wraps notify's keys: the setting, or a file that is made once."""

import contextlib
import os
import secrets
from pathlib import Path

from shared.settings import Settings


def secret_key(settings: Settings) -> str:
    """The secret of `settings`, else of the file `secret-key` in DATA, made if it is not there.

    The file is readable for its owner only. OSError if it can be neither read nor written.
    """
    if given := settings.secret_key.get_secret_value():
        return given
    path = settings.data / "secret-key"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    # A link is made once or not at all, so two processes that start together read one secret.
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
