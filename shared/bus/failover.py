"""A Redis that fails over: a master with replicas, and Sentinels that know which one is the master.

What was written counts once a replica has it, too. Else whoever was answered, and each member who
was claimed for a mail, could be forgotten with the master. So `WAIT` follows each command that may
write, on its connection and in the same pipeline; too few acknowledgements are NotAcknowledged, and
the caller repeats what it did.

A repeat may find that all is done and write nothing, on another connection than the first time.
`WAIT` is about what its own connection wrote last, and would say yes at once. So before it comes a
`PUBLISH` that nobody hears: it is passed on to replicas, behind everything that the master has done
for anybody. A plain read waits for nothing.

A replica that has gone may have become the master, while this one does not know yet and another
replica still answers it; what they say to each other is forgotten. So where fewer answer than did
before, Sentinels are asked, and fewer are enough only if they see nothing wrong.

While a master is replaced, commands are tried again for so long as that takes, with pauses of ours:
redis-py's own are nested, a command's around a connection's, and add up to 10 s.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.bus.epoch import ServiceRedis
from shared.bus.errors import NotAcknowledged, login_refused
from shared.bus.packed import pack_in_c
from shared.redis_url import HostPort, SentinelUrl, sentinel_url

ACKNOWLEDGED = "varsel:acknowledged"
"""The channel of that PUBLISH."""
_REPLICAS = 1
"""How many must have what was written, as `min-replicas-to-write` in deploy/."""
_WAIT_MS = 1000
_OTHERS_MS = 250
"""How long the others are waited for, if they have answered before."""
_GONE_MS = 50
"""How long one that did not answer before is, each time that somebody looks whether it is back."""
_PATIENCE_SECONDS = 4.0
"""How long a command is tried. Sentinels replace a master in 2 to 3 s (deploy/sentinel.conf)."""
_UNHEARD_SECONDS = 1.5
"""How long, if it was written and no replica hears it: shorter than `min-replicas-max-lag`, after
which nothing could be taken back."""
_PAUSE_SECONDS = 0.1
_SENTINEL_SECONDS = 0.5
"""A Sentinel that says nothing for so long is away, perhaps with the master."""
_CONNECT_SECONDS = 1.0
_LOOK_SECONDS = 0.5
"""How often Sentinels are asked whether another is the master."""
_READS = frozenset(
    "BITCOUNT BITPOS DBSIZE DUMP ECHO EXISTS GET GETBIT GETRANGE HEXISTS HGET HGETALL HKEYS HLEN "  # noqa: SIM905
    "HMGET HRANDFIELD HSCAN HSTRLEN HVALS INFO KEYS MEMORY MGET OBJECT PING PTTL RANDOMKEY SCAN "
    "SCARD SISMEMBER SMEMBERS SMISMEMBER SRANDMEMBER SSCAN STRLEN TIME TTL TYPE XINFO XLEN "
    "XPENDING XRANGE XREAD XREVRANGE ZCARD ZCOUNT ZLEXCOUNT ZMSCORE ZRANGE ZRANGEBYLEX "
    "ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE "
    "ACL CLIENT COMMAND CONFIG SCRIPT "
    "XCLAIM XTRIM".split()
)
"""Commands after which nobody waits. The last line's write: an entry that is brought back, and what
is behind all readers. If that is lost with the master, it is done again."""

T = TypeVar("T")


class _Replaced(NotAcknowledged):
    """Another is about to be the master. A new one refuses to write until it is followed; one of
    before is answered by whoever does not know yet."""


class Sentinels(Sentinel):
    """Those of an address. They are asked all at once: one that is cut off from the others may
    still have a master of before, and one that is away is not waited for in turn."""

    def __init__(self, at: SentinelUrl) -> None:
        encrypted = {"ssl": True, "ssl_ca_certs": at.authorities or None} if at.is_encrypted else {}
        super().__init__(  # type: ignore[no-untyped-call]
            at.sentinels,
            sentinel_kwargs={
                "socket_timeout": _SENTINEL_SECONDS,
                "socket_connect_timeout": _SENTINEL_SECONDS,
                "retry": Retry(NoBackoff(), 0),
                **encrypted,
            },
        )
        self._name = at.name
        self._replicas = 0
        """How many the master has, those that are down among them."""
        self._master: HostPort | None = None
        """Whose replicas answer, and how many must: as many as last time."""
        self._enough = _REPLICAS
        self._looked_at = 0.0
        """When it was last seen whether more of them answer."""

    async def discover_master(self, service_name: str) -> HostPort:
        """Where the master is, as who has heard of the latest change says. MasterNotFoundError if
        nobody knows one that is up; redis-py's errors if a Sentinel refuses to say."""
        states, refused = await self._ask(service_name)
        states = [state for state in states if self.check_master_state(state, service_name)]
        if not states:
            raise refused or MasterNotFoundError("no Sentinel knows a master that is up")
        newest = max(states, key=_epoch)
        self._replicas = int(newest["num-slaves"])
        return _address(newest)

    async def _ask(self, name: str) -> tuple[list[dict[str, Any]], BaseException | None]:
        """What each that answers knows of the master, and the error of one that refuses to."""
        asked = (sentinel.sentinel_masters() for sentinel in self.sentinels)
        states: list[dict[str, Any]] = []
        refused: BaseException | None = None
        for answer in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(answer, BaseException):
                refused = answer if isinstance(answer, ResponseError) else refused
            elif state := cast("dict[str, dict[str, Any]]", answer).get(name):
                states.append(state)
        return states, refused

    def behind(self, master: HostPort) -> list[Any]:
        """The commands behind what may have been written on `master`; see `settle`."""
        if master != self._master:
            # At first as many as there are. After a failover one of them is the former master.
            self._enough = _REPLICAS if self._master else max(self._replicas, _REPLICAS)
            self._master, self._looked_at = master, time.monotonic()
        wanted, wait_ms = self._enough, _OTHERS_MS
        if wanted < self._replicas and time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self._looked_at = time.monotonic()
            wanted, wait_ms = self._replicas, _GONE_MS
        waits = [(_REPLICAS, _WAIT_MS), *([(wanted, wait_ms)] if wanted > _REPLICAS else [])]
        return [
            (("PUBLISH", ACKNOWLEDGED, ""), {}),
            *((("WAIT", count, milliseconds), {}) for count, milliseconds in waits),
        ]

    async def settle(self, connection: Connection, told: object, *counts: object) -> None:
        """See that enough replicas have answered WAIT. The connection is given up if not: Sentinels
        say to which master the next one leads."""
        count, master = counts[-1], (connection.host, connection.port)
        if not isinstance(told, Exception) and isinstance(count, int) and count >= _REPLICAS:
            enough = self._enough if master == self._master else _REPLICAS
            if count >= enough or await self._see_nothing_wrong(master):
                if master == self._master:
                    self._enough = count
                return
        await connection.disconnect(nowait=True)
        if isinstance(told, Exception):
            raise told
        if isinstance(count, ResponseError):
            raise RedisConnectionError("this is no master any more") from count
        raise _Replaced("a replica has gone") if count else NotAcknowledged("no replica has it yet")

    async def _see_nothing_wrong(self, master: HostPort) -> bool:
        """Whether most Sentinels answer, and of these who have heard of the latest change take
        `master` for the one, and for one that lives. A replica that has gone has not become the
        master then, since that takes most of them, and the one who leads it tells."""
        states, _ = await self._ask(self._name)
        if 2 * len(states) <= len(self.sentinels):
            return False
        latest = max(map(_epoch, states))
        return all(
            _address(state) == master and _flags(state) == {"master"}
            for state in states
            if _epoch(state) == latest
        )


