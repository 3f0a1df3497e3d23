"""What a contact's address says about itself."""

from __future__ import annotations

from waypost.contacts.conditions.details import from_contact, living, of_contact
from waypost.contacts.facts import ContactCreated, ContactUpdated
from waypost.contacts.free_mail import FREE_MAIL
from waypost.contacts.mail_quality import CORRECTIONS, DISPOSABLE, ROLES, Quality
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, sql

_DOMAINS: dict[Quality, list[str]] = {
    "disposable": sorted(DISPOSABLE),
    "free": sorted(FREE_MAIL - DISPOSABLE),
    "mistyped": sorted(CORRECTIONS),
}
_ROLES = sorted(ROLES)


class EmailQualityIs(Model):
    """`role` is info@ and its like, `disposable` a throw-away mailbox, `free` one at a mail provider."""

    quality: Quality


def _test(params: EmailQualityIs) -> Sql:
    """Over `cf`; false for who has no address."""
    if params.quality == "role":
        return sql(
            "coalesce(split_part(split_part(cf.email, '@', 1), '+', 1) = any({roles}::text[]), false)", roles=_ROLES
        )
    return sql(
        "coalesce(substring(cf.email from '[^@]*$') = any({domains}::text[]), false)",
        domains=_DOMAINS[params.quality],
    )


def _members(params: EmailQualityIs) -> Sql:
    return living(_test(params))


def _predicate(params: EmailQualityIs, contact_id: Sql) -> Sql:
    return of_contact(_test(params), contact_id)


def _explain(params: EmailQualityIs, contact_id: Sql) -> Sql:
    del params
    return from_contact(sql("to_jsonb(cf.email)"), contact_id)


QUALITY = Condition(
    "email_quality",
    "Kind of address",
    "Contact",
    EmailQualityIs,
    _predicate,
    facts=(ContactUpdated, ContactCreated),
    members=_members,
    explain=_explain,
    sentence="e-mail is {quality}",
)
