"""What the stack may use, and who reaches it, unless the operator says otherwise."""

from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).parents[2]


def services(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPO / file).read_text())["services"]
    return found


SERVICES = services("compose.yaml")
FOR_THE_INTERNET = {"bounces"}
"""Started by whoever wants a port for mail that comes back."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_a_limit_of_processes_and_memory(name: str) -> None:
    assert SERVICES[name]["pids_limit"] <= 256
    assert SERVICES[name]["mem_limit"]


def test_a_guard_on_another_machine_has_limits_and_no_port() -> None:
    [guard] = services("deploy/guard.yaml").values()
    assert guard["pids_limit"] <= 256
    assert guard["mem_limit"]
    assert (guard["read_only"], guard["cap_drop"], "ports" in guard) == (True, ["ALL"], False)


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - FOR_THE_INTERNET))
def test_its_ports_are_this_machine_s_alone_unless_env_says_where(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith(("127.0.0.1:", "${VARSEL_PUBLISH:-127.0.0.1}:")), port


def test_who_reads_what_others_wrote_weighs_less_than_redis_and_caddy() -> None:
    weights = {name: SERVICES[name].get("cpu_shares", 1024) for name in SERVICES}
    assert weights["redis"] == weights["caddy"] == weights["notify"] == 1024
    assert weights["ingest"] == weights["render"] == 512
    assert not any("cpus" in one for one in SERVICES.values()), "refused where cores are fewer"


def test_caddy_says_whether_it_serves_where_only_this_machine_asks() -> None:
    [path] = [
        word.rstrip(";").partition("8080")[2]
        for word in SERVICES["caddy"]["healthcheck"]["test"].split()
        if word.startswith("http://127.0.0.1:8080")
    ]
    _, _, inside = (REPO / "deploy/Caddyfile").read_text().partition("\nhttp://:8080 {")
    assert f"handle {path} {{" in inside
