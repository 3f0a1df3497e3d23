"""Reading a mailbox by IMAP or POP3 with the standard library; blocking, so it runs in a thread.

Nothing is taken away by IMAP: the place up to which the folder has been read is kept. POP3 knows no
such place, so what has been dealt with is deleted there. Mail that is read twice changes nothing.
"""

from __future__ import annotations

import contextlib
import imaplib
import poplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

AT_ONCE = 100
PATIENCE_SECONDS = 20
MAX_BYTES = 200_000
"""Of one mail: what says what it is stands at its beginning."""


class MailboxProblem(Exception):
    """The mailbox cannot be read, with words for a person."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a mailbox, and up to where it has been read."""

    protocol: str
    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str = "INBOX"
    uid_validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """Some mails; `keys` are what POP3 deletes them by."""

    mails: list[bytes]
    uid_validity: int = 0
    last_uid: int = 0
    keys: tuple[str, ...] = ()
    is_more: bool = False


def fetch(access: Access) -> Fetched:
    """The next mails, the oldest first."""
    try:
        return _fetch_imap(access) if access.protocol == "imap" else _fetch_pop(access)
    except (OSError, imaplib.IMAP4.error, poplib.error_proto, ssl.SSLError, UnicodeError) as error:
        raise MailboxProblem(_words(error)) from error


def forget(access: Access, keys: tuple[str, ...]) -> None:
    """Delete by POP3 what has been dealt with."""
    try:
        with _pop(access) as pop:
            for number, key in _listed(pop):
                if key in keys:
                    pop.dele(number)
    except (OSError, poplib.error_proto) as error:
        raise MailboxProblem(_words(error)) from error


def _words(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(error)
    return " ".join(text.split())[:300] or type(error).__name__


def _fetch_imap(access: Access) -> Fetched:
    with _imap(access) as imap:
        status, _ = imap.select(_quoted(access.folder), readonly=True)
        if status != "OK":
            raise MailboxProblem(f"There is no folder {access.folder}.")
        _, found = imap.response("UIDVALIDITY")
        validity = int(found[0]) if found and found[0] else 0
        last = access.last_uid if validity == access.uid_validity else 0
        _, data = imap.uid("SEARCH", f"UID {last + 1}:*")
        # "n:*" names the last mail even where it is older than n.
        uids = sorted(uid for uid in map(int, (data[0] or b"").split()) if uid > last)
        chosen = uids[:AT_ONCE]
        if not chosen:
            return Fetched([], validity, last)
        _, parts = imap.uid("FETCH", ",".join(map(str, chosen)), f"(UID BODY.PEEK[]<0.{MAX_BYTES}>)")
        mails = [bytes(part[1]) for part in parts if isinstance(part, tuple)]
        return Fetched(mails, validity, chosen[-1], is_more=len(uids) > len(chosen))


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _imap(access: Access) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if access.security == "tls":
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(access.host, access.port, ssl_context=context, timeout=PATIENCE_SECONDS)
    else:
        imap = imaplib.IMAP4(access.host, access.port, timeout=PATIENCE_SECONDS)
        if access.security == "starttls":
            imap.starttls(context)
    try:
        imap.login(access.username, access.password)
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.shutdown()
        raise
    return imap


@contextlib.contextmanager
def _pop(access: Access) -> Iterator[poplib.POP3]:
    """A session that ends with QUIT, which is when deletions count."""
    context = ssl.create_default_context()
    if access.security == "tls":
        pop: poplib.POP3 = poplib.POP3_SSL(access.host, access.port, context=context, timeout=PATIENCE_SECONDS)
    else:
        pop = poplib.POP3(access.host, access.port, timeout=PATIENCE_SECONDS)
    try:
        if access.security == "starttls":
            pop.stls(context)
        pop.user(access.username)
        pop.pass_(access.password)
        yield pop
        pop.quit()
    finally:
        pop.close()


def _listed(pop: poplib.POP3) -> list[tuple[int, str]]:
    _, lines, _ = pop.uidl()
    pairs = [line.decode("ascii", "replace").split(None, 1) for line in lines]
    return [(int(number), key) for number, key in pairs]


def _fetch_pop(access: Access) -> Fetched:
    with _pop(access) as pop:
        listed = _listed(pop)
        chosen = listed[:AT_ONCE]
        mails = [b"\r\n".join(pop.retr(number)[1]) + b"\r\n" for number, _ in chosen]
    return Fetched(mails, keys=tuple(key for _, key in chosen), is_more=len(listed) > len(chosen))
