"""A register whose list is followed."""

from pathlib import Path

from redis.asyncio import Redis

from services.notify.members.member import Member
from services.notify.members.opened import open_membership
from services.notify.members.store import count
from services.notify.register.import_members import ImportWish, import_list
from services.notify.register.report import ImportReport
from services.notify.register.sync_list import sync_members
from shared.settings import Settings

WISH = ImportWish("Ja", list="styreweb")
MANY = [f"m{n}" for n in range(40)]


class Register:
    """A list in a file, and the members as they are after it was taken."""

    def __init__(self, redis: Redis, mine: Settings, folder: Path) -> None:
        self.redis, self.mine, self.file = redis, mine, folder / "liste.csv"

    def write(self, *names: str) -> Path:
        rows = "".join(f"{name}@example.org;{name.title()};nb\n" for name in names)
        self.file.write_text(f"email;name;lang\n{rows}")
        return self.file

    async def sync(
        self, *names: str, wish: ImportWish = WISH, end: int | None = None, dry_run: bool = False
    ) -> ImportReport:
        file = self.write(*names)
        return await sync_members(self.redis, self.mine, file, wish, end=end, dry_run=dry_run)

    async def take(self, *names: str, wish: ImportWish = WISH) -> ImportReport:
        return await import_list(self.redis, self.mine, self.write(*names), wish)

    async def who(self) -> dict[str, Member]:
        """Who is a member now."""
        async with open_membership(self.redis, self.mine) as membership:
            members = membership.members
            numbers = range(1, await members.last() + 1)
            left = await members.left(numbers)
            records = await members.records([n for n in numbers if n not in left])
            found = [members.open(number, sealed) for number, sealed in records.items()]
        assert len(found) == await count(self.redis)
        return {one.email.partition("@")[0]: one for one in found}

    async def number(self, name: str) -> int:
        async with open_membership(self.redis, self.mine) as membership:
            (found,) = await membership.members.find([f"{name}@example.org"])
        assert found
        return found.number
