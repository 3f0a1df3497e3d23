"""Visits of pages, in sets: addresses become ids of the dictionary, facts and engagement follow."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urldefrag

from waypost.activities.engagement import keep_engagement
from waypost.activities.entries import insert_facts
from waypost.activities.facts import PageVisited
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

MAX_URL = 2_000


def page_url(url: str) -> str:
    """The address as the dictionary keeps it: without what stands after a hash sign."""
    return urldefrag(url.strip().replace("\x00", "")).url[:MAX_URL]


async def record_visits(tx: Tx, visits: Sequence[tuple[int, str]]) -> int:
    """Record that contacts visited addresses: (contact_id, url) each, now; returns how many."""
    seen = [(contact_id, page_url(url)) for contact_id, url in visits]
    urls = sorted({url for _, url in seen})
    if not urls:
        return 0
    await tx.run(
        sql(
            """
            insert into activities.page (workspace_id, url, created_at)
            select {workspace}, given.url, {now} from unnest({urls}::text[]) as given (url)
            where not exists (select 1 from activities.page p where p.workspace_id = {workspace}
                                and md5(p.url) = md5(given.url) and p.url = given.url)
            on conflict (workspace_id, md5(url)) do nothing
            """,
            urls=urls,
        )
    )
    count = await tx.value(
        sql(
            """
            with seen as materialized (
                select given.contact_id, p.id as page_id
                from unnest({contact_ids}::bigint[], {urls}::text[]) as given (contact_id, url)
                join activities.page p
                  on p.workspace_id = {workspace} and md5(p.url) = md5(given.url) and p.url = given.url
            ),
            logged as ({log}), engaged as ({engagement})
            select count(*) from seen
            """,
            contact_ids=[contact_id for contact_id, _ in seen],
            urls=[url for _, url in seen],
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, page_id as object_id, null::jsonb as data from seen",
                    kind=PageVisited.kind,
                ),
            ),
            engagement=keep_engagement("visit", sql("select contact_id from seen")),
        )
    )
    tx.wake("facts")
    return int(count)
