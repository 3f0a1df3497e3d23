"""One function per kind of row: our dataclasses as v3's columns, every documented key present.

Columns of things we do not have (gravatars, Facebook sessions) carry the constants that recordings
show for an account that does not use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import md5
from zoneinfo import ZoneInfo

import orjson

from waypost.automations.types import Automation, Enrollment, State, Status
from waypost.contacts.queries.numbered import FieldValue
from waypost.contacts.types import Contact, ContactTag, Field, List, Subscription, Tag
from waypost.dialects.activecampaign.coerce import both, field_value, iso, pair_id, stamp, zero_one
from waypost.dialects.activecampaign.envelope import Links, Row, dump
from waypost.identity.types import User

CONTACT_RELATIONS = (
    "bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs",
    "contactTags", "contactDeals", "deals", "fieldValues", "geoIps", "notes", "organization",
    "plusAppend", "trackingLogs", "scoreValues", "accountContacts", "automationEntryCounts",
)  # fmt: skip
CONTACT_LINKS = Links("contacts", CONTACT_RELATIONS)
TAG_LINKS = Links("tags", ("contactGoalTags", "templateTags"))
CONTACT_TAG_LINKS = Links("contactTags", ("contact", "tag"))
LIST_LINKS = Links("lists", ("addressLists", "contactGoalLists", "user"))
CONTACT_LIST_LINKS = Links(
    "contactLists",
    ("automation", "list", "contact", "form", "autosyncLog", "campaign", "unsubscribeAutomation", "message"),
)
FIELD_LINKS = Links("fields", ("options", "relations"))
FIELD_OPTION_LINKS = Links("fieldOptions", ("field",))
FIELD_VALUE_LINKS = Links("fieldValues", ("owner", "field"))
AUTOMATION_LINKS = Links(
    "automations",
    ("campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms", "sitemessages", "triggers"),
)
CONTACT_AUTOMATION_LINKS = Links("contactAutomations", ("automation", "contact", "contactGoals", "automationLogs"))
USER_LINKS = Links(
    "users",
    ("lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs", "dealConnection",
     "userConversationsPermission", "seatUser"),
)  # fmt: skip

_CONTACT_UNUSED: Row = {
    "orgid": "0", "orgname": "", "segmentio_id": "", "bounced_hard": "0", "bounced_soft": "0",
    "bounced_date": None, "ip": "0", "ua": None, "socialdata_lastcheck": None, "sentcnt": "0",
    "rating_tstamp": None, "gravatar": "0", "deleted": "0", "anonymized": "0", "adate": None, "edate": None,
    "deleted_at": None, "created_by": None, "updated_by": None, "mpp_tracking": "0", "last_click_date": None,
    "last_open_date": None, "last_mpp_open_date": None, "best_send_hour": None, "sms_consent": None,
    "sms_consent_updated_at": None, "whatsapp_id": None, "whatsapp_username": None,
    "organization": None,
}  # fmt: skip
_LIST_UNUSED: Row = {
    "userid": "1", "p_use_tracking": "1", "p_use_analytics_read": "0", "p_use_analytics_link": "0",
    "p_use_twitter": "0", "p_use_facebook": "0", "p_embed_image": "1", "p_use_captcha": "1",
    "send_last_broadcast": "0", "private": "0", "analytics_domains": None, "analytics_source": "",
    "analytics_ua": "", "twitter_token": "", "twitter_token_secret": "", "facebook_session": None,
    "carboncopy": None, "subscription_notify": None, "unsubscription_notify": None, "require_name": "0",
    "get_unsubscribe_reason": "0", "to_name": "", "optinoptout": "1", "sender_name": "", "sender_addr1": "",
    "sender_addr2": "", "sender_city": "", "sender_state": "", "sender_zip": "", "sender_country": "",
    "sender_phone": "", "fulladdress": "", "optinmessageid": "0", "optoutconf": "0", "deletestamp": None,
    "created_by": None, "updated_by": None, "user": "1", "channel": "email", "description": "",
}  # fmt: skip
_SUBSCRIPTION_UNUSED: Row = {
    "form": None, "seriesid": "0", "responder": "1", "sync": "0", "unsubreason": "", "campaign": None,
    "message": None, "ip4Sub": "0", "autosyncLog": None, "ip4_last": "0", "ip4Unsub": "0",
    "created_by": None, "updated_by": None, "unsubscribeAutomation": None, "channel": "email", "automation": None,
}  # fmt: skip


_TAILS: dict[str, list[bytes]] = {}


def _tail(base: str) -> list[bytes]:
    """The part of every contact that differs only in the id, cut where the id stands: unused columns and links."""
    found = _TAILS.get(base)
    if found is None:
        links = {name: f"{base}/contacts/@id@/{name}" for name in CONTACT_RELATIONS}
        links["contactAutomations"] += "?limit=2500&orders%5Blastdate%5D=DESC"
        found = _TAILS[base] = (b"," + dump({**_CONTACT_UNUSED, "links": links})[1:]).split(b"@id@")
    return found


def contact_row(contact: Contact, base: str, zone: ZoneInfo, more: Row | None = None) -> orjson.Fragment:
    """A contact with all its columns, as JSON; `more` adds to them.

    Two thirds of the 2 kB are the same for all, so they are spliced in rather than built.
    """
    own = _contact_columns(contact, zone)
    own["accountContacts"] = own["scoreValues"] = []
    if more:
        own |= more
    return orjson.Fragment(orjson.dumps(own)[:-1] + (b"%d" % contact.id).join(_tail(base)))


def _contact_columns(contact: Contact, zone: ZoneInfo) -> Row:
    created, created_stamp = both(contact.created_at, zone)
    updated, updated_stamp = both(contact.updated_at, zone)
    email = contact.email or ""
    number = str(contact.id)
    return {
        "cdate": created,
        "email": email,
        "phone": contact.phone,
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "hash": md5(number.encode(), usedforsecurity=False).hexdigest(),
        "email_local": "",
        "email_domain": email.rpartition("@")[2],
        "email_empty": not email,
        "udate": updated,
        "created_utc_timestamp": created_stamp,
        "updated_utc_timestamp": updated_stamp,
        "created_timestamp": created_stamp,
        "updated_timestamp": updated_stamp,
        "id": number,
    }


_CREATED_CONTACT = ("email", "firstName", "lastName", "phone", "email_empty", "cdate", "udate", "hash", "id")


def created_contact_row(contact: Contact, base: str, zone: ZoneInfo) -> Row:
    """The sparse row that creating a contact answers."""
    own = _contact_columns(contact, zone)
    links = CONTACT_LINKS.of(base, contact.id)
    row = {name: own[name] for name in _CREATED_CONTACT}
    return row | {"orgid": "0", "orgname": "", "links": links, "organization": None}


def field_value_row(found: FieldValue, base: str, zone: ZoneInfo) -> Row:
    """A contact's value of a custom field; values have no dates of their own, the contact's stand in."""
    number = pair_id(found.contact_id, found.field_id)
    return {
        "contact": str(found.contact_id),
        "field": str(found.field_id),
        "value": field_value(found.value),
        "cdate": iso(found.created_at, zone),
        "udate": iso(found.updated_at, zone),
        "created_by": None,
        "updated_by": None,
        "links": FIELD_VALUE_LINKS.of(base, number),
        "owner": str(found.contact_id),
        "id": str(number),
    }


def tag_row(tag: Tag, base: str, zone: ZoneInfo) -> Row:
    created, created_stamp = both(tag.created_at, zone)
    return {
        "tagType": "contact",
        "tag": tag.name,
        "description": tag.description,
        "subscriber_count": str(tag.contact_count),
        "cdate": created,
        "created_timestamp": created_stamp,
        "updated_timestamp": created_stamp,
        "created_by": None,
        "updated_by": None,
        "deleted": "0",
        "links": TAG_LINKS.of(base, tag.id),
        "id": str(tag.id),
    }


def contact_tag_row(given: ContactTag, base: str, zone: ZoneInfo) -> Row:
    created, created_stamp = both(given.created_at, zone)
    number = pair_id(given.contact_id, given.tag_id)
    return {
        "contact": str(given.contact_id),
        "tag": str(given.tag_id),
        "cdate": created,
        "created_timestamp": created_stamp,
        "updated_timestamp": created_stamp,
        "created_by": None,
        "updated_by": None,
        "links": CONTACT_TAG_LINKS.of(base, number),
        "id": str(number),
    }


def list_row(found: List, base: str, zone: ZoneInfo) -> Row:
    created, created_stamp = both(found.created_at, zone)
    updated, updated_stamp = both(found.updated_at, zone)
    return {
        **_LIST_UNUSED,
        "stringid": found.slug,
        "name": found.name,
        "cdate": created,
        "sender_url": found.sender_url,
        "sender_reminder": found.sender_reminder,
        "udate": updated,
        "created_timestamp": created_stamp,
        "updated_timestamp": updated_stamp,
        "links": LIST_LINKS.of(base, found.id),
        "id": str(found.id),
    }


def listed_list_row(found: List, base: str, zone: ZoneInfo) -> Row:
    """In collections lists carry their numbers too."""
    count = str(found.contact_count)
    return {**list_row(found, base, zone), "non_deleted_subscribers": count, "active_subscribers": count}


def contact_list_row(found: Subscription, contact: Contact | None, base: str, zone: ZoneInfo) -> Row:
    number = pair_id(found.contact_id, found.list_id)
    return {
        **_SUBSCRIPTION_UNUSED,
        "contact": str(found.contact_id),
        "list": str(found.list_id),
        "sdate": iso(found.subscribed_at or found.created_at, zone),
        "udate": iso(found.unsubscribed_at, zone),
        "status": str(int(found.status)),
        "first_name": "" if contact is None else contact.first_name,
        "last_name": "" if contact is None else contact.last_name,
        "sourceid": "0",
        "created_timestamp": stamp(found.created_at, zone),
        "updated_timestamp": stamp(found.updated_at, zone),
        "links": CONTACT_LIST_LINKS.of(base, number),
        "id": str(number),
    }


def field_row(field: Field, base: str, zone: ZoneInfo) -> Row:
    created, created_stamp = both(field.created_at, zone)
    updated, updated_stamp = both(field.updated_at, zone)
    return {
        "title": field.name,
        "descript": "",
        "type": field.type,
        "isrequired": zero_one(field.is_required),
        "perstag": field.key,
        "defval": None if field.default_value is None else field_value(field.default_value),
        "show_in_list": "0",
        "rows": "0",
        "cols": "0",
        "visible": zero_one(field.is_visible),
        "service": "",
        "ordernum": str(field.position),
        "cdate": created,
        "udate": updated,
        "created_timestamp": created_stamp,
        "updated_timestamp": updated_stamp,
        "created_by": None,
        "updated_by": None,
        "options": [str(pair_id(field.id, number)) for number in range(1, len(field.options) + 1)],
        "relations": [str(pair_id(field.id, list_id)) for list_id in field.list_ids or (0,)],
        "links": FIELD_LINKS.of(base, field.id),
        "id": str(field.id),
    }


def field_option_rows(field: Field, base: str, zone: ZoneInfo) -> list[Row]:
    """A field's choices; their place is their id, as we keep them as a plain list."""
    return [
        {
            "field": str(field.id),
            "orderid": str(place),
            "value": option,
            "label": option,
            "isdefault": zero_one(option == field.default_value),
            "cdate": iso(field.created_at, zone),
            "udate": iso(field.updated_at, zone),
            "links": FIELD_OPTION_LINKS.of(base, pair_id(field.id, place)),
            "id": str(pair_id(field.id, place)),
        }
        for place, option in enumerate(field.options, 1)
    ]


