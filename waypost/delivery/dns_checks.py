"""What DNS says about a sending domain: SPF, DKIM, DMARC, return path and tracking host.

Each check answers in words, with the record that should be there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import urlsplit

from waypost.delivery.dns_records import Records, Resolver, Unanswered
from waypost.delivery.relays import list_relays
from waypost.delivery.sender_domains import SendingDomain, get_domain, note_checks
from waypost.delivery.spf import judge_spf, spf_term
from waypost.kernel.work import SystemWork

Status = Literal["ok", "warning", "missing", "unknown"]
_tags = re.compile(r"\s*;\s*").split


@dataclass(frozen=True, slots=True)
class Check:
    """One thing DNS was asked about."""

    id: str
    status: Status
    message: str
    record_type: str
    record_name: str
    record_value: str
    found: Sequence[str] = ()


async def check_domain(work: SystemWork, workspace_id: int, name: str) -> SendingDomain:
    """Ask DNS with no transaction open, then keep what it said."""
    async with work.db.read(workspace_id) as read:
        domain = await get_domain(read, name)
        hosts = [relay.host for relay in await list_relays(read) if relay.is_enabled]
    if not hosts and work.settings.smtp_url:
        hosts = [urlsplit(work.settings.smtp_url).hostname or ""]
    checks = await look_up(Resolver(work.settings), domain, hosts=hosts, public_url=work.settings.base_url)
    by_id = {check.id: check for check in checks}
    async with work.db.transaction(workspace_id) as tx:
        return await note_checks(
            tx,
            domain.name,
            [{**asdict(check), "found": list(check.found)} for check in checks],
            is_tracking_ready="tracking" in by_id and by_id["tracking"].status == "ok",
            is_key_seen=by_id["dkim"].status == "ok",
        )


async def look_up(records: Records, domain: SendingDomain, *, hosts: Sequence[str], public_url: str) -> Sequence[Check]:
    """Every check at once."""
    here = urlsplit(public_url).hostname or "localhost"
    first = f"{domain.selector}._domainkey.{domain.name}"
    second = f"{domain.second_selector}._domainkey.{domain.name}"
    asked: list[Awaitable[Check]] = [
        _spf(records, domain, hosts),
        _dkim(records, "dkim", first, domain.rsa_record),
    ]
    if domain.is_signing_twice:
        asked.append(_dkim(records, "dkim_ed25519", second, domain.ed25519_record))
    asked.append(_dmarc(records, domain.name))
    if domain.return_path:
        asked.append(_return_path(records, domain, here) if _is_name(here) else _nameless("return_path", "MX", domain))
    if domain.tracking_host:
        asked.append(
            _tracking(records, domain.tracking_host, here) if _is_name(here) else _nameless("tracking", "CNAME", domain)
        )
    return await asyncio.gather(*asked)


def _is_name(host: str) -> bool:
    """Whether a record can lead to the host; not to an address of numbers, nor to this machine only."""
    return "." in host and not host.replace(".", "").isdigit() and ":" not in host


async def _nameless(check: str, kind: str, domain: SendingDomain) -> Check:
    name = domain.return_path if check == "return_path" else domain.tracking_host
    message = "This server has no public name yet. Set WAYPOST_PUBLIC_URL to the address that others know it by."
    return Check(check, "warning", message, kind, name, "")


def _unknown(check: str, kind: str, name: str, value: str) -> Check:
    return Check(check, "unknown", "DNS did not answer. Try again in a moment.", kind, name, value)


async def _spf(records: Records, domain: SendingDomain, hosts: Sequence[str]) -> Check:
    name = domain.return_path or domain.name
    wanted = f"v=spf1 {' '.join(dict.fromkeys(spf_term(host) for host in hosts)) or 'mx'} ~all"
    try:
        status, message, found = await judge_spf(records, name, hosts)
    except Unanswered:
        return _unknown("spf", "TXT", name, wanted)
    if found and status != "ok" and len(found) == 1:
        wanted = _with_terms(found[0], hosts)
    return Check("spf", status, message, "TXT", name, wanted, found)


def _with_terms(record: str, hosts: Sequence[str]) -> str:
    """The record that is there, with what it lacks put before its last word."""
    words = record.split()
    terms = [term for term in dict.fromkeys(spf_term(host) for host in hosts) if term not in words]
    end = words[-1] if words[-1].lower().endswith("all") and words[-1].lower() not in ("all", "+all") else "~all"
    kept = [word for word in words if not word.lower().endswith("all") or ":" in word]
    return " ".join([*kept, *terms, end])


async def _dkim(records: Records, check: str, name: str, wanted: str) -> Check:
    try:
        found = await records.find(name, "TXT")
    except Unanswered:
        return _unknown(check, "TXT", name, wanted)
    ours = _tag(wanted, "p")
    keys = [_tag(text, "p") for text in found]
    if ours in keys and len(found) == 1:
        return Check(check, "ok", "Receivers find your key and can tell that nobody changed your mail.", "TXT", name,
                     wanted, found)  # fmt: skip
    if not found:
        message = "There is no key yet, so receivers cannot check your signature. Add this record."
        return Check(check, "missing", message, "TXT", name, wanted, found)
    if ours in keys:
        message = "Your key is there, but beside another record of the same name. Leave only this one."
    else:
        message = "There is a different key under this name. Replace the record, or every signature is judged false."
    return Check(check, "warning", message, "TXT", name, wanted, found)


def _tag(record: str, name: str) -> str:
    """A tag's value without its blanks."""
    for part in _tags(record):
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return "".join(value.split())
    return ""