def _epoch(state: dict[str, Any]) -> int:
    return int(state["config-epoch"])


def _address(state: dict[str, Any]) -> HostPort:
    return str(state["ip"]), int(state["port"])


def _flags(state: dict[str, Any]) -> set[str]:
    """A set, or with the older protocol a text."""
    said = state["flags"]
    return set(said.split(",")) if isinstance(said, str) else set(said)


class _Acknowledged(Pipeline):
    """A pipeline that is done once a replica has done it, too, if anything in it may write."""

    async def execute(self, raise_on_error: bool = True) -> Any:
        stack, scripts = list(self.command_stack), set(self.scripts)

        async def once() -> Any:
            self.command_stack, self.scripts = list(stack), set(scripts)
            return await super(_Acknowledged, self).execute(raise_on_error)

        return await (once() if self.watching else patiently(once))

    async def _execute_pipeline(
        self, connection: Connection, commands: list[Any], raise_on_error: bool
    ) -> Any:
        if all(is_read(args) for args, _ in commands):
            return await super()._execute_pipeline(connection, commands, raise_on_error)
        sentinels = _sentinels_of(self)
        behind = sentinels.behind((connection.host, connection.port))
        answers = await super()._execute_pipeline(connection, [*commands, *behind], False)
        answers, settling = answers[: len(commands)], answers[len(commands) :]
        if any(isinstance(one, ResponseError) and "NOREPLICAS" in str(one) for one in answers):
            await connection.disconnect(nowait=True)  # it may be none any more
            raise _Replaced("the master takes nothing, since no replica hears it")
        if not all(isinstance(one, ResponseError) for one in answers):  # else nothing was done
            await sentinels.settle(connection, *settling)
        if raise_on_error:
            self.raise_first_error(commands, answers)
        return answers

    async def _execute_transaction(
        self, connection: Connection, commands: list[Any], raise_on_error: bool
    ) -> Any:
        answers = await super()._execute_transaction(connection, commands, raise_on_error)
        if not all(is_read(args) for args, _ in commands):
            sentinels = _sentinels_of(self)
            behind = sentinels.behind((connection.host, connection.port))
            settling = await super()._execute_pipeline(connection, behind, False)
            await sentinels.settle(connection, *settling)
        return answers


