"""Takes the file out of a multipart body as it comes in; nothing is held in memory."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

# A package of the same name, which a client in the tests brings along, hands out this module's names at run time.
from multipart import (
    MultipartError,  # pyright: ignore[reportAttributeAccessIssue]
    MultipartSegment,  # pyright: ignore[reportAttributeAccessIssue]
    PushMultipartParser,  # pyright: ignore[reportAttributeAccessIssue]
    parse_options_header,  # pyright: ignore[reportAttributeAccessIssue]
)

from waypost.imports.errors import FileMissing


class Upload:
    """The part called `file`: read `chunks()` to the end, then `filename` is known."""

    def __init__(self, content_type: str, stream: AsyncIterable[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise FileMissing
        self._boundary = options["boundary"]
        self._stream = stream
        self.filename = ""
        self.is_found = False

    async def chunks(self) -> AsyncIterator[bytes]:
        is_ours = False
        try:
            with PushMultipartParser(self._boundary) as parser:
                async for block in self._stream:
                    for part in parser.parse(block):
                        if isinstance(part, MultipartSegment):
                            is_ours = part.name == "file" and not self.is_found
                            if is_ours:
                                self.filename, self.is_found = part.filename or "", True
                        elif part and is_ours:
                            yield bytes(part)
        except MultipartError as error:
            raise FileMissing from error
        if not self.is_found:
            raise FileMissing