def field_rel_row(field: Field, zone: ZoneInfo, list_id: int = 0) -> Row:
    """Where the field is shown: on one list, or everywhere (list 0)."""
    return {
        "field": str(field.id),
        "relid": str(list_id),
        "dorder": "0",
        "cdate": iso(field.created_at, zone),
        "links": [],
        "id": str(pair_id(field.id, list_id)),
    }


def field_rel_rows(field: Field, zone: ZoneInfo) -> list[Row]:
    return [field_rel_row(field, zone, list_id) for list_id in field.list_ids or (0,)]


STATUS_NUMBERS = {Status.DRAFT: "0", Status.ACTIVE: "1", Status.PAUSED: "2"}


def automation_row(found: Automation, base: str, zone: ZoneInfo) -> Row:
    several = any(trigger.get("runs") == "multiple" for trigger in found.document.get("triggers", ()))
    return {
        "name": found.name,
        "cdate": iso(found.created_at, zone),
        "mdate": iso(found.updated_at, zone),
        "userid": "1",
        "status": STATUS_NUMBERS[found.status],
        "entered": str(found.entered),
        "exited": str(found.completed + found.exited),
        "hidden": "0",
        "entitlements_violation": "0",
        "source": "1",
        "description": "",
        "exit_on_unsubscribe": "0",
        "exit_on_conversion": "0",
        "multientry": zero_one(several),
        "defaultscreenshot": "",
        "screenshot": "",
        "links": AUTOMATION_LINKS.of(base, found.id),
        "id": str(found.id),
    }


