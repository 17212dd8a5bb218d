"""Each footnote has one text and is used; what stands in code is code."""

import pytest

from services.ingest.reading import body

FENCES = ("```\n{}\n```", "~~~\n{}\n~~~", "- Et punkt:\n\n  ```\n  {}\n  ```")


def said(text: str) -> list[str]:
    """What a body is refused for, without the way out."""
    return [error.message.split(";")[0] for error in body.read(text).errors]


@pytest.mark.parametrize("fence", FENCES)
def test_a_footnotes_mark_inside_a_code_fence_is_no_footnote(fence: str) -> None:
    code = fence.format("[^1]: Slik skrives en fotnote.")
    assert said(f"Eksempel:\n\n{code}\n\nMer tekst.") == []
    used = "Se kilden.[^1]\n\n[^1]: Kilden.\n\n"
    assert said(used + code) == [], "nor a second text of one"


@pytest.mark.parametrize("fence", FENCES)
def test_a_use_inside_a_code_fence_is_no_use(fence: str) -> None:
    found = said(f"Tekst.\n\n{fence.format('[^1]')}\n\n[^1]: Kilden.")
    assert found == ["fotnoten «[^1]» er ikke brukt i teksten"]


def test_a_text_after_a_fence_is_a_footnotes_text() -> None:
    code = "```\n[^1]: kode\n```"
    assert said(f"Tekst.[^1]\n\n{code}\n\n[^1]: Kilden.") == []
    assert said(f"Tekst.[^1]\n\n[^1]: En.\n\n{code}\n\n[^1]: To.") == [
        "fotnoten «[^1]» har 2 tekster"
    ]
    assert said(f"Tekst.\n\n{code}\n[^1]: Rett under koden.") == [
        "fotnoten «[^1]» er ikke brukt i teksten"
    ]


def test_a_footnote_without_a_text_and_one_that_only_code_defines_are_refused() -> None:
    for text in ("Tekst.[^1]", "Tekst.[^1]\n\n```\n[^1]: kode\n```"):
        assert said(text) == ["fotnoten «[^1]» mangler tekst"]
