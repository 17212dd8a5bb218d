"""Every crossing that a service could try, and each is refused: on the streams as the topology has
them, on each other's keys, and on the server. Each is tried as a command and within a script."""

import pytest

from shared import newest_backup
from shared.bus import data_form
from shared.bus.failover import ACKNOWLEDGED
from shared.bus.users import BACKUP, METRICS, OPERATOR, REPLICA, SENTINEL
from shared.topology import DEAD, DEAD_LETTER_STREAMS, TOPOLOGY, Stream
from tests.borders.conftest import SERVICES, USERS, Server

LEAVES_DEAD_LETTERS = {
    dead.name: set(TOPOLOGY[dead.name.removesuffix(DEAD)].groups) for dead in DEAD_LETTER_STREAMS
}

READ, WHO, ADD, TRIM, LOOK, NOBODY = "read", "who", "add", "trim", "look", "nobody"
Command = tuple[str | int, ...]
"""KEY stands for the stream or key that it is tried on."""
ON_A_STREAM: dict[str, list[Command]] = {
    READ: [
        ("XREADGROUP", "GROUP", "g", "c", "STREAMS", "KEY", ">"),
        ("XACK", "KEY", "g", "1-0"),
        ("XCLAIM", "KEY", "g", "c", 0, "1-0"),
        ("XAUTOCLAIM", "KEY", "g", "c", 0, "0"),
        ("XGROUP", "DELCONSUMER", "KEY", "g", "nobody"),
    ],
    WHO: [("XINFO", "CONSUMERS", "KEY", "g")],
    ADD: [("XADD", "KEY", "*", "a", "b")],
    TRIM: [
        ("XTRIM", "KEY", "MAXLEN", 1_000_000),
        ("XDEL", "KEY", "1-0"),
        ("XREVRANGE", "KEY", "+", "-"),
    ],
    LOOK: [
        ("XRANGE", "KEY", "-", "+"),
        ("XPENDING", "KEY", "g"),
        ("XINFO", "GROUPS", "KEY"),
        ("XLEN", "KEY"),
    ],
    NOBODY: [
        ("XREAD", "STREAMS", "KEY", "0"),
        ("XSETID", "KEY", "9-0"),
        ("XGROUP", "DESTROY", "KEY", "g"),
        ("XGROUP", "SETID", "KEY", "g", "$"),
        ("DEL", "KEY"),
        ("UNLINK", "KEY"),
        ("EXPIRE", "KEY", 1),
        ("SET", "KEY", "1"),
        ("RENAME", "KEY", "x"),
        ("COPY", "KEY", "x"),
        ("DUMP", "KEY"),
        ("RESTORE", "KEY", 0, "x"),
    ],
}
"""By the right that it takes."""


def _rights(user: str, stream: Stream) -> set[str]:
    rights = {READ, WHO, LOOK} if user in stream.groups else set()
    if (user, stream.name) == ("render", "pages"):
        rights.add(WHO)  # it tells followers whether what it writes is read
    if user == stream.writer:
        rights |= {ADD, TRIM, LOOK}
    if user in stream.watchers:
        rights.add(LOOK)
    if user in LEAVES_DEAD_LETTERS.get(stream.name, ()):
        rights.add(ADD)
    return rights


@pytest.mark.parametrize("stream", TOPOLOGY.values(), ids=lambda stream: stream.name)
@pytest.mark.parametrize("user", SERVICES)
def test_a_service_does_with_a_stream_what_the_topology_says_and_no_more(
    server: Server, user: str, stream: Stream
) -> None:
    rights = _rights(user, stream)
    for right, commands in ON_A_STREAM.items():
        for command in commands:
            _is_as_expected(server, user, command, stream.name, right in rights)


ON_A_KEY: list[Command] = [
    ("GET", "KEY"),
    ("SET", "KEY", "1"),
    ("HGETALL", "KEY"),
    ("HSET", "KEY", "a", "b"),
    ("ZRANGE", "KEY", 0, -1),
    ("ZADD", "KEY", 1, "a"),
    ("SADD", "KEY", "a"),
    ("SMEMBERS", "KEY"),
    ("STRLEN", "KEY"),
    ("TYPE", "KEY"),
    ("EXISTS", "KEY"),
    ("EXPIRE", "KEY", 100),
    ("DEL", "KEY"),
]
OWNERS = {
    "ingest:article:a1b2c3d4e5f6": "ingest",
    "ingest:keys": "ingest",
    "render:article:a1b2c3d4e5f6": "render",
    "render:counters": "render",
    "notify:members:0": "notify",
    "notify:index:00": "notify",
    "notify:keys": "notify",
    "notify:inbox": "notify",
    **dict.fromkeys(SERVICES),
    **{f"{service}s:x": None for service in SERVICES},
    **{f"x:{service}:x": None for service in SERVICES},
    "tests": None,
}
"""Keys, some of them made up, and the service that each belongs to."""


