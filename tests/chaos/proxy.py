"""Proxies in front of Redis and the relay, one of each for every process: they tell each command
before they pass it on, and each reply before they pass that back, and break off when told to."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Literal

from tests.chaos.resp import FETCHES, Kinds, Parser, Push, brings_something
from tests.chaos.smtp import Conversation

Moment = Literal["before", "after"]
"""A command is not passed on yet; or it was done, and its reply is not passed back yet."""
Watch = Callable[[str, Moment], bool]
"""Is told of a command's kind and moment; true where nothing more is to be passed on."""
Done = Callable[[list[bytes], object], None]
"""Is told of a command that was done, with its reply, before its moment `after`."""
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


class _Broken(Exception):
    """The watch said so."""


class Proxy:
    """Listens on a free port of 127.0.0.1. `connect` opens a connection to what is behind it."""

    def __init__(self, connect: Connect, watch: Watch) -> None:
        self._connect = connect
        self._watch = watch
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, kind: str, moment: Moment) -> None:
        if self._watch(kind, moment):
            raise _Broken

    def link(self) -> "Link":
        """What is to be told of one connection."""
        raise NotImplementedError

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        behind: asyncio.StreamWriter | None = None
        try:
            link = self.link()
            link.opens()
            answers, behind = await self._connect()
            link.ahead, link.back = behind.write, writer.write
            await _either(
                _pass(reader, behind, link.asked),
                _pass(answers, writer, link.answered),
            )
        except (OSError, _Broken, asyncio.CancelledError):
            pass  # what is behind is away, or a kill, or the end: the connection breaks
        finally:
            for end in (writer, behind):
                if end:
                    end.close()


class Link:
    """One connection: is given what each side says, and passes it on by `ahead` and `back`."""

    ahead: Callable[[bytes], None]
    back: Callable[[bytes], None]

    def opens(self) -> None: ...

    def asked(self, data: bytes) -> None:
        raise NotImplementedError

    def answered(self, data: bytes) -> None:
        raise NotImplementedError


class RedisProxy(Proxy):
    def __init__(
        self, connect: Connect, watch: Watch, kinds: Kinds, done: Done = lambda *_: None
    ) -> None:
        super().__init__(connect, watch)
        self.kinds = kinds
        self.done = done

    def link(self) -> Link:
        return _RedisLink(self)


class _RedisLink(Link):
    def __init__(self, proxy: RedisProxy) -> None:
        self._proxy = proxy
        self._commands, self._replies = Parser(), Parser()
        self._open: deque[tuple[str, list[bytes]]] = deque()
        """The commands that are not answered yet, and their kinds."""

    def asked(self, data: bytes) -> None:
        for command, raw in self._commands.feed(data):
            kind = self._proxy.kinds.name(command)
            self._proxy.tell(kind, "before")
            self._open.append((kind, command))
            self.ahead(raw)

    def answered(self, data: bytes) -> None:
        for reply, raw in self._replies.feed(data):
            if not isinstance(reply, Push):
                kind, command = self._open.popleft()
                self._proxy.done(command, reply)
                if not kind.startswith(FETCHES) or brings_something(reply):
                    self._proxy.tell(kind, "after")
            self.back(raw)


class SmtpProxy(Proxy):
    """`name` stands before each step."""

    def __init__(self, connect: Connect, watch: Watch, name: str = "SMTP") -> None:
        super().__init__(connect, watch)
        self.name = name

    def link(self) -> Link:
        return _SmtpLink(self)


class _SmtpLink(Link):
    def __init__(self, proxy: SmtpProxy) -> None:
        self._proxy = proxy
        self._conversation = Conversation()
        self._step = ""

    def opens(self) -> None:
        self._proxy.tell(f"{self._proxy.name} connect", "before")

    def asked(self, data: bytes) -> None:
        for step, raw in self._conversation.client(data):
            if not step == self._step == "content":  # told once, whatever its pieces
                self._proxy.tell(f"{self._proxy.name} {step}", "before")
            self._step = step
            self.ahead(raw)

    def answered(self, data: bytes) -> None:
        for step, _, raw in self._conversation.server(data):
            self._proxy.tell(f"{self._proxy.name} {step}", "after")
            self.back(raw)
        self.asked(b"")  # what waited for the answer to DATA


async def _pass(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, through: Callable[[bytes], None]
) -> None:
    while data := await source.read(1 << 16):
        through(data)
        await target.drain()


async def _either(*ways: Coroutine[None, None, None]) -> None:
    """Until one of them ends, by whatever; its error is raised."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
