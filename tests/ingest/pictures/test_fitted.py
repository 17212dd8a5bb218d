"""How large a picture is decoded: whoever uploads a camera's waits for every pixel."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.ingest.pictures.picture import fitted, look, make

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
    real = Image.Image.resize

    def resize(image: Image.Image, *to: Any, **how: Any) -> Image.Image:
        sizes.append(image.size)
        return real(image, *to, **how)

    monkeypatch.setattr(Image.Image, "resize", resize)
    raw = BytesIO()
    Image.new("RGB", size, "#5a2d82").save(raw, "JPEG")
    picture = make(raw.getvalue(), "bilde.jpg").picture
    assert sizes == [decoded]
    assert max(picture.width, picture.height) == 1600


@given(
    st.tuples(st.integers(1, 2500), st.integers(1, 2500)),
    st.integers(1, 8),
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
@settings(max_examples=40, deadline=None)
def test_what_is_told_of_a_picture_before_it_is_decoded_is_what_becomes_of_it(
    size: tuple[int, int], orientation: int, kind: str
) -> None:
    exif, raw = Image.Exif(), BytesIO()
    exif[0x0112] = orientation
    Image.new("L" if kind == "PNG" else "RGB", size).save(raw, kind, exif=exif)
    told, made = look(raw.getvalue(), "bilde"), make(raw.getvalue(), "bilde").picture
    assert (told.width, told.height) == (made.width, made.height)
    assert Path(told.name).suffix == Path(made.name).suffix
