"""Uploading pictures: what is kept of them, and what is refused."""

import struct
import unicodedata
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image, ImageCms

from services.ingest.people.keys import create_key
from services.ingest.pictures.picture import look
from services.ingest.problems import Problem
from tests import make
from tests.disk import Disk
from tests.ingest.conftest import Ingest
from tests.ingest.steps import picture

ARTICLES = Path(__file__).parents[3] / "../shared/articles"


def with_position(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 40.0)
    return exif


async def upload(ingest: Ingest, raw: bytes, name: str = "Bilde Æ.jpg") -> httpx.Response:
    return await ingest.http.post("/api/assets", files={"file": (name, raw, "image/jpeg")})


def kept(ingest: Ingest, answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 201, answer.text
    return Image.open(ingest.settings.assets_folder / answer.json()["name"])


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
async def test_each_format_is_kept_without_its_position_comment_or_profile(
    ingest: Ingest, kind: str, ending: str
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    extra = {"comment": b"hemmelig"} if kind == "JPEG" else {}
    raw = picture(kind, exif=with_position(), icc_profile=profile, xmp=b"<x>hemmelig</x>", **extra)
    answer = await upload(ingest, raw, "Bilde.gif")
    image = kept(ingest, answer)
    assert image.format == kind
    assert answer.json() == {"name": answer.json()["name"], "width": 60, "height": 40}
    assert answer.json()["name"].startswith("bilde-")
    assert answer.json()["name"].endswith(f".{ending}")
    assert not set(image.info) & {"exif", "icc_profile", "xmp", "comment", "dpi"}
    data = (ingest.settings.assets_folder / answer.json()["name"]).read_bytes()
    assert b"hemmelig" not in data
    assert b"Camera" not in data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_taken_sideways_is_set_upright(ingest: Ingest, kind: str) -> None:
    answer = await upload(ingest, picture(kind, exif=with_position(6)))
    image = kept(ingest, answer)
    assert image.size == (40, 60)
    assert image.convert("L").getpixel((20, 5)) > image.convert("L").getpixel((20, 55))


async def test_a_large_picture_is_made_to_fit_and_a_small_one_is_not_enlarged(
    ingest: Ingest,
) -> None:
    large = await upload(ingest, picture(size=(3000, 1500)))
    assert (large.json()["width"], large.json()["height"]) == (1600, 800)
    small = await upload(ingest, picture(size=(1, 1)))
    assert (small.json()["width"], small.json()["height"]) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA")],
)
async def test_unusual_pixels_are_taken(ingest: Ingest, kind: str, mode: str) -> None:
    image = Image.new("LA" if mode == "LA" else mode, (20, 10))
    out = BytesIO()
    image.save(out, kind)
    assert kept(ingest, await upload(ingest, out.getvalue())).size == (20, 10)


async def test_transparency_is_kept(ingest: Ingest) -> None:
    image = kept(ingest, await upload(ingest, picture("PNG", mode="RGBA")))
    assert image.mode == "RGBA"


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png_with(*chunks: bytes, colour: str = "red", mode: str = "RGB") -> bytes:
    """A small PNG file with these chunks behind its header."""
    out = BytesIO()
    Image.new(mode, (20, 10), colour).save(out, "PNG")
    raw = out.getvalue()
    return raw[:33] + b"".join(chunks) + raw[33:]


def png_bomb(width: int = 30_000, height: int = 30_000, colour: int = 0) -> bytes:
    """A small PNG file that says of itself that it is this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + data + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """A small WebP file whose canvas is said to be 16,384 pixels square."""
    header = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0\xff\x3f\0"
    data = b"WEBP" + header + picture("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(data)) + data


def red_and_green_changed() -> bytes:
    """A profile of a screen whose red and green are in each other's place."""
    raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"????"), (b"gXYZ", b"rXYZ"), (b"????", b"gXYZ")):
        raw = raw.replace(old, new, 1)
    return raw


