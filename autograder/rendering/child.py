"""What runs in the confined process that renders: it reads texts and pictures, and gives back what can do nothing."""

import base64
from typing import BinaryIO

from autograder.confined.framing import Message
from autograder.confined.inside import TookTooLong, at_most, serve
from autograder.rendering.limits import MEMORY_BYTES, PICTURE_BYTES, PICTURE_SECONDS, TEXT_SECONDS
from autograder.rendering.markdown import TooMuch, html_of
from autograder.rendering.pictures import NoPicture, written_anew

ORIENTATION = 0x0112
"""The EXIF tag by which a camera says how it was held."""

SAMPLE = """# x

*a* **b** `c` ~~d~~ <b>e</b> [f](https://g) ![h](attachment:i) &amp;

- j

| k |
| - |
| $\\frac{1}{2}$ |

$$\\begin{pmatrix} a & b \\end{pmatrix} \\text{is} \\left( x \\right) \\sqrt{y} \\sum_{i=1}^n \\alpha_i$$
"""


def main() -> None:
    """Answer requests until the other side closes the line."""
    serve(_answer, _rehearse, MEMORY_BYTES)


def _answer(request: Message, _: BinaryIO) -> Message:
    is_text = "text" in request
    seconds = TEXT_SECONDS if is_text else PICTURE_SECONDS
    try:
        with at_most(seconds):
            return {"html": html_of(request["text"])} if is_text else _picture(request["picture"])
    except (TooMuch, NoPicture) as problem:
        return {"refused": str(problem)}
    except TookTooLong:
        return {"refused": f"it takes more than {seconds:g} s"}
    except (MemoryError, RecursionError):
        return {"refused": "it takes too much memory"}
    except Exception as problem:  # a library's own mistake with an odd text
        return {"refused": f"it cannot be read ({type(problem).__name__})"}


def _picture(encoded: str) -> Message:
    try:
        data = base64.b64decode(encoded)
    except ValueError:
        raise NoPicture("it is damaged") from None
    if len(data) > PICTURE_BYTES:
        raise NoPicture(f"it has {len(data) / 1e6:.0f} MB, which is too much")
    kind, shown, width, height = written_anew(data)
    return {"kind": kind, "data": base64.b64encode(shown).decode(), "width": width, "height": height}


def _rehearse() -> None:
    """Have everything imported and read that is imported when it is first used: no file can be opened later."""
    from io import BytesIO

    from PIL import Image

    html_of(SAMPLE)
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        file = BytesIO()
        Image.new("RGB", (2, 2)).save(file, kind, exif=turned)
        written_anew(file.getvalue())


if __name__ == "__main__":
    main()
