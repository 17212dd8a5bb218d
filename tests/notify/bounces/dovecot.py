"""A real IMAP server, Dovecot, with one mailbox."""

import asyncio
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import tls
from tests.server import free_port
from tests.wait import until

USER, PASSWORD = "retur@example.org", "pass/word"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class Dovecot:
    port: int
    tls_port: int
    log: Path

    @property
    def url(self) -> str:
        return f"imap://retur%40example.org:pass%2Fword@127.0.0.1:{self.port}/INBOX"

    @property
    def urls(self) -> dict[str, str]:
        """The mailbox's address without TLS, with it from the start, and where it is asked for on
        the way (STARTTLS)."""
        user = "retur%40example.org:pass%2Fword"
        return {
            "plain": self.url,
            "imaps": f"imaps://{user}@localhost:{self.tls_port}/INBOX",
            "starttls": f"imap://{user}@localhost:{self.port}/INBOX",
        }

    def logins(self) -> list[str]:
        """What the server's log says of each log-in."""
        return [line for line in self.log.read_text().splitlines() if "Login: user=" in line]

    def talk(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        imap.login(USER, PASSWORD)
        imap.select("INBOX")
        return imap

    async def put(self, *mails: bytes) -> None:
        def work() -> None:
            with self.talk() as imap:
                for mail in mails:
                    word, _ = imap.append("INBOX", "", "", mail)
                    assert word == "OK"

        await asyncio.to_thread(work)

    async def mails(self) -> list[bytes]:
        """What is in the mailbox."""

        def work() -> list[bytes]:
            with self.talk() as imap:
                _, found = imap.search(None, "ALL")
                parts = [imap.fetch(n.decode(), "(BODY.PEEK[])")[1] for n in found[0].split()]
                return [bytes(part[0][1]) for part in parts]  # type: ignore[index]

        return await asyncio.to_thread(work)


@asynccontextmanager
async def dovecot(certificate: Path | None = None) -> AsyncIterator[Dovecot]:
    """The server, with this certificate and its key, or one that whoever trusts the tests'
    authority trusts."""
    assert PROGRAM
    folder = Path(tempfile.mkdtemp(prefix="dc-"))
    os.chmod(folder, 0o755)  # noqa: PTH101
    is_root = os.getuid() == 0
    owner = "nobody" if is_root else getpass.getuser()
    mail = folder / "mail"
    mail.mkdir()
    if is_root:
        shutil.chown(mail, owner)
    port, tls_port = free_port(), free_port()
    certificate = certificate or tls.authority().certificate("localhost")
    login = "dovenull" if is_root else owner
    internal = "dovecot" if is_root else owner
    config = folder / "dovecot.conf"
    config.write_text(f"""
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{mail}/%u
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner} gid={_group(owner)} home={mail}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
""")
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(config)])
    found = Dovecot(port, tls_port, folder / "log")

    async def answers() -> bool:
        try:
            with await asyncio.to_thread(found.talk):
                return True
        except OSError:
            return False

    try:
        await until(answers, timeout=30)
        yield found
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _group(owner: str) -> str:
    return grp.getgrgid(pwd.getpwnam(owner).pw_gid).gr_name
