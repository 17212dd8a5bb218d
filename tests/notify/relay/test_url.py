import pytest

from services.notify.relay.url import RelayUrl, parse


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://mx.example.org", RelayUrl("mx.example.org", 587, starttls=True)),
        ("smtp://mx.example.org:25?starttls=none", RelayUrl("mx.example.org", 25)),
        ("smtp://127.0.0.1:2525", RelayUrl("127.0.0.1", 2525)),
        ("smtp://localhost", RelayUrl("localhost", 587)),
        ("smtp://[::1]:25", RelayUrl("::1", 25)),
        ("smtp://127.0.0.1?starttls=required", RelayUrl("127.0.0.1", 587, starttls=True)),
        ("smtps://mx.example.org", RelayUrl("mx.example.org", 465, tls=True)),
        (
            "smtp://us%40er:p%2Fa%3Ass@mx.example.org",
            RelayUrl("mx.example.org", 587, starttls=True, user="us@er", password="p/a:ss"),
        ),
        (
            "smtp://127.0.0.1?connections=4&per_second=14&per_day=50000",
            RelayUrl("127.0.0.1", 587, connections=4, limits={1: 14, 86400: 50000}),
        ),
    ],
)
def test_a_relay_is_read_from_its_address(url: str, relay: RelayUrl) -> None:
    assert parse(url) == relay


@pytest.mark.parametrize(
    "url",
    [
        "http://mx.example.org",
        "smtp://",
        "mx.example.org:25",
        "smtp://mx.example.org/x",
        "smtp://mx.example.org?starttls=maybe",
        "smtp://mx.example.org?tls=1",
        "smtp://mx.example.org?connections=0",
        "smtp://mx.example.org?connections=51",
        "smtp://mx.example.org?per_hour=many",
        "smtp://mx.example.org?per_second=1.5",
    ],
)
def test_a_wrong_address_of_a_relay_is_a_clear_error(url: str) -> None:
    with pytest.raises(ValueError, match="VARSEL_SMTP_URL"):
        parse(url)


def test_a_password_is_never_shown() -> None:
    assert "hemmelig" not in repr(parse("smtp://user:hemmelig@mx.example.org"))
    with pytest.raises(ValueError, match="VARSEL_SMTP_URL") as error:
        parse("smtp://user:hemmelig@mx.example.org/x")
    assert "hemmelig" not in str(error.value)


@pytest.mark.parametrize("host", ["mail..example.org", "m" * 64 + ".example.org"])
def test_a_host_that_dns_cannot_have_is_refused_at_the_start(host: str) -> None:
    with pytest.raises(ValueError, match="VARSEL_SMTP_URL"):
        parse(f"smtp://{host}:25")
