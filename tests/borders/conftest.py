"""Servers with the product's users, each with a password as in compose: Valkey from the wheel and,
where there is Docker, redis:8.0."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
import redis

from shared.bus.users import BACKUP, METRICS, OPERATOR, acl_file, as_user
from shared.topology import STREAMS, TOPOLOGY
from tests.docker import redis_container
from tests.server import TESTER, Valkey

SERVICES = sorted({s.writer for s in STREAMS} | {g for s in STREAMS for g in s.groups})
USERS = [*SERVICES, OPERATOR, BACKUP, METRICS]


def password(user: str) -> str:
    return f"the password of {user}"


def proof(user: str) -> str:
    """What stands for a user's password in Redis's file."""
    return "#" + hashlib.sha256(password(user).encode()).hexdigest()


class Server:
    """A server with the topology and nothing else."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.admin = self._client(url)
        self.clients = {user: self._client(as_user(url, user, password(user))) for user in USERS}
        self.admin.flushall()
        for stream in TOPOLOGY.values():
            for group in stream.groups:
                self.admin.xgroup_create(stream.name, group, id="0", mkstream=True)

    @staticmethod
    def _client(url: str) -> redis.Redis:
        return redis.Redis.from_url(url, decode_responses=True)

    def may(self, user: str, *command: str | int) -> bool:
        """Whether the user is let through, whatever the command then comes to."""
        return _passes(lambda: self.clients[user].execute_command(*command))

    def may_by_script(self, user: str, *command: str | int, keys: tuple[str, ...] = ()) -> bool:
        """The same from within a script that names `keys`."""
        script = self.clients[user].register_script("return redis.call(unpack(ARGV))")
        return _passes(lambda: script(keys=keys, args=command))

    def close(self) -> None:
        for client in (self.admin, *self.clients.values()):
            client.close()


def _passes(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except redis.exceptions.NoPermissionError:
        return False
    except redis.exceptions.ResponseError as error:
        return not any(word in str(error) for word in ("ACL failure", "not allowed from script"))
    return True


@pytest.fixture(
    scope="module", params=["valkey", pytest.param("redis:8.0", marks=pytest.mark.docker)]
)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    url: str = request.getfixturevalue(
        "_valkey_url" if request.param == "valkey" else "_container_url"
    )
    server = Server(url)
    yield server
    server.close()


@pytest.fixture(scope="session")
def _valkey_url() -> Iterator[str]:
    valkey = Valkey(acl_file(proof) + TESTER).start()
    yield valkey.url
    valkey.close()


@pytest.fixture(scope="session")
def _container_url() -> Iterator[str]:
    with redis_container(acl_file(proof) + TESTER) as url:
        yield url
