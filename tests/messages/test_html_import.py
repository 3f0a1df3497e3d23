"""HTML brought in from elsewhere: styles inlined, media queries kept, nothing that runs, tags where they were."""

from __future__ import annotations

import pytest

from tests.make import Client
from waypost.messages.html_import import HtmlTooLong, import_html

SOURCE = """<!doctype html><html><head><title>Spring %FIRSTNAME%</title><style>
p { color: red } a:hover { color: blue } @media (max-width: 600px) { p { color: green } }
.hero { background-image: url('https://x.example/hero.png') }
</style><link rel="stylesheet" href="https://x.example/all.css"><script src="https://x.example/a.js"></script></head>
<body onload="alert(1)"><table>{% for tag in tags %}<tr><td>{{ tag }}</td></tr>{% endfor %}</table>
<p>Grüße %FIRSTNAME|you & me% {% if contact.plan == "a" %}A{% endif %}</p>
<a href="javascript:alert(1)">bad</a><a href=" java\tscript:alert(1)">worse</a><a href="https://x.example/?a=%PLAN%&b=1">good</a>
<img src="logo.png" alt="Logo"><img src="https://x.example/a.png"><img src="https://x.example/a.png"><div class="hero">x</div>
<!--[if mso]><table><tr><td>Outlook</td></tr></table><![endif]--></body></html>"""


def test_styles_are_inlined_and_what_runs_is_gone() -> None:
    made = import_html(SOURCE)
    assert '<p style="color: red;">Grüße %FIRSTNAME|you & me% {% if contact.plan == "a" %}A{% endif %}</p>' in made.html
    assert "@media (max-width: 600px)" in made.html
    assert "a:hover" in made.html
    assert (
        "<table><tbody>{% for tag in tags %}<tr><td>{{ tag }}</td></tr>{% endfor %}</tbody></table>"
        in made.html.replace("<table>{% for tag in tags %}<tbody>", "<table><tbody>{% for tag in tags %}")
    )
    assert "<!--[if mso]><table><tr><td>Outlook</td></tr></table><![endif]-->" in made.html
    assert 'href="https://x.example/?a=%PLAN%&amp;b=1"' in made.html
    assert made.title == "Spring %FIRSTNAME%"
    for gone in ("<script", "onload", "javascript", "alert", "all.css"):
        assert gone not in made.html
    assert sorted(made.removed) == ["javascript:", "onload", "script", "style sheet elsewhere"]
    assert [(item.src, item.alt, item.is_full_address) for item in made.images] == [
        ("https://x.example/hero.png", "", True), ("logo.png", "Logo", False), ("https://x.example/a.png", "", True),
    ]  # fmt: skip


def test_what_is_too_long_for_a_message_says_why() -> None:
    with pytest.raises(HtmlTooLong) as refused:
        import_html('<img src="data:image/png;base64,' + "A" * 600_000 + '">')
    assert "image library" in refused.value.detail


@pytest.mark.parametrize("source", ["", "hello", "<p", "<style>p{", "\ufeff<p>x</p>", "<table><p>%IF", "\x00<b>"])
def test_anything_can_be_brought_in(source: str) -> None:
    import_html(source)


async def test_a_message_is_made_of_the_imported(client: Client) -> None:
    answer = await client.post("/api/v1/messages/import-html", json={"html": SOURCE})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["document"]["kind"], found["title"], len(found["images"])) == ("html", "Spring %FIRSTNAME%", 3)
    made = await client.post("/api/v1/messages", json={"name": "Spring", "document": found["document"]})
    assert made.status_code == 201
    checked = (await client.get(f"/api/v1/messages/{made.json()['id']}/check")).json()["items"]
    assert [item["code"] for item in checked] == ["messages.tag_unknown", "messages.image_address"]
    assert "logo.png" in checked[1]["message"]
    too_long = await client.post("/api/v1/messages/import-html", json={"html": "x" * 5_000_001})
    assert (too_long.status_code, too_long.json()["errors"][0]["pointer"]) == (422, "/html")