@pytest.mark.parametrize("key", OWNERS)
@pytest.mark.parametrize("user", SERVICES)
def test_a_service_has_its_own_keys_and_nobody_elses(server: Server, user: str, key: str) -> None:
    for command in ON_A_KEY:
        _is_as_expected(server, user, command, key, user == OWNERS[key])


def _is_as_expected(server: Server, user: str, command: Command, key: str, allowed: bool) -> None:
    """The same for the command itself, for a script that names the key, and one that hides it."""
    call = tuple(key if part == "KEY" else part for part in command)
    told = f"{user}: {' '.join(map(str, call))}"
    assert server.may(user, *call) == allowed, told
    assert server.may_by_script(user, *call, keys=(key,)) == allowed, f"in a script: {told}"
    assert server.may_by_script(user, *call) == allowed, f"hidden in a script: {told}"


def test_every_service_has_keys_of_its_own_in_this_test() -> None:
    assert {owner for owner in OWNERS.values() if owner} == set(SERVICES)


ON_THE_SERVER: list[Command] = [
    ("KEYS", "*"),
    ("RANDOMKEY",),
    ("DBSIZE",),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("SWAPDB", 0, 1),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "appendonly", "no"),
    ("ACL", "LIST"),
    ("ACL", "SETUSER", "render", "+@all"),
    ("SHUTDOWN", "NOSAVE"),
    ("SAVE",),
    ("BGREWRITEAOF",),
    ("REPLICAOF", "127.0.0.1", 1),
    ("MONITOR",),
    ("CLIENT", "LIST"),
    ("CLIENT", "KILL", "TYPE", "normal"),
    ("CLIENT", "TRACKING", "ON", "BCAST"),
    ("SCRIPT", "FLUSH"),
    ("FUNCTION", "FLUSH"),
    ("EVAL", "return 1", 0),
    ("PUBLISH", "x", "y"),
    ("SUBSCRIBE", "x"),
    ("MODULE", "LIST"),
    ("SLOWLOG", "GET"),
]


@pytest.mark.parametrize("command", ON_THE_SERVER, ids=lambda c: " ".join(map(str, c)))
@pytest.mark.parametrize("user", USERS)
def test_nobody_rules_the_server(server: Server, user: str, command: Command) -> None:
    assert not server.may(user, *command)
    assert not server.may_by_script(user, *command)


@pytest.mark.parametrize("user", SERVICES)
def test_no_service_lists_keys(server: Server, user: str) -> None:
    assert not server.may(user, "SCAN", 0)
    assert not server.may_by_script(user, "SCAN", 0)


def test_who_runs_scripts_publishes_to_one_channel_alone(server: Server) -> None:
    """What is said there, replicas get behind all that was written: see failover.py."""
    for user in USERS:
        told = server.may(user, "PUBLISH", ACKNOWLEDGED, "")
        assert told == (user in (*SERVICES, OPERATOR)), user
        assert not server.may(user, "SUBSCRIBE", ACKNOWLEDGED), user
        assert not server.may(user, "PUBLISH", "__sentinel__:hello", "x"), user


@pytest.mark.parametrize("user", [REPLICA, SENTINEL])
def test_servers_and_sentinels_read_and_write_nothing_one_by_one(server: Server, user: str) -> None:
    may = [
        command
        for stream in TOPOLOGY
        for command in (
            ("XRANGE", stream, "-", "+"),
            ("XADD", stream, "*", "a", "b"),
            *((command, key) for key in OWNERS for command in ("TYPE", "GET", "HGETALL", "DEL")),
        )
        if server.admin.execute_command("ACL", "DRYRUN", user, *command) == "OK"
    ]
    assert may == []
    for command in (("CONFIG", "SET", "dir", "/"), ("ACL", "LIST"), ("FLUSHALL",), ("KEYS", "*")):
        assert server.admin.execute_command("ACL", "DRYRUN", user, *command) != "OK", command


