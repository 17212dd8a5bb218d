"""A release is made by one command, of a real repository; and where it refuses, nothing changes."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from shared import release
from varsel.release.plan import CHANGELOG, CODE, PYPROJECT

REPO = Path(__file__).parents[3]


class Clone:
    """A repository with the files that a release changes, as they are here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (PYPROJECT, CODE, CHANGELOG):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(REPO / name, folder / name)
        self.write(CHANGELOG, "# Changes\n\n## Unreleased\n\n- **A thing**: why.\n")
        self.git("init", "--quiet", "-b", "main")
        self.git("config", "user.name", "Kari Eksempel")
        self.git("config", "user.email", "kari@example.org")
        self.commit("begin")

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, words: str) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", words)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.read(name)
        self.write(name, self.read(name).replace(old, new, 1))

    def change(self, words: str) -> None:
        self.replace(CHANGELOG, "## Unreleased\n", f"## Unreleased\n\n- {words}\n")
        self.commit(words)

    def release(self, *words: str) -> "subprocess.CompletedProcess[str]":
        code = f"import sys; sys.path[:0] = [{str(REPO)!r}]; import varsel.release.__main__ as m; "
        return subprocess.run(
            [sys.executable, "-c", code + "m.main()", *words],
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def state(self) -> tuple[str, ...]:
        """All that a release could change."""
        return (
            self.git("rev-parse", "HEAD"),
            self.git("tag", "--list"),
            self.git("status", "--porcelain"),
            *map(self.read, (PYPROJECT, CODE, CHANGELOG)),
        )

    def refuses(self, version: str, why: str) -> None:
        before = self.state()
        done = self.release(version)
        assert done.returncode == 1, done.stdout
        assert why in done.stderr
        assert "Traceback" not in done.stderr
        assert self.state() == before


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_code_and_package_have_one_version() -> None:
    project = tomllib.loads((REPO / PYPROJECT).read_text())["project"]
    assert project["version"] == release.VERSION


def test_one_command_sets_the_version_tells_what_changed_commits_and_tags(clone: Clone) -> None:
    clone.write("deploy/helm/varsel/Chart.yaml", "version: 0.1.0\nappVersion: 0.1.0\n")
    clone.commit("a chart")
    done = clone.release("1.2.0")
    assert done.returncode == 0, done.stderr
    assert "v1.2.0" in done.stdout
    assert tomllib.loads(clone.read(PYPROJECT))["project"]["version"] == "1.2.0"
    assert 'VERSION = "1.2.0"' in clone.read(CODE)
    assert clone.read("deploy/helm/varsel/Chart.yaml") == "version: 1.2.0\nappVersion: 1.2.0\n"
    assert "## Unreleased\n\n## 1.2.0 (20" in clone.read(CHANGELOG)
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("log", "-1", "--format=%s") == "release: 1.2.0"
    assert clone.git("rev-parse", "v1.2.0^{commit}") == clone.git("rev-parse", "HEAD")
    assert "- **A thing**: why." in clone.git("tag", "-l", "--format=%(contents)", "v1.2.0")
    clone.change("Another thing.")
    assert clone.release("1.2.1").returncode == 0
    assert clone.git("tag", "--list") == "v1.2.0\nv1.2.1"
    assert clone.read(CHANGELOG).index("## 1.2.1") < clone.read(CHANGELOG).index("## 1.2.0")


def test_a_dry_run_shows_and_changes_nothing(clone: Clone) -> None:
    before = clone.state()
    done = clone.release("1.2.0", "--dry-run")
    assert done.returncode == 0
    assert '+version = "1.2.0"' in done.stdout
    assert "+## 1.2.0 (20" in done.stdout
    assert clone.state() == before


def test_it_refuses_a_tree_that_is_not_clean(clone: Clone) -> None:
    clone.write("new.txt", "new")
    clone.refuses("1.2.0", "not clean: new.txt")
    (clone.folder / "new.txt").unlink()
    clone.replace(PYPROJECT, "varsel", "varsle")
    clone.refuses("1.2.0", f"not clean: {PYPROJECT}")


def test_it_refuses_a_version_that_is_not_greater_and_a_changelog_that_says_nothing(
    clone: Clone,
) -> None:
    assert clone.release("1.10.0").returncode == 0
    clone.refuses("1.11.0", "says nothing under «Unreleased»")
    clone.change("Another thing.")
    clone.refuses("1.9.0", "1.9.0 is not greater than the last release, 1.10.0")
    clone.refuses("1.10.0", "is not greater")
    clone.refuses("2", "is no version")


def test_it_refuses_what_the_release_before_could_not_run_on(clone: Clone) -> None:
    form = f"\nFORM = {release.FORM}\n"
    assert clone.release("1.2.0").returncode == 0
    clone.replace(CODE, form, f"\nFORM = {release.FORM + 2}\n")
    clone.change("Two steps at once.")
    clone.refuses("1.3.0", "a release may add one")
    clone.replace(CODE, f"\nFORM = {release.FORM + 2}\n", f"\nFORM = {release.FORM + 1}\n")
    clone.replace(
        CODE, f"\nOLDEST_FORM = {release.OLDEST_FORM}\n", f"\nOLDEST_FORM = {release.FORM + 1}\n"
    )
    clone.change("One step, and nobody could upgrade.")
    clone.refuses("1.3.0", "nobody could upgrade")
    clone.replace(
        CODE, f"\nOLDEST_FORM = {release.FORM + 1}\n", f"\nOLDEST_FORM = {release.OLDEST_FORM}\n"
    )
    clone.change("One step.")
    assert clone.release("1.3.0").returncode == 0


def test_where_a_hook_says_no_all_is_as_before(clone: Clone) -> None:
    hook = clone.folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho 'make check failed' >&2\nexit 1\n")
    hook.chmod(0o755)
    clone.refuses("1.2.0", "make check failed")
    hook.unlink()
    assert clone.release("1.2.0").returncode == 0