def animation(kind: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


WRONG = {
    "bomb": png_bomb(),
    "one pixel wide and fifty million high": png_bomb(1, 49_999_999),
    "fifty million pixels wide and one high": png_bomb(49_999_999, 1),
    "a side of 30,001 pixels": png_bomb(30_001, 1),
    "49 megapixels of colour and transparency": png_bomb(7_000, 7_000, colour=6),
    "a webp of 268 megapixels": webp_bomb(),
    "just over fifty megapixels": picture("PNG", (7100, 7100), "1"),
    "truncated jpeg": picture(size=(400, 400))[:-200],
    "truncated png": picture("PNG", (400, 400))[:-60],
    "animated png": animation("PNG"),
    "animated webp": animation("WEBP"),
    "gif": picture("GIF", mode="L"),
    "tiff": picture("TIFF"),
    "heic": b"\0\0\0\x18ftypheic" + bytes(400),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "html": b"<script>alert(1)</script>",
    "empty": b"",
    "noise behind a jpeg's first bytes": picture()[:20] + bytes(range(256)) * 9,
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_no_whole_still_picture_is_refused(ingest: Ingest, name: str) -> None:
    answer = await upload(ingest, WRONG[name])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["file"]
    assert "bildet «Bilde Æ.jpg» " in answer.json()["errors"][0]["message"]
    assert await ingest.stored() == set()
    assert not ingest.settings.assets_folder.exists()


@pytest.mark.parametrize("name", WRONG)
def test_all_but_damaged_pixels_is_known_from_the_header(name: str) -> None:
    if name in ("truncated jpeg", "truncated png"):
        assert look(WRONG[name], "a.jpg").width == 400
        return
    with pytest.raises(Problem) as refused:
        look(WRONG[name], "a.jpg")
    assert refused.value.status == 422


async def test_a_picture_of_another_format_is_refused_with_the_formats_that_are_right(
    ingest: Ingest,
) -> None:
    (error,) = (await upload(ingest, WRONG["svg"])).json()["errors"]
    assert "JPEG, PNG eller WebP" in error["message"]
    for brand in (b"heic", b"mif1", b"hevc"):
        raw = b"\0\0\0\x18ftyp" + brand + bytes(400)
        (error,) = (await upload(ingest, raw, "mappe/IMG_1.HEIC")).json()["errors"]
        assert error["message"] == (
            "bildet «IMG_1.HEIC» er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den filen"
        )
    nameless = await ingest.http.post(
        "/api/assets", content=b"x", headers={"Content-Type": "image/png"}
    )
    assert nameless.json()["errors"][0]["message"].startswith("bildet kan ikke leses")


async def test_a_file_over_twenty_five_mib_is_refused_while_it_is_read(ingest: Ingest) -> None:
    too_much = picture() + bytes(25 * 1024 * 1024)
    assert (await upload(ingest, too_much)).status_code == 413
    headers = {"Content-Type": "image/jpeg"}
    bare = await ingest.http.post("/api/assets", content=too_much, headers=headers)
    assert bare.status_code == 413


async def test_a_bare_picture_is_taken_with_its_name_in_the_query(ingest: Ingest) -> None:
    headers = {"Content-Type": "image/png"}
    answer = await ingest.http.post(
        "/api/assets?name=a/Brev.jpg", content=picture(), headers=headers
    )
    assert kept(ingest, answer).format == "JPEG"
    assert answer.json()["name"].startswith("brev-")
    nameless = await ingest.http.post("/api/assets", content=picture(), headers=headers)
    assert nameless.json()["name"].startswith("bilde-")


async def test_an_upload_that_is_no_form_and_no_picture_is_refused(ingest: Ingest) -> None:
    answer = await ingest.http.post("/api/assets", json={"file": "x"})
    assert answer.status_code == 415
    wrong_field = await ingest.http.post("/api/assets", files={"bilde": ("a.jpg", picture())})
    assert wrong_field.json()["errors"][0]["field"] == "file"
    two = [("file", ("a.jpg", picture())), ("file", ("b.jpg", picture()))]
    assert (await ingest.http.post("/api/assets", files=two)).status_code == 400
    broken = {"Content-Type": "multipart/form-data"}
    assert (await ingest.http.post("/api/assets", content=b"x", headers=broken)).status_code == 400
    assert await ingest.stored() == set()


@pytest.mark.parametrize("place", ["the picture", "its name"])
async def test_a_picture_is_known_once_it_is_on_the_disk(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """After a power cut no article refers to one that is lost."""
    folder, disk = ingest.settings.assets_folder.resolve(), Disk(monkeypatch)
    raw = picture()
    name = (await upload(ingest, raw)).json()["name"]
    (folder / name).unlink()
    await ingest.redis.delete("ingest:pictures")
    disk.refused = folder if place == "its name" else folder / name
    refused = await upload(ingest, raw)
    assert refused.status_code == 503, f"{place} is not on the disk"
    assert await ingest.redis.hlen("ingest:pictures") == 0
    disk.refused = None
    assert (await upload(ingest, raw)).status_code == 201
    assert await ingest.redis.hlen("ingest:pictures") == 1


async def test_the_same_picture_gets_the_same_name_and_other_bytes_another(ingest: Ingest) -> None:
    first = (await upload(ingest, picture())).json()
    assert (await upload(ingest, picture())).json() == first
    assert (await upload(ingest, picture(size=(61, 40)))).json()["name"] != first["name"]
    mode = (ingest.settings.assets_folder / first["name"]).stat().st_mode
    assert mode & 0o777 == 0o644
    assert len(list(ingest.settings.assets_folder.iterdir())) == 2


async def test_a_body_may_use_the_new_name_or_the_file_name_of_the_newest_upload(
    ingest: Ingest, redis: Any
) -> None:
    await upload(ingest, picture(), "Brev æ.jpg")
    new = (await upload(ingest, picture(size=(70, 40)), "Brev æ.jpg")).json()
    body = f"![Et brev](<Brev æ.jpg>)\n\n![Et brev]({new['name']})"
    answer = await ingest.post(make.news(body=body).model_dump(mode="json"))
    assert answer.status_code == 201, answer.text
    ((_, fields),) = await ingest.redis.xrange("articles")
    assert fields[b"data"].count(b'"width":70') == 2

    other = await create_key(redis, "Other", "editor")
    stranger = await ingest.post(
        make.news(body="![Et brev](<Brev æ.jpg>)").model_dump(mode="json"),
        Authorization=f"Bearer {other}",
    )
    assert stranger.status_code == 422, "a file name belongs to the key that uploaded it"


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the real article is not here")
async def test_the_real_article_is_accepted_with_its_pictures(ingest: Ingest) -> None:
    raw = (ARTICLES / "jak-hemmere.md").read_bytes()
    headers = {"Content-Type": "text/markdown"}
    early = await ingest.http.post("/api/articles", content=raw, headers=headers)
    assert early.status_code == 422
    assert len(early.json()["errors"]) == 3
    for file in sorted(ARTICLES.glob("*.jpg")):
        image = kept(ingest, await upload(ingest, file.read_bytes(), file.name))
        assert not image.getexif()
    answer = await ingest.http.post("/api/articles", content=raw, headers=headers)
    assert answer.status_code == 201, answer.text
    ((_, fields),) = await ingest.redis.xrange("articles")
    shown = (await ingest.http.get(answer.headers["location"])).json()["article"]
    for name in (*shown, "what_to_do", "seek_help_if", "stop_advice", "brands", "pictures"):
        assert f'"{name}":'.encode() in fields[b"data"]
    assert shown["alert"]["medicines"][4]["additional_monitoring"] is True


WORDS = b"<x:xmpmeta>" + b" " * 3_000_000
AS_WRITTEN = {
    "large XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + WORDS),
    "large packed XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(WORDS)),
    "large zTXt": chunk(b"zTXt", b"Raw profile type xmp\0\0" + zlib.compress(WORDS)),
    "many texts": b"".join(chunk(b"tEXt", b"a\0" + bytes(100_000)) for _ in range(80)),
    "a large profile that is none": chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2_000_000))),
    "a profile that is not packed": chunk(b"iCCP", b"a\0\0nothing"),
    "EXIF that is no TIFF": chunk(b"eXIf", b"Exif\0\0hello"),
    "no EXIF": chunk(b"eXIf", b""),
    "half a gamma": chunk(b"gAMA", b"\0"),
    "half a density": chunk(b"pHYs", b"\0"),
    "a text with a wrong checksum": chunk(b"tEXt", b"a\0b")[:-4] + b"\0\0\0\0",
}


