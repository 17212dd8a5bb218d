"""The chart for Kubernetes is the stack of compose.yaml: nothing is left out, nothing let in."""

import base64
import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from shared.bus.users import acl_file
from shared.settings import SECRETS, Settings
from shared.topology import TOPOLOGY
from tests.deploy import valkey
from tests.deploy.helm import (
    CHART,
    EVERYTHING,
    REPO,
    VALUES,
    as_json,
    container,
    helm,
    made,
    named,
    pods,
    secrets_mounted,
)
from tests.deploy.steps import prepared

COMPOSE: dict[str, Any] = yaml.safe_load((REPO / "compose.yaml").read_text())
KUBERNETES = ("1.27", "1.37")
"""The oldest that the chart allows, and the newest whose schemas kubernetes-validate has."""
WORKLOADS = {
    "ingest": ("StatefulSet", "ingest"),
    "render": ("StatefulSet", "render"),
    "notify": ("StatefulSet", "notify"),
    "bounces": ("StatefulSet", "bounces"),
    "caddy": ("Deployment", "caddy"),
    "varsel": ("Deployment", "varsel"),
    "restore": ("Deployment", "varsel"),
    "backup": ("CronJob", "backups"),
    "backups": ("CronJob", "backups"),
    "elsewhere": ("Deployment", "elsewhere"),
}
"""What each service of the stack is in the chart."""
NOT_HERE = {
    "inbox": "to develop",
    "prometheus": "a cluster has its own",
    "alertmanager": "a cluster has its own",
    "redis-exporter": "Valkey's own chart has it",
}
OF_THE_CLUSTER = {"keda.sh/v1alpha1"}
"""What others define: no schema of Kubernetes has it."""
both = pytest.mark.parametrize("nodes", VALUES)


@both
def test_helm_finds_nothing_wrong(nodes: str) -> None:
    done = helm("lint", "--strict", str(CHART), "-f", str(VALUES[nodes]))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", KUBERNETES)
@both
def test_kubernetes_takes_every_manifest_and_knows_each_of_its_fields(
    nodes: str, version: str
) -> None:
    for manifest in made(nodes, *EVERYTHING):
        if manifest["apiVersion"] not in OF_THE_CLUSTER:
            assert kubernetes_validate.validate(manifest, version, strict=True) == version


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    manifest = made("one")[0] | {"spezification": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, KUBERNETES[-1], strict=True)


def test_every_service_of_the_stack_has_its_workload() -> None:
    # Valkey's own chart stands beside this one.
    redis = {n for n, one in COMPOSE["services"].items() if one.get("image", "")[:6] == "redis:"}
    assert {*WORKLOADS, *NOT_HERE, *redis} == COMPOSE["services"].keys()
    found = named(made("one", *EVERYTHING))
    assert {*WORKLOADS.values()} <= found.keys()
    assert {name for _, name in WORKLOADS.values()} == pods(made("one", *EVERYTHING)).keys()


@both
def test_every_variable_that_the_chart_sets_is_a_setting(nodes: str) -> None:
    known = {f"VARSEL_{name.upper()}" for name in Settings.model_fields}
    known |= {f"VARSEL_{name.upper()}_FILE" for name in SECRETS}
    others = {"VARSEL_URL", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "RESTIC_CACHE_DIR"}
    others |= {"RESTIC_REPOSITORY_FILE", "RESTIC_PASSWORD_FILE", "AWS_SHARED_CREDENTIALS_FILE"}
    for pod in pods(made(nodes, *EVERYTHING)).values():
        variables = [one["name"] for one in container(pod)["env"]]
        assert {*variables} <= known | others
        assert len(variables) == len({*variables}), "each once"


@pytest.mark.parametrize("name", [name for name in WORKLOADS if name not in ("caddy", "elsewhere")])
def test_a_workload_has_the_secrets_and_the_variables_of_its_service(name: str) -> None:
    service = COMPOSE["services"][name]
    pod = pods(made("one", *EVERYTHING))[WORKLOADS[name][1]]
    wanted = dict(_key_and_file(one) for one in service["secrets"])
    mounted = secrets_mounted(pod)
    if name == "restore":  # the same pod as the command
        assert wanted.items() <= mounted.items()
    else:
        assert mounted == wanted
    files = {one["name"]: one.get("value", "") for one in container(pod)["env"]}
    for file in mounted.values():
        assert files[f"VARSEL_{file.upper()}_FILE"] == f"/run/secrets/varsel/{file}"
    theirs = {key for key in service["environment"] if key.endswith("_FILE")}
    assert theirs <= files.keys()


