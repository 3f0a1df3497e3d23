"""Senders, relays and sending domains over HTTP."""

from __future__ import annotations

from litestar import delete, get, patch, post, put

from waypost.delivery.dns_checks import check_domain
from waypost.delivery.relays import delete_relay, get_relay, list_relays, save_relay
from waypost.delivery.schemas.senders import (
    DomainBody,
    DomainList,
    DomainOut,
    NewDomain,
    NewRelay,
    NewSender,
    RelayList,
    RelayOut,
    RelayPatch,
    RelayTest,
    RelayTestOut,
    SenderFull,
    SenderList,
    SenderPatch,
    given,
)
from waypost.delivery.sender_domains import create_domain, delete_domain, get_domain, list_domains, update_domain
from waypost.delivery.sender_test import send_by
from waypost.delivery.senders import create_sender, delete_sender, get_sender_by_id, list_senders, update_sender
from waypost.kernel.http.auth import Caller, Role, at_least
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

ADMIN = [at_least(Role.ADMIN)]


@get("/api/v1/senders")
async def read_senders(read: ReadTx) -> SenderList:
    return SenderList(items=[SenderFull.of(item) for item in await list_senders(read)])


@post("/api/v1/senders", guards=ADMIN)
async def add_sender(data: NewSender, tx: Tx) -> SenderFull:
    return SenderFull.of(await create_sender(tx, **given(data)))


@get("/api/v1/senders/{sender_id:int}")
async def read_one_sender(sender_id: int, read: ReadTx) -> SenderFull:
    return SenderFull.of(await get_sender_by_id(read, sender_id))


@patch("/api/v1/senders/{sender_id:int}", guards=ADMIN)
async def change_one_sender(sender_id: int, data: SenderPatch, tx: Tx) -> SenderFull:
    return SenderFull.of(await update_sender(tx, sender_id, given(data)))


@delete("/api/v1/senders/{sender_id:int}", guards=ADMIN)
async def remove_sender(sender_id: int, tx: Tx) -> None:
    await delete_sender(tx, sender_id)


@get("/api/v1/relays", guards=ADMIN)
async def read_relays(read: ReadTx) -> RelayList:
    return RelayList(items=[RelayOut.of(item) for item in await list_relays(read)])


@post("/api/v1/relays", guards=ADMIN)
async def add_relay(data: NewRelay, tx: Tx) -> RelayOut:
    return RelayOut.of(await save_relay(tx, None, given(data)))


@get("/api/v1/relays/{relay_id:int}", guards=ADMIN)
async def read_relay(relay_id: int, read: ReadTx) -> RelayOut:
    return RelayOut.of(await get_relay(read, relay_id))


@patch("/api/v1/relays/{relay_id:int}", guards=ADMIN)
async def change_relay(relay_id: int, data: RelayPatch, tx: Tx) -> RelayOut:
    return RelayOut.of(await save_relay(tx, relay_id, given(data)))


@delete("/api/v1/relays/{relay_id:int}", guards=ADMIN)
async def remove_relay(relay_id: int, tx: Tx) -> None:
    await delete_relay(tx, relay_id)


@post("/api/v1/relays/{relay_id:int}/test", guards=ADMIN, status_code=200)
async def try_relay(relay_id: int, data: RelayTest, caller: Caller, work: SystemWork) -> RelayTestOut:
    reply = await send_by(work, caller.workspace_id, relay_id, from_email=data.from_email, to_email=data.to_email)
    return RelayTestOut(code=reply.code, reply=reply.text)


@get("/api/v1/sending-domains")
async def read_domains(read: ReadTx) -> DomainList:
    return DomainList(items=[DomainOut.of(item) for item in await list_domains(read)])


@post("/api/v1/sending-domains", guards=ADMIN)
async def add_domain(data: NewDomain, tx: Tx) -> DomainOut:
    return DomainOut.of(await create_domain(tx, data.name))


@get("/api/v1/sending-domains/{name:str}")
async def read_domain(name: str, read: ReadTx) -> DomainOut:
    return DomainOut.of(await get_domain(read, name))


@put("/api/v1/sending-domains/{name:str}", guards=ADMIN)
async def change_domain(name: str, data: DomainBody, tx: Tx) -> DomainOut:
    return DomainOut.of(await update_domain(tx, name, **given(data)))


@delete("/api/v1/sending-domains/{name:str}", guards=ADMIN)
async def remove_domain(name: str, tx: Tx) -> None:
    await delete_domain(tx, name)


@post("/api/v1/sending-domains/{name:str}/check", guards=ADMIN, status_code=200)
async def check(name: str, caller: Caller, work: SystemWork) -> DomainOut:
    return DomainOut.of(await check_domain(work, caller.workspace_id, name))


ROUTES = (
    read_senders,
    add_sender,
    read_one_sender,
    change_one_sender,
    remove_sender,
    read_relays,
    add_relay,
    read_relay,
    change_relay,
    remove_relay,
    try_relay,
    read_domains,
    add_domain,
    read_domain,
    change_domain,
    remove_domain,
    check,
)
