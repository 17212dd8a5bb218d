"""What the starter of the tests starts is a process as any other: see tests/starter.py."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from tests.starter import Started, Starter
from tests.wait import until

_TELLS = """
import json, os, sys, varsel.run.system
print(json.dumps([sys.argv[1:], dict(os.environ), os.getpid(), os.getcwd(), sys.stdin.read()]))
print("feil", file=sys.stderr)
sys.exit(3)
"""


@pytest.fixture
def starter() -> Iterator[Starter]:
    own = Starter()
    yield own
    own.close()


def _waiting(starter: Starter) -> Started:
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    with TemporaryFile() as nothing:
        return starter.start(command, os.environ, nothing, nothing, nothing)


def _is_gone(process: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True


def test_it_has_arguments_environment_folder_input_and_outputs_of_its_own(starter: Starter) -> None:
    command = [sys.executable, "-c", _TELLS, "å", "b"]
    env = {"VARSEL_X": "æ", "LC_ALL": "C.UTF-8"}
    done = [starter.run(command, env, "inn", timeout=60) for _ in range(2)]
    plain = subprocess.run(
        command, env=env, input="inn", capture_output=True, text=True, check=False
    )
    assert [(one.returncode, one.stderr) for one in done] == [(3, "feil\n")] * 2
    said = [json.loads(one.stdout) for one in [*done, plain]]
    assert len({process for _, _, process, _, _ in said}) == 3
    assert said[0][:2] == said[1][:2] == said[2][:2]
    assert [one[4] for one in said] == ["inn"] * 3


def test_a_signal_ends_it_and_is_its_exit_code(starter: Starter) -> None:
    first, second = _waiting(starter), _waiting(starter)
    assert (first.poll(), second.poll()) == (None, None)
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(0)
    first.kill()
    assert first.wait(10) == -signal.SIGKILL
    assert second.poll() is None
    second.terminate()
    assert second.wait(10) == -signal.SIGTERM
    second.kill()  # which is nobody's any more


async def test_it_ends_with_the_process_of_the_tests(starter: Starter) -> None:
    process = _waiting(starter)
    starter.close()
    await until(lambda: _is_gone(process.pid), 10)
    assert process.wait(10) == -signal.SIGKILL
