"""Staff are let in, changed and put out by command, and whoever is out is out at once."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.system.running import Up
from tests.system.steps import told


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up() as system:
        yield system.start()


def people(up: Up) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in up.json("people", "list")["people"]}


def answer(up: Up, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{up.url}/api/articles", headers=headers).status_code


def test_an_invitation_is_a_link_and_a_second_one_is_the_same_person(up: Up) -> None:
    first = up.json("people", "invite", "Anne Eksempel", "--role", "approver")
    second = up.json("people", "invite", "anne  eksempel")
    assert first["link"].startswith(f"{up.url}/redaksjon/inn/")
    assert first["link"] != second["link"]
    assert (second["name"], second["role"], second["hours"]) == ("Anne Eksempel", "approver", 48)
    assert people(up)["Anne Eksempel"]["invitation_until"]
    assert "people role" in told(up.run("people", "invite", "Anne Eksempel", "--role", "admin"), 2)


def test_whoever_is_revoked_is_out_at_once_and_comes_back_without_their_keys(up: Up) -> None:
    key = up.json("keys", "create", "Per", "--role", "approver")["key"]
    assert answer(up, key) == 200
    assert people(up)["Per"]["keys"] == 1
    assert up.json("people", "revoke", "per") == {"revoked": "Per"}
    assert answer(up, key) == 401
    assert "Per" not in people(up)
    assert "people invite" in told(up.run("keys", "create", "Per"), 2)
    assert "people list" in told(up.run("people", "revoke", "Per"), 2)
    up.json("people", "invite", "Per")
    assert (people(up)["Per"]["role"], people(up)["Per"]["keys"]) == ("editor", 0)
    assert answer(up, key) == 401


def test_where_somebody_is_told_is_read_from_standard_input_and_kept_sealed(up: Up) -> None:
    up.json("keys", "create", "Liv")
    assert up.json("people", "address", "liv", stdin="liv.hemmelig@example.org\n") == {
        "name": "Liv"
    }
    assert "domenet" in told(up.run("people", "address", "Liv", stdin="liv@eksempel\n"), 2)
    assert "people list" in told(up.run("people", "address", "Ingen", stdin="a@example.org"), 2)
    invited = up.json("people", "invite", "Tor", "--email-stdin", stdin="tor@example.org\n")
    assert invited["name"] == "Tor"
    link = up.json("people", "address", "Liv", "--link")
    assert (link["name"], link["hours"]) == ("Liv", 48)
    assert link["link"].startswith(f"{up.url}/beskjed/")
    exported = up.run("audit", "export").stdout
    assert "address_given" in exported
    assert "hemmelig" not in exported + up.log()


def test_a_role_is_the_persons_whichever_key_they_use(up: Up) -> None:
    up.json("keys", "create", "Åse")
    assert "people role" in told(up.run("keys", "create", "Åse", "--role", "approver"), 2)
    assert up.json("people", "role", "åse", "approver") == {"name": "Åse", "role": "approver"}
    assert up.json("keys", "create", "Åse")["role"] == "approver"
    assert "admin" in told(up.run("people", "role", "Åse", "sjef"), 2)
    assert "godkjenner" in told(up.run("people", "role", "Åse", "approver"), 0)


def test_one_key_ends_and_the_other_stays(up: Up) -> None:
    one, other = (up.json("keys", "create", "Ola")["key"] for _ in range(2))
    listed = {key["id"]: key["name"] for key in up.json("keys", "list")["keys"]}
    assert listed[one.split("_")[1]] == listed[other.split("_")[1]] == "Ola"
    assert "Ola" in told(up.run("keys", "list"), 0)
    assert "Ola" in told(up.run("people", "list"), 0)
    assert up.json("keys", "revoke", one.split("_")[1])
    assert (answer(up, one), answer(up, other)) == (401, 200)
    assert "keys list" in told(up.run("keys", "revoke", "00000000"), 1)


def test_all_of_it_is_in_the_audit_trail(up: Up) -> None:
    up.json("people", "invite", "Siri")
    up.json("people", "role", "Siri", "admin")
    key = up.json("keys", "create", "Siri")["key"]
    up.json("keys", "revoke", key.split("_")[1])
    up.json("people", "revoke", "Siri")
    lines = map(json.loads, up.run("audit", "export").stdout.splitlines())
    done = [line["what"] for line in lines if line["detail"].get("name") == "Siri"]
    assert done == [
        "person_added",
        "invitation_made",
        "role_changed",
        "key_created",
        "key_revoked",
        "person_revoked",
    ]
    assert up.json("audit", "verify")["entries"]
