"""The children of a service, from the side of the process that asks them."""

import asyncio
import contextlib
import os
import pickle
import re
import signal
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from shared import log

P = ParamSpec("P")
T = TypeVar("T")

SHORT = 8 * 1024
"""The weight of a text that is read at once, in letters: a millisecond's work, and 20 at worst."""
_START_SECONDS = 60.0
"""How long a child may take to import what it works with; a busy machine takes ten seconds."""
MEMORY_MIB = 288
"""What the work in a child may take if nothing else is said, beside what an idle child takes."""
_MARKS = re.compile(r"[^\w ]")
_LENGTH = struct.Struct(">I")


def weigh(text: str | bytes) -> int:
    """About how much work a parser has with it, in letters: a list of a thousand short items costs
    it as much as thirty pages."""
    if len(text) > SHORT:
        return len(text)
    letters = text.decode(errors="replace") if isinstance(text, bytes) else text
    return len(text) + 16 * len(_MARKS.findall(letters))


class GaveUp(Exception):
    """The work had no end within its time, or did not fit into its memory. Trying again is of no
    use."""


class ChildDied(Exception):
    """Somebody killed the child, or the work did, twice. It may pass."""


class Children:
    """Processes that work while this one serves others. They start when they are needed and stay.

    `imports` are the modules with the functions that they will run; `memory_mib` is what the work
    of one may take. The kernel ends them with the thread that starts them, so ask from the main
    thread's event loop.
    """

    def __init__(self, *imports: str, most: int = 2, memory_mib: int = MEMORY_MIB) -> None:
        self._imports = imports
        self._memory_mib = memory_mib
        self._most = most
        self._turn = asyncio.Semaphore(most)
        self._idle: list[_Child] = []
        self._there = 0
        """How many children there are, idle or at work."""

    async def warm(self) -> None:
        """Start one more child before anybody needs it, unless there are as many as may be. Does
        not wait until it can work."""
        if self._there < self._most:
            self._idle.append(await self._new_child())

    async def run(
        self, weight: int, seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `run_apart`, for work on a text of this `weight` (see `weigh`); on a light one it is
        done at once, here."""
        if weight <= SHORT:
            return work(*args, **kwargs)
        return await self.run_apart(seconds, work, *args, **kwargs)

    async def run_apart(
        self, seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` gives, or the error that it raises, when a child has done it.

        `work` is a function of a module; it and its arguments are pickled. Raises GaveUp after
        `seconds` of work and if memory ran out, ChildDied if two children in a row died of it.
        """
        async with self._turn:
            for _ in range(2):
                try:
                    done: T = await self._ask(seconds, pickle.dumps((work, args, kwargs)))
                    return done
                except _Gone:
                    log.get("varsel").warning("child_died", work=work.__name__)
        raise ChildDied(work.__name__)

    async def parts_apart(
        self, seconds: float, work: Callable[P, Iterator[T]], *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[T]:
        """What the generator `work` gives, one after the other, from a child. The child works ahead
        only as far as the pipe holds, and ends if the caller stops half-way.

        Raises what `work` raises; GaveUp if a part takes over `seconds` of work, and if memory
        ran out; ChildDied if the child dies.
        """
        async with self._turn:
            child = await self._ready_child()
            is_whole = False
            try:
                await child.tell(pickle.dumps((work, args, kwargs)))
                while (answer := await _within(seconds, child.answer()))[0] == "part":
                    yield answer[1]
                is_whole = not isinstance(answer[1], MemoryError)
            except _Gone:
                raise ChildDied(work.__name__) from None
            finally:
                await self._let_go(child, is_whole)
        _value_of(*answer)

    async def close(self) -> None:
        """End the children. Work that is under way fails."""
        while self._idle:
            await self._end(self._idle.pop())

    async def _ask(self, seconds: float, question: bytes) -> Any:
        child = await self._ready_child()
        is_whole = False
        try:
            word, value = await _within(seconds, child.ask(question))
            is_whole = not isinstance(value, MemoryError)
        finally:
            await self._let_go(child, is_whole)
        return _value_of(word, value)

    async def _let_go(self, child: "_Child", is_whole: bool) -> None:
        """Keep a child for the next question, or end one that is still at work, or in pieces."""
        if is_whole and self._there <= self._most:
            self._idle.append(child)
        else:
            await self._end(child)

    async def _new_child(self) -> "_Child":
        self._there += 1
        try:
            return await _Child.start(self._imports, self._memory_mib)
        except BaseException:
            self._there -= 1
            raise

    async def _end(self, child: "_Child") -> None:
        self._there -= 1
        await child.end()

    async def _ready_child(self) -> "_Child":
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                break
            self._there -= 1
        else:
            child = await self._new_child()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child.ready()
        except TimeoutError:
            await self._end(child)
            raise _Gone from None
        except BaseException:
            await self._end(child)
            raise
        return child


async def _within(seconds: float, answer: Awaitable[bytes]) -> tuple[str, Any]:
    try:
        async with asyncio.timeout(seconds):
            word, value = pickle.loads(await answer)  # noqa: S301 (our own child wrote it)
    except TimeoutError:
        raise GaveUp(f"{seconds:g} s") from None
    return word, value


def _value_of(word: str, value: Any) -> Any:
    if isinstance(value, MemoryError):
        raise GaveUp("memory") from None
    if word == "failed":
        raise value
    return value


def _without_settings() -> dict[str, str]:
    """The environment without what only the parent is to know: keys and passwords are settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VARSEL_")}


class _Gone(Exception):
    """The child's end of the pipe is closed."""


class _Child:
    """One process, which does one thing at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._is_ready = False

    @classmethod
    async def start(cls, imports: tuple[str, ...], memory_mib: int) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "shared.child"),
            *(str(os.getpid()), str(memory_mib), *imports),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_without_settings(),
            start_new_session=True,  # Ctrl-C in the terminal is for the parent
        )
        return cls(process)

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ready(self) -> None:
        if not self._is_ready:
            await self.answer()
            self._is_ready = True

    async def ask(self, question: bytes) -> bytes:
        """The pickled answer to a pickled question."""
        await self.tell(question)
        return await self.answer()

    async def tell(self, question: bytes) -> None:
        """Ask and do not wait."""
        assert self._process.stdin
        try:
            self._process.stdin.write(_LENGTH.pack(len(question)) + question)
            await self._process.stdin.drain()
        except (ConnectionError, RuntimeError):
            raise _Gone from None

    async def answer(self) -> bytes:
        """The next answer, pickled."""
        assert self._process.stdout
        try:
            head = await self._process.stdout.readexactly(_LENGTH.size)
            return await self._process.stdout.readexactly(_LENGTH.unpack(head)[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            raise _Gone from None

    async def end(self) -> None:
        """Kill it, whatever it does, and wait until it is gone."""
        assert self._process.stdin
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.stdin.close()
        await self._process.wait()
