"""Opens what was uploaded and redraws it in the widths that mails need.

What a file is, its first bytes say, never its name. Sizes are read from the header before a pixel is
unpacked, so that a small file cannot ask for gigabytes. Redrawing drops everything but the pixels:
positions and cameras in EXIF, comments, and whatever else was hidden in the file.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Literal

from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from waypost.media.errors import ImageBroken, ImageNotUnderstood, ImageTooLarge
from waypost.media.types import Picture, Rendition

MOST_BYTES = 10_000_000
MOST_PIXELS = 25_000_000
MOST_ANIMATED_PIXELS = 100_000_000
"""Of all frames of an animation together."""
WIDTHS = (320, 600, 1200)
WIDEST = 2000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 84


def draw(content: bytes) -> Picture:
    """The picture in its widths; raises when it is none, damaged or too large. Blocks: call it in a thread."""
    if len(content) > MOST_BYTES:
        raise ImageTooLarge(found=f"{len(content) / 1e6:.1f} MB", limit=f"{MOST_BYTES // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            # Our own limit is lower than the one that Pillow warns of.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(BytesIO(content), formats=FORMATS) as opened:
                return _drawn(opened, content)
    except UnidentifiedImageError as error:
        raise ImageNotUnderstood from error
    except Pillow.DecompressionBombError as error:
        raise ImageTooLarge(found="more than 100 megapixels", limit=_megapixels(MOST_PIXELS)) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ImageBroken from error


def _megapixels(count: int) -> str:
    return f"{count // 1_000_000} megapixels"


def _drawn(opened: Pillow.Image, content: bytes) -> Picture:
    pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise ImageTooLarge(found=_megapixels(pixels), limit=_megapixels(MOST_PIXELS))
    frames: int = getattr(opened, "n_frames", 1)
    if opened.format == "GIF" and frames > 1:
        return _animated(opened, content, frames)
    opened.draft("RGB", (WIDEST, WIDEST))
    whole = ImageOps.exif_transpose(opened)
    has_alpha = whole.mode in ("RGBA", "LA", "PA") or "transparency" in whole.info
    # Few colours are drawings and screenshots, which JPEG would smear.
    is_drawing = opened.format in ("PNG", "GIF") and (has_alpha or whole.mode in ("P", "1", "L"))
    base = whole.convert("RGBA" if has_alpha else "RGB")
    kind: Literal["PNG", "JPEG"] = "PNG" if has_alpha or is_drawing or opened.format == "PNG" else "JPEG"
    widest = min(base.width, WIDEST)
    drawn = [_at(base, width, kind) for width in sorted({*(w for w in WIDTHS if w < widest), widest})]
    return Picture(drawn[-1].mime, drawn[-1].width, drawn[-1].height, is_animated=False, renditions=drawn)


def _at(base: Pillow.Image, width: int, kind: Literal["PNG", "JPEG"]) -> Rendition:
    height = max(1, round(base.height * width / base.width))
    image = base if width == base.width else base.resize((width, height), Pillow.Resampling.LANCZOS)
    out = BytesIO()
    if kind == "JPEG":
        image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        image.save(out, "PNG", optimize=True)
    return Rendition(width, height, f"image/{kind.lower()}", out.getvalue())


def _animated(opened: Pillow.Image, content: bytes, frames: int) -> Picture:
    """Animations are kept as they are, once every frame could be read; the small one stands still."""
    if frames * opened.width * opened.height > MOST_ANIMATED_PIXELS:
        raise ImageTooLarge(found=f"{frames} frames", limit=_megapixels(MOST_ANIMATED_PIXELS) + " in all frames")
    for number in range(frames):
        opened.seek(number)
        opened.load()
    whole = Rendition(opened.width, opened.height, "image/gif", content)
    opened.seek(0)
    small = min(WIDTHS[0], opened.width - 1)
    drawn = [_at(opened.convert("RGBA"), small, "PNG")] if small > 0 else []
    return Picture("image/gif", opened.width, opened.height, is_animated=True, renditions=[*drawn, whole])
