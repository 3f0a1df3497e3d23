"""A real SMTP server on a port of its own that remembers who was sent what."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from types import TracebackType

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Accepts everything; a message counts once its final dot was answered."""

    def __init__(self) -> None:
        self.received: dict[str, list[str]] = defaultdict(list)
        self.port = 0

    async def __aenter__(self) -> Sink:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=10_000_000)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    @property
    def count(self) -> int:
        return sum(len(ids) for ids in self.received.values())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipients: list[str] = []
        try:
            writer.write(b"220 sink ESMTP\r\n")
            while line := await reader.readline():
                word = line.strip().upper()
                if word.startswith(b"EHLO"):
                    writer.write(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
                elif word.startswith(b"RCPT"):
                    recipients.append(line.partition(b"<")[2].partition(b">")[0].decode().lower())
                    writer.write(b"250 ok\r\n")
                elif word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    await writer.drain()
                    body = await reader.readuntil(b"\r\n.\r\n")
                    found = _MESSAGE_ID.search(body)
                    for recipient in recipients:
                        self.received[recipient].append(found.group(1).decode() if found else "")
                    recipients = []
                    writer.write(b"250 queued\r\n")
                elif word == b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                else:
                    writer.write(b"250 ok\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
