"""deploy/prepare leaves what containers mount so that their users can read it."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.steps import REPO, prepared


@pytest.mark.parametrize("named", [False, True])
def test_the_site_s_own_look_can_be_read_by_the_containers_users(
    tmp_path: Path, named: bool
) -> None:
    system, theme = tmp_path / "system", tmp_path / "look"
    if named:
        (theme / "templates").mkdir(parents=True)
        (theme / "templates/footer.html").write_text("<p></p>")
        (theme / "site.yaml").write_text("name: Eksempelforeningen\n")
        subprocess.run(["chmod", "-R", "go-rwx", theme], check=True)
    prepared(system, f"VARSEL_THEME={theme}\n" if named else "")
    mounted = theme if named else system / "deploy/theme"
    for path in (mounted, *mounted.rglob("*")):
        wanted = 0o555 if path.is_dir() else 0o444
        assert path.stat().st_mode & wanted == wanted, path
    assert (system / "deploy/secrets").stat().st_mode & 0o077 == 0


def test_the_look_is_mounted_read_only_where_it_is_read() -> None:
    services = yaml.safe_load((REPO / "compose.yaml").read_text())["services"]
    having = {
        name
        for name, service in services.items()
        if "${VARSEL_THEME:-./deploy/theme}:/theme:ro" in service.get("volumes", ())
    }
    told = {
        name
        for name, service in services.items()
        if dict(service.get("environment", {})).get("VARSEL_THEME") == "/theme"
    }
    assert having == told == {"ingest", "render", "backup", "backups"}
