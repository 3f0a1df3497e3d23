"""Steps and goals of automations, and the goals that contacts reached.

Our steps are known by names; their numbers here are the automation's and the step's place in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waypost.automations.graph import AutomationDocument, StepDocument, walk
from waypost.automations.numbered import find_documents
from waypost.automations.numbered_goals import ReachedGoal, list_reached_goals
from waypost.automations.queries import get_automation, list_automations
from waypost.automations.types import Automation, Enrollment
from waypost.contacts.queries.contacts import get_contact
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_automation_row
from waypost.kernel.model import parse

routes = Routes()
ALL = 5_000
PLACES = 10_000
"""More than an automation can have steps."""
_GOAL_LINKS = Links("goals", ("automation", "automationBlock", "contactGoals"))
_CONTACT_GOAL_LINKS = Links("contactGoals", ("goal", "automation", "contact", "contactAutomation"))


def numbered(automation: Automation) -> Iterator[tuple[int, StepDocument]]:
    """Every step with its number."""
    for place, step in _places(automation.document):
        yield automation.id * PLACES + place, step


async def run_rows(call: Read, runs: Sequence[Enrollment]) -> list[Row]:
    """Runs, with the numbers of the steps they came to."""
    documents = await find_documents(call.tx, sorted({run.automation_id for run in runs if run.step_id}))
    blocks = {
        (automation_id, step.id): automation_id * PLACES + place
        for automation_id, document in documents.items()
        for place, step in _places(document)
    }
    return [
        contact_automation_row(run, call.base, call.zone, blocks.get((run.automation_id, run.step_id or ""), 0))
        for run in runs
    ]


def _places(document: object) -> Iterator[tuple[int, StepDocument]]:
    for place, (step, _) in enumerate(walk(parse(document, AutomationDocument).steps), 1):
        yield place, step


def block_rows(call: Read, automation: Automation) -> list[Row]:
    """The steps in reading order, with our own step types and parameters."""
    return [
        {
            "id": str(number),
            "automation": str(automation.id),
            "series": str(automation.id),
            "parent": "0",
            "type": step.type,
            "params": step.params,
            "ordernum": str(number % PLACES),
            "deleted": "0",
            "cdate": call.iso(automation.created_at),
            "mdate": call.iso(automation.updated_at),
            "links": [],
        }
        for number, step in numbered(automation)
    ]


async def _automations(call: Read) -> Sequence[Automation]:
    return sorted((await list_automations(call.tx, limit=ALL)).items, key=lambda one: one.id)


@routes.get("/automations/{id}/blocks")
async def list_blocks_of(call: Read) -> Answer:
    return Answer({"automationBlocks": block_rows(call, await get_automation(call.tx, call.id))})


@routes.get("/automationBlocks")
async def list_blocks(call: Read) -> Answer:
    rows = [row for automation in await _automations(call) for row in block_rows(call, automation)]
    return Answer({"automationBlocks": cut(rows, call.query), "meta": meta(len(rows))})


def _goal_rows(call: Read, automation: Automation) -> list[Row]:
    return [
        {
            "blockid": str(number),
            "seriesid": str(automation.id),
            "name": str(step.params.get("name") or step.id),
            "cdate": call.iso(automation.created_at),
            "dirty_stats": "0",
            "links": _GOAL_LINKS.of(call.base, number),
            "id": str(number),
            "automation": str(automation.id),
            "automationBlock": str(number),
        }
        for number, step in numbered(automation)
        if step.type == "goal"
    ]


@routes.get("/goals")
async def list_goals(call: Read) -> Answer:
    rows = [row for automation in await _automations(call) for row in _goal_rows(call, automation)]
    return Answer({"goals": cut(rows, call.query), "meta": meta(len(rows))})


@routes.get("/automations/{id}/goals")
async def list_goals_of(call: Read) -> Answer:
    return Answer({"goals": _goal_rows(call, await get_automation(call.tx, call.id))})


def _reached_row(call: Read, reached: ReachedGoal, number: int) -> Row:
    goal, automation, run = str(number), str(reached.automation_id), str(reached.enrollment_id)
    own = reached.enrollment_id * PLACES + number % PLACES
    return {
        "goalid": goal,
        "seriesid": automation,
        "subscriberid": str(reached.contact_id),
        "subscriberseriesid": run,
        "timespan": str(int((reached.at - reached.entered_at).total_seconds())),
        "tstamp": call.iso(reached.at),
        "links": _CONTACT_GOAL_LINKS.of(call.base, own),
        "id": str(own),
        "goal": goal,
        "automation": automation,
        "contact": str(reached.contact_id),
        "contactAutomation": run,
    }


@routes.get("/contacts/{id}/contactGoals")
async def list_goals_reached(call: Read) -> Answer:
    """Of goals that are still in their automations."""
    contact = await get_contact(call.tx, call.id)
    found = await list_reached_goals(call.tx, contact.id)
    wanted = {one.automation_id for one in found}
    numbers = {
        (automation.id, step.id): number
        for automation in (await _automations(call) if wanted else ())
        if automation.id in wanted
        for number, step in numbered(automation)
    }
    rows = [
        _reached_row(call, one, numbers[one.automation_id, one.step_id])
        for one in found
        if (one.automation_id, one.step_id) in numbers
    ]
    return Answer({"contactGoals": rows})
