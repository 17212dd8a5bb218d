"""One service in a process of its own, as in a container."""

import subprocess

from shared.bus.users import as_user
from tests.server import TIED, Valkey
from tests.system.running import REPO, VARSEL, Up


class Alone(Up):
    """`varsel up SERVICE`, on the Redis of `server`."""

    def __init__(self, service: str, server: Valkey, **settings: str) -> None:
        super().__init__(VARSEL_REDIS_URL=as_user(server.url, service), **settings)
        self.service = service

    def launch(self) -> subprocess.Popen[bytes]:
        with (self.data / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*TIED, *VARSEL, "up", self.service],
                env=self.env, cwd=REPO, stdout=log, stderr=log,
            )  # fmt: skip
        return self.process
