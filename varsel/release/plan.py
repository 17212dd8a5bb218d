"""What a release changes in which file, and whether it may be made. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

Version = tuple[int, int, int]

PYPROJECT, CODE, CHANGELOG = "pyproject.toml", "shared/release.py", "CHANGELOG.md"
UNRELEASED = "## Unreleased\n"
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_NUMBER = r"^{name} = (\d+)$"


class ReleaseRefused(Exception):
    """The release may not be made; the message says why and what to do."""


def version_of(text: str) -> Version:
    """A version as numbers; ReleaseRefused if it is none."""
    if not (found := _VERSION.fullmatch(text)):
        raise ReleaseRefused(f"{text} is no version: three numbers, as in 1.2.0")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def last_of(tags: Iterable[str]) -> str | None:
    """The tag of the greatest version; None if there is none. Other tags are passed over."""
    versions = [tag for tag in tags if _VERSION.fullmatch(tag.removeprefix("v")) and tag[:1] == "v"]
    return max(versions, key=lambda tag: version_of(tag[1:]), default=None)


def require_greater(version: str, last: str | None) -> None:
    """ReleaseRefused if the version is not greater than the one of the tag `last`."""
    number = version_of(version)
    if last and number <= version_of(last[1:]):
        raise ReleaseRefused(f"{version} is not greater than the last release, {last[1:]}")


@dataclass(frozen=True)
class DataForms:
    """Which data a release writes and reads; see shared/release.py."""

    written: int
    oldest: int


def forms_of(code: str) -> DataForms:
    """As the text of shared/release.py has them; ReleaseRefused if it has not."""
    found = [re.search(_NUMBER.format(name=name), code, re.M) for name in ("FORM", "OLDEST_FORM")]
    written, oldest = found
    if not written or not oldest:
        raise ReleaseRefused(f"{CODE} does not say FORM and OLDEST_FORM as numbers")
    return DataForms(int(written[1]), int(oldest[1]))


def require_neighbours(before: DataForms, after: DataForms) -> None:
    """ReleaseRefused unless each of two releases runs on what the other writes."""
    if not before.written <= after.written <= before.written + 1:
        raise ReleaseRefused(
            f"the data's form was {before.written} and is {after.written}: a release may add one, "
            "and only what the one before it reads. Release the first step alone"
        )
    if after.oldest > before.written:
        raise ReleaseRefused(
            f"it reads no form below {after.oldest}, and the last release wrote {before.written}: "
            "nobody could upgrade"
        )


def with_version(file: str, text: str, version: str) -> str:
    """The file's text with the version in it. ReleaseRefused if there is no place for it."""
    patterns = {
        PYPROJECT: r'(?m)^(version = ")[^"]*(")$',
        CODE: r'(?m)^(VERSION = ")[^"]*(")$',
    }
    # A chart of Helm: the version of what it installs, and its own.
    pattern = patterns.get(file, r'(?m)^((?:appVersion|version): *"?)[^"\s]*("?)$')
    changed, count = re.subn(pattern, rf"\g<1>{version}\g<2>", text)
    if count == 0 or (file in patterns and count != 1):
        raise ReleaseRefused(f"{file} has no line for the version")
    return changed


def unreleased(changelog: str) -> str:
    """What changed since the last release; ReleaseRefused if nobody has said."""
    _, found, rest = changelog.partition(UNRELEASED)
    if not found:
        raise ReleaseRefused(f"{CHANGELOG} has no part «Unreleased»")
    lines = re.split(r"(?m)^## ", rest)[0].strip()
    if not lines:
        raise ReleaseRefused(f"{CHANGELOG} says nothing under «Unreleased»")
    return lines


def with_release(changelog: str, version: str, on: date) -> str:
    """The changelog with what was unreleased under the version and the day."""
    lines = unreleased(changelog)
    before, _, rest = changelog.partition(UNRELEASED)
    older = rest.partition(lines)[2].lstrip("\n")
    heading = f"## {version} ({on.isoformat()})\n"
    return f"{before}{UNRELEASED}\n{heading}\n{lines}\n" + (f"\n{older}" if older else "")
