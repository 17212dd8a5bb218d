"""How the parts of `varsel up` are set to each other."""

import pytest

from tests.make import settings
from varsel.run.system import System


@pytest.mark.parametrize("site_url", ["", "https://varsel.example.org"])
def test_all_in_one_looks_for_a_page_at_itself_whatever_its_public_address_leads_to(
    site_url: str,
) -> None:
    conf = System(settings(site_url=site_url, port=8123)).settings
    assert conf.site_check == "http://127.0.0.1:8123"
    assert conf.site == (site_url or conf.site_check)


def test_where_else_to_look_is_the_operators_choice_and_a_service_alone_is_no_site() -> None:
    elsewhere = settings(site_check_url="http://caddy:8080")
    assert System(elsewhere).settings.site_check == "http://caddy:8080"
    public = settings(site_url="https://varsel.example.org", redis_url="redis://redis")
    assert System(public, alone="notify").settings.site_check == "https://varsel.example.org"
