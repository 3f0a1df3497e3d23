"""Bounce logs are what came back."""

from __future__ import annotations

import pytest

from tests.delivery.test_inbound import bounce, sent_to
from tests.dialects.activecampaign.conftest import V3
from tests.make import Make
from waypost.delivery.bounce_causes import Cause
from waypost.delivery.inbound import take
from waypost.kernel.db import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_bounce_is_logged_with_its_reason(v3: V3, db: Database, make: Make) -> None:
    async with db.transaction(v3.workspace_id) as tx:
        person = await make.contact(tx, "bounced@example.org")
        row = await sent_to(tx, person)
        await take(tx, [bounce(row, Cause.UNKNOWN_ADDRESS)] * 2)
    found = await v3.get("/bounceLogs")
    assert found["meta"] == {"total": "1"}
    (log,) = found["bounceLogs"]
    assert (log["contact"], log["email"], log["error"]) == (str(person), "bounced@example.org", "550 as it is")
    assert (await v3.get(f"/contacts/{person}/bounceLogs"))["bounceLogs"] == [log]
