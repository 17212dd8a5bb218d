"""The real article, where it is present beside the repository."""

from pathlib import Path

import pytest
from PIL import Image
from ruamel.yaml import YAML

from shared.article import Article, Picture

_FOLDER = Path(__file__).parents[2] / "../shared/articles"
PICTURES = sorted(_FOLDER.glob("*.jpg"))


def is_real_article_here() -> bool:
    return (_FOLDER / "jak-hemmere.md").exists()


needs_real_article = pytest.mark.skipif(
    not is_real_article_here(), reason="the real article is not here"
)


def real_article() -> Article:
    _, front, body = (_FOLDER / "jak-hemmere.md").read_text().split("---\n", 2)
    return Article.model_validate(YAML(typ="safe").load(front) | {"body": body})


def real_pictures() -> dict[str, Picture]:
    return {path.name: _picture(path) for path in PICTURES}


def _picture(path: Path) -> Picture:
    with Image.open(path) as image:
        return Picture(name=f"{path.stem}-0a1b.jpg", width=image.width, height=image.height)
