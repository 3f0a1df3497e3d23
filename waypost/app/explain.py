"""`waypost explain`: why a contact is in an automation or not, in plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from waypost.app.domains import build_registry
from waypost.automations.explain import Explanation, explain_contact
from waypost.automations.explain_words import say_check, say_summary
from waypost.contacts.queries.contacts import find_contact_by_email
from waypost.identity.queries import get_workspace
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure
from waypost.segments.explain import Part


async def run(settings: Settings, workspace_id: int, automation_id: int, who: str) -> int:
    """Print it; 1 where there is no such automation or contact."""
    db = await Database.open(settings.database_url, registry=build_registry(), settings=settings, max_size=1)
    try:
        async with db.read(workspace_id) as read:
            contact_id = int(who) if who.isdigit() else None
            if contact_id is None:
                contact = await find_contact_by_email(read, who.strip().lower())
                if contact is None:
                    print(f"waypost: there is no contact with the address {who}", file=sys.stderr)
                    return 1
                contact_id = contact.id
            zone = ZoneInfo((await get_workspace(read)).time_zone)
            found = await explain_contact(read, automation_id, contact_id)
    except Failure as failure:
        print(f"waypost: {failure.detail}", file=sys.stderr)
        return 1
    finally:
        await db.close()
    print("\n".join(_lines(found, zone)))
    return 0


def _lines(found: Explanation, zone: ZoneInfo) -> Iterator[str]:
    yield f"{found.automation.name}: {say_summary(found, zone)}"
    if found.waits_for is not None:
        yield from _tree(found.waits_for, 1)
    for check in found.checks:
        yield f"  {_mark(holds=check.passed)} {say_check(check, zone)}"
        if check.tree is not None:
            yield from _tree(check.tree, 2)
    for item in found.path:
        yield f"  {item.at.astimezone(zone):%Y-%m-%d %H:%M} left {item.step_id} ({item.type}){_by(item.outcome)}"
    for mail in found.mails:
        yield f"  message {mail.message_id} of {mail.step_id}: {mail.state}{_because(mail.reason)}"


def _tree(part: Part, depth: int) -> Iterator[str]:
    indent = "  " * (depth + 1)
    if part.conditions is not None:
        name = f" (segment {part.segment_name})" if part.segment_name else ""
        yield f"{indent}{_mark(holds=part.holds)} {part.match} of{name}"
        for inner in part.conditions:
            yield from _tree(inner, depth + 1)
        return
    yield f"{indent}{_mark(holds=part.holds)} {part.label}: asked {part.params}, has {part.value}"


def _mark(*, holds: bool) -> str:
    return "yes" if holds else "no "


def _by(outcome: str) -> str:
    return f" by {outcome}" if outcome else ""


def _because(reason: str | None) -> str:
    return f", {reason}" if reason else ""
