"""Pictures come out as pixels alone, or not at all."""

import io

import pytest
from PIL import Image, PngImagePlugin

from autograder.rendering import pictures
from autograder.rendering.limits import SHOWN_PIXELS
from autograder.rendering.pictures import NoPicture, written_anew

SECRET = "52.5200N 13.4050E, taken by ada"


def encoded(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 0).save(file, kind, **options)
    return file.getvalue()


def with_metadata(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET
    options: dict[str, object] = {"exif": exif}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET)
    return encoded(kind, **options)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_metadata_is_gone_and_the_picture_is_upright(kind):
    data = with_metadata(kind)
    assert SECRET.encode() in data
    shown_kind, shown, width, height = written_anew(data + b"trailing " + SECRET.encode())
    assert SECRET.encode() not in shown
    assert (width, height) == (30, 40), "turned as the camera's note says"
    with Image.open(io.BytesIO(shown)) as read:
        assert read.size == (30, 40) and not read.getexif() and f"image/{read.format.lower()}" == shown_kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_can_be_shown(mode):
    assert written_anew(encoded("PNG", mode=mode))[0] == "image/png"


def test_of_a_moving_picture_the_first_one_is_shown():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(written_anew(file.getvalue())[1])) as read:
        assert read.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_a_large_picture_is_made_smaller():
    kind, _, width, height = written_anew(encoded("JPEG", (4000, 3000)))
    assert (kind, width, height) == ("image/jpeg", SHOWN_PIXELS, SHOWN_PIXELS * 3 // 4)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no PNG, JPEG, GIF or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "it is no PNG, JPEG, GIF or WebP"),
        (encoded("TIFF"), "it is no PNG, JPEG, GIF or WebP"),
        (encoded("BMP"), "it is no PNG, JPEG, GIF or WebP"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "it is no PNG, JPEG, GIF or WebP"),
        (encoded("PNG")[:40], "it is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "it is damaged"),
    ],
)
def test_what_cannot_be_shown_says_why(data, reason):
    with pytest.raises(NoPicture, match=reason):
        written_anew(data)


def test_a_picture_of_more_pixels_than_pillow_itself_would_open_says_how_many_they_are():
    with pytest.raises(NoPicture, match="it has 20000 × 20000 pixels, which is too many"):
        written_anew(encoded("PNG", (20_000, 20_000), "1"))


def test_a_large_drawing_is_kept_as_a_photograph(monkeypatch):
    monkeypatch.setattr(pictures, "KEEP_PNG_BYTES", 10)
    assert written_anew(encoded("PNG", mode="RGBA"))[0] == "image/jpeg"
