"""docs/privacy.md tells of all that a system keeps."""

from tests.docs.privacy import matching, patterns
from tests.system.everything import keys_of_a_system_with_a_relay, keys_of_a_system_with_an_inbox

NOT_SEEN = {
    "notify:preview",  # there only while a script runs
    "notify:scratch",  # the same
    # Of a mailbox that is read by IMAP: tests/notify/bounces/test_mailbox.py has one.
    "notify:bounces:mailbox",
    "notify:bounces:mailbox:turn",
}


async def test_every_key_of_a_real_system_is_on_the_privacy_page() -> None:
    keys = await keys_of_a_system_with_a_relay() | await keys_of_a_system_with_an_inbox()
    rows = {key: matching(key) for key in keys}
    assert {key: found for key, found in rows.items() if len(found) != 1} == {}
    seen = {row for found in rows.values() for row in found}
    assert set(patterns()) - seen == NOT_SEEN, "the walk is to have every kind of key"
