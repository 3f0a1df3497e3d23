"""The sample automations are believable: valid, with contacts at several steps."""

from __future__ import annotations

from tests.automations.flow import check_counts
from tests.make import Make
from waypost.app.seed.automations import seed_automations
from waypost.automations import queries
from waypost.automations.types import Status
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def test_the_sample_automations_have_lived(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        await make.contacts(tx, 126)
        for name in ("Engaged", "Quiet", "Back", "Best"):
            await make.tag(tx, name)
        for slug in ("news", "tips"):
            await tx.run(
                sql(
                    """
                    insert into contacts.list (workspace_id, name, slug, created_at, updated_at)
                    values ({workspace}, {slug}, {slug}, {now}, {now})
                    """,
                    slug=slug,
                )
            )
    await seed_automations(db, db.registry, workspace_id)
    async with db.read(workspace_id) as read:
        found = {item.name: item for item in (await queries.list_automations(read)).items}
        welcome = found["Welcome new subscribers"]
        steps = await queries.list_step_counts(read, welcome.id)
    assert [found[name].status for name in sorted(found)] == [Status.DRAFT, Status.ACTIVE, Status.PAUSED]
    assert welcome.entered == 126
    assert welcome.completed > 10
    assert welcome.parked == 0
    assert len([item for item in steps if item.here]) >= 3
    await check_counts(db, workspace_id, welcome.id)
