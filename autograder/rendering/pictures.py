"""Pictures, decoded and written anew: what comes out holds pixels, and nothing else of what was handed in."""

import io

from PIL import (
    GifImagePlugin,
    Image,
    ImageColor,
    ImageOps,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from autograder.rendering.limits import KEEP_PNG_BYTES, PICTURE_PIXELS, SHOWN_PIXELS

BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
IMPORTED = (
    *(GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin),
    *(ImageColor, ImagePalette, TiffImagePlugin),  # the last one reads EXIF
)
"""Here, because no file can be opened any more when Pillow would import them."""

LOSSLESS = {"PNG", "GIF"}

Image.MAX_IMAGE_PIXELS = None  # PICTURE_PIXELS is our own limit, and its message says so


class NoPicture(Exception):
    """It cannot be shown. Its text is the reason, after "because"."""


def written_anew(data: bytes) -> tuple[str, bytes, int, int]:
    """A picture of pixels alone: upright, no larger than a page shows, without metadata, the first of a moving one.

    Args:
        data: PNG, JPEG, GIF or WebP, told by its content.

    Returns:
        Its kind ("image/png", say), its bytes, its width and its height.

    Raises:
        NoPicture: if it is none of these, is damaged, or is too large.
    """
    kind = _kind(data)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            width, height = opened.size
            if width * height > PICTURE_PIXELS:
                raise NoPicture(f"it has {width} × {height} pixels, which is too many")
            if kind == "JPEG":
                opened.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
            opened.seek(0)
            picture = ImageOps.exif_transpose(opened)
            picture.load()
    except (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError):
        raise NoPicture("it is damaged") from None
    picture = _plain(picture)
    picture.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
    return _encoded(picture, kind)


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    found = next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), None)
    if found is None:
        raise NoPicture("it is no PNG, JPEG, GIF or WebP")
    return found


def _plain(picture: Image.Image) -> Image.Image:
    """The same in grey, colours, or colours that are partly transparent."""
    if picture.mode in {"RGB", "RGBA", "L"}:
        plain = picture
    elif "transparency" in picture.info or picture.mode in {"LA", "PA", "RGBa", "La"}:
        plain = picture.convert("RGBA")
    else:
        plain = picture.convert("RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _encoded(picture: Image.Image, kind: str) -> tuple[str, bytes, int, int]:
    if kind in LOSSLESS or picture.mode == "RGBA":
        drawing = io.BytesIO()
        picture.save(drawing, "PNG")
        if drawing.tell() <= KEEP_PNG_BYTES:
            return "image/png", drawing.getvalue(), *picture.size
    if picture.mode == "RGBA":
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    photograph = io.BytesIO()
    picture.save(photograph, "JPEG", quality=85)
    return "image/jpeg", photograph.getvalue(), *picture.size
