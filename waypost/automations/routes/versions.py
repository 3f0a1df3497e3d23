"""HTTP for publishing automations, for their versions, and for files of them."""

from __future__ import annotations

from litestar import get, post

from waypost.automations import portable, versions
from waypost.automations.schemas import versions as schemas
from waypost.automations.schemas.automations import AutomationOut
from waypost.kernel.http.revisions import IfMatch, revision_of
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/automations/{automation_id:int}/publication")
async def preview_publication(read: ReadTx, automation_id: int) -> schemas.PublicationOut:
    changes, occupied = await versions.preview_publication(read, automation_id)
    return schemas.PublicationOut.of(changes, occupied)


@post("/api/v1/automations/{automation_id:int}/publish", status_code=200)
async def publish_automation(
    tx: Tx, automation_id: int, data: schemas.PublicationIn, if_match: IfMatch = None
) -> schemas.PublishedOut:
    automation, moved = await versions.publish_automation(
        tx,
        automation_id,
        revision=revision_of(if_match),
        note=data.note,
        moves=[item.move for item in data.moves],
        waits_count=data.waits == "count",
        moves_inside=data.inside == "move",
    )
    return schemas.PublishedOut(automation=AutomationOut.of(automation), moved=moved)


@get("/api/v1/automations/{automation_id:int}/versions")
async def list_versions(read: ReadTx, automation_id: int) -> schemas.VersionList:
    return schemas.VersionList.of(await versions.list_versions(read, automation_id))


@get("/api/v1/automations/{automation_id:int}/versions/{number:int}")
async def get_version(read: ReadTx, automation_id: int, number: int) -> schemas.VersionOut:
    version = await versions.get_version(read, automation_id, number)
    return schemas.VersionOut.of(version, await versions.list_changes(read, automation_id, number=number))


@post("/api/v1/automations/{automation_id:int}/versions/{number:int}/restore", status_code=200)
async def restore_version(tx: Tx, automation_id: int, number: int, if_match: IfMatch = None) -> AutomationOut:
    restored = await versions.restore_version(tx, automation_id, number, revision=revision_of(if_match))
    return AutomationOut.of(restored)


@get("/api/v1/automations/{automation_id:int}/file")
async def export_automation(read: ReadTx, automation_id: int) -> portable.PortableAutomation:
    return await portable.export_automation(read, automation_id)


@post("/api/v1/automations/import")
async def import_automation(tx: Tx, data: portable.PortableAutomation) -> AutomationOut:
    return AutomationOut.of(await portable.import_automation(tx, data))


@post("/api/v1/automations/{automation_id:int}/copy")
async def copy_automation(tx: Tx, automation_id: int) -> AutomationOut:
    return AutomationOut.of(await portable.copy_automation(tx, automation_id))


ROUTES = (
    preview_publication,
    publish_automation,
    list_versions,
    get_version,
    restore_version,
    export_automation,
    import_automation,
    copy_automation,
)
