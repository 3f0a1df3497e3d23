"""contact/sync: create or change by address; the call that integrations make most."""

from __future__ import annotations

from waypost.contacts.actions.contacts import sync_contact
from waypost.contacts.errors import FieldNotFound
from waypost.dialects.activecampaign.calls import Write
from waypost.dialects.activecampaign.contacts import change_contact, with_values
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.errors import missing, related_missing
from waypost.dialects.activecampaign.field_values import values_sent
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row, created_contact_row

routes = Routes()


@routes.post("/contact/sync", is_single=True)
async def sync(call: Write) -> Answer:
    """201 with the sparse row when the contact is new, else 200 with the whole row."""
    sent = call.inner("contact")
    email = sent.text("email")
    if not email:
        raise missing("email")
    values = values_sent(sent)
    try:
        contact, is_new = await sync_contact(
            call.tx,
            email=email,
            first_name=sent.text("firstName", "first_name"),
            last_name=sent.text("lastName", "last_name"),
            phone=sent.text("phone"),
            fields=values,
        )
    except FieldNotFound as failure:
        raise related_missing("fieldValues", failure.detail) from failure
    row = (created_contact_row if is_new else contact_row)(contact, call.base, call.zone)
    return Answer(with_values(call, row, contact, values), 201 if is_new else 200)


@routes.put("/contact/sync/{id}")
async def sync_known(call: Write) -> Answer:
    """The same for a contact whose id is known, sent by one official module."""
    return await change_contact(call, call.id, call.inner("contact"))
