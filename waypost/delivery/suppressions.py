"""The suppression list: addresses, domains and hashes that are not mailed, with reason, source and time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5, sha256
from typing import Any

from waypost.delivery.errors import SuppressionNotFound
from waypost.delivery.types import Reason
from waypost.kernel.db import Database
from waypost.kernel.errors import invalid
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx, Tx

MOST = 10_000
"""Entries in one request; longer files come in pieces."""
EXPORT_PAGE = 5_000
REASONS = {"bounced": Reason.BOUNCED, "complained": Reason.COMPLAINED, "unsubscribed": Reason.UNSUBSCRIBED,
           "manual": Reason.BY_HAND}  # fmt: skip
NAMES = {reason: name for name, reason in REASONS.items()}
ADDRESS_HEADS = ("address", "email", "e-mail", "email address", "recipient", "domain", "hash")
_email = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]+\.[^@\s<>\"',;.]+").fullmatch
_domain = re.compile(r"@?([^@\s<>\"',;:/]+\.[^@\s<>\"',;:/.]+)").fullmatch
_hash = re.compile(r"(?:(?:sha-?256|md5)[:=])?([0-9a-f]{64}|[0-9a-f]{32})").fullmatch


@dataclass(frozen=True, slots=True)
class Suppression:
    """An entry of the list."""

    address: str
    reason: int
    source: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be suppressed, as a person or a file says it."""

    value: str
    reason: Reason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a lot of entries."""

    added: int
    known: int
    wrong: list[str]


def normalise(value: str) -> str | None:
    """As it is stored: an address, '@' and a domain, or a hash with its kind; None where it is none of these."""
    text = value.strip().strip("<>").lower()
    found = _hash(text)
    if found:
        return f"{'sha256' if len(found[1]) == 64 else 'md5'}:{found[1]}"
    if len(text) > 254 or not text.isprintable():
        return None
    if _email(text):
        return text
    found = _domain(text)
    return f"@{found[1]}" if found else None


def forms_of(address: str) -> list[str]:
    """Every entry that would suppress the address."""
    raw = address.encode()
    domain = "@" + address.rpartition("@")[2]
    return [address, domain, f"sha256:{sha256(raw).hexdigest()}", f"md5:{md5(raw).hexdigest()}"]  # noqa: S324


def read_csv(text: str, reason: Reason, note: str = "") -> list[Entry]:
    """Rows of a file; with a heading its columns address, reason and note are used, else the first column."""
    rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    heads = [cell.strip().lower() for cell in rows[0]]
    place = next((heads.index(name) for name in ADDRESS_HEADS if name in heads), None)
    if place is None:
        return [Entry(row[0], reason, note) for row in rows]
    reason_at = heads.index("reason") if "reason" in heads else None
    note_at = heads.index("note") if "note" in heads else None
    return [
        Entry(
            _cell(row, place),
            REASONS.get(_cell(row, reason_at).strip().lower(), reason),
            _cell(row, note_at).strip() or note,
        )
        for row in rows[1:]
    ]


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


async def add_suppressions(tx: Tx, entries: Sequence[Entry], *, source: str) -> Added:
    """All by one statement; what is on the list stays as it is, but an unsubscription gives way to more."""
    if len(entries) > MOST:
        raise invalid("/csv", f"At most {MOST:,} entries can be added at once; send the rest in another request.")
    known: dict[str, Entry] = {}
    wrong: list[str] = []
    for entry in entries:
        address = normalise(entry.value)
        if address is None:
            wrong.append(entry.value.replace("\0", "")[:100])
        else:
            known.setdefault(address, entry)
    addresses = sorted(known)
    count = await tx.value(
        sql(
            """
            with written as (
                insert into delivery.suppression as s (workspace_id, address, reason, source, note, created_at)
                select {workspace}, address, reason, {source}, note, {now}
                from unnest({addresses}::text[], {reasons}::smallint[], {notes}::text[]) as given (address, reason, note)
                order by address collate "C"
                on conflict (workspace_id, address) do update
                set reason = excluded.reason, source = excluded.source, note = excluded.note,
                    created_at = excluded.created_at
                where s.reason = 3 and excluded.reason <> 3
                returning 1
            )
            select count(*) from written
            """,
            addresses=addresses,
            reasons=[int(known[address].reason) for address in addresses],
            notes=[known[address].note.replace("\0", "")[:500] for address in addresses],
            source=source,
        )
    )
    return Added(count, len(addresses) - count, wrong)


async def remove_suppression(tx: Tx, address: str, *, note: str) -> None:
    """Take an entry off the list; who did it and why is kept."""
    if not note.strip():
        raise invalid("/note", "Say why the address may be mailed again.")
    removed = await tx.value(
        sql(
            """
            with gone as (
                delete from delivery.suppression where workspace_id = {workspace} and address = {address}
                returning address, reason
            ),
            noted as (
                insert into delivery.suppression_removal (workspace_id, address, reason, note, user_id, created_at)
                select {workspace}, address, reason, {note}, {user_id}::bigint, {now} from gone
            )
            select count(*) from gone
            """,
            address=address.strip().lower(),
            note=note.strip()[:500],
            user_id=tx.actor.id if tx.actor.kind == "user" else None,
        )
    )
    if not removed:
        raise SuppressionNotFound(address=address)


async def list_suppressions(
    tx: ReadTx, *, q: str = "", reason: Reason | None = None, limit: int = 50, after: str | None = None
) -> Page[Suppression]:
    """The newest first; a whole address also finds its domain and its hashes."""
    rows = await tx.all(
        sql(
            """
            select address, reason, source, note, created_at from delivery.suppression
            where workspace_id = {workspace} and {matching} and {of_reason} and {place}
            order by created_at desc, address desc limit {limit}
            """,
            matching=_matching(q.strip().lower()),
            of_reason=TRUE if reason is None else sql("reason = {reason}", reason=int(reason)),
            place=_after(after),
            limit=limit + 1,
        ),
        Suppression,
    )
    return page_of(rows, limit, lambda row: (row.created_at.isoformat(), row.address))


def _matching(q: str) -> Sql:
    if not q:
        return TRUE
    if _email(q):
        return sql("address = any({forms}::text[])", forms=forms_of(q))
    return sql("strpos(address, {q}) > 0", q=q.replace("\0", ""))


def _after(after: str | None) -> Sql:
    if after is None:
        return TRUE
    at, address = decode_cursor(after, datetime, str)
    return sql("(created_at, address) < ({at}::timestamptz, {address})", at=at, address=address)


async def count_suppressions(tx: ReadTx) -> dict[str, int]:
    rows = await tx.all(
        sql("select reason, count(*) as n from delivery.suppression where workspace_id = {workspace} group by reason")
    )
    return {NAMES[Reason(row["reason"])]: row["n"] for row in rows}


async def stream_csv(db: Database, workspace_id: int) -> AsyncIterator[bytes]:
    """The whole list by its key, a page at a time; what changes meanwhile may be in it or not."""
    yield b"address,reason,source,note,created_at\r\n"
    last = ""
    while True:
        async with db.read(workspace_id) as read:
            # lint: no-row-loops because a turn is a page of entries
            rows = await read.all(_page_from(last), Suppression)
        if not rows:
            return
        last = rows[-1].address
        yield _lines(rows)


def _page_from(last: str) -> Sql:
    return sql(
        """
        select address, reason, source, note, created_at from delivery.suppression
        where workspace_id = {workspace} and {place} order by address limit {limit}
        """,
        place=sql("address > {last}", last=last),
        limit=EXPORT_PAGE,
    )


def _lines(rows: Sequence[Suppression]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        cells: list[Any] = [row.address, NAMES[Reason(row.reason)], row.source, row.note, row.created_at.isoformat()]
        writer.writerow(_harmless(cell) for cell in cells)
    return out.getvalue().encode()


def _harmless(cell: str) -> str:
    """Spreadsheets run what begins like a formula; a domain's own @ is left, as it must come in again."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "\t") else cell
