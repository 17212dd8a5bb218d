"""What `varsel up` keeps is its user's alone: members, mail, pages that are not published."""

import os
import stat
from pathlib import Path

import httpx

from tests.make import alert
from tests.system.running import Up
from tests.wait import until


def open_to_others(folder: Path) -> list[str]:
    """Files and folders that somebody else could read, write or enter."""
    found = [path for path in [folder, *folder.rglob("*")] if path.name != "up.log"]
    assert len(found) > 20
    return [str(path) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077]


async def test_all_files_are_the_owners_alone_previews_and_the_servers_included() -> None:
    before = os.umask(0o022)  # as most systems have it
    try:
        with Up(VARSEL_ALERT_APPROVALS="1") as up:
            up.data.chmod(0o755)  # made by hand, or by an older Varsel
            up.start()
            answer = httpx.post(
                f"{up.url}/api/articles",
                json=alert().model_dump(mode="json", exclude_none=True),
                headers={"Authorization": f"Bearer {up.key()}"},
            )
            assert answer.json()["status"] == "in_review"
            site = up.data / "site"
            await until(lambda: list(site.glob("utkast/*/index.html")))
            aof = list(up.data.glob("appendonlydir/*.aof"))
            assert aof
            assert open_to_others(up.data) == []
    finally:
        os.umask(before)