async def _dmarc(records: Records, domain: str) -> Check:
    """The domain's own policy, or that of a domain above it."""
    name = f"_dmarc.{domain}"
    wanted = f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"
    labels = domain.split(".")
    try:
        for start in range(max(1, len(labels) - 1)):
            place = "_dmarc." + ".".join(labels[start:])
            # lint: no-row-loops because a turn is a level of the domain's name
            found = [text for text in await records.find(place, "TXT") if text.lower().startswith("v=dmarc1")]
            if found:
                status, message = _judge_dmarc(found, place if start else "")
                return Check("dmarc", status, message, "TXT", name, wanted if status != "ok" else found[0], found)
    except Unanswered:
        return _unknown("dmarc", "TXT", name, wanted)
    message = "There is no policy yet. Large mailbox providers refuse bulk mail from domains without one."
    return Check("dmarc", "missing", message, "TXT", name, wanted)


def _judge_dmarc(found: Sequence[str], above: str) -> tuple[Status, str]:
    policy = _tag(found[0], "p").lower()
    if len(found) > 1:
        return "warning", "There are several policies, which counts as none. Leave only one."
    if policy not in ("none", "quarantine", "reject"):
        return "warning", "The policy has no valid p=. It must be none, quarantine or reject."
    where = f" It comes from {above}." if above else ""
    if policy == "none":
        return "ok", f"There is a policy. It only watches (p=none); once all mail passes, move on to quarantine.{where}"
    return "ok", f"There is a policy, and forged mail is kept away (p={policy}).{where}"


async def _return_path(records: Records, domain: SendingDomain, here: str) -> Check:
    name, wanted = domain.return_path, f"10 {here}."
    try:
        servers, aliases = await asyncio.gather(records.find(name, "MX"), records.find(name, "CNAME"))
    except Unanswered:
        return _unknown("return_path", "MX", name, wanted)
    found = [*servers, *aliases]
    hosts = {text.split()[-1].rstrip(".").lower() for text in found}
    if here.lower() not in hosts:
        status: Status = "warning" if found else "missing"
        message = "Bounces sent to this name do not reach this server. Add this record."
    elif not (name == domain.name or name.endswith("." + domain.name)):
        status = "warning"
        message = (
            f"Bounces come back here, but the name does not belong to {domain.name}, so SPF does not count for DMARC."
        )
    else:
        status, message = "ok", "Bounces come back to this server."
    return Check("return_path", status, message, "MX", name, wanted, found)


async def _tracking(records: Records, name: str, here: str) -> Check:
    try:
        aliases, addresses, ours = await asyncio.gather(
            records.find(name, "CNAME"), records.find(name, "A"), _addresses(records, here)
        )
    except Unanswered:
        return _unknown("tracking", "CNAME", name, f"{here}.")
    is_here = here.lower() in {alias.lower() for alias in aliases} or bool(ours and set(addresses) & set(ours))
    if is_here:
        message = "Links in your mail lead through your own domain. Its web server needs a certificate for this name."
        return Check("tracking", "ok", message, "CNAME", name, f"{here}.", aliases or addresses)
    message = "This name does not lead to this server, so links keep its own address. Add this record."
    status: Status = "warning" if aliases or addresses else "missing"
    return Check("tracking", status, message, "CNAME", name, f"{here}.", aliases or addresses)


async def _addresses(records: Records, host: str) -> Sequence[str]:
    return await records.find(host, "A") if not host.replace(".", "").isdigit() else [host]
