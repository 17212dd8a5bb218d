"""The chart of deploy/helm, as helm makes it of one of its files of values."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.expects import skip_or_fail

REPO = Path(__file__).parents[2]
CHART = REPO / "deploy/helm"
VALUES = {"one": CHART / "values-one.yaml", "three": CHART / "values-three.yaml"}
EVERYTHING = (
    *("--set", "bounces.enabled=true", "--set", "elsewhere.enabled=true"),
    *("--set", f"backups.recipient=age1{'q' * 58}", "--set", "themeClaim=look"),
    *("--set", "command.replicas=1"),
)
"""What is off unless somebody wants it."""
Manifest = dict[str, Any]


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What helm says; skips or fails the test where there is none."""
    found = shutil.which("helm")
    if not found:
        skip_or_fail("helm", "there is no helm")
    return subprocess.run(
        [found, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@cache
def _made(nodes: str, more: tuple[str, ...]) -> str:
    done = helm("template", "varsel", str(CHART), "-f", str(VALUES[nodes]), *more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(nodes: str, *more: str) -> list[Manifest]:
    """The manifests for `one` or `three` machines."""
    return [one for one in yaml.safe_load_all(_made(nodes, more)) if one]


def named(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    found = {(one["kind"], one["metadata"]["name"]): one for one in manifests}
    assert len(found) == len(manifests), "each name once"
    return found


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """The templates of all pods, by the name of what makes them."""
    found = {}
    for one in manifests:
        spec = one.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            found[one["metadata"]["name"]] = template
    return found


def container(pod: Manifest) -> Manifest:
    (only,) = pod["spec"]["containers"]
    found: Manifest = only
    return found


def secrets_mounted(pod: Manifest) -> dict[str, str]:
    """The keys of Secrets that a pod has, and what their files are called."""
    return {
        item["key"]: item["path"]
        for volume in pod["spec"]["volumes"]
        for item in volume.get("secret", {}).get("items", ())
    }


def as_json(manifests: list[Manifest]) -> str:
    return json.dumps(manifests)
