"""Who has made a picture has one label, whatever was typed."""

import pytest

from services.ingest.newsroom.desk.markdown import picture_of
from shared.credit import credited, split_credit


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Brevet. Foto: privat.", ("Brevet.", "Foto: privat.")),
        ("Foto: privat", ("", "Foto: privat")),
        ("Bare tekst", ("Bare tekst", "")),
        ("Om Foto: A. Foto: B", ("Om Foto: A.", "Foto: B")),
        ("Brevet. Foto/Kari", ("Brevet.", "Foto/Kari")),
        ("Foto/illustrasjon: Kari", ("", "Foto/illustrasjon: Kari")),
        ("Brevet. Illustrasjon: Kari. Foto: Ola", ("Brevet. Illustrasjon: Kari.", "Foto: Ola")),
        ("The letter. Photo: Kari", ("The letter.", "Photo: Kari")),
        ("Se foto: det er et brev", ("Se foto: det er et brev", "")),
        ("Et portrettFoto: brev", ("Et portrettFoto: brev", "")),
    ],
)
def test_a_final_foto_is_the_credit(title: str, parts: tuple[str, str]) -> None:
    assert split_credit(title) == parts


@pytest.mark.parametrize(
    ("caption", "credit", "title"),
    [
        ("Brevet.", "Kari", "Brevet. Foto: Kari"),
        ("", "Kari", "Foto: Kari"),
        ("Brevet.", "", "Brevet."),
        ("Brevet.", "Foto: Kari", "Brevet. Foto: Kari"),
        ("Brevet.", "foto : Kari", "Brevet. Foto : Kari"),
        ("Brevet.", "Foto/Kari", "Brevet. Foto/Kari"),
        ("Brevet.", "Fotograf: Kari", "Brevet. Fotograf: Kari"),
        ("Brevet.", "Foto og illustrasjon: Kari", "Brevet. Foto og illustrasjon: Kari"),
        ("Brevet.", "Photo: Kari", "Brevet. Photo: Kari"),
        ("Brevet.", "Illustrasjon: Kari", "Brevet. Illustrasjon: Kari"),
        ("Brevet.", "Foto av Kari", "Brevet. Foto av Kari"),
        ("Brevet.", "© Kari", "Brevet. © Kari"),
        ("Brevet.", "Fotosenteret i Bergen", "Brevet. Foto: Fotosenteret i Bergen"),
        ("Brevet. Foto: Kari.", "Kari", "Brevet. Foto: Kari."),
        ("Foto: Kari.", "Foto: Kari", "Foto: Kari."),
        ("Brevet. Foto: Kari.", "Ola", "Brevet. Foto: Kari. Foto: Ola"),
    ],
)
def test_a_label_is_added_once_and_never_to_one_that_is_there(
    caption: str, credit: str, title: str
) -> None:
    assert credited(caption, credit) == title
    assert picture_of("brev.jpg", "Et brev", caption, credit) == f'![Et brev](brev.jpg "{title}")'
    assert credited(title, "") == title
