"""The sender wizard against a real DNS server: what is right, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.delivery.nameserver import NameServer
from tests.delivery.parts import system_work
from tests.make import Client
from waypost.delivery.dns_checks import check_domain, look_up
from waypost.delivery.dns_records import Resolver
from waypost.delivery.sender_domains import SendingDomain, create_domain, update_domain
from waypost.kernel.db import Database
from waypost.kernel.work import SystemWork

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOSTS = ["email-smtp.eu-west-1.amazonaws.com"]


async def domain_of(db: Database, workspace_id: int) -> SendingDomain:
    async with db.transaction(workspace_id) as tx:
        await create_domain(tx, "example.com")
        return await update_domain(
            tx, "example.com", is_signing=False, is_signing_twice=True,
            return_path="bounce.example.com", tracking_host="link.example.com",
        )  # fmt: skip


def right(domain: SendingDomain) -> dict[tuple[str, str], list[str]]:
    return {
        ("bounce.example.com", "TXT"): ["v=spf1 include:amazonses.com ~all", "unrelated"],
        ("amazonses.com", "TXT"): ["v=spf1 ip4:199.255.192.0/22 -all"],
        ("bounce.example.com", "MX"): ["10 mail.waypost.test."],
        ("waypost._domainkey.example.com", "TXT"): [domain.rsa_record],
        ("waypost-ed._domainkey.example.com", "TXT"): [domain.ed25519_record],
        ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=quarantine; rua=mailto:d@example.com"],
        ("link.example.com", "CNAME"): ["mail.waypost.test."],
        ("mail.waypost.test", "A"): ["192.0.2.7"],
    }


async def ask(db: Database, server: NameServer, domain: SendingDomain, hosts: list[str] = HOSTS) -> dict[str, Any]:
    resolver = Resolver(replace(db.settings, dns_servers=server.address))
    checks = await look_up(resolver, domain, hosts=hosts, public_url="https://mail.waypost.test")
    return {check.id: check for check in checks}


async def test_a_domain_that_is_set_up_is_told_so(db: Database, workspace_id: int) -> None:
    domain = await domain_of(db, workspace_id)
    async with NameServer(right(domain)) as server:
        found = await ask(db, server, domain)
    assert {name: check.status for name, check in found.items()} == dict.fromkeys(
        ("spf", "dkim", "dkim_ed25519", "dmarc", "return_path", "tracking"), "ok"
    )


async def test_a_domain_without_records_is_told_which_to_add(db: Database, workspace_id: int) -> None:
    domain = await domain_of(db, workspace_id)
    async with NameServer() as server:
        found = await ask(db, server, domain)
    assert {check.status for check in found.values()} == {"missing"}
    assert found["spf"].record_value == "v=spf1 include:amazonses.com ~all"
    assert found["spf"].record_name == "bounce.example.com"
    assert found["dkim"].record_value == domain.rsa_record
    assert found["dmarc"].record_value.startswith("v=DMARC1; p=none")
    assert found["return_path"].record_value == "10 mail.waypost.test."
    assert found["tracking"].record_type == "CNAME"
    assert all(check.message for check in found.values())


@pytest.mark.parametrize(
    ("changes", "check", "says"),
    [
        ({("bounce.example.com", "TXT"): ["v=spf1 -all"]}, "spf", "does not name"),
        ({("bounce.example.com", "TXT"): ["v=spf1 a ~all", "v=spf1 mx ~all"]}, "spf", "several"),
        ({("bounce.example.com", "TXT"): ["v=spf1 include:amazonses.com +all"]}, "spf", "everybody"),
        ({("bounce.example.com", "TXT"): ["v=spf1 " + "a:x.example " * 11 + "include:amazonses.com ~all"]}, "spf",
         "ten look-ups"),
        ({("waypost._domainkey.example.com", "TXT"): ["v=DKIM1; k=rsa; p=AAAA"]}, "dkim", "different key"),
        ({("_dmarc.example.com", "TXT"): ["v=DMARC1; p=maybe"]}, "dmarc", "no valid p="),
        ({("bounce.example.com", "MX"): ["10 elsewhere.example."]}, "return_path", "do not reach"),
        ({("link.example.com", "CNAME"): ["elsewhere.example."]}, "tracking", "does not lead"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(
    db: Database, workspace_id: int, changes: dict[tuple[str, str], list[str]], check: str, says: str
) -> None:
    domain = await domain_of(db, workspace_id)
    async with NameServer(right(domain) | changes) as server:
        found = await ask(db, server, domain)
    assert found[check].status == "warning"
    assert says in found[check].message
    assert {item.status for name, item in found.items() if name != check} == {"ok"}


async def test_a_record_that_lacks_a_server_is_completed(db: Database, workspace_id: int) -> None:
    domain = await domain_of(db, workspace_id)
    records = right(domain) | {("bounce.example.com", "TXT"): ["v=spf1 mx include:amazonses.com -all"]}
    async with NameServer(records) as server:
        found = await ask(db, server, domain, [*HOSTS, "192.0.2.9"])
    assert found["spf"].record_value == "v=spf1 mx include:amazonses.com ip4:192.0.2.9 -all"


async def test_a_policy_above_counts_and_silence_is_no_verdict(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        domain = await create_domain(tx, "news.example.com")
    records = {("_dmarc.example.com", "TXT"): ["v=DMARC1; p=reject"]}
    async with NameServer(records, broken={"waypost._domainkey.news.example.com"}) as server:
        found = await ask(db, server, domain)
    assert (found["dmarc"].status, found["dkim"].status) == ("ok", "unknown")
    assert "_dmarc.example.com" in found["dmarc"].message


async def test_without_a_public_name_no_record_is_made_up(db: Database, workspace_id: int) -> None:
    domain = await domain_of(db, workspace_id)
    async with NameServer(right(domain)) as server:
        resolver = Resolver(replace(db.settings, dns_servers=server.address))
        found = await look_up(resolver, domain, hosts=HOSTS, public_url="http://127.0.0.1:8020")
    nameless = [check for check in found if check.id in ("return_path", "tracking")]
    assert {(check.status, check.record_value) for check in nameless} == {("warning", "")}
    assert "WAYPOST_PUBLIC_URL" in nameless[0].message


async def test_seeing_the_key_turns_signing_on_once(db: Database, client: Client) -> None:
    domain = await domain_of(db, client.workspace_id)
    async with NameServer(right(domain)) as server:
        settings = replace(db.settings, dns_servers=server.address, public_url="https://mail.waypost.test")
        work = SystemWork(db, settings, db.registry, system_work(db).files)
        checked = await check_domain(work, client.workspace_id, "example.com")
        assert (checked.is_signing, checked.is_tracking_ready) == (True, True)
        async with db.transaction(client.workspace_id) as tx:
            await update_domain(
                tx, "example.com", is_signing=False, is_signing_twice=False, return_path="", tracking_host=""
            )
        again = await check_domain(work, client.workspace_id, "example.com")
        assert (again.is_signing, again.is_tracking_ready) == (False, False), "what a person has turned off stays off"
    shown = (await client.get("/api/v1/sending-domains/example.com")).json()
    assert [check["id"] for check in shown["checks"]] == ["spf", "dkim", "dmarc"]
    assert shown["checked_at"] is not None
