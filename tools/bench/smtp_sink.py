"""A fast SMTP server that throws away what it gets, in a process of its own; prints its port.

It looks only for the end of the content, so that what is measured is the sender.
"""

from __future__ import annotations

import asyncio
import signal

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n"
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.tail = b""
        self.is_content = False
        transport.write(GREETING)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        data = self.tail + data
        answers: list[bytes] = []
        start = 0
        while True:
            if self.is_content:
                end = data.find(END, start)
                if end < 0:
                    start = max(start, len(data) - 4)
                    break
                start, self.is_content = end + 5, False
                Sink.count += 1
                answers.append(b"250 2.0.0 queued\r\n")
                continue
            end = data.find(b"\r\n", start)
            if end < 0:
                break
            word = data[start : start + 4]
            start = end + 2
            if word == b"DATA":
                self.is_content = True
                answers.append(b"354 go on\r\n")
                start -= 2
            else:
                answers.append(HELLO if word == b"EHLO" else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        self.tail = data[start:]
        self.transport.write(b"".join(answers))  # type: ignore[attr-defined]


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    print(Sink.count, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
