"""Files are whole, and stand when the write returns."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared import durable_file


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """What the kernel is asked for, in order; it is asked nevertheless."""
    calls: list[tuple[str, Path]] = []

    def note(word: str, ask: Callable[..., Any], path: Callable[..., Path]) -> Callable[..., Any]:
        def asked(*given: Any) -> Any:
            calls.append((word, path(*given)))
            return ask(*given)

        return asked

    def opened(descriptor: int) -> Path:
        return Path(f"/proc/self/fd/{descriptor}").readlink()

    monkeypatch.setattr(os, "fsync", note("sync", os.fsync, opened))
    monkeypatch.setattr(Path, "replace", note("name", Path.replace, lambda _, path: path))
    monkeypatch.setattr(Path, "hardlink_to", note("name", Path.hardlink_to, lambda path, _: path))
    return calls


@pytest.mark.parametrize("once", [False, True])
def test_the_content_is_synced_before_the_name_and_the_folders_after_it(
    tmp_path: Path, told: list[tuple[str, Path]], once: bool
) -> None:
    file = tmp_path / "a" / "b" / "file"
    durable_file.write(file, b"whole", once=once, root=tmp_path)
    content, *after = told
    assert content[0] == "sync"
    assert content[1].parent == file.parent
    assert content[1] != file
    folders = [file.parent, file.parent.parent, tmp_path]
    assert after == [("name", file), *(("sync", folder) for folder in folders)]
    assert file.read_bytes() == b"whole"
    assert [one.name for one in file.parent.iterdir()] == ["file"]


def test_a_file_that_another_process_wrote_is_durable_too(
    tmp_path: Path, told: list[tuple[str, Path]]
) -> None:
    """It may have died between the name and the sync of the folder."""
    (tmp_path / "file").write_bytes(b"another's")
    durable_file.write(tmp_path / "file", b"mine", once=True)
    assert told == [("sync", tmp_path)]
    assert (tmp_path / "file").read_bytes() == b"another's"


def test_a_file_that_need_not_be_durable_is_not_synced(
    tmp_path: Path, told: list[tuple[str, Path]]
) -> None:
    durable_file.write(tmp_path / "file", b"whole", durable=False)
    durable_file.write(tmp_path / "file", b"whole", durable=False, once=True)
    assert told == [("name", tmp_path / "file")]


@pytest.mark.parametrize("alone", [False, True])
def test_what_is_removed_stays_so_after_a_power_cut(
    tmp_path: Path, told: list[tuple[str, Path]], alone: bool
) -> None:
    file = tmp_path / "a" / "file"
    file.parent.mkdir()
    for name in ("file",) if alone else ("file", "other"):
        (file.parent / name).touch()
    left = tmp_path if alone else file.parent
    for _ in range(2):
        durable_file.remove(file)
        assert not file.exists()
        assert file.parent.exists() is not alone
        assert told == [("sync", left)], "each time: who removed it may not have synced it"
        told.clear()


def test_of_many_that_write_once_one_has_its_way(tmp_path: Path) -> None:
    def write(number: int) -> bytes:
        durable_file.write(tmp_path / "file", b"%d" % number, once=True)
        return (tmp_path / "file").read_bytes()

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(write, range(100)))) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_file_has_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        durable_file.write(tmp_path / "file", b"", mode=0o644)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_what_could_not_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError):
        durable_file.write(tmp_path / "file", b"whole")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
