"""The secret that wraps notify's keys: the setting, or a file that is made once."""

import secrets

from shared import durable_file
from shared.settings import Settings


def secret_key(settings: Settings) -> str:
    """The secret of `settings`, else of the file `secret-key` in DATA, made if it is not there.

    Only the file's owner can read it. Two processes that start together read one secret. OSError if
    the file can be neither read nor written.
    """
    if given := settings.secret_key.get_secret_value():
        return given
    path = settings.data / "secret-key"
    made = f"{secrets.token_urlsafe(32)}\n".encode()
    durable_file.write(path, made, mode=0o600, once=True)
    return path.read_text().strip()
