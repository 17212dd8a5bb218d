"""The secret that wraps notify's keys: the setting, or a file that is made once. While it is being
changed there are two, each on a line: the new one, and under it the former one."""

import secrets
from pathlib import Path

from shared import durable_file
from shared.settings import Settings


def secret_keys(settings: Settings) -> list[str]:
    """The secret of `settings`, else of the file `secret-key` in DATA, made if it is not there;
    after it the former ones.

    Only the file's owner can read it. Two processes that start together read one secret. OSError if
    the file can be neither read nor written.
    """
    if given := settings.secret_key.get_secret_value():
        return given.splitlines()
    path = secret_key_file(settings)
    made = f"{new_secret()}\n".encode()
    durable_file.write(path, made, mode=0o600, once=True)
    return path.read_text().splitlines()


def secret_key(settings: Settings) -> str:
    """The secret alone. It opens all keys unless it is just being changed."""
    return secret_keys(settings)[0]


def secret_key_file(settings: Settings) -> Path:
    """Where the secret is if the settings have none."""
    return settings.data / "secret-key"


def write_secret_keys(settings: Settings, *found: str) -> None:
    """Put these into the file: the secret, and the former ones after it. OSError."""
    lines = "".join(f"{one}\n" for one in found)
    durable_file.write(secret_key_file(settings), lines.encode(), mode=0o600)


def new_secret() -> str:
    """One that nobody can guess."""
    return secrets.token_urlsafe(32)
