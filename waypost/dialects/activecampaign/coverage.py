"""What of v3 is here: every route, those with limits, and what is documented but absent.

`docs/reference/activecampaign.md` is this table; run the module to write it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from waypost.dialects.activecampaign.resources import ROUTES
from waypost.dialects.activecampaign.routing import ID
from waypost.dialects.activecampaign.vacant import LISTED as VACANT

SUPPORTED_METHODS = {"PUT": "PUT, PATCH"}
PARTIAL = {
    "GET /contacts": "formid, waitid and scores do not filter or sort; times of values are the contact's",
    "GET /contacts/{id}": "geoIps is empty",
    "GET /contacts/{id}/contactData": "without the visitor's origin",
    "GET /contacts/{id}/organization": "the primary account",
    "GET /contactData": "one row a contact, without the visitor's origin",
    "GET /bounceLogs": "bounceid, campaignid and codeid are 0",
    "GET /activities": "from the log of facts, of everybody without a contact; reference types are the nearest of the original's",
    "GET /groups": "the four roles; they cannot be made or changed",
    "POST /groups": "refused (403): groups are the four roles",
    "PUT /groups/{id}": "refused (403) where it would change a role",
    "DELETE /groups/{id}": "as POST /groups",
    "POST /segmentMatchSome/{id}": "conditions as in POST /segmentMatchAll; answered at once",
    "GET /segmentMatchSome/{id}/{text}": "worked out anew",
    "GET /segmentsV2/{id}/count-history/{text}": "the count as it stands",
    "GET /segmentsV2/{id}/createdDate/{text}": "the segment as it is now, by the date of its making",
    "PUT /segmentsV2/{id}/createdDate/{text}": "as PUT /segmentsV2/{id}, by the date of its making",
    "GET /stripo/config": "that editor is not built in; the campaign's messages",
    "GET /segments/{id}": "name and logic; conditions are made in the app",
    "POST /import/bulk_import": "merged at once; exclude_automations does not apply",
    "PUT /users/{id}": "name, group and password; the address stays",
    "PUT /accountContacts/{id}": "the job title; account and contact stay",
    "POST /accountCustomFieldData": "fieldCurrency is echoed, not kept",
    "PUT /accountCustomFieldData/{id}": "fieldCurrency is echoed, not kept",
    "PUT /accountCustomFieldMeta/{id}": "fieldType stays as it was made",
    "GET /notes": "of contacts and accounts; those of deals are under /deals/{id}/notes",
    "POST /notes": "reltype Subscriber and CustomerAccount",
    "GET /contacts/{id}/plusAppend": "null",
    "POST /lists": "carboncopy, subscription_notify and send_last_broadcast are echoed, not kept",
    "PUT /lists/{id}": "as POST /lists",
    "GET /lists/exclusions": "addresses and domains suppressed by hand; they hold for every list",
    "PUT /lists/exclusions/{id}": "channels all and allEmail, without lists; others are refused",
    "PUT /fields/{id}": "type and perstag stay as they were made",
    "POST /fieldRels": "a field without relations is shown everywhere",
    "DELETE /fieldRels/{id}": "without its last list a field is shown everywhere",
    "GET /customObjects/records/{id}": "filters relationships.<id> and externalId apply",
    "POST /customObjects/schemas/{id}/child": "a private copy of the schema, to add to",
    "GET /emailActivities": "what campaigns, automations and forms sent, with the message as it is now",
    "GET /templates": "saved and ready ones; used, modified and screenshot are fixed",
    "DELETE /templates/{id}": "saved ones; those that come with the package stay",
    "POST /personalizations": "listids are kept; every message may use the tag",
    "PUT /personalizations/{id}": "as POST /personalizations; a locked one has to be unlocked first",
    "GET /deals": "filters tag and score do not apply; activitycount, nextdealid and winProbability are not kept",
    "GET /dealActivities": "exclude does not apply",
    "GET /deals/{id}/scoreValues": "empty",
    "PUT /contactDeals/{id}": "the role, which is a text; deal and contact stay",
    "POST /dealGroups": "autoassign, users and groups are echoed, not kept: everyone may use every pipeline",
    "PUT /dealGroups/{id}": "as POST /dealGroups",
    "DELETE /dealGroups/{id}": "refused while it has deals",
    "POST /dealStages": "width, dealOrder and the card regions are echoed, not kept",
    "PUT /dealStages/{id}": "as POST /dealStages; a stage stays in its pipeline",
    "DELETE /dealStages/{id}": "refused while it has deals, and for the last stage",
    "GET /dealTasks": "filters duedate, duedate_range and outcome_id do not apply",
    "POST /dealTasks": "on deals and contacts; edate and automations to start are not kept",
    "PUT /dealTasks/{id}": "what a task is about stays; outcomeInfo is kept, outcomeId is not",
    "GET /dealTasktypes": "the four types; they cannot be made or changed",
    "GET /dealCustomFieldData": "without filters[dealId] the values of a page of deals, which the total counts",
    "POST /dealCustomFieldData": "fieldCurrency is echoed, not kept",
    "PUT /dealCustomFieldData/{id}": "fieldCurrency is echoed, not kept",
    "PUT /dealCustomFieldMeta/{id}": "fieldType stays as it was made",
    "GET /campaigns": "filters automation, willrecur, label_name and seriesid do not apply",
    "POST /campaign": "types single and split",
    "PUT /campaigns/{id}/edit": "name, listIds, segmentId, scheduledDate and Google Analytics",
    "GET /campaignLists": "list_amt is 0",
    "GET /automations": "filters tag, triggers and actions do not apply",
    "GET /automations/{id}/blocks": "our own step types and parameters",
    "GET /automationBlocks": "our own step types and parameters",
    "GET /contacts/{id}/contactGoals": "of goals that are still in their automations",
    "POST /listGroups": "everyone may use every list",
    "DELETE /listGroups/{id}": "answers, and nobody loses a list",
    "DELETE /addressGroups/{id}": "there are none: addresses serve everyone",
    "DELETE /addressLists/{id}": "there are none: addresses serve every list",
    "GET /segmentMatchAll/{id}": "answered at once; sort by contact columns",
    "GET /segmentMatchAll/{id}/{text}": "worked out anew",
    "GET /segmentsV2/{id}": "conditions under meta, in our own grammar",
    "POST /segmentsV2": "conditions in attributes.meta.condition, in our own grammar",
    "PUT /segmentsV2/{id}": "as POST /segmentsV2",
    "POST /segmentMatchAll": "as POST /segmentsV2; answered at once",
    "GET /segmentsV2/count-history": "the count as it stands; those of earlier days are not kept",
    "GET /segmentsV2/{id}/count-history": "as GET /segmentsV2/count-history",
    "GET /groupLimits": "no limits",
    "GET /linkData": "one row a contact and link; rows are numbered",
    "GET /messageActivities": "one row a recipient who opened or clicked",
    "GET /campaigns/{id}/messageActivities": "as GET /messageActivities",
    "GET /stripo/personalizationTags": "scope and campaignId do not apply",
    "GET /contactAutomations": "completedElements and totalElements are 0",
}
EMPTY = (
    "contactLogs", "geoIps",
)  # fmt: skip
ABSENT: Mapping[str, Sequence[str]] = {
    "nothing here would fill them": (
        "POST /calendars", "POST /connectionOptions", "POST /connections", "POST /dealRoles", "POST /ecom/graphql",
        "POST /ecomCustomers", "POST /ecomOrders", "POST /eventTrackingEvents", "POST /form/optin", "POST /forms",
        "POST /localevent", "POST /prism/urlWhitelistings", "POST /savedResponses", "POST /siteTrackingDomains",
        "POST /taskOutcomes", "POST /tasktypeOutcomeRels",
    ),
    "events are not yet told to other servers; automations call them": ("POST /webhooks",),
    "site and event tracking are not here": ("GET /eventTracking", "PUT /eventTracking", "GET /siteTracking",
        "PUT /siteTracking", "GET /siteTracking/code"),
    "text messages are not here": (
        "GET /sms/broadcasts", "POST /sms/broadcasts", "GET /sms/broadcasts/{id}", "PUT /sms/broadcasts/{id}",
        "DELETE /sms/broadcasts/{id}", "POST /sms/broadcasts/ai", "PUT /sms/broadcasts/ai",
        "GET /sms/broadcasts/ai/{id}", "POST /sms/broadcasts/export", "POST /sms/broadcasts/metrics",
        "GET /sms/broadcasts/metrics/snapshot", "POST /sms/broadcasts/metrics/snapshot",
        "GET /sms/broadcasts/metrics/{id}/failures", "GET /sms/broadcasts/{id}/recipients",
        "POST /sms/broadcasts/{id}/recipients/export", "GET /sms/credits",
    ),
    "visits are listed at their contact": ("GET /trackingLogs/{id}/contact",),
    "reminders are part of a task": ("POST /taskNotifications",),
    "the types of tasks are fixed": ("POST /dealTasktypes", "PUT /dealTasktypes/{id}", "DELETE /dealTasktypes/{id}"),
    "only some clients believe in them, the original has none": (
        "POST /campaigns", "POST /campaigns/{id}/lists", "POST /campaigns/{id}/messages", "GET /dealScores",
        "POST /tracking/event", "POST /tracking/site",
    ),
}  # fmt: skip
"""Why something documented is not offered. A test holds every documented path against the routes and these."""

HEAD = """# ActiveCampaign API v3

