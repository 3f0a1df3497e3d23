"""HTTP for the recycle bin."""

from __future__ import annotations

from litestar import delete, get, post

from waypost.automations import recycle_bin
from waypost.automations.schemas.automations import AutomationOut
from waypost.automations.schemas.deleted import DeletedList
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/automations/deleted")
async def list_deleted(read: ReadTx) -> DeletedList:
    return DeletedList.of(await recycle_bin.list_deleted(read))


@delete("/api/v1/automations/{automation_id:int}")
async def delete_automation(tx: Tx, automation_id: int) -> None:
    await recycle_bin.delete_automation(tx, automation_id)


@post("/api/v1/automations/{automation_id:int}/restore", status_code=200)
async def restore_automation(tx: Tx, automation_id: int) -> AutomationOut:
    return AutomationOut.of(await recycle_bin.restore_automation(tx, automation_id))


@delete("/api/v1/automations/deleted/{automation_id:int}")
async def remove_deleted(tx: Tx, automation_id: int) -> None:
    await recycle_bin.remove_deleted(tx, automation_id)


ROUTES = (list_deleted, delete_automation, restore_automation, remove_deleted)
