"""A small SMTP server that keeps what it is sent: a real server on a real socket, and nothing more."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as policy
from typing import cast


class _Session(socketserver.StreamRequestHandler):
    """One connection; pipelined commands are answered in order because they are read in order."""

    server: _Server

    def handle(self) -> None:
        self._say("220 sink ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self._receive()
            elif verb == b"EHLO":
                self._say("250-sink", "250-PIPELINING", "250-8BITMIME", "250 SIZE 50000000")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _receive(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.keep(b"".join(lines))
        self._say("250 kept")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Session)

    def keep(self, message: bytes) -> None:
        self.messages.append(message)


class Sink:
    """Use as a context manager; `messages` are what has come in so far."""

    def __enter__(self) -> Sink:
        self._server = _Server()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [cast("EmailMessage", message_from_bytes(raw, policy=policy)) for raw in list(self._server.messages)]
