"""Deals: the board, lists, and one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.deals.actions.deals import (
    create_deal,
    delete_deal,
    delete_deals,
    move_deal,
    update_deal,
    update_deals,
)
from waypost.deals.queries.deals import DealFilter, DealSort, get_deal, list_column, list_deals, read_board
from waypost.deals.queries.pipelines import get_pipeline, get_stage
from waypost.deals.schemas import Board, Changed, DealBody, DealIds, DealList, DealPatch, DealsPatch, Move
from waypost.deals.types import Deal, StatusName
from waypost.kernel.tx import ReadTx, Tx

DEALS = "/api/v1/deals"
Limit = Annotated[int, Parameter(ge=1, le=500)]
Shown = StatusName | Literal["any"]


def _wanted(status: Shown) -> StatusName | None:
    return None if status == "any" else status


@get("/api/v1/pipelines/{pipeline_id:int}/board")
async def show_board(
    pipeline_id: int,
    read: ReadTx,
    status: Shown = "open",
    owner_id: int | None = None,
    search: str = "",
    is_stale: bool | None = None,
    limit: Limit = 50,
) -> Board:
    """Every stage with its first deals, counts and sums."""
    pipeline = await get_pipeline(read, pipeline_id)
    wanted = DealFilter(
        pipeline_id=pipeline_id, status=_wanted(status), owner_id=owner_id, search=search, is_stale=is_stale
    )
    columns = await read_board(read, wanted, [stage.id for stage in pipeline.stages], limit=limit)
    return Board(pipeline=pipeline, columns=columns)


@get("/api/v1/stages/{stage_id:int}/deals")
async def read_column(
    stage_id: int,
    read: ReadTx,
    status: Shown = "open",
    owner_id: int | None = None,
    search: str = "",
    is_stale: bool | None = None,
    limit: Limit = 50,
    after: str | None = None,
) -> DealList:
    """A column of the board, or what follows in it."""
    await get_stage(read, stage_id)
    wanted = DealFilter(status=_wanted(status), owner_id=owner_id, search=search, is_stale=is_stale)
    page = await list_column(read, wanted, stage_id, limit=limit, after=after)
    return DealList(items=list(page.items), next=page.next)


@get(DEALS)
async def read_deals(
    read: ReadTx,
    pipeline_id: int | None = None,
    stage_id: int | None = None,
    status: StatusName | None = None,
    owner_id: int | None = None,
    contact_id: int | None = None,
    company_id: int | None = None,
    search: str = "",
    is_stale: bool | None = None,
    value_from: int | None = None,
    value_to: int | None = None,
    expected_from: date | None = None,
    expected_to: date | None = None,
    sort: DealSort = "-created_at",
    limit: Limit = 100,
    after: str | None = None,
) -> DealList:
    wanted = DealFilter(
        pipeline_id, stage_id, status, owner_id, contact_id, company_id, search, is_stale, value_from, value_to,
        expected_from, expected_to,
    )  # fmt: skip
    page = await list_deals(read, wanted, sort=sort, limit=limit, after=after)
    return DealList(items=list(page.items), next=page.next, total=page.total)


@post(DEALS)
async def add_deal(data: DealBody, tx: Tx) -> Deal:
    return await create_deal(tx, data.new())


@get(DEALS + "/{deal_id:int}")
async def read_deal(deal_id: int, read: ReadTx) -> Deal:
    return await get_deal(read, deal_id)


@patch(DEALS + "/{deal_id:int}")
async def change_deal(deal_id: int, data: DealPatch, tx: Tx) -> Deal:
    return await update_deal(tx, deal_id, data.change())


@post(DEALS + "/{deal_id:int}/move", status_code=200)
async def place_deal(deal_id: int, data: Move, tx: Tx) -> Deal:
    return await move_deal(tx, deal_id, data.stage_id, before_id=data.before_id)


@delete(DEALS + "/{deal_id:int}")
async def drop_deal(deal_id: int, tx: Tx) -> None:
    await delete_deal(tx, deal_id)


@post(DEALS + "/change", status_code=200)
async def change_many(data: DealsPatch, tx: Tx) -> Changed:
    return Changed(changed=len(await update_deals(tx, data.deal_ids, data.change())))


@post(DEALS + "/delete", status_code=200)
async def drop_many(data: DealIds, tx: Tx) -> Changed:
    return Changed(changed=await delete_deals(tx, data.deal_ids))


ROUTES = (
    show_board,
    read_column,
    read_deals,
    add_deal,
    read_deal,
    change_deal,
    place_deal,
    drop_deal,
    change_many,
    drop_many,
)
