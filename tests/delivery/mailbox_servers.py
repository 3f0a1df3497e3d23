"""Small IMAP and POP3 servers with mails in them, for reading mailboxes in tests."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field


@dataclass
class FakeImap:
    """One folder; `mails` by their unique id."""

    mails: dict[int, bytes] = field(default_factory=dict[int, bytes])
    validity: int = 7
    password: str = "secret"
    fetched: list[int] = field(default_factory=list[int])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = rest.split()
            match [word.upper() for word in words[:2]]:
                case ["CAPABILITY"]:
                    writer.write(b"* CAPABILITY IMAP4rev1\r\n")
                case ["LOGIN", *_] if words[2].strip('"') != self.password:
                    writer.write(f"{tag} NO [AUTHENTICATIONFAILED] wrong password\r\n".encode())
                    continue
                case ["EXAMINE", *_]:
                    writer.write(f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] v\r\n".encode())
                case ["UID", "SEARCH"]:
                    first = int(re.findall(r"(\d+):", rest)[0])
                    found = [uid for uid in self.mails if uid >= first] or sorted(self.mails)[-1:]
                    writer.write(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())
                case ["UID", "FETCH"]:
                    for place, uid in enumerate(int(text) for text in words[2].split(",")):
                        self.fetched.append(uid)
                        raw = self.mails[uid]
                        head = f"* {place + 1} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n"
                        writer.write(head.encode() + raw + b")\r\n")
                case _:
                    pass
            writer.write(f"{tag} OK done\r\n".encode())
            await writer.drain()
            if words[:1] == ["LOGOUT"]:
                break
        writer.close()


@dataclass
class FakePop:
    """`mails` by their unique id; deletions count at QUIT."""

    mails: dict[str, bytes] = field(default_factory=dict[str, bytes])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"+OK ready\r\n")
        keys, deleted = list(self.mails), set[str]()
        while line := await reader.readline():
            word, _, rest = line.decode().strip().partition(" ")
            match word.upper():
                case "UIDL":
                    listed = "".join(f"{place + 1} {key}\r\n" for place, key in enumerate(keys))
                    writer.write(f"+OK\r\n{listed}.\r\n".encode())
                case "RETR":
                    raw = self.mails[keys[int(rest) - 1]].replace(b"\r\n.", b"\r\n..")
                    writer.write(b"+OK\r\n" + raw + b"\r\n.\r\n")
                case "DELE":
                    deleted.add(keys[int(rest) - 1])
                    writer.write(b"+OK\r\n")
                case "QUIT":
                    for key in deleted:
                        self.mails.pop(key)
                    writer.write(b"+OK\r\n")
                    break
                case _:
                    writer.write(b"+OK\r\n")
            await writer.drain()
        writer.close()
