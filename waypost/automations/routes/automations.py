"""HTTP for automations."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from waypost.automations import actions, enroll, explain, queries, recipes, validate
from waypost.automations.graph import AutomationDocument
from waypost.automations.schemas import automations as schemas
from waypost.automations.types import State, Status
from waypost.identity.queries import get_workspace
from waypost.kernel.http.revisions import IfMatch, revision_of
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

MAX_LIMIT = 200


@get("/api/v1/automations")
async def list_automations(
    read: ReadTx, search: str = "", status: str | None = None, limit: int = 50, after: str | None = None
) -> schemas.AutomationList:
    wanted = None if status is None or status.upper() not in Status.__members__ else Status[status.upper()]
    page = await queries.list_automations(read, search=search, status=wanted, limit=_bounded(limit), after=after)
    return schemas.AutomationList.of(page)


@post("/api/v1/automations")
async def create_automation(tx: Tx, data: schemas.AutomationIn) -> schemas.AutomationOut:
    return schemas.AutomationOut.of(await actions.create_automation(tx, name=data.name, document=data.document))


@get("/api/v1/automation-recipes")
async def list_recipes() -> schemas.RecipeList:
    return schemas.RecipeList.of(recipes.load_recipes())


@get("/api/v1/automation-recipes/{recipe_id:str}")
async def preview_recipe(read: ReadTx, recipe_id: str) -> schemas.RecipePreview:
    recipe = recipes.get_recipe(recipe_id)
    return schemas.RecipePreview.of(recipe, await recipes.list_ingredients(read, recipe))


@post("/api/v1/automation-recipes/{recipe_id:str}")
async def create_from_recipe(tx: Tx, recipe_id: str) -> schemas.AutomationOut:
    return schemas.AutomationOut.of(await recipes.create_from_recipe(tx, recipe_id))


@get("/api/v1/automations/{automation_id:int}")
async def get_automation(read: ReadTx, automation_id: int) -> schemas.AutomationOut:
    return schemas.AutomationOut.of(await queries.get_automation(read, automation_id))


@put("/api/v1/automations/{automation_id:int}")
async def update_automation(
    tx: Tx, automation_id: int, data: schemas.AutomationChange, if_match: IfMatch = None
) -> schemas.AutomationOut:
    changed = await actions.update_automation(
        tx, automation_id, name=data.name, document=data.document, revision=revision_of(if_match)
    )
    return schemas.AutomationOut.of(changed)


@post("/api/v1/automations/{automation_id:int}/validate", status_code=200)
async def validate_automation(read: ReadTx, automation_id: int) -> schemas.ProblemsOut:
    automation = await queries.get_automation(read, automation_id)
    document = msgspec.convert(automation.document, AutomationDocument)
    return schemas.ProblemsOut.of(await validate.validate_document(read, document))


@post("/api/v1/automations/{automation_id:int}/activate", status_code=200)
async def activate_automation(
    tx: Tx, automation_id: int, data: schemas.ResumeIn | None = None
) -> schemas.AutomationOut:
    how = (data or schemas.ResumeIn()).resumption
    return schemas.AutomationOut.of(await actions.activate_automation(tx, automation_id, how))


@post("/api/v1/automations/{automation_id:int}/pause", status_code=200)
async def pause_automation(tx: Tx, automation_id: int) -> schemas.AutomationOut:
    return schemas.AutomationOut.of(await actions.pause_automation(tx, automation_id))


@post("/api/v1/automations/{automation_id:int}/enroll", status_code=200)
async def enroll_contacts(tx: Tx, automation_id: int, data: schemas.ContactsIn) -> schemas.ChangedOut:
    who = sql("select unnest({ids}::bigint[]) as contact_id", ids=data.contact_ids)
    return schemas.ChangedOut(changed=await enroll.enroll_contacts(tx, automation_id, who))


@post("/api/v1/automations/{automation_id:int}/remove", status_code=200)
async def remove_contacts(tx: Tx, automation_id: int, data: schemas.ContactsIn) -> schemas.ChangedOut:
    who = sql("select unnest({ids}::bigint[]) as contact_id", ids=data.contact_ids)
    return schemas.ChangedOut(changed=await actions.remove_contacts(tx, automation_id, who))


@post("/api/v1/automations/{automation_id:int}/retry", status_code=200)
async def retry_parked(tx: Tx, automation_id: int, data: schemas.RetryIn) -> schemas.ChangedOut:
    freed = await actions.retry_parked(tx, automation_id, step_id=data.step_id, contact_ids=data.contact_ids)
    return schemas.ChangedOut(changed=freed)


@post("/api/v1/automations/{automation_id:int}/skip", status_code=200)
async def skip_parked(tx: Tx, automation_id: int, data: schemas.RetryIn) -> schemas.ChangedOut:
    freed = await actions.skip_parked(tx, automation_id, step_id=data.step_id, contact_ids=data.contact_ids)
    return schemas.ChangedOut(changed=freed)


@get("/api/v1/automations/{automation_id:int}/counts")
async def get_counts(read: ReadTx, automation_id: int) -> schemas.CountsOut:
    automation = await queries.get_automation(read, automation_id)
    return schemas.CountsOut.of(automation, await queries.list_step_counts(read, automation_id))


@get("/api/v1/automations/{automation_id:int}/contacts")
async def list_contacts(
    read: ReadTx,
    automation_id: int,
    step_id: str | None = None,
    standing: Annotated[str | None, Parameter(query="state")] = None,
    limit: int = 50,
    after: str | None = None,
) -> schemas.EnrollmentList:
    await queries.get_automation(read, automation_id)
    wanted = None if standing is None or standing.upper() not in State.__members__ else State[standing.upper()]
    page = await queries.list_enrollments(
        read, automation_id=automation_id, step_id=step_id, state=wanted, limit=_bounded(limit), after=after
    )
    return schemas.EnrollmentList.of(page)


@get("/api/v1/automations/{automation_id:int}/contacts/{contact_id:int}/explanation")
async def explain_contact(read: ReadTx, automation_id: int, contact_id: int) -> schemas.ExplanationOut:
    zone = ZoneInfo((await get_workspace(read)).time_zone)
    return schemas.ExplanationOut.of(await explain.explain_contact(read, automation_id, contact_id), zone)


@get("/api/v1/contacts/{contact_id:int}/automations")
async def list_contact_automations(
    read: ReadTx, contact_id: int, limit: int = 50, after: str | None = None
) -> schemas.EnrollmentList:
    page = await queries.list_enrollments(read, contact_id=contact_id, limit=_bounded(limit), after=after)
    return schemas.EnrollmentList.of(page)


@get("/api/v1/enrollments/{enrollment_id:int}/path")
async def get_path(read: ReadTx, enrollment_id: int) -> schemas.PathOut:
    return schemas.PathOut.of(await queries.list_path(read, enrollment_id))


def _bounded(limit: int) -> int:
    return min(max(limit, 1), MAX_LIMIT)


ROUTES = (
    list_automations,
    create_automation,
    list_recipes,
    preview_recipe,
    create_from_recipe,
    get_automation,
    update_automation,
    validate_automation,
    activate_automation,
    pause_automation,
    enroll_contacts,
    remove_contacts,
    retry_parked,
    skip_parked,
    get_counts,
    list_contacts,
    explain_contact,
    list_contact_automations,
    get_path,
)
