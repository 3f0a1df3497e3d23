"""What is wrong with a message is said with its place, and keeps it from being sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.automations.flow import document, step
from tests.make import Client
from waypost.kernel.errors import Failure
from waypost.kernel.tx import Tx
from waypost.messages.check import check_message
from waypost.messages.document import parse_document
from waypost.messages.errors import TemplateBroken
from waypost.messages.preview import preview_message
from waypost.messages.render import render

Json = dict[str, Any]


def blocks(*items: Json) -> Json:
    return {"version": 1, "kind": "email", "settings": {}, "blocks": list(items)}


def text(block_id: str, html: str) -> Json:
    return {"id": block_id, "type": "text", "props": {"html": html}}


def raw(html: str) -> Json:
    return {"version": 1, "kind": "html", "html": html}


@pytest.mark.parametrize(
    ("content", "pointer", "position", "says"),
    [
        (blocks(text("a", "<p>Hi</p>"), text("b", "<p>%IF $FIRSTNAME%x</p>")), "/document/blocks/1/props/html", 3, "no end"),
        (blocks(text("a", "<p>x%/IF%</p>")), "/document/blocks/0/props/html", 4, "no beginning"),
        (blocks(text("a", "<p>{{ contact.first_name | shout }}</p>")), "/document/blocks/0/props/html", 3, "no filter"),
        (blocks(text("a", "<p>{% for x in y %}z{% endfor %}</p>")), "/document/blocks/0/props/html", 3, "cannot be looped over"),
        (blocks(text("a", "<p>%IF $A ==%x%/IF%</p>")), "/document/blocks/0/props/html", 3, "cannot be read"),
        (blocks(text("a", "<p>%IF $FIRSTNAME</p>")), "/document/blocks/0/props/html", 3, "looks like a tag"),
        (blocks(text("a", "<p>%IF $A%x%ELSE%y%ELSE%z%/IF%</p>")), "/document/blocks/0/props/html", 18, "after the else"),
        (blocks(text("a", "<p>" + "%IF $A%" * 41 + "x" + "%/IF%" * 41 + "</p>")), "/document/blocks/0/props/html", 283, "40 deep"),
        (raw("<p>{% if contact.first_name %}x</p>"), "/document/html", 3, "no end"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_said_with_its_place(
    tx: Tx, content: Json, pointer: str, position: int, says: str
) -> None:
    first, *_ = await check_message(tx, document=content)
    assert (first.level, first.pointer, first.position) == ("error", pointer, position)
    assert says in first.message
    with pytest.raises(TemplateBroken) as refused:
        await preview_message(tx, document=content, subject="", preheader="", contact_id=None)
    assert refused.value.pointer == pointer


async def test_a_condition_may_reach_over_blocks_but_not_out_of_the_subject(tx: Tx) -> None:
    spanning = blocks(text("a", "<p>%IF $FIRSTNAME%</p>"), text("b", "<p>x</p>"), text("c", "<p>%/IF%</p>"))
    assert await check_message(tx, document=spanning) == []
    first, *_ = await check_message(tx, document=spanning, subject="%IF $FIRSTNAME%Hi")
    assert (first.level, first.pointer) == ("error", "/subject")


async def test_an_unknown_tag_is_a_warning_at_its_block(tx: Tx) -> None:
    (found,) = await check_message(tx, document=blocks(text("a", "<p>%NOBODY% and %NOBODY%</p>")))
    assert (found.level, found.block_id, found.position) == ("warning", "a", 3)
    shown = await preview_message(
        tx, document=blocks(text("a", "<p>%NOBODY%</p>")), subject="", preheader="", contact_id=None
    )
    assert [(item.block_id, item.pointer) for item in shown.problems] == [("a", "/document/blocks/0/props/html")]


async def test_scripts_are_named_and_never_sent(tx: Tx) -> None:
    evil = raw('<body onload="x()"><p>Hi</p><a href="javascript:x()">y</a><script>steal()</script ></body>')
    (found,) = await check_message(tx, document=evil)
    assert (found.level, found.code) == ("warning", "messages.script")
    html = render(parse_document(evil)).html
    assert "<script" not in html
    assert "onload" not in html
    assert "javascript:" not in html
    assert "<p>Hi</p>" in html


_pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ["%IF $FIRSTNAME%", "%/IF%", "%ELSE%", "%ELSEIF $X == 1%", "{% if contact.email %}", "{% endif %}", "{{", "}}",
             "{% for a in b %}", "%FIRSTNAME|you%", "{{ contact.x | default: 'y' }}", "%", "%IF ((((%", "<b>", "\x00", "%IF $A%" * 40]
        ),
        st.text(max_size=8),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(words=_pieces, subject=_pieces)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_is_read_or_refused_alike_by_the_check_and_by_the_renderer(
    tx: Tx, words: str, subject: str
) -> None:
    for content in (raw(words), blocks(text("a", words))):
        try:
            found = await check_message(tx, document=content, subject=subject)
            broken = any(item.level == "error" for item in found)
        except Failure:
            broken = True
        try:
            await preview_message(tx, document=content, subject=subject, preheader="", contact_id=None)
        except Failure:
            assert broken
        else:
            assert not broken


async def test_a_broken_message_starts_neither_an_automation_nor_a_campaign(client: Client) -> None:
    body: Json = {"name": "Half", "subject": "Hi", "document": blocks(text("a", "<p>%IF $FIRSTNAME%x</p>"))}
    message = (await client.post("/api/v1/messages", json=body)).json()["id"]
    checked = (await client.get(f"/api/v1/messages/{message}/check")).json()
    assert [(item["level"], item["block_id"]) for item in checked["items"]] == [("error", "a")]
    content = document(step("s", "send_email", message_id=message))
    automation = (await client.post("/api/v1/automations", json={"name": "A", "document": content})).json()["id"]
    refused = await client.post(f"/api/v1/automations/{automation}/activate")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/steps/s/message_id")
    assert "“Half” cannot be sent. In block a:" in refused.json()["errors"][0]["message"]
    shown = await client.post("/api/v1/messages/preview", json={"document": body["document"]})
    assert (shown.status_code, shown.json()["errors"][0]["pointer"]) == (422, "/document/blocks/0/props/html")
