"""HTTP for message variables."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, post, put

from waypost.kernel.model import Model, Out
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.errors import VariableNotFound
from waypost.messages.types import Variable, VariableFormat
from waypost.messages.variables import (
    create_variable,
    delete_variables,
    get_variable,
    list_variables,
    set_lock,
    update_variable,
)

Name = Annotated[str, msgspec.Meta(max_length=200)]
Content = Annotated[str, msgspec.Meta(max_length=20_000)]
Ids = Annotated[list[Annotated[int, msgspec.Meta(ge=1)]], msgspec.Meta(max_length=100)]


class VariableBody(Model):
    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: Name = ""
    format: VariableFormat = "text"
    content: Content = ""
    list_ids: Ids = []


class VariableChange(Model):
    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    name: Name | None = None
    format: VariableFormat | None = None
    content: Content | None = None
    list_ids: Ids | None = None
    is_locked: bool | None = None


class VariableList(Out):
    items: list[Variable]
    next: str | None = None
    total: int | None = None


@get("/api/v1/message-variables")
async def read_variables(read: ReadTx) -> VariableList:
    items = await list_variables(read)
    return VariableList(items=items, total=len(items))


@post("/api/v1/message-variables")
async def add_variable(data: VariableBody, tx: Tx) -> Variable:
    return await create_variable(
        tx, tag=data.tag, name=data.name, format=data.format, content=data.content, list_ids=data.list_ids
    )


@get("/api/v1/message-variables/{variable_id:int}")
async def read_variable(variable_id: int, read: ReadTx) -> Variable:
    return await get_variable(read, variable_id)


@put("/api/v1/message-variables/{variable_id:int}")
async def change_variable(variable_id: int, data: VariableChange, tx: Tx) -> Variable:
    """Change what is given; with `is_locked` alone it is locked or unlocked."""
    changes = {name: getattr(data, name) for name in data.__struct_fields__ if name != "is_locked"}
    if data.is_locked is False:
        await set_lock(tx, variable_id, is_locked=False)
    if any(value is not None for value in changes.values()):
        await update_variable(tx, variable_id, **changes)
    if data.is_locked:
        await set_lock(tx, variable_id, is_locked=True)
    return await get_variable(tx, variable_id)


@delete("/api/v1/message-variables/{variable_id:int}")
async def drop_variable(variable_id: int, tx: Tx) -> None:
    if not await delete_variables(tx, [variable_id]):
        raise VariableNotFound(variable_id=variable_id)


VARIABLE_ROUTES = (
    read_variables, add_variable, read_variable, change_variable, drop_variable,
)  # fmt: skip
