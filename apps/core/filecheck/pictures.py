"""Pictures are drawn anew: what was hidden behind the pixels stays behind."""

from __future__ import annotations

import warnings
from typing import IO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from apps.core.filecheck import kinds
from apps.core.filecheck.faults import Fault

MOST_PIXELS = 40_000_000
FORMATS = {kinds.PNG: "PNG", kinds.JPEG: "JPEG"}


def check_picture(source: IO[bytes], content_type: str) -> Image.Image:
    """The picture with its size checked before a pixel is drawn. Raises `Fault`."""
    kind = FORMATS[content_type]
    source.seek(0)
    # Sizes are checked here; a warning about them would be one more way to fail.
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("ignore")
    try:
        picture = Image.open(source, formats=[kind])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as fault:
        raise Fault("damaged", kind=kind) from fault
    if picture.width * picture.height > MOST_PIXELS:
        raise Fault("pixels", most=MOST_PIXELS // 1_000_000)
    return picture


def redraw(source: IO[bytes], content_type: str, out: IO[bytes]) -> None:
    """Write the same picture to `out`, turned as its camera said, without place, device, thumbnails or comments."""
    kind = FORMATS[content_type]
    picture = check_picture(source, content_type)
    try:
        upright = ImageOps.exif_transpose(picture)
        for name in upright.info.keys() - {"transparency"}:
            del upright.info[name]
        more = {"quality": 90, "optimize": True} if kind == "JPEG" else {}
        upright.save(out, kind, exif=b"", icc_profile=None, **more)
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Fault("damaged", kind=kind) from fault
