"""An address that meets no store stays in its field."""

import pytest

from tests.notify.staff.steps import AT_HOME, KARI, link_for, staff_of, tell, visitor
from tests.notify.system import System, serving
from tests.server import Valkey


@pytest.fixture
async def redis_url(own_server: Valkey) -> str:
    return own_server.url


async def test_an_address_typed_while_the_store_is_away_stays_in_its_field_and_is_sent_again(
    notify: System, own_server: Valkey
) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        seen = await person.open(f"/beskjed/{token}/?maal=nn")
        own_server.kill()
        away = await person.fill(seen, epost=AT_HOME)
        assert away.status_code == 503
        assert "Noko er mellombels gale hos oss." in away.text
        assert f'value="{AT_HOME}"' in away.text
        own_server.start()
        assert (await person.fill(away)).url.path == "/beskjed/takk/"
        kept = await (await staff_of(notify)).address(KARI)
        assert kept and kept.email == AT_HOME
