"""The next release is put into the stack, and taken back, while alerts go out. The very last tests
here: the stack runs what its folder no longer has."""

import pytest

from tests.containers.stack import Stack
from tests.containers.steps import everybody_has_it, in_mid_delivery, post
from tests.releases.steps import become_next

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
SERVICES = ("notify", "render", "ingest")


def replace(stack: Stack, image: str) -> None:
    """Each service by itself, as docs/operator.md says it."""
    file = stack.folder / ".env"
    lines = [line for line in file.read_text().splitlines() if "VARSEL_IMAGE=" not in line]
    file.write_text("\n".join([*lines, f"VARSEL_IMAGE={image}"]) + "\n")
    for service in SERVICES:
        stack.run("up", "--detach", "--no-deps", "--no-build", "--wait", service)


def images(stack: Stack) -> set[str]:
    return {stack.inspect(service)["Config"]["Image"] for service in SERVICES}


async def test_a_release_is_put_in_and_taken_back_in_mid_delivery_and_all_are_told_once(
    stack: Stack, key: str, members: set[str]
) -> None:
    [first] = images(stack)
    following = f"{stack.project}-next"
    become_next(stack.folder)
    stack.build(following)
    for title, image in (("Varsel under ny utgave", following), ("Varsel under gammel", first)):
        article = post(stack, key, title)
        await in_mid_delivery(stack, key, article)
        replace(stack, image)
        await everybody_has_it(stack, key, article, title, members, at_most_twice=0)
        assert images(stack) == {image}
    title = "Varsel etterpå"
    await everybody_has_it(stack, key, post(stack, key, title), title, members, at_most_twice=0)
