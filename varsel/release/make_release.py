"""Flow: make a release. Looks first, and then changes files, commits and tags."""

import difflib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from varsel.release import plan
from varsel.release.plan import CHANGELOG, CODE, PYPROJECT, ReleaseRefused


@dataclass(frozen=True)
class Planned:
    """A release that may be made."""

    version: str
    files: dict[str, str]
    """By path, the texts that change, as they will be."""
    changes: str
    """What the changelog says of it."""

    @property
    def tag(self) -> str:
        return f"v{self.version}"


def planned(repo: Path, version: str, on: date) -> Planned:
    """What the release would change; ReleaseRefused if it may not be made."""
    plan.version_of(version)
    if changed := _git(repo, "status", "--porcelain").rstrip():
        names = ", ".join(line[3:] for line in changed.splitlines()[:5])
        raise ReleaseRefused(f"the tree is not clean: {names}. Commit first")
    last = plan.last_of(_git(repo, "tag", "--list").split())
    plan.require_greater(version, last)
    texts = {name: (repo / name).read_text() for name in _files(repo)}
    if last and (code := _of_tag(repo, last)):
        plan.require_neighbours(plan.forms_of(code), plan.forms_of(texts[CODE]))
    files = {
        name: plan.with_release(text, version, on)
        if name == CHANGELOG
        else plan.with_version(name, text, version)
        for name, text in texts.items()
    }
    return Planned(version, files, plan.unreleased(texts[CHANGELOG]))


def differences(repo: Path, release: Planned) -> Iterator[str]:
    """The lines of a diff of what would change."""
    for name, text in release.files.items():
        before = (repo / name).read_text().splitlines(keepends=True)
        yield from difflib.unified_diff(
            before, text.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )


def make_release(repo: Path, release: Planned) -> None:
    """Write the files, commit and tag. ReleaseRefused if git does not commit, as when a hook says
    no: then the files are as before."""
    try:
        for name, text in release.files.items():
            (repo / name).write_text(text)
        _git(repo, "add", "--", *release.files)
        _git(repo, "commit", "--quiet", "-m", f"release: {release.version}", "-m", release.changes)
    except (ReleaseRefused, OSError):
        _git(repo, "reset", "--quiet", "--", *release.files)
        _git(repo, "checkout", "--", *release.files)
        raise
    about = f"Varsel {release.version}\n\n{release.changes}"
    _git(repo, "tag", "--annotate", "--cleanup=verbatim", "-m", about, release.tag)


def _files(repo: Path) -> list[str]:
    charts = sorted(repo.glob("deploy/helm/**/Chart.yaml"))
    return [PYPROJECT, CODE, CHANGELOG, *(str(chart.relative_to(repo)) for chart in charts)]


def _of_tag(repo: Path, tag: str) -> str:
    """The release's own shared/release.py; empty if it is from before there was one."""
    if not _git(repo, "ls-tree", tag, CODE).strip():
        return ""
    return _git(repo, "show", f"{tag}:{CODE}")


def _git(repo: Path, *words: str) -> str:
    """What git says; ReleaseRefused with its words if it fails."""
    done = subprocess.run(  # noqa: S603 - no shell
        ["git", *words],  # noqa: S607 - whichever git the developer uses
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise ReleaseRefused(f"git {words[0]}: {said}")
    return done.stdout