class MasterRedis(ServiceRedis):
    """A client of the master, whoever that is."""

    @classmethod
    def of(cls, at: SentinelUrl, *, socket_timeout: float) -> "MasterRedis":
        kind, options = connections(at)
        pool = SentinelConnectionPool(  # type: ignore[no-untyped-call]
            at.name,
            Sentinels(at),
            connection_class=kind,
            username=at.user or None,
            password=at.password or None,
            db=at.database,
            socket_timeout=socket_timeout,
            **options,
        )
        client = cast("MasterRedis", cls.from_pool(pool))
        pack_in_c(client)
        return client

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _Acknowledged(self.connection_pool, self.response_callbacks, transaction, shard_hint)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        if is_read(args):
            return await patiently(
                lambda: super(MasterRedis, self).execute_command(*args, **options)  # type: ignore[no-untyped-call]
            )
        pipe = self.pipeline(transaction=False)
        pipe.pipeline_execute_command(*args, **options)  # type: ignore[no-untyped-call]
        [answer] = await pipe.execute(raise_on_error=False)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        await self.sentinels.aclose()

    @property
    def sentinels(self) -> Sentinels:
        return _sentinels_of(self)

    def follow(self, reading: Redis) -> "asyncio.Task[NoReturn]":
        """Break connections of this client and of `reading`, those in use too, that lead to
        another than the master of now: whoever reads at one that is cut off hears nothing, and no
        error either. `reading` asks the Sentinels of this client from now on."""
        pools = [cast("SentinelConnectionPool", one.connection_pool) for one in (self, reading)]
        pools[1].sentinel_manager = self.sentinels
        return asyncio.create_task(self._follow(pools))

    async def _follow(self, pools: Sequence[SentinelConnectionPool]) -> NoReturn:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                master = await self.sentinels.discover_master(pools[0].service_name)
            except (RedisError, OSError):
                continue  # the bus tells
            for pool in pools:
                all_of_them = (*pool._in_use_connections, *pool._available_connections)
                for connection in cast("Sequence[SentinelManagedConnection]", all_of_them):
                    if connection.is_connected and (connection.host, connection.port) != master:
                        await connection.disconnect(nowait=True)


def _sentinels_of(client: Redis) -> Sentinels:
    return cast(
        "Sentinels", cast("SentinelConnectionPool", client.connection_pool).sentinel_manager
    )


def connections(at: SentinelUrl) -> tuple[type[SentinelManagedConnection], dict[str, Any]]:
    """The class of connections to a master, and what they are told beside who we are."""
    options: dict[str, Any] = {"socket_connect_timeout": _CONNECT_SECONDS}
    if not at.is_encrypted:
        return SentinelManagedConnection, options
    if at.authorities:
        options["ssl_ca_certs"] = at.authorities
    return SentinelManagedSSLConnection, options


def is_read(args: tuple[Any, ...]) -> bool:
    """Whether nobody needs to wait for replicas after this command."""
    name = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
    return name.partition(" ")[0].upper() in _READS


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """What `do` gives, which is tried again while the master is away, or is about to be none any
    more; its error once that has lasted for longer than a failover takes."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return await do()
        except (RedisConnectionError, RedisTimeoutError, NotAcknowledged) as error:
            left = until - time.monotonic()
            if isinstance(error, NotAcknowledged) and not isinstance(error, _Replaced):
                left -= _PATIENCE_SECONDS - _UNHEARD_SECONDS
            if left < 0 or login_refused(error):
                raise
            await asyncio.sleep(_PAUSE_SECONDS)


async def master_url(url: str) -> str:
    """The plain address of the master of now, for what asks once and is begun anew if that dies; a
    plain address as it is. redis-py's errors."""
    at = sentinel_url(url)
    if at is None:
        return url
    sentinels = Sentinels(at)
    try:
        return at.url_of(await patiently(lambda: sentinels.discover_master(at.name)))
    finally:
        await sentinels.aclose()
