"""The address of a Redis that fails over is understood as it was meant, or refused by name."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from redis.connection import parse_url

from shared.redis_url import PORT, SentinelUrl, sentinel_url
from shared.settings import Settings

NAMES = st.text("abcXYZ019._-", min_size=1, max_size=20)
HOSTS = st.one_of(
    st.text("abcxyz019-", min_size=1, max_size=12), st.sampled_from(["10.0.0.7", "::1", "fd00::7"])
)
ADDRESSES = st.lists(
    st.tuples(HOSTS, st.integers(1, 65535)), min_size=1, max_size=5, unique=True
).map(tuple)
WORDS = st.text(min_size=1, max_size=20)


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@given(ADDRESSES, NAMES, WORDS, WORDS, st.integers(0, 15), st.booleans())
def test_what_an_address_was_made_of_is_found_in_it(
    sentinels: tuple[tuple[str, int], ...],
    name: str,
    user: str,
    password: str,
    database: int,
    encrypted: bool,
) -> None:
    hosts = ",".join(f"{bracketed(host)}:{port}" for host, port in sentinels)
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    url = f"redis{'s' * encrypted}+sentinel://{who}@{hosts}/{name}/{database}"
    assert sentinel_url(url) == SentinelUrl(sentinels, name, user, password, database, encrypted)


@given(ADDRESSES, NAMES, st.just("") | WORDS, WORDS, st.integers(0, 15), st.booleans())
def test_the_master_s_address_is_one_that_redis_py_understands(
    sentinels: tuple[tuple[str, int], ...],
    name: str,
    user: str,
    password: str,
    database: int,
    encrypted: bool,
) -> None:
    at = SentinelUrl(sentinels, name, user, password if user else "", database, encrypted)
    host, port = sentinels[0]
    found = parse_url(at.url_of((host, port)))
    assert (found["host"], found["port"], found["db"]) == (host, port, database)
    assert (found.get("username", ""), found.get("password", "")) == (at.user, at.password)
    assert ("connection_class" in found) is encrypted


@given(st.text(max_size=60))
def test_whatever_stands_there_is_understood_or_refused_without_its_secret(rest: str) -> None:
    secret = "hemmelig-passord"
    try:
        found = sentinel_url(f"redis+sentinel://notify:{secret}@{rest}")
    except ValueError as error:
        assert str(error).startswith("VARSEL_REDIS_URL ")
        assert secret not in str(error)
    else:
        assert found
        assert found.name
        assert found.sentinels


def test_a_sentinel_without_a_port_has_its_own() -> None:
    found = sentinel_url("redis+sentinel://a, b:5000 ,c/varsel")
    assert found == SentinelUrl((("a", PORT), ("b", 5000), ("c", PORT)), "varsel")


def test_authorities_are_for_encrypted_ones_alone() -> None:
    found = sentinel_url("rediss+sentinel://a/varsel?ssl_ca_certs=/etc/ca.pem")
    assert found == SentinelUrl(
        (("a", PORT),), "varsel", is_encrypted=True, authorities="/etc/ca.pem"
    )
    assert parse_url(found.url_of(("a", 6379)))["ssl_ca_certs"] == "/etc/ca.pem"


@pytest.mark.parametrize("url", ["redis://a/0", "rediss://a,b/0", "unix:///run/redis.sock", ""])
def test_an_address_of_another_kind_is_left_alone(url: str) -> None:
    assert sentinel_url(url) is None


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("redis+sentinel://a,b,c", "the name of the set"),
        ("redis+sentinel://a,b,c/", "the name of the set"),
        ("redis+sentinel://a,b,c/mitt navn", "the name of the set"),
        ("redis+sentinel:///varsel", "must name each Sentinel"),
        ("redis+sentinel://a,,c/varsel", "must name each Sentinel"),
        ("redis+sentinel://a:0/varsel", "must name each Sentinel"),
        ("redis+sentinel://a:65536/varsel", "must name each Sentinel"),
        ("redis+sentinel://a:b/varsel", "must name each Sentinel"),
        ("redis+sentinel://a,b,a:26379/varsel", "a Sentinel twice"),
        ("redis+sentinel://a/varsel/nei", "a database's number"),
        ("redis+sentinel://a/varsel?min_replicas=2", "no option but"),
        ("redis+sentinel://a/varsel?ssl_ca_certs=/ca.pem", "no option but"),
    ],
)
def test_a_mistake_is_named_with_the_setting(url: str, wrong: str) -> None:
    with pytest.raises(ValueError, match="VARSEL_REDIS_URL") as refused:
        sentinel_url(url)
    assert wrong in str(refused.value)


def test_a_mistake_is_found_when_the_settings_are_read() -> None:
    with pytest.raises(ValidationError, match="VARSEL_REDIS_URL must end with") as refused:
        Settings(redis_url="redis+sentinel://notify:hemmelig@a,b,c")
    assert "hemmelig" not in str(refused.value)
