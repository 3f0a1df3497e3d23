"""Messages in MJML and in plain text, and what is refused of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client
from waypost.messages.document import parse_document
from waypost.messages.errors import TemplateBroken
from waypost.messages.render import Rendered, render

BODY = "<mjml>\n<mj-body>\n{}\n</mj-body>\n</mjml>"
TEXT = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"


def drawn(kind: str, source: str) -> Rendered:
    content: dict[str, Any] = {"version": 1, "kind": kind, kind: source}
    return render(parse_document(content))


def test_mjml_is_drawn_with_its_tags_where_they_were() -> None:
    source = BODY.format(
        "<mj-raw>%IF $PLAN == 'a'%</mj-raw>" + TEXT.format("Hi %FIRSTNAME%") + "<mj-raw>%/IF%</mj-raw>"
    )
    made = drawn("mjml", source)
    places = [made.html.index(tag) for tag in ("%IF $PLAN == 'a'%", "Hi %FIRSTNAME%", "%/IF%", "%UNSUBSCRIBELINK%")]
    assert places == sorted(places)
    assert "<table" in made.html
    assert "mj-text" not in made.html
    assert "Hi %FIRSTNAME%" in made.text
    assert made.text.index("%IF") < made.text.index("Hi") < made.text.index("%/IF%")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (BODY.format("<mj-section>"), "not closed"),
        (BODY.format("<mj-shout />"), "mj-shout (line 3)"),
        (BODY.format('<mj-include path="/etc/passwd" />'), "mj-include (line 3)"),
        (BODY.format(TEXT.format("<b>" * 100_000)), "nested more than"),
        (BODY.format(TEXT.format("<b>" * 50_000 + "x" + "</b>" * 50_000)), "nested more than"),
        ("hello", "no MJML"),
        ("", "no MJML"),
    ],
)
def test_broken_mjml_is_refused_with_its_place(source: str, says: str) -> None:
    with pytest.raises(TemplateBroken) as refused:
        drawn("mjml", source)
    assert says in refused.value.detail
    assert refused.value.pointer == "/document/mjml"


def test_plain_text_is_sent_as_it_is_and_as_html_that_looks_like_it() -> None:
    made = drawn("text", "Hi %FIRSTNAME|you%,\n1 < 2 & so on.\n\nhttps://a.example/?x=1&y=%PLAN%\n")
    assert made.text.startswith("Hi %FIRSTNAME|you%,\n1 < 2 & so on.\n\nhttps://a.example/?x=1&y=%PLAN%\n")
    assert "<p>Hi %FIRSTNAME|you%,<br>\n1 &lt; 2 &amp; so on.</p>" in made.html
    assert 'href="https://a.example/?x=1&amp;y=%PLAN%"' in made.html


async def test_nothing_of_broken_mjml_is_saved(client: Client) -> None:
    good = {"version": 1, "kind": "mjml", "mjml": BODY.format(TEXT.format("Hi"))}
    made = (await client.post("/api/v1/messages", json={"name": "M", "document": good})).json()
    refused = await client.put(f"/api/v1/messages/{made['id']}", json={"document": {**good, "mjml": "<mjml><mj-body>"}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/document/mjml")
    assert (await client.get(f"/api/v1/messages/{made['id']}")).json()["document"] == good
    huge = {"version": 1, "kind": "html", "html": "x" * 5_000_000}
    refused = await client.put(f"/api/v1/messages/{made['id']}", json={"document": huge})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/document/html")


def test_markdown_is_drawn_with_its_tags_and_runs_nothing() -> None:
    source = (
        "# Hi %FIRSTNAME|you & me%\n\n%IF $PLAN == 'a'%\n\n*A* [shop](https://a.example/?p=%PLAN%&x=1)\n\n%/IF%\n\n"
        "| a | b |\n|---|---|\n| %CITY% | ~~2~~ |\n\n[view](%WEBCOPY%) [bad](javascript:alert(1)) <script>x</script>\n"
    )
    made = drawn("markdown", source)
    assert "<h1>Hi %FIRSTNAME|you &amp; me%</h1>" in made.html
    assert "<p>%IF" not in made.html
    assert made.html.index("%IF $PLAN == 'a'%") < made.html.index("<em>A</em>") < made.html.index("%/IF%")
    assert 'href="https://a.example/?p=%PLAN%&amp;x=1"' in made.html
    assert "<td>%CITY%</td>" in made.html
    assert '<a href="%WEBCOPY%">view</a>' in made.html
    assert 'href="javascript' not in made.html
    assert "<script" not in made.html
    assert made.text.startswith(source.strip()[:60])
    assert "%UNSUBSCRIBELINK%" in made.html
    assert "%UNSUBSCRIBELINK%" in made.text
