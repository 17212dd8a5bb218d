"""The stack goes over to a Redis that fails over, with all that it has; its master dies, and is cut
off. The stack stays so."""

import subprocess

import pytest

from tests.containers.stack import Stack
from tests.containers.steps import everybody_has_it, in_mid_delivery, post
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
SERVERS = {".11": "redis", ".12": "redis-2", ".13": "redis-3"}
"""By how the addresses end that deploy/sentinel.yaml gives them."""
SENTINELS = ("sentinel-1", "sentinel-2", "sentinel-3")
ASKS = (
    "REDISCLI_AUTH=\"$(sed -n '1s|.*:\\(.*\\)@.*|\\1|p' /run/secrets/redis_operator)\" "
    "redis-cli --user operator info replication"
)


def told(stack: Stack, server: str) -> dict[str, str]:
    """What a server says of its part; nothing if it does not answer."""
    said = stack.run("exec", "-T", server, "sh", "-c", ASKS, check=False).stdout
    return dict(line.strip().split(":", 1) for line in said.splitlines() if ":" in line)


def done(stack: Stack, *command: str) -> None:
    subprocess.run(command, cwd=stack.folder, check=True, capture_output=True)


def masters(stack: Stack) -> set[str]:
    """The master, as each Sentinel says; nothing for one that does not answer."""
    ask = ("redis-cli", "-p", "26379", "sentinel", "get-master-addr-by-name", "varsel")
    said = [stack.run("exec", "-T", one, *ask, check=False).stdout for one in SENTINELS]
    return {SERVERS.get(one.split("\n")[0].strip()[-3:], "") for one in said}


async def test_a_stack_goes_over_to_a_redis_that_fails_over_and_keeps_everything(
    stack: Stack, key: str, members: set[str]
) -> None:
    stack.run("down")
    done(stack, "deploy/prepare", "sentinel")
    stack.add(file="deploy/sentinel.yaml", profile="sentinel")
    stack.run("up", "--detach", "--wait")
    await until(lambda: told(stack, "redis").get("connected_slaves") == "2", 60)
    assert masters(stack) == {"redis"}
    title = "Varsel på tre databaser"
    article = post(stack, key, title)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=0)


async def test_a_master_that_dies_in_mid_delivery_leaves_nobody_out_and_comes_back_as_a_replica(
    stack: Stack, key: str, members: set[str]
) -> None:
    title = "Varsel mens hovedbasen dør"
    article = post(stack, key, title)
    await in_mid_delivery(stack, key, article)
    victim = stack.container("redis")
    # From within Docker, which then does not start it again: else it is back before it is missed.
    done(stack, "docker", "kill", victim)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=64)
    [master] = masters(stack)
    assert master != "redis"
    done(stack, "docker", "start", victim)
    await until(lambda: told(stack, "redis").get("master_link_status") == "up", 60)
    assert SERVERS[told(stack, "redis")["master_host"][-3:]] == master


async def test_after_all_of_them_were_down_the_master_is_who_it_was(
    stack: Stack, key: str, members: set[str]
) -> None:
    [before] = masters(stack)
    assert before != "redis", "the first one, as which all begin"
    stack.run("kill", *SERVERS, *SENTINELS)
    stack.run("up", "--detach", "--wait")
    await until(lambda: masters(stack) == {before}, 60)
    await until(lambda: told(stack, before).get("connected_slaves") == "2", 60)
    title = "Varsel etter at alle var nede"
    article = post(stack, key, title)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=0)


async def test_a_master_that_is_cut_off_in_mid_delivery_leaves_nobody_out_and_follows_later(
    stack: Stack, key: str, members: set[str]
) -> None:
    [before] = masters(stack)
    title = "Varsel mens hovedbasen er avskåret"
    article = post(stack, key, title)
    await in_mid_delivery(stack, key, article)
    victim, network = stack.container(before), f"{stack.project}_events"
    address = stack.inspect(before)["NetworkSettings"]["Networks"][network]["IPAddress"]
    done(stack, "docker", "network", "disconnect", network, victim)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=64)
    [master] = masters(stack)
    assert master != before
    back = ("--ip", address, "--alias", before, network, victim)
    done(stack, "docker", "network", "connect", *back)
    await until(lambda: told(stack, before).get("master_link_status") == "up", 60)
    assert SERVERS[told(stack, before)["master_host"][-3:]] == master


def test_who_reaches_a_sentinel_asks_where_the_master_is_and_changes_nothing(stack: Stack) -> None:
    for command in (
        ("sentinel", "failover", "varsel"),
        ("sentinel", "monitor", "other", "10.0.0.1", "6379", "1"),
        ("sentinel", "set", "varsel", "quorum", "1"),
        ("shutdown",),
        ("acl", "list"),
    ):
        said = stack.run("exec", "-T", "sentinel-1", "redis-cli", "-p", "26379", *command)
        assert "NOPERM" in said.stdout, command
