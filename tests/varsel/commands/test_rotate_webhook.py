"""`varsel secrets rotate webhook`: what a follower asked for outlives its secret."""

import json
import os
from typing import Any

from tests.notify.posting.follower import SECRET
from tests.system.running import command

HOOK = "https://sykehus.example.org/varsler"
OTHER = {"url": "https://other.example.org/", "secret": SECRET}


def rotate(webhooks: list[dict[str, Any]], *more: str) -> list[dict[str, Any]]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VARSEL_")}
    done = command(
        ["secrets", "rotate", "webhook", HOOK, *more, "--json"],
        own | {"VARSEL_WEBHOOKS": json.dumps(webhooks)},
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["webhooks"]
    return found


def test_a_follower_with_a_new_secret_still_gets_exercises_and_heartbeats() -> None:
    wants = {"exercises": True, "heartbeat": True}
    begun = rotate([OTHER, {"url": HOOK, "secret": SECRET} | wants])
    assert [one["url"] for one in begun] == [OTHER["url"], HOOK, HOOK]
    assert begun[0] == OTHER
    for one in begun[1:]:
        assert {name: one.get(name) for name in wants} == wants
    assert begun[1]["secret"] == SECRET != begun[2]["secret"]
    assert rotate(begun, "--done") == [OTHER, begun[2]]
