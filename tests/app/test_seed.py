"""The sample workspace is believable: lived, consistent with itself, and quiet when it starts."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.automations.flow import check_counts, settle
from waypost.activities.consumers import advance as consume
from waypost.activities.queries import list_timeline
from waypost.app.seed import fill
from waypost.automations import queries
from waypost.automations.types import Status
from waypost.delivery.actions import queue_test
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.reports.queries.dashboard import get_dashboard

LEDGER = """
    select count(*) as all_rows, count(*) filter (where state in (0, 1)) as waiting,
           count(*) filter (where state = 2) as sent, count(*) filter (where state = 3) as failed,
           sum(open_count)::bigint as opens, sum(click_count)::bigint as clicks, max(sent_at) as last
    from delivery.ledger where workspace_id = {workspace}
    """
FACTS = """
    select count(*) filter (where kind = 200) as sent, count(*) filter (where kind = 203) as failed,
           count(*) filter (where kind = 201) as opens, count(*) filter (where kind = 202) as clicks,
           count(*) filter (where at > {now}) as ahead
    from activities.fact where workspace_id = {workspace}
    """


async def test_the_sample_workspace_has_lived_and_sends_nothing_by_itself(db: Database, workspace_id: int) -> None:
    await fill(db, workspace_id, now=datetime.now(UTC))
    async with db.read(workspace_id) as read:
        ledger, facts = await read.one(sql(LEDGER)), await read.one(sql(FACTS))
        dashboard = await get_dashboard(read)
        found = {item.name: item for item in (await queries.list_automations(read)).items}
        welcome = found["Welcome new subscribers"]
        steps = {item.step_id: item for item in await queries.list_step_counts(read, welcome.id)}
    assert ledger["waiting"] == 0, "nothing waits in the outbox"
    assert {name: facts[name] for name in ("sent", "failed", "opens", "clicks")} == {
        name: ledger[name] for name in ("sent", "failed", "opens", "clicks")
    }
    assert facts["ahead"] == 0
    assert 1_800 < dashboard.contacts_total < 2_200
    assert 0 < dashboard.clicks_30d < dashboard.opens_30d < dashboard.messages_sent_30d
    assert all(day.sent for day in dashboard.series[:-1])
    assert [found[name].status for name in sorted(found)] == [
        Status.DRAFT, Status.ACTIVE, Status.ACTIVE, Status.PAUSED,
    ]  # fmt: skip
    assert all(steps[name].here for name in ("pause", "opened", "quiet", "week")), "people stand wherever one can stand"
    assert all(item.parked == 0 for item in found.values())
    for item in found.values():
        # lint: no-row-loops because there are four automations
        await check_counts(db, workspace_id, item.id)

    await settle(db, workspace_id)
    async with db.read(workspace_id) as read:
        assert (await read.one(sql(LEDGER)))["all_rows"] == ledger["all_rows"], "a worker finds nothing to send"
    await check_campaigns_count_each_once(db, workspace_id)
    await check_tests_do_not_count(db, workspace_id, dashboard.messages_sent_30d)
    await check_a_timeline(db, workspace_id)


async def check_campaigns_count_each_once(db: Database, workspace_id: int) -> None:
    """Whom the server refused has failed, and is not counted as bounced besides."""
    for consumer in [*db.registry.consumers, *db.registry.consumers]:
        while await consume(db, workspace_id, consumer):
            pass
    async with db.read(workspace_id) as read:
        row = await read.one(
            sql(
                """
                select sum(sent) as sent, sum(failed) as failed, sum(bounced) as bounced from campaigns.variant
                where workspace_id = {workspace}
                """
            )
        )
    assert row["sent"] > 5_000
    assert row["failed"] > 10
    assert row["bounced"] == 0, "nothing came back in the sample"


async def check_a_timeline(db: Database, workspace_id: int) -> None:
    """It tells what the ledger counts."""
    async with db.read(workspace_id) as read:
        row = await read.one(
            sql(
                """
                select contact_id, sum(open_count)::int as opens, count(*) as sent from delivery.ledger
                where workspace_id = {workspace} and state = 2 group by contact_id
                having sum(click_count) > 0 order by sum(open_count) desc, contact_id limit 1
                """
            )
        )
        items = (await list_timeline(read, row["contact_id"], limit=200)).items
    kinds = [item.kind for item in items]
    assert (kinds.count("message_opened"), kinds.count("message_sent")) == (row["opens"], row["sent"])
    first = {item.kind for item in items if item.at == items[-1].at}
    assert first & {"contact_created", "list_subscribed", "tag_added"}, "what comes in one moment has no order"


async def check_tests_do_not_count(db: Database, workspace_id: int, sent: int) -> None:
    """A test mail is nobody's reading habit."""
    async with db.transaction(workspace_id) as tx:
        message_id = await tx.value(sql("select min(id) from messages.message where workspace_id = {workspace}"))
        ledger_id = await queue_test(tx, message_id, email="olga@example.com", contact_id=None)
        await tx.run(
            sql(
                "update delivery.ledger set state = 2, sent_at = {now} where workspace_id = {workspace} and id = {id}",
                id=ledger_id,
            )
        )
        assert (await get_dashboard(tx)).messages_sent_30d == sent
