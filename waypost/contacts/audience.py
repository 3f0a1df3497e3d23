"""Builds sets of contacts, and finds people by what they typed into a search box.

A word matches when the address, the first or the last name begins with it. Each of the three has an
index. How many match decides the plan, not the planner's guess: what is rare is looked up, what is
common is met soon enough on a walk along an index (`offset 0` keeps the planner on that walk). A
common word walks its own matches, address by address and then name by name, whatever order was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from waypost.activities.types import Audience
from waypost.contacts.types import STATUS_OF, Filter
from waypost.kernel.sql import TRUE, Sql, and_, join, or_, sql
from waypost.kernel.tx import ReadTx

RARE = 5_000
MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Matching:
    """A filter in SQL, and whether few enough match to count and sort them without care."""

    where: Sql
    is_rare: bool
    word: str = ""
    """A word that many match, and `rest`, everything but this word."""
    rest: Sql = TRUE


def these(contact_ids: Sequence[int]) -> Audience:
    """The living contacts among these ids."""
    return sql(
        """
        select id as contact_id from contacts.contact
        where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null
        """,
        ids=list(contact_ids),
    )


def words_of(search: str) -> list[str]:
    return search.lower().split()[:MAX_WORDS]


def after_prefix(prefix: str) -> str:
    """The first text, in order of code points, behind everything that begins with the prefix."""
    last = ord(prefix[-1]) + 1
    if 0xD800 <= last <= 0xDFFF:
        last = 0xE000
    return prefix[:-1] + chr(min(last, 0x10FFFF))


def begins(word: str) -> tuple[Sql, Sql, Sql]:
    """Whether the address, the last name, the first name begin with the word."""
    end = after_prefix(word)
    return (
        sql("(c.email >= {word} and c.email < {end})", word=word, end=end),
        sql(
            '(lower(c.last_name) collate "C" >= {word} and lower(c.last_name) collate "C" < {end})', word=word, end=end
        ),
        sql(
            '(lower(c.first_name) collate "C" >= {word} and lower(c.first_name) collate "C" < {end})',
            word=word,
            end=end,
        ),
    )


def _begins(word: str) -> Sql:
    return or_(*begins(word))


def _candidates(word: str) -> Sql:
    """Ids of contacts that begin with the word, from each index, never more than a bit over RARE."""
    return sql(
        """
        (select id from contacts.contact where workspace_id = {workspace} and deleted_at is null
           and email >= {word} and email < {end} limit {cap})
        union
        (select id from contacts.contact where workspace_id = {workspace} and deleted_at is null
           and lower(last_name) collate "C" >= {word} and lower(last_name) collate "C" < {end} limit {cap})
        union
        (select id from contacts.contact where workspace_id = {workspace} and deleted_at is null
           and lower(first_name) collate "C" >= {word} and lower(first_name) collate "C" < {end} limit {cap})
        """,
        word=word,
        end=after_prefix(word),
        cap=RARE + 1,
    )


async def matching(tx: ReadTx, wanted: Filter) -> Matching:
    """The filter as a boolean expression over `contacts.contact c`."""
    parts = [sql("c.workspace_id = {workspace}"), sql("c.deleted_at is null"), *_narrowing(wanted)]
    words = sorted(words_of(wanted.search), key=len)
    longest = words.pop() if words else ""
    parts += [_begins(word) for word in words]
    rest = and_(*parts)
    sources: list[Sql] = []
    if longest:
        parts.append(_begins(longest))
        sources.append(_candidates(longest))
    if wanted.tag_id is not None:
        sources.append(_tagged(wanted.tag_id))
    if wanted.list_id is not None:
        sources.append(_listed(wanted))
    is_rare = wanted.contact_ids is not None or wanted.email is not None
    for source in () if is_rare else sources:
        # lint: no-row-loops because there are at most three sources
        ids = await tx.value(sql("select array_agg(id) from ({source}) as found", source=source))
        if len(ids or ()) <= RARE:
            parts.append(sql("c.id = any({ids}::bigint[])", ids=ids or []))
            is_rare = True
            break
    return Matching(and_(*parts), is_rare, "" if is_rare else longest, rest)


def _tagged(tag_id: int) -> Sql:
    return sql(
        """
        select contact_id as id from contacts.contact_tag
        where workspace_id = {workspace} and tag_id = {tag_id} limit {cap}
        """,
        tag_id=tag_id,
        cap=RARE + 1,
    )


def _listed(wanted: Filter) -> Sql:
    status = TRUE if wanted.status is None else sql("status = {status}", status=int(STATUS_OF[wanted.status]))
    return sql(
        """
        select contact_id as id from contacts.subscription
        where workspace_id = {workspace} and list_id = {list_id} and {status} limit {cap}
        """,
        list_id=wanted.list_id,
        status=status,
        cap=RARE + 1,
    )


def _narrowing(wanted: Filter) -> list[Sql]:
    parts: list[Sql] = [] if wanted.also is None else [wanted.also]
    if wanted.contact_ids is not None:
        parts.append(sql("c.id = any({ids}::bigint[])", ids=list(wanted.contact_ids)))
    if wanted.email is not None:
        parts.append(sql("c.email = {email}", email=wanted.email.strip().lower()))
    if wanted.tag_id is not None:
        parts.append(
            sql(
                """
                exists (select 1 from contacts.contact_tag t where t.workspace_id = {workspace}
                          and t.contact_id = c.id and t.tag_id = {tag_id} offset 0)
                """,
                tag_id=wanted.tag_id,
            )
        )
    if wanted.list_id is not None or wanted.status is not None:
        parts.append(_subscribed(wanted))
    if wanted.owner_id is not None:
        parts.append(sql("c.owner_id = {owner_id}", owner_id=wanted.owner_id))
    if wanted.created_after is not None:
        parts.append(sql("c.created_at > {at}", at=wanted.created_after))
    if wanted.created_before is not None:
        parts.append(sql("c.created_at < {at}", at=wanted.created_before))
    if wanted.updated_after is not None:
        parts.append(sql("c.updated_at > {at}", at=wanted.updated_after))
    if wanted.updated_before is not None:
        parts.append(sql("c.updated_at < {at}", at=wanted.updated_before))
    return parts


def _subscribed(wanted: Filter) -> Sql:
    """On the list (on any, when none is named) with the status (with any, when none is named)."""
    on = TRUE if wanted.list_id is None else sql("s.list_id = {id}", id=wanted.list_id)
    status = TRUE if wanted.status is None else sql("s.status = {status}", status=int(STATUS_OF[wanted.status]))
    return sql(
        """
        exists (select 1 from contacts.subscription s where s.workspace_id = {workspace}
                  and s.contact_id = c.id and {on} and {status} offset 0)
        """,
        on=on,
        status=status,
    )


async def everyone_who(tx: ReadTx, wanted: Filter) -> Audience:
    """The contacts a filter means, as a set."""
    found = await matching(tx, wanted)
    return sql(
        "select c.id as contact_id from contacts.contact c where c.workspace_id = {workspace} and {where}",
        where=found.where,
    )


def union(sets: Sequence[Audience]) -> Audience:
    """Everyone in any of the sets, once."""
    return join(" union ", [sql("({one})", one=one) for one in sets])
