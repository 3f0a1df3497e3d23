"""The workspace's postal addresses, which mails to many must carry; the first one is the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from waypost.identity.errors import AddressDefault, AddressIncomplete, AddressNotFound
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

TEXTS = ("company_name", "address_1", "address_2", "city", "state", "district", "zip", "country")
REQUIRED = ("company_name", "address_1", "country")
MAX_TEXT = 250
_COLUMNS = sql(
    "id, company_name, address_1, address_2, city, state, district, zip, country, is_default, created_at, updated_at"
)


@dataclass(frozen=True, slots=True)
class Address:
    id: int
    company_name: str
    address_1: str
    address_2: str
    city: str
    state: str
    district: str
    zip: str
    country: str
    is_default: bool
    created_at: datetime
    updated_at: datetime


async def list_addresses(tx: ReadTx) -> list[Address]:
    """In the order they were made."""
    return await tx.all(
        sql("select {columns} from identity.address where workspace_id = {workspace} order by id", columns=_COLUMNS),
        Address,
    )


async def get_address(tx: ReadTx, address_id: int) -> Address:
    found = await tx.maybe(
        sql(
            "select {columns} from identity.address where workspace_id = {workspace} and id = {id}",
            columns=_COLUMNS,
            id=address_id,
        ),
        Address,
    )
    if found is None:
        raise AddressNotFound(address_id=address_id)
    return found


async def create_address(tx: Tx, texts: Mapping[str, str], *, is_default: bool = False) -> Address:
    """A new address; the first one, and one that is asked to be, becomes the default."""
    values = _clean(dict.fromkeys(TEXTS, "") | dict(texts))
    await _lock(tx)
    has_default = await tx.value(
        sql("select exists (select 1 from identity.address where workspace_id = {workspace} and is_default)")
    )
    if is_default and has_default:
        await _step_back(tx)
    return await tx.one(
        sql(
            """
            insert into identity.address (workspace_id, company_name, address_1, address_2, city, state, district, zip,
                country, is_default, created_at, updated_at)
            values ({workspace}, {company_name}, {address_1}, {address_2}, {city}, {state}, {district}, {zip},
                {country}, {is_default}, {now}, {now})
            returning {columns}
            """,
            columns=_COLUMNS,
            is_default=is_default or not has_default,
            **values,
        ),
        Address,
    )


async def update_address(
    tx: Tx, address_id: int, texts: Mapping[str, str], *, is_default: bool | None = None
) -> Address:
    """Change what is given."""
    await _lock(tx)
    before = await get_address(tx, address_id)
    values = _clean({name: str(asdict(before)[name]) for name in TEXTS} | dict(texts))
    if is_default and not before.is_default:
        await _step_back(tx)
    return await tx.one(
        sql(
            """
            update identity.address set company_name = {company_name}, address_1 = {address_1}, address_2 = {address_2},
                city = {city}, state = {state}, district = {district}, zip = {zip}, country = {country},
                is_default = {is_default}, updated_at = {now}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            columns=_COLUMNS,
            id=address_id,
            is_default=before.is_default if is_default is None else is_default,
            **values,
        ),
        Address,
    )


async def delete_address(tx: Tx, address_id: int) -> None:
    """Any but the default."""
    await _lock(tx)
    if (await get_address(tx, address_id)).is_default:
        raise AddressDefault(address_id=address_id)
    await tx.run(sql("delete from identity.address where workspace_id = {workspace} and id = {id}", id=address_id))


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    values = {name: " ".join(texts[name].replace("\x00", "").split())[:MAX_TEXT] for name in TEXTS}
    lacking = [name for name in REQUIRED if not values[name]]
    if lacking:
        raise AddressIncomplete(part=lacking[0].replace("_", " "), pointer=f"/{lacking[0]}")
    return values


async def _lock(tx: Tx) -> None:
    """One change at a time, so that there is never more than one default."""
    await tx.run(sql("select id from identity.workspace where id = {workspace} for no key update"))


async def _step_back(tx: Tx) -> None:
    await tx.run(sql("update identity.address set is_default = false where workspace_id = {workspace} and is_default"))
