"""Fields that conditions ask for are looked up by themselves."""

from __future__ import annotations

import pytest

from waypost.contacts import field_flagging
from waypost.contacts.actions.contacts import create_contact
from waypost.contacts.actions.fields import create_field, update_field
from waypost.contacts.field_flagging import flag_fields
from waypost.contacts.queries.fields import get_field
from waypost.kernel.tx import Tx
from waypost.segments.actions import create_segment


async def test_what_a_segment_asks_for_is_flagged_once_it_is_felt(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, chosen, idle = [await create_field(tx, name=name) for name in ("Asked", "Chosen", "Idle")]
    note = await create_field(tx, name="Note", type="textarea")
    await update_field(tx, chosen.id, {"is_indexed": False})
    conditions = [
        {"type": "field", "params": {"field_id": field.id, "operator": "equals", "value": "x"}}
        for field in (asked, chosen, note)
    ]
    await create_segment(tx, name="Some", condition={"match": "any", "conditions": conditions})
    for name in ("ada", "grace"):
        # lint: no-row-loops because two contacts are few
        await create_contact(tx, email=f"{name}@example.com")
    assert await flag_fields(tx) == [], "few people are read fast enough"
    monkeypatch.setattr(field_flagging, "FROM", 2)
    assert await flag_fields(tx) == [asked.id]
    found = await get_field(tx, asked.id)
    assert (found.is_indexed, found.is_index_ready) == (True, False), "the schedule fills the index"
    assert [(await get_field(tx, field.id)).is_indexed for field in (chosen, idle, note)] == [False] * 3
    assert await flag_fields(tx) == []
