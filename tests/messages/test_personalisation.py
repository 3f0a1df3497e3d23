"""Tags that are the same for everyone, values inside addresses, and docs that name every tag."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make import Client, Make
from waypost.app.domains import build_registry
from waypost.delivery import claims
from waypost.delivery.actions import queue_messages
from waypost.delivery.events import find_target, personal_url
from waypost.delivery.letters import Letter, Letters
from waypost.delivery.types import SourceKind
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.messages.compile import text_function
from waypost.messages.constants import Constants
from waypost.messages.errors import TemplateBroken
from waypost.messages.filters import FILTERS, MOST, apply_filters
from waypost.messages.template import STANDARD, Address, Columns, Text, parse_template
from waypost.messages.types import Column

DOCS = Path(__file__).parents[2] / "docs" / "personalisation.md"


@pytest.mark.parametrize(
    ("tag", "stands"),
    [("%TODAY%", "28 February 2028"), ("%TODAY+1%", "29 February 2028"), ("%TODAY-28%", "31 January 2028"),
     ("%SENDER-INFO-SINGLELINE%", "Way & Co, 1 Lane"), ("%TODAY+3|x%", "2 March 2028"),
     ("%TODAY*d/m/y%", "28/02/28"), ("%TODAY+2*l j F%", "Wednesday 1 March"), ('{{ "now" | date: "%-d.%-m.%Y" }}', "28.2.2028")],
)  # fmt: skip
def test_what_is_the_same_for_everyone(tag: str, stands: str) -> None:
    constants = Constants(date(2028, 2, 28), "Way & Co,\n1 Lane\n")
    columns = Columns((), constants=constants)
    assert parse_template(tag, columns, is_html=False) == [Text(stands)]
    assert columns.unknown == []


def test_the_senders_address_is_safe_in_html_and_breaks_into_lines() -> None:
    columns = Columns((), constants=Constants(date(2028, 2, 28), "Way & <Co>\n1 Lane"))
    assert parse_template("%SENDER-INFO%", columns, is_html=True) == [Text("Way &amp; &lt;Co&gt;<br>1 Lane")]


def test_the_docs_name_every_tag() -> None:
    told = set(re.findall(r"`%([A-Z][A-Z0-9_-]*)%`", DOCS.read_text(encoding="utf-8")))
    fields = {field.tag for field in build_registry().merge_fields.values()}
    assert fields - told == set()
    assert set(STANDARD) - told == set()


async def test_a_mail_says_the_day_and_the_sender_where_the_workspace_is(
    client: Client, db: Database, make: Make
) -> None:
    async with db.transaction(client.workspace_id) as tx:
        await tx.run(sql("update identity.workspace set time_zone = 'Pacific/Kiritimati' where id = {workspace}"))
    sender = {"from_name": "Way", "from_email": "way@day.example", "physical_address": "Way & Co\n1 Lane"}
    assert (await client.post("/api/v1/senders", json=sender)).status_code < httpx.codes.BAD_REQUEST
    body = {
        "name": "Day", "subject": "Until %TODAY+1%", "from_email": "way@day.example",
        "document": {"version": 1, "kind": "html", "html": "<p>%TODAY%</p><p>%SENDER-INFO%</p>"},
    }  # fmt: skip
    message_id = (await client.post("/api/v1/messages", json=body)).json()["id"]
    async with db.transaction(client.workspace_id, now=datetime(2027, 12, 31, 12, tzinfo=UTC)) as tx:
        ada = await make.contact(tx)
        letter = await Letters(tx.settings).find(tx, message_id)
        assert isinstance(letter, Letter)
        (row,) = await claims.fetch_rows(
            tx, [claims.Claimed(1, message_id, ada, "a@b.example", 0, False)], letter.select
        )
        sent = letter.build(row, b"t" * 28).decode()
    assert "Subject: Until 2 January 2028\r\n" in sent
    assert "<p>1 January 2028</p><p>Way &amp; Co<br>1 Lane</p>" in sent.replace("=\r\n", "")


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("https://shop.example/?who=%FIRSTNAME%&x=1", "https://shop.example/?who=a%26b%3D%2F%20c%23&x=1"),
        ("https://shop.example/%FIRSTNAME%", "https://shop.example/a%26b%3D%2F%20c%23"),
    ],
)  # fmt: skip
async def test_values_inside_an_address_do_not_change_it(
    client: Client, db: Database, make: Make, address: str, leads_to: str
) -> None:
    document = {"version": 1, "kind": "html", "html": f'<a href="{address}">x</a>'}
    message_id = (await client.post("/api/v1/messages", json={"name": "L", "document": document})).json()["id"]
    async with db.transaction(client.workspace_id) as tx:
        who = await make.contact(tx, first_name="a&b=/ c#")
        await queue_messages(tx, message_id, [who], source_kind=SourceKind.CAMPAIGN, source_id=1)
        ledger_id = await tx.value(sql("select id from delivery.ledger where workspace_id = {workspace}"))
        number = await tx.value(
            sql("select number from messages.link where workspace_id = {workspace} and url like '%FIRSTNAME%'")
        )
        target = await find_target(tx, message_id, number)
        assert target is not None
        assert await personal_url(tx, ledger_id, target) == leads_to


def test_the_docs_name_every_filter() -> None:
    told = DOCS.read_text(encoding="utf-8").partition("## Filters")[2].partition("## Tags")[0]
    assert {name for name in FILTERS if f"`{name}" not in told} == set()


def _shown(text: str, value: str, *, is_html: bool = False) -> str:
    columns = Columns((Column("field_1", "XX"),))
    parts = parse_template(text, columns, is_html=is_html)
    return text_function(parts, columns, 0, escape=str)(("a@b.example", *(value for _ in columns.used)))


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ('{{ xx | replace: "a", "o" | append: "!" }}', "cat", "cot!"),
        ("{{ xx | times: 3 | plus: 0.5 }}", "2", "6.5"),
        ("{{ xx | divided_by: 0 }}", "2", "2"),
        ("{{ xx | truncate: 4 }}", "abcdefgh", "abc…"),
        ('{{ xx | date: "%d.%m.%Y" }}', "2028-03-01", "01.03.2028"),
        ('{{ xx | date: "%d" }}', "soon", "soon"),
        ('{{ xx | default: "there" | upcase }}', "", "THERE"),
        ("{% unless xx == 'a' %}b{% else %}c{% endunless %}", "a", "c"),
        ("%IF $XX == '50%'%half%ELSE%other%/IF%", "50%", "half"),
        ('{% if xx == "50%" %}half{% else %}other{% endif %}', "5", "other"),
    ],
)
def test_filters_and_conditions(template: str, value: str, shown: str) -> None:
    assert _shown(template, value) == shown


@pytest.mark.parametrize(
    "broken", ["{{ xx | append }}", "{{ xx | upcase: 1 }}", "{{ xx | upcase ; }}", "{{ x" + " | upcase" * 13 + " }}"]
)
def test_filters_that_cannot_be_read_are_refused(broken: str) -> None:
    with pytest.raises(TemplateBroken):
        parse_template(broken, Columns((Column("field_1", "XX"),)), is_html=False)


@pytest.mark.parametrize(
    ("html", "value", "shown"),
    [
        ('<a href="mailto:a@b.example?subject=%XX%">', "a&b c", '<a href="mailto:a@b.example?subject=a%26b%20c">'),
        ('<a href="%XX%">', "javascript:x()", '<a href="#">'),
        ('<a href="%XX%">', "https://a.example/?b=c", '<a href="https://a.example/?b=c">'),
        ("<p>%XX%</p>", "a&b c", "<p>a&b c</p>"),
    ],
)
def test_values_in_addresses_of_html(html: str, value: str, shown: str) -> None:
    assert _shown(html, value, is_html=True) == shown


def test_all_behind_the_unsubscribe_link_belongs_to_it() -> None:
    for tag in ("%UNSUBSCRIBELINK%&ALL", "%UNSUBSCRIBELINK%&amp;ALL"):
        assert parse_template(tag, Columns(()), is_html=True) == [Address("/u/")]


@given(value=st.text(max_size=60), names=st.lists(st.sampled_from(sorted(FILTERS)), max_size=12), data=st.data())
@settings(max_examples=100, deadline=None)
def test_filters_never_raise_and_never_grow_beyond_their_limit(
    value: str, names: list[str], data: st.DataObject
) -> None:
    argument = st.one_of(st.text(max_size=40), st.floats(allow_nan=False, allow_infinity=False))
    given_ = [
        (name, tuple(data.draw(st.lists(argument, min_size=FILTERS[name][1], max_size=FILTERS[name][2]))))
        for name in names
    ]
    assert len(apply_filters(value, given_)) <= 3 * MOST
