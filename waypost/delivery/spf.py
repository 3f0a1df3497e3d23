"""SPF (RFC 7208) as far as a sender needs it: is there one record, does it name the relay, can it be evaluated."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Literal

from waypost.delivery.dns_records import Records

LOOKUPS = 10
PROVIDERS = {
    "amazonaws.com": "amazonses.com",
    "sendgrid.net": "sendgrid.net",
    "mailgun.org": "mailgun.org",
    "postmarkapp.com": "spf.mtasv.net",
    "sparkpostmail.com": "sparkpostmail.com",
    "brevo.com": "spf.brevo.com",
    "mailjet.com": "spf.mailjet.com",
    "mandrillapp.com": "spf.mandrillapp.com",
    "google.com": "_spf.google.com",
    "gmail.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
    "smtp2go.com": "spf.smtp2go.com",
    "zoho.com": "zohomail.com",
}
"""What the big providers ask to be included, by the end of their submission host's name."""


def spf_term(host: str) -> str:
    """The word that lets a relay's mail pass."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        for end, included in PROVIDERS.items():
            if host == end or host.endswith("." + end):
                return f"include:{included}"
        return f"a:{host}"
    return f"ip{address.version}:{address}"


class _Walk:
    """Follows includes, counting what receivers count."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.lookups = 0
        self.terms: set[str] = set()

    async def follow(self, record: str) -> None:
        for word in record.split()[1:]:
            term = word.lower().lstrip("+-~?")
            self.terms.add(term)
            name, _, value = term.replace("redirect=", "redirect:").partition(":")
            if name.partition("/")[0] in ("a", "mx", "ptr", "exists", "include", "redirect"):
                self.lookups += 1
            if name in ("include", "redirect") and self.lookups <= LOOKUPS:
                # lint: no-row-loops because a turn is a word of the record
                for included in await find_spf(self._records, value):
                    # lint: no-row-loops because there is one record a name
                    await self.follow(included)


async def find_spf(records: Records, name: str) -> list[str]:
    return [text for text in await records.find(name, "TXT") if text.lower().split(" ")[0] == "v=spf1"]


async def judge_spf(
    records: Records, name: str, hosts: Sequence[str]
) -> tuple[Literal["ok", "warning", "missing"], str, list[str]]:
    """(status, words, the records found)."""
    found = await find_spf(records, name)
    if not found:
        return "missing", "There is no SPF record, so receivers cannot tell which servers may send for you.", found
    if len(found) > 1:
        return "warning", "There are several SPF records, which counts as an error. Join them into one.", found
    words = found[0].lower().split()
    if "+all" in words or "all" in words:
        return "warning", "The record lets everybody send in your name. End it with ~all or -all.", found
    walk = _Walk(records)
    await walk.follow(found[0])
    if walk.lookups > LOOKUPS:
        message = "Receivers give up on this record: it needs more than ten look-ups. Take out what you no longer use."
        return "warning", message, found
    lacking = [host for host in hosts if spf_term(host).lower() not in walk.terms]
    if lacking:
        return "warning", f"The record does not name {', '.join(lacking)}, through which your mail leaves.", found
    return "ok", "Receivers can tell that your mail server may send for you.", found