def _key_and_file(secret: str | dict[str, str]) -> tuple[str, str]:
    """Of a secret as compose has it."""
    return (secret, secret) if isinstance(secret, str) else (secret["source"], secret["target"])


@both
def test_no_secret_stands_in_values_nor_in_what_they_become(nodes: str) -> None:
    for manifest in made(nodes, *EVERYTHING):
        assert manifest["kind"] != "Secret"
        assert not re.search(r"://[^/\s@]+:[^/\s@]+@", as_json([manifest]))
    for secret in SECRETS:
        set_ = f"settings.VARSEL_{secret.upper()}=x"
        done = helm("template", str(CHART), "-f", str(VALUES[nodes]), "--set", set_)
        assert done.returncode != 0, secret
    leaking = "redis.url=redis://ingest:hemmelig@valkey:6379"
    assert helm("template", str(CHART), "-f", str(VALUES[nodes]), "--set", leaking).returncode != 0


@both
def test_no_process_is_root_writes_to_its_image_or_takes_what_it_wants(nodes: str) -> None:
    for name, pod in pods(made(nodes, *EVERYTHING)).items():
        spec, main = pod["spec"], container(pod)
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        own = main["securityContext"]
        assert own["readOnlyRootFilesystem"], name
        assert own["allowPrivilegeEscalation"] is False, name
        assert own["capabilities"]["drop"] == ["ALL"], name
        assert main["resources"]["limits"]["memory"], name
        assert main["resources"]["requests"].keys() == {"cpu", "memory"}, name
        assert spec["terminationGracePeriodSeconds"] == 60, name


@both
def test_who_is_asked_says_whether_it_answers(nodes: str) -> None:
    for name, pod in pods(made(nodes)).items():
        if name != "varsel":
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                path = container(pod)[probe]["httpGet"]["path"]
                assert path == ("/health/web" if name == "caddy" else "/health/live")


@both
def test_an_image_is_one_version_or_one_digest(nodes: str) -> None:
    project = re.search(r'^version = "(.+)"$', (REPO / "pyproject.toml").read_text(), re.M)
    assert project
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == project[1]
    caddy = COMPOSE["services"]["caddy"]["image"]
    images = {name: container(pod)["image"] for name, pod in pods(made(nodes, *EVERYTHING)).items()}
    assert {*images.values()} == {caddy, f"varsel:{project[1]}"}
    digest = "sha256:" + "0" * 64
    pinned = pods(made(nodes, "--set", f"image.digest={digest}"))["ingest"]
    assert container(pinned)["image"] == f"varsel@{digest}"
    latest = "image.tag=latest"
    assert helm("template", str(CHART), "-f", str(VALUES[nodes]), "--set", latest).returncode != 0


def test_what_several_machines_share_can_be_mounted_by_several() -> None:
    for nodes, mode in (("one", "ReadWriteOnce"), ("three", "ReadWriteMany")):
        found = made(nodes, *EVERYTHING)
        claims = {o["metadata"]["name"]: o for o in found if o["kind"] == "PersistentVolumeClaim"}
        assert {claim["spec"]["accessModes"][0] for claim in claims.values()} == {mode}
        used = {
            volume["persistentVolumeClaim"]["claimName"]
            for pod in pods(found).values()
            for volume in pod["spec"]["volumes"]
            if "persistentVolumeClaim" in volume
        }
        assert used == claims.keys() | {"look"}
    three = named(made("three"))
    for service in ("ingest", "render"):
        assert three[("StatefulSet", service)]["spec"]["replicas"] == 2
    assert "replicas" not in three[("StatefulSet", "notify")]["spec"], "KEDA says how many"


def test_render_and_ingest_write_where_the_others_read() -> None:
    found = pods(made("three"))
    mounts = {
        name: {one["name"]: one for one in container(pod)["volumeMounts"]}
        for name, pod in found.items()
    }
    assert mounts["render"]["site"]["mountPath"] == "/shared"
    assert mounts["ingest"]["assets"]["mountPath"] == "/shared/assets"
    for name in ("render", "ingest"):
        assert {"name": "VARSEL_SHARED", "value": "/shared"} in container(found[name])["env"]
    assert mounts["caddy"]["site"] == {"name": "site", "mountPath": "/srv/render", "readOnly": True}
    assert mounts["caddy"]["assets"]["mountPath"] == "/srv/assets"
    assert mounts["notify"]["journal"]["mountPath"] == "/journal"
    writing = {n for n, m in mounts.items() if "journal" in m and not m["journal"].get("readOnly")}
    assert writing == {"notify", "varsel"}


