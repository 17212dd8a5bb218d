"""One service in a process of its own, as in a container."""

from shared.bus.users import as_user
from tests.server import Valkey
from tests.system.running import VARSEL, AnyProcess, Up


class Alone(Up):
    """`varsel up SERVICE`, on the Redis of `server`."""

    def __init__(self, service: str, server: Valkey, **settings: str) -> None:
        super().__init__(VARSEL_REDIS_URL=as_user(server.url, service), **settings)
        self.service = service

    def launch(self) -> AnyProcess:
        self.process = self.started([*VARSEL, "up", self.service])
        return self.process
