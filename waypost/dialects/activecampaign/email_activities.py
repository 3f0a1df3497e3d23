"""Mails that contacts were sent, by campaigns, automations and forms: emailActivities and contactEmails."""

from __future__ import annotations

from waypost.contacts.queries.companies import get_company
from waypost.deals.queries.deals import get_deal
from waypost.delivery.numbered import SentMail, list_mails_from
from waypost.delivery.types import SourceKind
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.messages import contents_of
from waypost.dialects.activecampaign.paging import MOST
from waypost.dialects.activecampaign.routing import Routes
from waypost.messages.queries import find_messages
from waypost.messages.types import Message

routes = Routes()
_LINKS = Links("emailActivities", ("account", "contact", "deal", "reference", "user"))


def _row(call: Read, mail: SentMail, message: Message | None) -> Row:
    """What the message says now, with its tags; what a person got is under their messages in the app."""
    html, text = contents_of(message) if message else ("", "")
    contact_id = str(mail.contact_id)
    return {
        "subscriberid": contact_id,
        "userid": "0",
        "d_id": "0",
        "account": None,
        "reltype": "Subscriber",
        "relid": contact_id,
        "from_name": message.from_name if message else "",
        "fromAddress": message.from_email if message else "",
        "toAddress": mail.email,
        "ccAddress": "",
        "subject": message.subject if message else "",
        "message": text,
        "messageHtml": html,
        "tstamp": call.iso(mail.sent_at),
        "sentiment": None,
        "links": _LINKS.of(call.base, mail.id),
        "id": str(mail.id),
        "contact": contact_id,
        "deal": None,
        "user": "0",
        "reference": {"type": "contact", "id": contact_id},
    }


async def _rows(call: Read, mails: list[SentMail]) -> list[Row]:
    messages = await find_messages(call.tx, sorted({mail.message_id for mail in mails}))
    return [_row(call, mail, messages.get(mail.message_id)) for mail in mails]


@routes.get("/emailActivities")
async def list_all_mails(call: Read) -> Answer:
    contact_id, deal_id = call.query.filter_number("subscriberid", "contact"), call.query.filter_number("dealId")
    if contact_id is None and deal_id is not None:
        contact_id = (await get_deal(call.tx, deal_id)).contact_id or 0
    found, total = await list_mails_from(
        call.tx, contact_id=contact_id, limit=call.query.limit(), offset=call.query.offset
    )
    return Answer({"emailActivities": await _rows(call, found), "meta": meta(total)})


@routes.get("/accounts/{id}/emailActivities")
async def list_mails_of(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    found, _ = await list_mails_from(call.tx, company_id=company.id, limit=MOST, offset=call.query.offset)
    return Answer({"emailActivities": await _rows(call, found)})


def _contact_email(call: Read, mail: SentMail) -> Row:
    contact_id, message_id = str(mail.contact_id), str(mail.message_id)
    is_automation = mail.source_kind == SourceKind.AUTOMATION
    return {
        "messageid": message_id,
        "seriesid": str(mail.source_id or 0) if is_automation else "0",
        "messageheader": "",
        "userid": "0",
        "d_id": "0",
        "subscriberid": contact_id,
        "account": None,
        "ip": "0",
        "sdate": call.iso(mail.sent_at),
        "source": SourceKind(mail.source_kind).name.lower(),
        "links": [],
        "id": str(mail.id),
        "user": "0",
        "deal": None,
        "contact": contact_id,
        "message": message_id,
    }


@routes.get("/contactEmails")
async def list_contact_emails(call: Read) -> Answer:
    contact_id = call.query.filter_number("subscriberid", "contact")
    found, total = await list_mails_from(
        call.tx, contact_id=contact_id, limit=call.query.limit(), offset=call.query.offset
    )
    return Answer({"contactEmails": [_contact_email(call, mail) for mail in found], "meta": meta(total)})


@routes.get("/accounts/{id}/contactEmails")
async def list_contact_emails_of(call: Read) -> Answer:
    company = await get_company(call.tx, call.id)
    found, _ = await list_mails_from(call.tx, company_id=company.id, limit=MOST, offset=call.query.offset)
    return Answer({"contactEmails": [_contact_email(call, mail) for mail in found]})
