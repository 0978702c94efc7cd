"""Pictures: what they really are, and whether they can be shown. Only importer of Pillow.

Pure: bytes in, facts out. Run it confined: a picture may be made to cost memory and time. The bytes themselves are kept
as they came; nothing is re-encoded.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from webapp.errors import BadPicture

# Pillow's own net below the explicit limit: it raises at twice this number of pixels.
Image.MAX_IMAGE_PIXELS = 100_000_000

_TYPES = {  # what browsers show in <img>, by Pillow's name of the format
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with more pictures behind the first, as some phones write
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "BMP": "image/bmp",
    "ICO": "image/vnd.microsoft.icon",
}
SVG = "image/svg+xml"
_ORIENTATION = 0x0112  # EXIF 2.32 §4.6.4; 5 to 8 lie on their side, and browsers turn them
_PROBE = (64, 64)  # px: a JPEG is decoded at an eighth of its size, which finds where it breaks off just as well
_BROKEN = (  # what Pillow's readers raise on damaged files, beside its own errors
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_OTHERS = ((b"%PDF-", "a PDF"), (b"<!doc", "a web page"), (b"<html", "a web page"), (b"II*\x00", "a TIFF picture"))

_SVG_ROOT = re.compile(r"<svg(?=[\s>/])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_SVG_SIDE = r"(?<![\w-]){}\s*=\s*[\"']\s*([0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)\s*(px|pt|mm|cm|in)?\s*[\"']"
_SVG_BOX = re.compile(
    r"(?<![\w-])viewBox\s*=\s*[\"']\s*[-+.\deE]+[\s,]+[-+.\deE]+[\s,]+([\d.]{1,12})[\s,]+([\d.]{1,12})\s*[\"']"
)
_PX = {"px": 1.0, "": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}  # CSS Values 4 §6.2
_SVG_LIMIT_BYTES = 5_000_000  # charts have 1 MB; above, drawing it takes browsers seconds; taste


class PictureFacts(NamedTuple):
    """A picture's real type and its size as browsers show it, turned upright. An SVG may have no size of its own."""

    media_type: str
    width_px: int | None
    height_px: int | None


def inspect_picture(content: bytes, *, limit_bytes: int, limit_pixels: int) -> PictureFacts:
    """What picture `content` is, whatever was claimed of it: png, jpeg, gif, webp, avif, bmp, ico or svg.

    It is decoded (the first frame of an animation), so that what is kept can be shown. Raises BadPicture for what is
    no picture, is damaged or breaks off, or is larger than the limits; memory is not spent on it then.
    """
    if not content:
        raise BadPicture("there is nothing in it")
    if len(content) > limit_bytes:
        raise BadPicture(f"it has {len(content) / 1e6:.1f} MB; {limit_bytes / 1e6:.0f} MB are kept")
    svg = _svg_text(content)
    if svg is not None:
        return _inspect_svg(svg)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow about odd metadata, and of large pictures, which are measured here
        try:
            return _inspect_raster(content, limit_pixels)
        except BadPicture:
            raise
        except UnidentifiedImageError as error:
            raise BadPicture(f"it is {_named(content)}, not a picture that browsers show") from error
        except _BROKEN as error:
            raise BadPicture("it is damaged or breaks off") from error


def _inspect_raster(content: bytes, limit_pixels: int) -> PictureFacts:
    with Image.open(io.BytesIO(content), formats=tuple(name for name in _TYPES if name != "MPO")) as image:
        width, height = image.size
        if width < 1 or height < 1:
            raise BadPicture("it has no size")
        if width * height > limit_pixels:
            raise BadPicture(f"it is {width} × {height} pixels; {limit_pixels / 1e6:.0f} million are kept")
        media_type = _TYPES[str(image.format)]
        turned = media_type == "image/jpeg" and image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        image.draft("RGB", _PROBE)
        image.load()
    return PictureFacts(media_type, *((height, width) if turned else (width, height)))


def _svg_text(content: bytes) -> str | None:
    """`content` as text if its first element is an <svg>; nothing is parsed, so no entity is ever expanded."""
    if not content[:3].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and b"<svg" not in content[:4_096]:
        return None
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if wide else "utf-8", "replace").lstrip("\ufeff \t\r\n")
    position = 0
    while text.startswith(("<?", "<!"), position):
        closing = "-->" if text.startswith("<!--", position) else ">"
        end = text.find(closing, position)
        if end < 0:
            return None
        declaration = text[position:end].lower()
        if declaration.startswith("<!doctype") and not declaration.startswith("<!doctype svg"):
            return None
        if "[" in declaration and declaration.startswith("<!doctype"):
            raise BadPicture("it is an SVG picture that declares entities of its own")
        position = end + len(closing)
        while text[position : position + 1].isspace():
            position += 1
    return text[position:] if text[position : position + 4].lower() == "<svg" else None


def _inspect_svg(text: str) -> PictureFacts:
    if len(text) > _SVG_LIMIT_BYTES:
        raise BadPicture(f"it is an SVG picture of {len(text) / 1e6:.1f} MB; {_SVG_LIMIT_BYTES / 1e6:.0f} MB are kept")
    root = _SVG_ROOT.match(text)
    closed = root is not None and (root[1].endswith("/") or text.rstrip().lower().endswith(("</svg>", "-->")))
    if root is None or not closed:
        raise BadPicture("it is an SVG picture that breaks off")
    if "<!entity" in text.lower():
        raise BadPicture("it is an SVG picture that declares entities of its own")
    width, height = _svg_side(root[1], "width"), _svg_side(root[1], "height")
    box = _SVG_BOX.search(root[1])
    if box and not (width and height):
        width, height = _from_box(width, height, box)
    return PictureFacts(SVG, width, height) if width and height else PictureFacts(SVG, None, None)


def _svg_side(attributes: str, name: str) -> int | None:
    match = re.search(_SVG_SIDE.format(name), attributes)
    return max(1, round(float(match[1]) * _PX[match[2] or ""])) if match else None


def _from_box(width: int | None, height: int | None, box: re.Match[str]) -> tuple[int | None, int | None]:
    """The size after the viewBox, keeping the side that the picture names (SVG 2 §8.7)."""
    try:
        box_width, box_height = float(box[1]), float(box[2])
    except ValueError:
        return width, height
    if box_width <= 0 or box_height <= 0:
        return width, height
    if width:
        return width, max(1, round(width * box_height / box_width))
    if height:
        return max(1, round(height * box_width / box_height)), height
    return max(1, round(box_width)), max(1, round(box_height))


def _named(content: bytes) -> str:
    head = content[:512].lstrip().lower()
    return next((name for sign, name in _OTHERS if head.startswith(sign.lower())), "something else")
