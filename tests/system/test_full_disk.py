"""A disk that fills is told before it is full, and a full one costs nothing that was confirmed.

On a file system of its own, of 64 MB.
"""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.make import news
from tests.system.running import Up
from tests.system.steps import post
from tests.wait import until

_PAGE = 4096
SIZE = 64 * 1024 * 1024


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with Up() as made:
        made.log_file = tmp_path / "up.log"  # a full disk takes no more of it
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(made.data)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("this user may not mount; tests/shared/test_disk.py injects the numbers")
        try:
            yield made
        finally:
            if made.process and made.process.poll() is None:
                made.process.kill()
                made.process.wait()
            subprocess.run(["umount", "-l", str(made.data)], check=True)


def fill(up: Up, *, but: int) -> Path:
    """Leave about `but` bytes free."""
    ballast = up.data / "ballast"
    ballast.unlink(missing_ok=True)
    room = subprocess.run(
        ["df", "--output=avail", "-B1", str(up.data)], capture_output=True, text=True, check=True
    )
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        for _ in range((int(room.stdout.split()[-1]) - but) // _PAGE):
            file.write(bytes(_PAGE))
    return ballast


def health(up: Up) -> dict[str, Any]:
    return httpx.get(f"{up.url}/health/ready").json()  # type: ignore[no-any-return]


def problems(up: Up) -> list[str]:
    return [problem["problem"] for problem in up.json("watch", "--once")["problems"]]


async def test_a_disk_that_fills_is_warned_of_then_red_and_when_it_is_full_nothing_is_lost(
    up: Up,
) -> None:
    up.start()
    key = up.key()
    assert health(up) == {"status": "ok", "problems": [], "warnings": []}

    fill(up, but=SIZE * 85 // 1000)
    assert "ingest: disk redis 8 % free" in health(up)["warnings"]
    assert httpx.get(f"{up.url}/health/ready").status_code == 200
    fill(up, but=SIZE * 25 // 1000)
    red = {"ingest: disk redis 2 % free", "render: disk site 2 % free"}
    assert red <= set(health(up)["problems"])
    assert httpx.get(f"{up.url}/health/ready").status_code == 503
    await until(lambda: "disk_full" in problems(up), timeout=40)

    confirmed = [post(up, key, news()).json()["id"]]
    ballast = fill(up, but=0)
    refused = 0
    while refused < 3:
        answer = post(up, key, news(title=f"Sak nummer {len(confirmed)}"))
        if answer.status_code == 201:
            confirmed.append(answer.json()["id"])
        else:
            assert answer.status_code == 503
            refused += 1
    await until(lambda: '"server_ended"' in up.log())
    ballast.unlink()
    await until(lambda: health(up)["status"] == "ok", timeout=90)
    for article in confirmed:
        found = httpx.get(
            f"{up.url}/api/articles/{article}", headers={"Authorization": f"Bearer {key}"}
        )
        assert found.status_code == 200
