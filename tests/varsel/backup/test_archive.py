"""A backup's file opens for its recipient alone, and only if it is whole."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest

from varsel.backup.archive import (
    BackupUnreadable,
    Part,
    identities,
    new_identity,
    pack,
    recipient,
    unpack,
)

CONTENT = b"medlemmer og varsler " * 20_000


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    return tmp_path / "identitet.txt"


@pytest.fixture
def backup(tmp_path: Path, identity: Path) -> Path:
    public = new_identity(identity)
    large = tmp_path / "large"
    large.write_bytes(CONTENT)
    target = tmp_path / "kopi.age"
    pack(target, [recipient(public)], [Part("a.txt", b"hei"), Part("b/c.bin", large)])
    return target


def read_back(backup: Path, identity: Path, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    unpack(backup, identities(identity), folder)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_was_packed_is_read_back_and_is_its_owners_alone(
    backup: Path, identity: Path, tmp_path: Path
) -> None:
    found = read_back(backup, identity, tmp_path / "out")
    assert found == {"a.txt": b"hei", "b/c.bin": CONTENT}
    mine = [backup, backup.with_name("kopi.age.sha256"), identity]
    mine += [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in mine} == {0o600}
    assert b"medlemmer" not in backup.read_bytes()


def test_two_recipients_can_each_open_it(tmp_path: Path) -> None:
    keys = [tmp_path / "en.txt", tmp_path / "to.txt"]
    both = [recipient(new_identity(key)) for key in keys]
    pack(tmp_path / "kopi.age", both, [Part("a", b"hei")])
    for number, key in enumerate(keys):
        assert read_back(tmp_path / "kopi.age", key, tmp_path / f"out{number}") == {"a": b"hei"}


def changed(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [changed, lambda data: data[:-1], lambda data: data[: len(data) // 2], lambda _: b""]
)
@pytest.mark.parametrize("has_sum", [True, False])
def test_a_file_that_is_not_whole_does_not_open(
    backup: Path, identity: Path, tmp_path: Path, damage: Any, has_sum: bool
) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    if not has_sum:
        backup.with_name("kopi.age.sha256").unlink()
    with pytest.raises(BackupUnreadable):
        read_back(backup, identity, tmp_path / "out")


def test_it_opens_for_nobody_else(backup: Path, tmp_path: Path) -> None:
    new_identity(tmp_path / "annen.txt")
    with pytest.raises(BackupUnreadable, match="rett identitet"):
        read_back(backup, tmp_path / "annen.txt", tmp_path / "out")


def test_an_identity_is_never_written_over(identity: Path) -> None:
    new_identity(identity)
    before = identity.read_bytes()
    with pytest.raises(FileExistsError):
        new_identity(identity)
    assert identity.read_bytes() == before


@pytest.mark.parametrize("text", ["", "hei", "age1hei", "AGE-SECRET-KEY-1"])
def test_what_is_no_recipient_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="begynner med age1"):
        recipient(text)


def test_what_is_no_identity_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("# bare en merknad\n")
    with pytest.raises(BackupUnreadable, match="ingen identitet"):
        identities(tmp_path / "x")


def test_a_part_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    public = new_identity(tmp_path / "id.txt")
    gone = Part("a", tmp_path / "gone")
    with pytest.raises(OSError):
        pack(tmp_path / "kopi.age", [recipient(public)], [Part("first", CONTENT), gone])
    assert [path.name for path in tmp_path.iterdir()] == ["id.txt"]


def _member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "members",
    [
        [_member("../ute")],
        [_member("b/../../ute")],
        [_member("/tmp/varsel-ute")],
        [_member("lenke", tarfile.SYMTYPE)],
        [_member("lenke", tarfile.LNKTYPE)],
        [_member("kø", tarfile.FIFOTYPE)],
        [_member("to"), _member("to")],
    ],
    ids=lambda members: f"{members[0].name} {members[0].type.decode()}",
)
def test_what_does_not_belong_in_the_folder_is_not_taken_out(
    members: list[tarfile.TarInfo], identity: Path, tmp_path: Path
) -> None:
    public, made = new_identity(identity), io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for member in members:
            tar.addfile(member)
    hostile = tmp_path / "fiendtlig.age"
    hostile.write_bytes(pyrage.encrypt(made.getvalue(), [recipient(public)]))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BackupUnreadable):
        read_back(hostile, identity, tmp_path / "ut")
    after = {path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()}
    assert after - before <= {tmp_path / "ut/to"}
    assert not Path("/tmp/varsel-ute").exists()
