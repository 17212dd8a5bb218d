"""What is vendored is what was published, whole and with its licence: `make vendored` takes it."""

import pytest

from shared.passkeys.ceremonies import FOR_BROWSERS
from tests.browsers.modules import module


@pytest.mark.parametrize(
    ("ours", "published"),
    [
        ("simplewebauthn.js", "dist/bundle/index.umd.min.js"),
        ("simplewebauthn.LICENSE.md", "LICENSE.md"),
    ],
)
def test_the_script_for_passkeys_is_what_its_authors_published(ours: str, published: str) -> None:
    source = module(f"@simplewebauthn/browser/{published}")
    assert (FOR_BROWSERS / ours).read_bytes() == source.read_bytes()
