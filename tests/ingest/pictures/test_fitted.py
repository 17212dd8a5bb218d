"""How large a picture is decoded: whoever uploads a camera's waits for every pixel."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.ingest.pictures.picture import fitted, make

SIDE = st.integers(1, 30_000)


@given(SIDE, SIDE)
def test_the_longest_side_is_made_to_fit_and_nothing_is_enlarged(width: int, height: int) -> None:
    made = fitted((width, height))
    assert max(made) == min(max(width, height), 1600)
    for before, after, other in ((width, made[0], height), (height, made[1], width)):
        exact = before * min(1.0, 1600 / max(before, other))
        assert max(exact - 1, 1) <= after <= max(exact + 0.001, 1)


@pytest.mark.parametrize(
    ("size", "decoded"), [((4000, 3000), (2000, 1500)), ((1000, 8000), (250, 2000))]
)
def test_a_cameras_picture_is_decoded_at_a_fraction_of_its_size(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], decoded: tuple[int, int]
) -> None:
    sizes = []
    real = Image.Image.thumbnail

    def thumbnail(image: Image.Image, *to: Any) -> None:
        sizes.append(image.size)
        real(image, *to)

    monkeypatch.setattr(Image.Image, "thumbnail", thumbnail)
    raw = BytesIO()
    Image.new("RGB", size, "#5a2d82").save(raw, "JPEG")
    picture = make(raw.getvalue(), "bilde.jpg").picture
    assert sizes == [decoded]
    assert max(picture.width, picture.height) == 1600
