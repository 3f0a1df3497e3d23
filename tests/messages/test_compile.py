"""What is sent parses strictly, reads as written, and keeps every rule of the wire."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waypost.messages.compile import CompiledMessage, compile_message
from waypost.messages.constants import Constants
from waypost.messages.document import parse_document
from waypost.messages.errors import TemplateBroken
from waypost.messages.links import urls_in
from waypost.messages.render import render
from waypost.messages.types import Column, Link, Message

COLUMNS = [
    Column("first_name", "FIRSTNAME"),
    Column("last_name", "LASTNAME"),
    Column("plan", "PLAN"),
    Column("tags", "TAGS"),
]
TOKEN = b"A" * 28


def compiled(html: str, *, subject: str = "Hello", text: str = "") -> CompiledMessage:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = {"version": 1, "kind": "html", "html": html, "text": text}
    rendered = render(parse_document(document))
    links = [Link(number, url) for number, url in enumerate(urls_in(rendered.html, rendered.text), 1)]
    message = Message(1, "m", subject, "", "Ann Ö", "ann@example.com", "", document, 1, now, now)
    return compile_message(
        message, links, COLUMNS, public_url="https://way.example", domain="example.com", constants=Constants(now.date())
    )


def build(message: CompiledMessage, **values: str | None) -> tuple[bytes, EmailMessage]:
    row = ("to@example.net", *(values.get(name, "") for name in message.columns))
    raw = message.build(row, TOKEN)
    return raw, email.message_from_bytes(raw, policy=email.policy.strict)  # type: ignore[return-value]


def body(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


nasty = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from(list("\r\n\x00.= \t<>&\"'%{}é€😀\u2028ü"))), max_size=200
)


@settings(max_examples=150, deadline=None)
@given(first=nasty, plan=nasty)
def test_any_value_in_any_slot_is_safe_on_the_wire(first: str, plan: str) -> None:
    message = compiled(
        "<html><body>.dot %FIRSTNAME% and\n.%PLAN%.<br>ünï = %PLAN|none%</body></html>",
        subject="Hi %FIRSTNAME%, ünï %PLAN%",
        text=".%FIRSTNAME%\n..%PLAN%\nlast",
    )
    raw, parsed = build(message, first_name=first, last_name="X", plan=plan)
    assert not parsed.defects
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    head, _, content = raw.partition(b"\r\n\r\n")
    assert not any(line.startswith(b".") for line in content.split(b"\r\n"))
    assert all(len(line) <= 76 for line in content.split(b"\r\n"))
    assert [name for name in parsed.keys() if name == "Subject"] == ["Subject"]  # noqa: SIM118
    assert head.count(b"\r\nTo: ") == 1
    clean = "".join(
        c for c in plan.replace("\r\n", "\n").replace("\r", "\n") if c in {"\n", "\t"} or (c >= " " and c != "\x7f")
    )
    assert body(parsed, "plain").startswith(".")
    assert clean in body(parsed, "plain")


@settings(max_examples=60, deadline=None)
@given(name=nasty)
def test_the_recipient_line_holds_one_address(name: str) -> None:
    _, parsed = build(compiled("<p>x</p>"), first_name=name, last_name=name)
    assert [address.addr_spec for address in parsed["To"].addresses] == ["to@example.net"]


def test_both_ways_of_writing_tags_give_the_same() -> None:
    html = '<p>%FIRSTNAME|friend% {{ contact.first_name | default: "friend" }} {{ first_name | upcase }}</p>'
    for first, expected in (("Ada", "Ada Ada ADA"), ("", "friend friend ")):
        assert f"<p>{expected}</p>" in body(build(compiled(html), first_name=first)[1], "html")


def test_a_modifier_behind_the_bar_changes_the_value() -> None:
    html = "<p>%FIRSTNAME|TITLECASE%-%FIRSTNAME|UPPERCASE%-%FIRSTNAME|LOWERCASE%-%PLAN|TITLECASE%</p>"
    parsed = build(compiled(html, subject="Hi %FIRSTNAME|TITLECASE%"), first_name="ada MARIA")[1]
    assert "<p>Ada Maria-ADA MARIA-ada maria-</p>" in body(parsed, "html")
    assert "TITLECASE" not in parsed["Subject"]


def test_the_text_made_from_html_keeps_conditions_around_rows_of_a_table() -> None:
    html = "<table>%IF $PLAN == 'gold'%<tr><td>secret</td></tr>%/IF%</table><p>%IF $PLAN < 3%few%ELSE%many%/IF%</p>"
    for plan, is_shown in (("gold", True), ("", False)):
        parsed = build(compiled(html), plan=plan)[1]
        assert ("secret" in body(parsed, "plain")) is is_shown
        assert ("secret" in body(parsed, "html")) is is_shown


def test_a_condition_at_the_very_beginning_stays_in_the_text() -> None:
    parsed = build(compiled("{% if plan %}yes%/IF%, and more"), plan="a")[1]
    assert body(parsed, "plain").startswith("yes, and more")


@pytest.mark.parametrize(
    ("condition", "plan", "expected"),
    [
        ("$PLAN == 'pro'", "Pro", True),
        ("$PLAN != 'pro'", "Pro", False),
        ("!empty($PLAN)", "", False),
        ("$PLAN > 10", "9", False),
        ("$PLAN > 10", "11", True),
        ("$PLAN == 'a' || $PLAN == 'b'", "b", True),
        ("($PLAN == 'a' || $PLAN == 'b') && $FIRSTNAME == 'Ada'", "b", True),
        ("PLAN == 'b' and not empty(FIRSTNAME)", "b", True),
    ],
)
def test_conditions_in_text(condition: str, plan: str, expected: bool) -> None:
    html = f"<p>%IF {condition}%yes%ELSE%no%/IF%</p>"
    content = body(build(compiled(html), plan=plan, first_name="Ada")[1], "html")
    assert ("<p>yes</p>" in content) is expected
    assert ("<p>no</p>" in content) is not expected


def test_a_tag_is_looked_for_among_all_of_the_contacts_tags() -> None:
    message = compiled("<p>%IF in_array('vip', $TAGS)%in%ELSE%out%/IF%</p>")
    assert "<p>in</p>" in body(build(message, tags="Old\x1fVIP")[1], "html")
    assert "<p>out</p>" in body(build(message, tags="VIPs")[1], "html")


@pytest.mark.parametrize(
    "html", ["%IF $PLAN == 'a'%open", "x%/IF%", "{% else %}", "%IF == 1%x%/IF%", "{% condition 4 %}x{% endif %}"]
)
def test_what_does_not_pair_up_is_refused(html: str) -> None:
    with pytest.raises(TemplateBroken):
        compiled(f"<p>{html}</p>")


def test_unknown_tags_become_nothing_and_are_reported() -> None:
    message = compiled("<p>[%NOSUCHTAG%]</p>")
    assert message.unknown_tags == ("NOSUCHTAG",)
    assert "<p>[]</p>" in body(build(message)[1], "html")


def test_values_are_escaped_in_html_and_left_alone_in_text() -> None:
    _, parsed = build(compiled("<p>%FIRSTNAME%</p>", text="%FIRSTNAME%"), first_name="<b>&")
    assert "<p>&lt;b&gt;&amp;</p>" in body(parsed, "html")
    assert body(parsed, "plain").startswith("<b>&")


def test_links_carry_the_token_and_their_number_and_others_stay() -> None:
    html = '<p><a href="https://a.example/?x=1&amp;y=2">a</a><a href="mailto:x@y.z">m</a><a href="https://b.example/">b</a></p>'
    _, parsed = build(compiled(html))
    content = body(parsed, "html")
    token = TOKEN.decode()
    assert f'href="https://way.example/c/{token}/1"' in content
    assert f'href="https://way.example/c/{token}/2"' in content
    assert 'href="mailto:x@y.z"' in content
    assert f'src="https://way.example/o/{token}.gif"' in content
    assert f'href="https://way.example/u/{token}"' in content
    assert parsed["List-Unsubscribe"] == f"<https://way.example/u/{token}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["Message-ID"] == f"<{token}@example.com>"
