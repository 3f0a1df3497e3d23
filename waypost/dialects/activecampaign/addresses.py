"""Postal addresses of the sender. They serve every list, so allgroup is 1."""

from __future__ import annotations

from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import flag
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import zero_one
from waypost.identity.addresses import (
    Address,
    create_address,
    delete_address,
    get_address,
    list_addresses,
    update_address,
)

NAMES = {
    "company_name": "companyName", "address_1": "address1", "address_2": "address2", "city": "city", "state": "state",
    "district": "district", "zip": "zip", "country": "country",
}  # fmt: skip
LINKS = Links("addresses", ("addressGroup", "addressList", "forms"))
routes = Routes(NAMES)


def _row(call: Read, address: Address) -> Row:
    texts = {shown: getattr(address, name) for name, shown in NAMES.items()}
    return {
        **texts,
        "allgroup": "1",
        "isDefault": zero_one(address.is_default),
        "created_timestamp": call.stamp(address.created_at),
        "updated_timestamp": call.stamp(address.updated_at),
        "created_by": None,
        "updated_by": None,
        "links": LINKS.of(call.base, address.id),
        "id": str(address.id),
    }


def _texts(sent: Sent) -> dict[str, str]:
    """What was sent, under either of its names."""
    found = {name: sent.text(name, shown) for name, shown in NAMES.items()}
    return {name: text for name, text in found.items() if text is not None}


def _is_default(sent: Sent) -> bool | None:
    given = sent.get("is_default", "isDefault")
    return None if given in (None, "") else flag(given)


@routes.get("/addresses")
async def list_all(call: Read) -> Answer:
    found = await list_addresses(call.tx)
    return Answer({"addresses": [_row(call, one) for one in cut(found, call.query)], "meta": meta(len(found))})


@routes.post("/addresses")
async def post_address(call: Write) -> Answer:
    sent = call.inner("address")
    made = await create_address(call.tx, _texts(sent), is_default=bool(_is_default(sent)))
    return Answer({"address": _row(call, made)}, 201)


@routes.get("/addresses/{id}")
async def read_address(call: Read) -> Answer:
    return Answer({"address": _row(call, await get_address(call.tx, call.id))})


@routes.put("/addresses/{id}")
async def put_address(call: Write) -> Answer:
    sent = call.inner("address")
    changed = await update_address(call.tx, call.id, _texts(sent), is_default=_is_default(sent))
    return Answer({"address": _row(call, changed)})


@routes.delete("/addressGroups/{id}")
async def remove_group_of(call: Write) -> Answer:
    """Addresses are nobody's in particular, so there are no such pairs."""
    raise NoResult(model="AddressGroup", id=call.id)


@routes.delete("/addressLists/{id}")
async def remove_list_of(call: Write) -> Answer:
    raise NoResult(model="AddressList", id=call.id)


@routes.delete("/addresses/{id}")
async def remove_address(call: Write) -> Answer:
    await delete_address(call.tx, call.id)
    return Answer({})
