"""A real Postfix, as a relay that takes all mail at once and finds out later."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server import free_port
from tests.wait import until

PROGRAM = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
RUNS = PROGRAM is not None and os.getuid() == 0
"""Its master runs as root only."""
_SERVICES = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@asynccontextmanager
async def postfix(*, members_at: int, returns: str, returns_at: int) -> AsyncIterator[int]:
    """Gives its port. It hands mail on to port `members_at`, and what goes to the domain `returns`
    to port `returns_at`, by LMTP."""
    assert PROGRAM
    folder = Path(tempfile.mkdtemp(prefix="pf-"))
    port = free_port()
    os.chmod(folder, 0o755)  # noqa: PTH101
    for name in ("spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
alias_maps =
local_recipient_maps =
notify_classes =
disable_dns_lookups = yes
relayhost = [127.0.0.1]:{members_at}
transport_maps = inline:{{ {{ {returns} = lmtp:inet:127.0.0.1:{returns_at} }} }}
smtp_tls_security_level = none
queue_run_delay = 1s
minimal_backoff_time = 1s
""")
    (folder / "master.cf").write_text(f"127.0.0.1:{port} inet n - n - - smtpd\n{_SERVICES}")
    await _say(folder, "start")

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        try:
            await until(answers, timeout=30)
        except AssertionError:
            log = folder / "log"
            raise AssertionError(log.read_text() if log.exists() else "no log") from None
        yield port
    finally:
        await _say(folder, "stop")
        shutil.rmtree(folder, ignore_errors=True)


async def _say(folder: Path, word: str) -> None:
    assert PROGRAM
    process = await asyncio.create_subprocess_exec(PROGRAM, "-c", str(folder), word)
    await process.wait()
