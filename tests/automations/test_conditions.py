"""Where a contact stands with an automation."""

from __future__ import annotations

from datetime import timedelta

from tests.automations.flow import activate, document, enter, step
from tests.make import Make
from tests.questions import next_moment, problem, who
from waypost.automations.advance import Advancer, claim
from waypost.automations.graph import AutomationDocument
from waypost.automations.validate import validate_document
from waypost.contacts.actions import create_field
from waypost.kernel.db import Database
from waypost.kernel.model import parse
from waypost.kernel.tx import Tx


async def test_inside_entered_completed(tx: Tx, db: Database, make: Make) -> None:
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    waits = (await activate(tx, document(step("rest", "wait", amount=1, unit="days")))).id
    ends = (await activate(tx, document(step("done", "end")), name="Short")).id
    await enter(tx, waits, [ada])
    await enter(tx, ends, [ada, grace])
    await Advancer(db).move(tx, await claim(tx, limit=100), {})
    assert await who(tx, "in_automation", automation_id=waits) == {"Ada"}
    assert await who(tx, "in_automation", automation_id=waits, step_id="rest") == {"Ada"}
    assert await who(tx, "in_automation", automation_id=waits, step_id="other") == set()
    assert await who(tx, "in_automation", automation_id=waits, state="completed") == set()
    assert await who(tx, "in_automation", automation_id=ends) == set()
    assert await who(tx, "in_automation", automation_id=ends, state="completed") == {"Ada", "Grace"}
    assert await who(tx, "in_automation", automation_id=ends, state="entered") == {"Ada", "Grace"}
    assert await who(tx, "in_automation", automation_id=ends, state="exited") == set()
    due = await next_moment(tx, "in_automation", ada, automation_id=waits, step_id="rest")
    assert due == tx.now + timedelta(minutes=1)
    assert await next_moment(tx, "in_automation", grace, automation_id=waits, step_id="rest") is None


async def test_what_is_not_there_is_refused(tx: Tx, make: Make) -> None:
    waits = (await activate(tx, document(step("rest", "wait", amount=1, unit="days")))).id
    assert await problem(tx, "in_automation", automation_id=waits + 1_000) == (
        "/automation_id", "automations.automation_not_found",
    )  # fmt: skip
    assert await problem(tx, "in_automation", automation_id=waits, state="entered", step_id="rest") == (
        "/step_id", "automations.step_unfit",
    )  # fmt: skip


async def test_a_condition_that_fits_no_field_keeps_an_automation_from_starting(tx: Tx) -> None:
    size = await create_field(tx, name="Size", type="number")
    asks = {"type": "field", "params": {"field_id": size.id, "operator": "contains", "value": "x"}}
    content = parse(document(step("fork", "if_else", condition=asks)), AutomationDocument)
    (found,) = await validate_document(tx, content)
    assert (found.code, found.field) == ("contacts.operator_unfit", "condition")
