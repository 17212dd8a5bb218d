"""A mutation: one text of one file is replaced by another, which breaks a promise."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Mutant:
    room: str
    """The list that it stands in, as `ledger`."""
    name: str
    file: str
    """From the root of the repository."""
    old: str
    """Occurs once in the file."""
    new: str
    promise: str
    """What no longer holds, in words; it begins with the promise's number if that has one."""
    tests: tuple[str, ...]
    """What must find it, as pytest takes them: the narrowest that do."""
    sample: bool = False
    """Whether it is tried in every `make test`: a quick one."""

    @property
    def id(self) -> str:
        return f"{self.room}/{self.name}"

    def apply(self, root: Path) -> str:
        """Put the fault into the tree at `root`: the file's text before it.

        Raises ValueError if the old text does not occur exactly once.
        """
        file = root / self.file
        text = file.read_text()
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"{self.id}: its old text is {found} times in {self.file}")
        file.write_text(text.replace(self.old, self.new))
        return text


def read(folder: Path = HERE) -> list[Mutant]:
    """All mutants, by room and in the order of their lists."""
    return [mutant for file in sorted(folder.glob("*.toml")) for mutant in _of(file)]


def _of(file: Path) -> Iterable[Mutant]:
    for said in tomllib.loads(file.read_text())["mutant"]:
        yield Mutant(room=file.stem, **{**said, "tests": tuple(said["tests"])})