def test_notify_grows_by_chunks_that_nobody_has_begun() -> None:
    assert not any(one["kind"] == "ScaledObject" for one in made("one"))
    found = named(made("three"))
    scaled = found[("ScaledObject", "notify")]["spec"]
    (trigger,) = scaled["triggers"]
    said = trigger["metadata"]
    assert trigger["type"] == "redis-sentinel-streams"
    assert said["addresses"] == "valkey-sentinel:26379"
    assert said["sentinelMaster"] == "mymaster"
    assert said["consumerGroup"] in TOPOLOGY[said["stream"]].groups
    assert said["stream"] == "chunks"
    assert int(said["lagCount"]) > 0
    assert ("StatefulSet", scaled["scaleTargetRef"]["name"]) in found
    assert 1 <= scaled["minReplicaCount"] < scaled["maxReplicaCount"]
    alone = named(made("one", "--set", "scaling.enabled=true"))
    (trigger,) = alone[("ScaledObject", "notify")]["spec"]["triggers"]
    assert trigger["type"] == "redis-streams"
    assert trigger["metadata"]["address"] == "valkey:6379"


@both
def test_nobody_reaches_a_service_or_redis_but_who_needs_it(nodes: str) -> None:
    found = made(nodes, *EVERYTHING)
    rules = [one["spec"] for one in found if one["kind"] == "NetworkPolicy"]
    covered = [rule["podSelector"]["matchLabels"].items() for rule in rules]
    for name, pod in pods(found).items():
        labels = pod["metadata"]["labels"].items()
        assert any(one <= labels for one in covered), name
        may_ask_redis = ("varsel/redis", "yes") in labels
        assert may_ask_redis == (name not in ("caddy", "elsewhere"))
    for service in ("ingest", "render", "notify"):
        assert f"{service}:8000" in (REPO / "deploy/Caddyfile").read_text()
        assert ("Service", service) in named(found)


def test_valkey_s_chart_has_the_users_and_the_configuration_of_the_stack() -> None:
    said = valkey.FILE.read_text()
    assert said == valkey.values(), "python -m tests.deploy.valkey makes it anew"
    users = {
        name: f"user {name} {'' if name == 'default' else 'on PROOF '}{one['permissions']}"
        for name, one in yaml.safe_load(said)["auth"]["aclUsers"].items()
    }
    assert [*users.values()] == acl_file(lambda _: "PROOF").splitlines()
    three = yaml.safe_load((CHART / "valkey-three.yaml").read_text())
    url = yaml.safe_load(VALUES["three"].read_text())["redis"]["url"]
    assert f"/{three['sentinel']['masterSet']}/" in url
    assert three["replica"]["minReplicasToWrite"] == 1
    assert three["replica"]["replicationUser"] in three["auth"]["aclUsers"]
    sentinel = REPO / "deploy/sentinel.conf"
    [stack] = re.findall(r"down-after-milliseconds \w+ (\d+)", sentinel.read_text())
    assert three["sentinel"]["downAfterMilliseconds"] == int(stack), "mail stands still for longer"


@both
def test_secrets_are_made_of_those_of_the_stack_and_lead_to_redis(
    tmp_path: Path, nodes: str
) -> None:
    system = tmp_path / "system"
    prepared(system)
    said = subprocess.run(
        ["deploy/helm/secrets", f"deploy/helm/values-{nodes}.yaml"],
        cwd=system, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = {one["metadata"]["name"]: one["data"] for one in yaml.safe_load_all(said)}
    plain = {
        name: {key: base64.b64decode(value).decode() for key, value in data.items()}
        for name, data in found.items()
    }
    mounted = [
        key for pod in pods(made(nodes, *EVERYTHING)).values() for key in secrets_mounted(pod)
    ]
    assert {*mounted} <= plain["varsel"].keys()
    place = yaml.safe_load(VALUES[nodes].read_text())["redis"]["url"]
    scheme, _, rest = place.partition("://")
    users = yaml.safe_load((CHART / "valkey.yaml").read_text())["auth"]["aclUsers"]
    assert users.keys() <= plain["valkey-users"].keys()
    for user in ("ingest", "render", "notify", "operator", "backup"):
        word = plain["valkey-users"][user]
        assert len(word) == 64
        assert plain["varsel"][f"redis_{user}"].strip() == f"{scheme}://{user}:{word}@{rest}"
    assert plain["varsel-keda"] == {
        "username": "metrics",
        "password": plain["valkey-users"]["metrics"],
    }
    # The same once more: what has been made stays.
    again = subprocess.run(
        ["deploy/helm/secrets", f"deploy/helm/values-{nodes}.yaml"],
        cwd=system, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert again == said
