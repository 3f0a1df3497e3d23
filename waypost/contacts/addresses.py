"""E-mail addresses: lower case, domains in their ASCII form, anything that cannot receive mail refused."""

from __future__ import annotations

import re

import idna

from waypost.contacts.errors import EmailInvalid

MAX_LENGTH = 254

# What nearly every address looks like; all of it is ASCII and lower case already.
PLAIN = re.compile(
    r"[a-z0-9_%+'&=~-]+(?:\.[a-z0-9_%+'&=~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.[a-z][a-z0-9-]*[a-z0-9]"
).fullmatch
_LOCAL = re.compile(r"[^\s\x00-\x1f\"(),:;<>@\[\\\]]+").fullmatch
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f]|\\[\x20-\x7e])+"').fullmatch
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch


def normalise_email(text: str) -> str:
    """The address as we keep and compare it; raises EmailInvalid with the reason."""
    email = text.strip().lower()
    if len(email) <= MAX_LENGTH and PLAIN(email) and email.find("@") <= 64:
        return email
    return _slowly(text, email)


def _slowly(original: str, email: str) -> str:
    def refuse(reason: str) -> EmailInvalid:
        return EmailInvalid(email=original.strip()[:80], reason=reason)

    local, at, domain = email.rpartition("@")
    if not at:
        raise refuse("it has no @")
    if not local or not domain:
        raise refuse("a part before or after the @ is missing")
    if domain.endswith("."):
        raise refuse("it ends with a dot")
    if len(local.encode()) > 64:
        raise refuse("the part before the @ is too long")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not _QUOTED(local) and (not _LOCAL(local) or dots):
        raise refuse("the part before the @ is not valid")
    domain = _ascii_domain(domain)
    if domain is None:
        raise refuse("the domain is not valid")
    if "." not in domain:
        raise refuse("the domain has no dot")
    if len(local) + 1 + len(domain) > MAX_LENGTH:
        raise refuse("it is too long")
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str | None:
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            return None
    labels = domain.split(".")
    if not all(_LABEL(label) for label in labels) or labels[-1].isdigit() or len(labels[-1]) < 2:
        return None
    return domain
