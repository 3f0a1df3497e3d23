"""What embedded editors ask for: the markup of a message, and the tags that texts can hold."""

from __future__ import annotations

from waypost.campaigns.errors import CampaignNotFound
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.contacts.queries.fields import list_fields
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import errors, message
from waypost.dialects.activecampaign.messages import contents_of
from waypost.dialects.activecampaign.routing import Routes
from waypost.messages.queries import find_message
from waypost.messages.variables import list_variables

routes = Routes()
_LINKS = (
    ("UNSUBSCRIBELINK", "Unsubscribe link"),
    ("WEBCOPY", "Web copy"),
    ("UPDATELINK", "Update profile"),
    ("FORWARD2FRIEND", "Forward to a friend"),
    ("SENDER-INFO", "Sender's address"),
    ("SENDER-INFO-SINGLELINE", "Sender's address on one line"),
    ("TODAY", "Today's date"),
)


@routes.get("/content/editorMarkup/{id}")
async def read_markup(call: Read) -> Answer:
    """Styles stand at the elements, so there is no sheet of its own."""
    found = await find_message(call.tx, call.id)
    if found is None:
        return message(404, f"No markup for message {call.id}")
    return Answer({"html": contents_of(found)[0], "css": ""})


@routes.get("/stripo/config")
async def read_config(call: Read) -> Answer:
    """The settings of an editor that is not built in here: no scripts to load, and the campaign's own messages."""
    number = call.query.number("campaignId") if "campaignId" in call.query.plain else 0
    messages: list[Row] = []
    if number != 0:
        try:
            await get_campaign(call.tx, number or 0)
        except CampaignNotFound:
            where = {"pointer": "/data/attributes/campaignId"}
            words = "campaignId names no campaign."
            return errors(422, [{"status": 422, "title": "Invalid attribute", "detail": words, "source": where}])
        variants = (await list_variants(call.tx, [number or 0])).get(number or 0, [])
        messages = [{"id": str(one.message_id), "name": one.subject} for one in variants]
    texts = ("stripoScriptSrc", "stripoApiBaseUrl", "contentApiUrl", "hostedMounterJsUrl", "brandingFooterHtmlContent")
    return Answer(
        {
            **dict.fromkeys(texts, ""),
            "localeCode": "en",
            "allowedScriptSourceDomains": [],
            "colorPickerBrandKits": [],
            "allMessagesArr": messages,
        }
    )


def _group(category: str, entries: list[tuple[str, str]]) -> Row:
    return {"category": category, "entries": [{"label": label, "value": f"%{tag}%"} for tag, label in entries]}


@routes.get("/stripo/personalizationTags")
async def list_tags(call: Read) -> Answer:
    """A bare array of groups, empty ones left out."""
    contact = [(field.tag, field.label) for field in call.tx.registry.merge_fields.values()]
    custom = [(field.key, field.name) for field in await list_fields(call.tx)]
    said = [(one.tag, one.name) for one in await list_variables(call.tx)]
    groups = {"Contact": contact, "Custom fields": custom, "Message": list(_LINKS), "Variables": said}
    return Answer([_group(name, entries) for name, entries in groups.items() if entries])