Point a client written for ActiveCampaign at the address of this server and give it an API key of Waypost
(Settings, API keys) as `Api-Token`. The resources below answer under `/api/3` in the documented shapes.

This page is generated from `waypost/dialects/activecampaign/coverage.py`; a test compares the two.

- Ids of contactTags, contactLists and fieldValues are made of the contact's id and the other id.
- `PATCH` means `PUT`; a trailing slash, raw or encoded brackets, and ids as numbers or strings are all fine.
- The rate limit is told in `RateLimit-Limit` and `RateLimit-Remaining`; it is far above the original's.
"""


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Method, path, state and note of every route, in order of path."""
    for method, path in sorted(ROUTES.listed, key=lambda item: (item[1], item[0])):
        note = PARTIAL.get(f"{method} {path}", "")
        if not note and method == "GET" and path.startswith(f"/contacts/{ID}/") and path.rpartition("/")[2] in EMPTY:
            note = "empty"
        if f"{method} {path}" in VACANT:
            note = "as where there are none"
        yield SUPPORTED_METHODS.get(method, method), path, "partial" if note else "done", note


def page() -> str:
    """The reference page."""
    lines = ["| method | path | state | note |", "|---|---|---|---|"]
    lines += [f"| {method} | `{path}` | {state} | {note} |" for method, path, state, note in rows()]
    absent = [f"- {reason}: {', '.join(f'`{one}`' for one in sorted(paths))}" for reason, paths in ABSENT.items()]
    return HEAD + "\n" + "\n".join(lines) + "\n\n## Absent\n\n" + "\n".join(absent) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
