"""The address of every v3 route with the ids of things that are there, and how what is missing is told."""

from __future__ import annotations

from waypost.dialects.activecampaign import vacant
from waypost.dialects.activecampaign.coerce import pair_id

V3_PARENTS = {
    "contact": "contact_id",
    "contacts": "contact_id",
    "tags": "tag_id",
    "lists": "list_id",
    "fields": "field_id",
    "automations": "automation_id",
    "contactAutomations": "enrollment_id",
    "users": "user_id",
    "accountContacts": "member_id",
    "accountCustomFieldMeta": "company_field_id",
    "notes": "note_id",
    "groupMembers": "field_id",
    "addresses": "address_id",
    "campaigns": "campaign_id",
    "deals": "deal_id",
    "dealGroups": "pipeline_id",
    "dealStages": "stage_id",
    "dealTasks": "task_id",
    "dealCustomFieldMeta": "deal_field_id",
    "contactDeals": "participant_id",
    "scores": "score_id",
    "templates": "template_id",
    "personalizations": "variable_id",
    **dict.fromkeys(("accounts", "organizations"), "company_id"),
    **dict.fromkeys(("messages", "content"), "message_id"),
    **dict.fromkeys(("segments", "audiences", "segmentsV2", "segmentMatchAll", "segmentMatchSome"), "segment_id"),
}


VACANT_PATHS = {path for _, path in vacant.routes.listed}
DENIED = ("/forms/", "/groups/")
"""What these have not is refused rather than missing, as documented."""


def v3_url(path: str, ids: dict[str, int]) -> str:
    """A record's path names its schema first, a deal's note its deal."""
    if path == "/deals/{id}/notes/{id}":
        path = path.replace("{id}", str(ids["deal_id"]), 1).replace("{id}", str(ids["deal_note_id"]), 1)
    if path.startswith("/segmentMatch/"):
        path = path.replace("{id}", str(ids["segment_id"]), 1).replace("{id}", str(ids["contact_id"]), 1)
    if path.startswith(("/customObjects", "/records")):
        path = path.replace("{id}", str(ids["schema_id"]), 1).replace("{id}", str(ids["record_id"]), 1)
    return "/api/3" + (path.replace("{id}", str(v3_id(path, ids))) if "{id}" in path else path)


def v3_id(path: str, ids: dict[str, int]) -> int:
    collection = path.split("/")[1]
    if collection in ("groups", "dealTasktypes", "addressGroups", "addressLists") or path in VACANT_PATHS:
        return 5
    if collection in V3_PARENTS:
        return ids[V3_PARENTS[collection]]
    others = {
        "contactTags": pair_id(ids["contact_id"], ids["tag_id"]),
        "contactLists": pair_id(ids["contact_id"], ids["list_id"]),
        "fieldValues": pair_id(ids["contact_id"], ids["field_id"]),
        "listGroups": ids["list_id"] * 10 + 1,
        "fieldOptions": pair_id(ids["field_id"], 1),
        "fieldRels": pair_id(ids["field_id"], 0),
        "accountCustomFieldData": pair_id(ids["company_id"], ids["company_field_id"]),
        "dealCustomFieldData": pair_id(ids["deal_id"], ids["deal_field_id"]),
    }
    return others[collection]


def refusal_of(path: str) -> str:
    """The custom fields of accounts and deals, groups of fields and newer services have an error shape of their own."""
    newer = ("/accountCustomField", "/dealCustomField", "/groupMembers", "/segmentMatch", "/segmentsV2", "/audiences")
    return "errors" if path.startswith(newer) else "message"
