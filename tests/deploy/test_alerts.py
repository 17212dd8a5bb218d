"""The alerts that ship for Prometheus ring when they should, and at nothing else: promtool runs
alerts.test.yml, and misses each rule that is taken out."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notify.bounces.metrics import SAYS
from shared.topology import STREAMS, TOPOLOGY
from tests.docs.observing import metrics
from tests.docs.runbook import commands
from tests.expects import skip_or_fail

REPO = Path(__file__).parents[2]
RULES = REPO / "deploy" / "alerts.yml"
TESTS = Path(__file__).with_name("alerts.test.yml")
SERVICES = {stream.writer for stream in STREAMS}
FIRING = re.compile(r"\b(varsel_\w+)(?:\{([^}]*)\})?")
EXPORTED = re.compile(r"\bredis_\w+")
"""What redis_exporter tells; tests/containers/test_5_metrics.py asks the real one for each."""
LABEL = re.compile(r'(\w+)(?:=|!=|=~|!~)"([^"]*)"')
VALUES = {
    "service": SERVICES,
    "stream": {stream.name for stream in STREAMS},
    "group": {group for stream in STREAMS for group in stream.groups},
    "cause": {"operator", "page_unseen"},
    "says": set(SAYS),
    "class": {"2xx", "3xx", "4xx", "5xx", "none"},
}
"""What a label may be compared with; an alert that waits for another value never rings."""


def groups() -> list[dict[str, Any]]:
    return list(yaml.safe_load(RULES.read_text())["groups"])


def rules() -> list[dict[str, Any]]:
    return [rule for group in groups() for rule in group["rules"]]


NAMES = [rule["alert"] for rule in rules()]


@pytest.fixture(scope="session")
def promtool() -> str:
    found = shutil.which("promtool")
    if not found:
        skip_or_fail("promtool", "there is no promtool; Debian's package prometheus has it")
    return found


def outcome(
    promtool: str, folder: Path, rules: str, about: str = ""
) -> subprocess.CompletedProcess[str]:
    """promtool's, of the tests on these rules: of all, or of those that name the alert `about`, and
    the series of the first, which the others stand on."""
    (folder / "alerts.yml").write_text(rules)
    tests = TESTS.read_text().replace("../../deploy/alerts.yml", "alerts.yml")
    if about:
        head, first, *cases = tests.split("\n  - name: ")
        series = first.partition("\n    promql_expr_test:")[0]
        tests = "\n  - name: ".join([head, series, *(case for case in cases if about in case)])
    (folder / TESTS.name).write_text(tests)
    return subprocess.run(
        [promtool, "test", "rules", TESTS.name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_each_alert_rings_when_it_should_and_none_when_all_is_well(
    promtool: str, tmp_path: Path
) -> None:
    done = outcome(promtool, tmp_path, RULES.read_text())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_no_alert_can_be_taken_out_unseen(promtool: str, tmp_path: Path, name: str) -> None:
    left = groups()
    for group in left:
        group["rules"] = [rule for rule in group["rules"] if rule["alert"] != name]
    assert outcome(promtool, tmp_path, RULES.read_text(), about=name).returncode == 0
    done = outcome(promtool, tmp_path, yaml.safe_dump({"groups": left}), about=name)
    assert done.returncode == 1
    assert "FAILED" in done.stdout + done.stderr


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_an_alert_reads_only_metrics_that_there_are(rule: dict[str, Any]) -> None:
    documented = metrics()
    found = FIRING.findall(rule["expr"])
    assert found or "up{" in rule["expr"] or EXPORTED.search(rule["expr"])
    for name, labels in found:
        assert name in documented
        for label, value in LABEL.findall(labels):
            assert label in documented[name].names
            assert set(value.split("|")) <= VALUES[label]
        told = dict(LABEL.findall(labels))
        if "group" in told:
            streams = told["stream"].split("|")
            assert all(told["group"] in TOPOLOGY[stream].groups for stream in streams)


def test_each_service_that_says_nothing_is_missed() -> None:
    [missing] = [rule for rule in rules() if rule["alert"] == "VarselServiceMissing"]
    assert set(re.findall(r'service="(\w+)"', missing["expr"])) == SERVICES


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_an_alert_says_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "look")
    assert 20 <= len(rule["annotations"]["summary"]) <= 160


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_an_alert_names_its_page_of_the_runbook_which_has_commands(rule: dict[str, Any]) -> None:
    assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
    page = commands()[rule["alert"]]
    same_as = {"VarselServiceMissing": "VarselDown"}
    assert page or commands()[same_as[rule["alert"]]]


def test_no_page_of_the_runbook_is_about_an_alert_that_is_gone() -> None:
    assert list(commands()) == sorted(commands(), key=[*NAMES].index)