@pytest.mark.parametrize("what", AS_WRITTEN)
async def test_a_whole_picture_is_taken_whatever_is_written_beside_it(
    ingest: Ingest, what: str
) -> None:
    image = kept(ingest, await upload(ingest, png_with(AS_WRITTEN[what])))
    assert image.getpixel((9, 5)) == (255, 0, 0)


def exif_of(kind: int, count: int, value: bytes) -> bytes:
    """EXIF with nothing but an orientation, of this type of TIFF."""
    tag = struct.pack("<HHI4s", 0x0112, kind, count, value)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag + bytes(4)


SHORT, ASCII, RATIONAL, UNDEFINED, FLOAT, UNKNOWN = 3, 2, 5, 7, 11, 99
ODD = {
    "zero": exif_of(SHORT, 1, b"\0"),
    "nine": exif_of(SHORT, 1, b"\x09"),
    "two numbers": exif_of(SHORT, 2, b"\x06\0\x07"),
    "none": exif_of(SHORT, 0, b""),
    "a text": exif_of(ASCII, 4, b"top"),
    "a fraction that lies outside": exif_of(RATIONAL, 1, b"\xff\xff\xff\x7f"),
    "a million bytes": exif_of(UNDEFINED, 1_000_000, b"\xff"),
    "no number": exif_of(FLOAT, 1, b"\0\0\xc0\x7f"),
    "no known type": exif_of(UNKNOWN, 1, b"\x06"),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("what", ODD)
async def test_an_odd_orientation_keeps_no_picture_out(
    ingest: Ingest, kind: str, what: str
) -> None:
    image = kept(ingest, await upload(ingest, picture(kind, exif=ODD[what])))
    assert sorted(image.size) == [40, 60]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
async def test_exif_that_is_no_tiff_does_not_matter(ingest: Ingest, kind: str) -> None:
    raw = picture(kind, exif=b"Exif\0\0this is no TIFF")
    assert kept(ingest, await upload(ingest, raw)).size == (60, 40)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
async def test_a_colour_profile_counts_with_transparency_and_palettes_too(
    ingest: Ingest, mode: str
) -> None:
    image = Image.new("RGBA", (20, 10), (255, 0, 0, 128))
    raw = BytesIO()
    image.convert(mode).save(raw, "PNG", icc_profile=red_and_green_changed())
    shown = kept(ingest, await upload(ingest, raw.getvalue())).convert("RGBA").getpixel((9, 5))
    assert isinstance(shown, tuple)
    assert shown[1] > 200 > 60 > shown[0]
    assert mode != "RGBA" or shown[3] == 128


async def test_a_photo_that_is_only_too_large_is_scaled_down(ingest: Ingest) -> None:
    raw = picture("JPEG", (12_000, 9_000), quality=1)
    raw += bytes(12_000_000 - len(raw))  # as a camera's, in bytes and pixels
    answer = await upload(ingest, raw)
    assert kept(ingest, answer).size == (1600, 1200)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_a_file_name_is_the_same_however_its_letters_are_composed(
    ingest: Ingest, form: Any
) -> None:
    other = "NFD" if form == "NFC" else "NFC"
    await upload(ingest, picture(), unicodedata.normalize(form, "Blå æske.jpg"))
    body = f"![Et brev](<{unicodedata.normalize(other, 'Blå æske.jpg')}>)"
    assert (await ingest.post(make.news(body=body).model_dump(mode="json"))).status_code == 201


async def test_a_name_of_accents_costs_nothing(ingest: Ingest) -> None:
    name = "a" + "\u0300\u0316" * 1_000 + ".jpg"
    assert (await upload(ingest, picture(), name)).status_code == 201
    answer = await ingest.post(make.news(body=f"![Et brev]({quote(name)})").model_dump(mode="json"))
    assert answer.status_code == 201
