"""A fast SMTP server that throws away what it gets, in a process of its own; prints its port.

It looks only for the end of the content, so that what is measured is the sender. With `--rtt` every answer comes so
many milliseconds late, as over a long line; with `--bdat` it offers CHUNKING.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import ssl

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n"
CHUNKING = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 SIZE 50000000\r\n"
QUEUED = b"250 2.0.0 queued\r\n"
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    count = 0
    hello = HELLO
    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.tail = b""
        self.is_content = False
        self.octets = 0
        self.answer(GREETING)

    def answer(self, data: bytes) -> None:
        if Sink.delay:
            asyncio.get_running_loop().call_later(Sink.delay, self.transport.write, data)  # type: ignore[attr-defined]
        else:
            self.transport.write(data)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        data = self.tail + self.rest_of_chunk(data)
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
                answers.append(QUEUED)
                continue
            end = data.find(b"\r\n", start)
            if end < 0:
                break
            word = data[start : start + 4]
            line, start = data[start:end], end + 2
            if word == b"BDAT":
                size = int(line.split()[1])
                self.octets, start = max(0, size - (len(data) - start)), min(start + size, len(data))
                if self.octets == 0:
                    Sink.count += 1
                    answers.append(QUEUED)
            elif word == b"DATA":
                self.is_content = True
                answers.append(b"354 go on\r\n")
                start -= 2
            else:
                answers.append(Sink.hello if word == b"EHLO" else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        self.tail = data[start:]
        if answers:
            self.answer(b"".join(answers))

    def rest_of_chunk(self, data: bytes) -> bytes:
        """Throw away what belongs to a chunk begun earlier."""
        if self.octets == 0:
            return data
        taken = min(self.octets, len(data))
        self.octets -= taken
        if self.octets == 0:
            Sink.count += 1
            self.answer(QUEUED)
        return data[taken:]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rtt", type=float, default=0.0)
    parser.add_argument("--bdat", action="store_true")
    parser.add_argument("--certificate", help="speak TLS with it from the first byte")
    given = parser.parse_args()
    tls = None
    if given.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.certificate)
    Sink.delay = given.rtt / 1000
    Sink.hello = CHUNKING if given.bdat else HELLO

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    print(Sink.count, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
