"""What can go wrong with images."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class ImageNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "media.image_not_found"
    template = "There is no image {image_id}."


class ImageGone(Failure):
    kind = Kind.CONFLICT
    code = "media.image_gone"
    template = "The picture “{name}” was deleted at this moment; choose another one."


class ImageNotUnderstood(Failure):
    kind = Kind.INVALID
    code = "media.not_understood"
    template = "This is no picture that mail programs show. Upload a PNG, JPEG, GIF or WebP."


class ImageBroken(Failure):
    kind = Kind.INVALID
    code = "media.broken"
    template = "The picture cannot be read; its file is damaged."


class ImageTooLarge(Failure):
    kind = Kind.TOO_LARGE
    code = "media.too_large"
    template = "The picture is {found} large; at most {limit} are taken."
