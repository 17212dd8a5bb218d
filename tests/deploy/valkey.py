"""Values for Valkey's own chart, made of what the stack's Redis has.

`python -m tests.deploy.valkey` writes deploy/helm/valkey.yaml anew.
"""

import re
import textwrap
from pathlib import Path

from shared.bus.users import acl_file

REPO = Path(__file__).parents[2]
FILE = REPO / "deploy/helm/valkey.yaml"
_NOT_OURS = ("#", "dir ", "aclfile ")
"""How lines begin that the chart itself writes, or that say nothing to Redis."""
_HEAD = """\
# For Valkey's own chart (1.0.0), which stands beside Varsel's: one server. Made by
# `python -m tests.deploy.valkey` of deploy/redis.conf and shared/bus/users.acl.
image: {repository: valkey/valkey, tag: "9.1"}
persistence: {enabled: true, size: 8Gi}
"""
_MIDDLE = """\
resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}} # twice its `maxmemory`
# Loading may take long.
startupProbe: {failureThreshold: 60}
auth:
  enabled: true
  usersExistingSecret: valkey-users # deploy/helm/secrets makes it
  aclUsers:
"""


def values() -> str:
    lines = (REPO / "deploy/redis.conf").read_text().splitlines()
    config = "".join(f"  {one}\n" for one in lines if one and not one.startswith(_NOT_OURS))
    return f"{_HEAD}extraConfig: |\n{config}{_MIDDLE}{''.join(_users())}"


def _users() -> list[str]:
    """Each as the chart wants it, which writes `user NAME on #PROOF` before it."""
    found = []
    for line in acl_file(lambda _: "PROOF").splitlines():
        _, name, rights = line.split(" ", 2)
        rights = re.sub("^on PROOF ", "", rights)
        wrapped = textwrap.wrap(
            rights,
            width=110,
            initial_indent=" " * 8,
            subsequent_indent=" " * 8,
            break_long_words=False,
            break_on_hyphens=False,
        )
        found.append(f"    {name}:\n      permissions: >-\n" + "\n".join(wrapped) + "\n")
    return found


if __name__ == "__main__":
    FILE.write_text(values())