def contact_automation_row(run: Enrollment, base: str, zone: ZoneInfo, block: int) -> Row:
    """`block` is the number of the step the run came to, 0 where it is no longer in the automation."""
    over = run.state in (State.COMPLETED, State.EXITED)
    last = run.finished_at or run.entered_at
    span = None if run.finished_at is None else str(int((run.finished_at - run.entered_at).total_seconds()))
    return {
        "contact": str(run.contact_id),
        "seriesid": str(run.automation_id),
        "startid": "0",
        "status": "2" if over else "1",
        "batchid": None,
        "adddate": iso(run.entered_at, zone),
        "remdate": iso(run.finished_at, zone),
        "timespan": span,
        "lastblock": str(block),
        "lastlogid": "0",
        "lastdate": iso(last, zone),
        "in_als": "0",
        "completedElements": 0,
        "totalElements": 0,
        "completed": 1 if over else 0,
        "completeValue": 100 if over else 0,
        "links": CONTACT_AUTOMATION_LINKS.of(base, run.id),
        "id": str(run.id),
        "automation": str(run.automation_id),
    }


def user_row(user: User, zone_name: str, base: str, zone: ZoneInfo) -> Row:
    first, _, last = user.name.partition(" ")
    return {
        "username": user.email,
        "firstName": first,
        "lastName": last,
        "email": user.email,
        "phone": "",
        "signature": None,
        "localZoneid": zone_name,
        "password_updated_utc_timestamp": None,
        "cdate": iso(user.created_at, zone),
        "udate": iso(user.updated_at, zone),
        "mfaEnabled": "0",
        "links": USER_LINKS.of(base, user.id),
        "id": str(user.id),
    }


def ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]
