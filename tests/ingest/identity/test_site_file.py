"""`site.yaml` is followed while ingest runs; what is wrong in it is told, and changes nothing."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.ingest.identity.follow_site_file import FollowSiteFile
from services.ingest.identity.site_file import ReadSiteFile, SiteFileError
from services.ingest.identity.store import Identities
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import Pictures
from shared.child.children import Children
from tests.ingest.conftest import Ingest

DOCS = Path(__file__).parents[3] / "docs"
WHOLE = """\
# What stands on every page.
name: Eksempelforeningen
language: nn
logo: logo.png
accent: "#5a2d82"
menu:
  - text: Om oss
    to: /om-oss/
organisation_number: "974 760 673"
"""


def following(ingest: Ingest, theme: Path) -> FollowSiteFile:
    children = Children("services.ingest.pictures.picture")
    save = SavePicture(ingest.settings.assets_folder, Pictures(ingest.redis), children)
    return FollowSiteFile(theme, ReadSiteFile(save), Identities(ingest.redis))


def drawn(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


async def test_the_file_is_said_once_and_again_when_it_or_a_picture_changes(
    ingest: Ingest, tmp_path: Path
) -> None:
    follow, identities = following(ingest, tmp_path), Identities(ingest.redis)
    await follow()
    assert (await identities.now()).version == 0
    (tmp_path / "site.yaml").write_text(WHOLE)
    (tmp_path / "logo.png").write_bytes(drawn("red"))
    await follow()
    await follow()
    await following(ingest, tmp_path)()  # as after a restart
    first = await identities.now()
    assert (first.version, first.origin) == (1, "file")
    assert (first.identity.name, first.identity.accent) == ("Eksempelforeningen", "#5a2d82")
    assert first.identity.language == "nn"
    assert first.identity.logo
    assert (ingest.settings.assets_folder / first.identity.logo.name).exists()
    (tmp_path / "logo.png").write_bytes(drawn("blue") + b" ")
    await follow()
    second = await identities.now()
    assert second.version == 2
    assert second.identity.logo != first.identity.logo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nam: Eksempel", "mente du «name»"),
        ("language: svensk", "må være en av: 'nb', 'nn', 'en'"),
        ("language:", "må være en av"),
        ("accent: #5a2d82", "anførselstegn"),
        ('accent: "#ffee00"', "4,5:1"),
        ("logo: ../hemmelig.png", "samme mappe"),
        ("logo: finnes-ikke.png", "samme mappe"),
        ("logo: site.yaml", "kan ikke leses"),
        ("organisation_number: 974760673", "anførselstegn"),
        ("name: [", "YAML"),
        ("- name", "felt med verdier"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    ingest: Ingest, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "site.yaml").write_text(text)
    with pytest.raises(SiteFileError) as told:
        await following(ingest, tmp_path)()
    assert said in str(told.value)
    assert (await Identities(ingest.redis).now()).version == 0


async def test_the_example_of_the_documents_is_read(ingest: Ingest, tmp_path: Path) -> None:
    example = (DOCS / "theme.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "site.yaml").write_text(example)
    for name in ("logo.png", "ikon.png", "deling.jpg"):
        (tmp_path / name).write_bytes(drawn("red"))
    await following(ingest, tmp_path)()
    identity = (await Identities(ingest.redis).now()).identity
    left = [name for name, value in identity if value in (None, ())]
    assert left == []


async def test_a_file_that_is_followed_by_the_service_is_a_problem_while_it_is_wrong(
    make_ingest: Any, tmp_path: Path
) -> None:
    (tmp_path / "site.yaml").write_text("name: Fra filen\ntelephone: ring\n")
    ingest: Ingest = await make_ingest(theme=tmp_path)
    assert ingest.service.problems() == []
    follow = following(ingest, tmp_path)
    with pytest.raises(SiteFileError, match="telephone: skriv nummeret"):
        await follow()
