"""What is said of the packages that are used, whoever can be asked."""

import json

import pytest

from tests.packages.__main__ import main

NAMED = {"name": "eksempel", "version": "1.0"}


def test_a_package_with_a_known_fault_fails_and_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault = {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": "x"}
    report = {"dependencies": [NAMED | {"vulns": [fault]}, NAMED | {"vulns": []}], "fixes": []}
    assert main(lambda: (json.dumps(report), "")) == 1
    assert "eksempel 1.0: PYSEC-2026-1, mended in 1.1" in capsys.readouterr().out


def test_where_none_has_one_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = {"name": "varsel", "skip_reason": "not on the index"}
    report = {"dependencies": [NAMED | {"vulns": []}, skipped], "fixes": []}
    assert main(lambda: (json.dumps(report), "")) == 0
    assert "audited: 0 known faults" in capsys.readouterr().out


@pytest.mark.parametrize("report", ["", "{}", "[]", "no network"])
def test_where_nobody_can_be_asked_that_is_said_and_nothing_fails(
    capsys: pytest.CaptureFixture[str], report: str
) -> None:
    assert main(lambda: (report, "ConnectionError: api.osv.dev")) == 0
    told = capsys.readouterr().out
    assert "not audited: the database cannot be asked" in told
    assert "api.osv.dev" in told