@pytest.mark.parametrize("stream", TOPOLOGY)
def test_the_operator_may_look_at_everything_and_mend_it(server: Server, stream: str) -> None:
    for command in (
        ("SCAN", 0),
        ("INFO",),
        ("XRANGE", stream, "-", "+"),
        ("XINFO", "STREAM", stream),
        ("XADD", stream, "*", "a", "b"),
        ("XDEL", stream, "1-0"),
        *((command, key) for key in OWNERS for command in ("TYPE", "GET", "HGETALL", "DEL")),
    ):
        assert server.may(OPERATOR, *command), command


@pytest.mark.parametrize("stream", TOPOLOGY)
def test_who_takes_backups_reads_and_writes_nothing_one_by_one(server: Server, stream: str) -> None:
    for command in (
        ("XRANGE", stream, "-", "+"),
        ("XADD", stream, "*", "a", "b"),
        ("DBSIZE",),
        *((command, key) for key in OWNERS for command in ("TYPE", "GET", "HGETALL", "DEL")),
        *(("RESTORE", key, 0, "x") for key in OWNERS),
    ):
        assert not server.may(BACKUP, *command), command


def test_when_a_backup_was_taken_is_told_by_who_takes_it_and_read_by_ingest(server: Server) -> None:
    tells = [user for user in USERS if server.may(user, "SET", newest_backup.KEY, "1")]
    reads = [user for user in USERS if server.may(user, "GET", newest_backup.KEY)]
    assert sorted(tells) == sorted([BACKUP, OPERATOR])
    assert sorted(reads) == sorted(["ingest", OPERATOR])


@pytest.mark.parametrize("user", SERVICES)
def test_a_service_adds_to_the_forms_that_the_data_has_and_takes_none_away(
    server: Server, user: str
) -> None:
    """Else one that was taken over could have an older release run on what it cannot read."""
    assert server.may(user, "HGETALL", data_form.KEY)
    assert server.may(user, "HSETNX", data_form.KEY, "1", "x")
    for command in (
        ("HSET", data_form.KEY, "1", "x"),
        ("HDEL", data_form.KEY, "1"),
        ("HINCRBY", data_form.KEY, "1", 1),
        ("DEL", data_form.KEY),
        ("UNLINK", data_form.KEY),
        ("EXPIRE", data_form.KEY, 1),
        ("SET", data_form.KEY, "x"),
    ):
        assert not server.may(user, *command), command
        assert not server.may_by_script(user, *command, keys=(data_form.KEY,)), command


@pytest.mark.parametrize("stream", TOPOLOGY)
def test_who_measures_sees_how_far_readers_are_and_changes_nothing(
    server: Server, stream: str
) -> None:
    for command in (
        ("INFO",),
        ("SELECT", 0),
        ("TYPE", stream),
        ("XINFO", "STREAM", stream),
        ("XINFO", "GROUPS", stream),
        ("XINFO", "CONSUMERS", stream, "notify"),
    ):
        assert server.may(METRICS, *command), command
    asked = [command for commands in ON_A_STREAM.values() for command in commands]
    for call in (*asked, ("XINFO", "STREAM", "KEY", "FULL", "COUNT", 0)):
        command = tuple(stream if word == "KEY" else word for word in call)
        if command[:2] in (("XINFO", "GROUPS"), ("XINFO", "CONSUMERS"), ("XINFO", "STREAM")):
            continue
        assert not server.may(METRICS, *command), command
    for key in OWNERS:
        for command in ("TYPE", "GET", "HGETALL", "DEL"):
            assert not server.may(METRICS, command, key), (command, key)


@pytest.mark.parametrize("user", USERS)
def test_nobody_may_run_what_the_server_itself_calls_dangerous(server: Server, user: str) -> None:
    """Whatever it comes to call so; `varsel watch` shows what INFO tells; two commands on backups
    need the others."""
    commands = {*server.admin.acl_cat("dangerous"), *server.admin.acl_cat("admin")}
    allowed = set()
    for command in commands:
        name = command.split("|")
        known = server.admin.execute_command("COMMAND", "INFO", command)[command]
        padding = ["x"] * max(0, abs(known["arity"]) - len(name))
        if server.admin.execute_command("ACL", "DRYRUN", user, *name, *padding) == "OK":
            allowed.add(command)
    wanted = {
        OPERATOR: {"info", "restore", "acl|load"},
        BACKUP: {"replconf", "sync"},
        METRICS: {"info"},
    }
    assert allowed == wanted.get(user, set())
    assert len(commands) > 50


def test_only_the_operator_ends_a_script_that_does_not_end(server: Server) -> None:
    for user in USERS:
        answer = server.admin.execute_command("ACL", "DRYRUN", user, "SCRIPT", "KILL")
        assert (answer == "OK") == (user == OPERATOR), user
