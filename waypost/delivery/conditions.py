"""Questions about what a contact did with a message."""

from __future__ import annotations

from typing import Annotated

import msgspec

from waypost.delivery.facts import LinkClicked, MessageOpened, MessageSent
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import TRUE, Sql, sql


class MessageParams(Model):
    message_id: Annotated[int, msgspec.Meta(ge=1)]


class ClickParams(Model):
    message_id: Annotated[int, msgspec.Meta(ge=1)]
    link: Annotated[int, msgspec.Meta(ge=1)] | None = None


def _ledger(params: MessageParams | ClickParams, contact_id: Sql, what: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from delivery.ledger l where l.workspace_id = {workspace} and l.contact_id = {contact_id}
                and l.message_id = {message_id} and {what})
        """,
        contact_id=contact_id,
        message_id=params.message_id,
        what=what,
    )


def was_sent(params: MessageParams, contact_id: Sql) -> Sql:
    return _ledger(params, contact_id, sql("l.state = 2"))


def opened(params: MessageParams, contact_id: Sql) -> Sql:
    """A click tells that the mail was read, even where images were blocked."""
    return _ledger(params, contact_id, sql("(l.open_count > 0 or l.click_count > 0)"))


def clicked(params: ClickParams, contact_id: Sql) -> Sql:
    if params.link is None:
        return _ledger(params, contact_id, sql("l.click_count > 0"))
    on_link = sql("(f.data ->> 'link')::bigint = {link}", link=params.link) if params.link else TRUE
    return sql(
        """
        exists (select 1 from activities.fact f where f.workspace_id = {workspace} and f.contact_id = {contact_id}
                and f.kind = {kind} and f.object_id = {message_id} and {on_link})
        """,
        contact_id=contact_id,
        kind=LinkClicked.kind,
        message_id=params.message_id,
        on_link=on_link,
    )


CONDITIONS = (
    Condition("was_sent", "Was sent an email", "Email", MessageParams, was_sent, facts=(MessageSent,)),
    Condition("opened_message", "Opened an email", "Email", MessageParams, opened, facts=(MessageOpened, LinkClicked)),
    Condition("clicked_link", "Clicked a link in an email", "Email", ClickParams, clicked, facts=(LinkClicked,)),
)
