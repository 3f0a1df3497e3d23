"""Loops, cases and assigned values: what they write, what is refused of them, and that they cannot run away."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.make import Make
from waypost.contacts.actions.fields import create_field
from waypost.contacts.actions.subscriptions import create_list
from waypost.contacts.actions.tags import create_tag
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message
from waypost.messages.check import check_message
from waypost.messages.compile import compile_message, text_function
from waypost.messages.errors import TemplateBroken
from waypost.messages.preview import preview_message
from waypost.messages.queries import get_recipient_row, list_columns, list_links
from waypost.messages.template import Columns, parse_template
from waypost.messages.types import Column

KNOWN = (Column("tags", "TAGS"), Column("plan", "PLAN"), Column("field_1", "TOPICS", 1, "checkbox"))
ROW = {"tags": "a\x1fb\x1fc", "plan": "pro", "field_1@items": "Art & Tech\x1fLaw, old"}


def written(text: str, *, is_html: bool = False, **values: str) -> str:
    columns = Columns(KNOWN)
    parts = parse_template(text, columns, is_html=is_html)
    row = ("", *({**ROW, **values}.get(name, "") for name in columns.used))
    return text_function(parts, columns, 0)(row)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("{% for tag in contact.tags %}[{{ tag | upcase }}]{% endfor %}", "[A][B][C]"),
        ("{% for t in tags limit:2 offset:1 reversed %}{{ t }}{% endfor %}", "cb"),
        ("{% for t in topics %}{{ t }}{% unless forloop.last %}; {% endunless %}{% endfor %}", "Art & Tech; Law, old"),
        ("{% for n in (1..3) %}{{ forloop.index }}/{{ forloop.length }} {% endfor %}", "1/3 2/3 3/3 "),
        ("{% for n in (3..1) %}x{% endfor %}.", "."),
        ("{% for t in tags %}{% for n in (1..2) %}{{ t }}{{ n }} {% endfor %}{{ t }}{% endfor %}", "a1 a2 ab1 b2 bc1 c2 c"),
        ("{% for t in tags %}{% if t == 'b' %}<{{ t }}>{% endif %}{% endfor %}", "<b>"),
        ("{% for t in tags %}{{ t }}{% endfor %}{{ t | default: '-' }}", "abc-"),
        ("{% case plan %} no {% when 'free' %}F{% when 'pro', 'team' %}P{% else %}E{% endcase %}", "P"),
        ("{% case contact.plan %}{% when 'a' or 'b' %}F{% else %}E{% endcase %}", "E"),
        ("{% assign x = plan | upcase | append: '!' %}{{ x }}{% if x == 'PRO!' %} yes{% endif %}", "PRO! yes"),
        ("{% assign all = tags %}{% for t in all %}{{ t }}{% assign last = t %}{% endfor %}{{ last }}", "abcc"),
        ("{% if plan == 'x' %}{% assign y = 'set' %}{% endif %}[{{ y }}]", "[]"),
        ("{% assign s = '' %}{% for t in tags %}{% assign s = s | append: 'x' %}{% endfor %}{{ s | size }}", "3"),
        ("{{ 'a' | append: 'b' }}", "ab"),
    ],
)  # fmt: skip
def test_what_is_written(text: str, stands: str) -> None:
    assert written(text) == stands


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{% for n in (1..999999) %}x{% endfor %}", "could run 999,999 times"),
        ("{% for n in (1..101) %}{% for t in tags %}x{% endfor %}{% endfor %}", "could run 10,100 times"),
        ("{% for n in (1..9999) %}" + "x" * 500 + "{% endfor %}", "writes too much"),
        ("{% for t in tags %}x", "no end"),
        ("{% for t in plan %}x{% endfor %}", "cannot be looped over"),
        ("{% for t of tags %}x{% endfor %}", "A loop reads"),
        ("{% for t in tags %}x{% endif %}", "has to end first"),
        ("{% if plan %}x{% endfor %}", "has to end first"),
        ("{% for t in tags %}x{% else %}y{% endfor %}", "does not belong"),
        ("{% case plan %}{% elsif plan %}x{% endcase %}", "does not belong"),
        ("{% when 'x' %}", "inside a case"),
        ("{% case plan %}{% if plan %}{% when 'x' %}{% endif %}{% endcase %}", "does not belong"),
        ("{% assign contact = 1 %}", "assign name"),
        ("{% assign x %}", "assign name"),
        ("{% for __import__ in (1..2) %}{% endfor %}{% for x in __import__ %}{% endfor %}", "cannot be looped over"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(TemplateBroken) as refused:
        written(text)
    assert says in refused.value.detail


async def test_a_loop_that_runs_away_is_said_with_its_place(tx: Tx) -> None:
    html = "<p>Hi</p>{% for n in (1..900000) %}x{% endfor %}"
    first, *_ = await check_message(tx, document={"version": 1, "kind": "html", "html": html})
    assert (first.level, first.pointer, first.position) == ("error", "/document/html", 9)
    assert "could run 900,000 times" in first.message
    link = '{% for t in tags %}<a href="https://x.example/?t={{ t }}">x</a><img src="https://x.example/{{ t }}">{% endfor %}'
    found = await check_message(tx, document={"version": 1, "kind": "html", "html": link})
    assert [item.message[:30] for item in found] == ["What a loop or an assign names"]


async def test_loops_reach_the_mail_and_the_preview_escaped(tx: Tx, make: Make) -> None:
    topics = await create_field(tx, name="Topics", type="checkbox", options=["Law, old", "<Art>"])
    news = await create_list(tx, name="News & more")
    tags = [(await create_tag(tx, name=name)).id for name in ("vip", "naïve =é")]
    person = await make.contact(tx, fields={str(topics.id): ["Law, old", "<Art>"]}, lists=[news.id], tags=tags)
    loops = "".join(
        f"{{% for item in {name} %}}[{{{{ item }}}}]{{% endfor %}}|" for name in ("tags", "contact.topics", "lists")
    )
    document: dict[str, Any] = {
        "version": 1,
        "kind": "html",
        "html": f"<p>{loops}%TOPICS%</p>",
        "text": f"{loops}%TOPICS%",
    }
    message = await create_message(
        tx, name="x", subject="{% for t in tags limit:1 %}{{ t }}{% endfor %}", document=document
    )
    known = await list_columns(tx)
    made = compile_message(
        message, await list_links(tx, message.id), known, public_url="https://w.example", domain="w.example"
    )
    row = await get_recipient_row(tx, person, made.columns, made.conditions, known)
    assert row is not None
    mail = message_from_bytes(made.build(row, b"A" * 28), policy=policy.default)
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "[Law, old][<Art>]|[News & more]|Law, old, <Art>" in plain
    assert "[Law, old][&lt;Art&gt;]|[News &amp; more]|Law, old, &lt;Art&gt;" in html
    assert {"[vip]" in plain, "[naïve =é]" in html} == {True}
    seen = await preview_message(tx, document=document, subject="", preheader="", contact_id=person)
    assert "[Law, old][&lt;Art&gt;]|[News &amp; more]|" in seen.html
    await preview_message(tx, document=document, subject="", preheader="", contact_id=None)
