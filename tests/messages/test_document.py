"""The document: what it may hold, what it becomes."""

from __future__ import annotations

import pytest

from waypost.kernel.errors import Invalid
from waypost.messages.compile import text_function
from waypost.messages.document import clean_text, parse_document
from waypost.messages.ready import Template, load_templates
from waypost.messages.render import render
from waypost.messages.template import Columns, parse_template


def text_block(name: str, html: str = "<p>x</p>") -> dict[str, object]:
    return {"id": name, "type": "text", "props": {"html": html}}


def document(*blocks: dict[str, object]) -> dict[str, object]:
    return {"version": 1, "kind": "email", "settings": {}, "blocks": list(blocks)}


def pointer_of(value: object) -> str:
    with pytest.raises(Invalid) as caught:
        parse_document(value)
    return caught.value.problems[0].pointer


def test_every_problem_names_its_place() -> None:
    assert pointer_of(document({"id": "a", "type": "nothing"})) == "/document/blocks/0/type"
    assert (
        pointer_of(document({"id": "a", "type": "heading", "props": {"level": 9}})) == "/document/blocks/0/props/level"
    )
    assert pointer_of(document(text_block("a"), text_block("a"))) == "/document/blocks/1/id"
    assert pointer_of({"version": 2, "kind": "email"}) == "/document/version"
    columns = {"id": "c", "type": "columns", "slots": [[], []]}
    nested = {"id": "o", "type": "columns", "slots": [[columns], []]}
    assert pointer_of(document(nested)) == "/document/blocks/0/slots/0/0"


def test_scripts_and_handlers_do_not_survive() -> None:
    html = clean_text('<p onclick="x()">a<script>b()</script><a href="javascript:c()">d</a><img src=x onerror=e()></p>')
    assert "script" not in html
    assert "onclick" not in html
    assert "img" not in html


def test_a_conditional_block_surrounds_its_sections_and_its_text() -> None:
    block = {
        "id": "c",
        "type": "conditional",
        "condition": {"match": "all", "conditions": []},
        "slots": [[text_block("a", "<p>then</p>")], [text_block("b", "<p>otherwise</p>")]],
    }
    rendered = render(parse_document(document(block)))
    assert rendered.conditions == [{"match": "all", "conditions": []}]
    start, middle, end = (rendered.html.index(tag) for tag in ("{% condition 0 %}", "{% else %}", "{% endcondition %}"))
    assert start < rendered.html.index("then") < middle < rendered.html.index("otherwise") < end
    assert "{% condition 0 %}then{% else %}otherwise{% endcondition %}" in rendered.text


def test_further_variants_are_asked_in_order_and_the_first_that_holds_is_shown() -> None:
    conditions = [{"match": "all", "conditions": [], "number": number} for number in range(3)]
    block = {
        "id": "c",
        "type": "conditional",
        "condition": conditions[0],
        "variants": conditions[1:],
        "slots": [[text_block(name, f"<p>{name}</p>")] for name in ("first", "second", "third", "rest")],
    }
    after = {"id": "d", "type": "conditional", "condition": conditions[0], "slots": [[text_block("last")]]}
    rendered = render(parse_document(document(block, after)))
    assert rendered.conditions == [*conditions, conditions[0]]
    for part, is_html in ((rendered.html, True), (rendered.text, False)):
        columns = Columns([], condition_count=4)
        write = text_function(parse_template(part, columns, is_html=is_html), columns, 4)
        for holds, shown in (((1, 1, 1), "first"), ((0, 1, 1), "second"), ((0, 0, 1), "third"), ((0, 0, 0), "rest")):
            said = write(("x@example.com", *holds, 0))
            assert [name for name in ("first", "second", "third", "rest") if name in said] == [shown]
    one_short = {**block, "slots": [[], []]}
    assert pointer_of(document(one_short)) == "/document/blocks/0/slots"


def test_every_kind_of_block_renders_alone_in_a_column_in_a_section_and_in_a_condition() -> None:
    pieces: list[dict[str, object]] = [
        {"type": "video", "props": {"href": "https://youtu.be/abcdefghijk", "alt": "See it"}},
        {"type": "menu", "props": {"items": [{"label": "Shop & more", "href": "https://example.com/a?b=1&c=2"}]}},
        {"type": "social", "props": {"items": [{"label": "Mastodon", "href": "https://example.com/@us"}]}},
        {"type": "list", "props": {"items": [{"label": "%FIRSTNAME|You% < us", "icon": "★"}]}},
        {"type": "table", "props": {"rows": [["Item", "Price"], ["Tea", "4 €"]]}},
        {
            "type": "html",
            "props": {"html": "<center>%FIRSTNAME%<br><img src=https://x.example/p.png><script>y()</script>"},
        },
        {"type": "footer", "props": {"html": "<p>Acme, 1 Main Street</p>", "unsubscribe": "Leave"}},
    ]
    for place in ("root", "columns", "section", "conditional"):
        blocks = [{"id": f"p{number}", **piece} for number, piece in enumerate(pieces)]
        around: dict[str, dict[str, object]] = {
            "columns": {"id": "o", "type": "columns", "slots": [blocks, []]},
            "section": {"id": "o", "type": "section", "props": {"background": "#102030"}, "slots": [blocks]},
            "conditional": {"id": "o", "type": "conditional", "condition": {}, "slots": [blocks]},
        }
        rendered = render(parse_document(document(*blocks if place == "root" else [around[place]])))
        for words in ("See it", "Shop &amp; more", "Mastodon", "%FIRSTNAME|You% &lt; us", "Tea", "x.example", "Leave"):
            assert words in rendered.html, (place, words)
        assert "<script" not in rendered.html
        assert "zqtag" not in rendered.html
        assert rendered.html.count("%UNSUBSCRIBELINK%") == 1
        for words in (
            "See it: https://youtu.be/abcdefghijk",
            "- %FIRSTNAME|You% < us",
            "Tea | 4 €",
            "%UNSUBSCRIBELINK%",
        ):
            assert words in rendered.text, (place, words)
    banded = {"id": "s", "type": "section", "slots": [[]]}
    assert pointer_of(document({"id": "o", "type": "section", "slots": [[banded]]})) == "/document/blocks/0/slots/0/0"


def test_an_unsubscribe_link_is_added_only_where_there_is_none() -> None:
    assert render(parse_document(document(text_block("a")))).html.count("%UNSUBSCRIBELINK%") == 1
    own = text_block("a", '<p><a href="%UNSUBSCRIBELINK%">Stop</a></p>')
    assert render(parse_document(document(own))).html.count("%UNSUBSCRIBELINK%") == 1


def test_what_is_missing_is_reported_with_its_block() -> None:
    image = {"id": "i", "type": "image", "props": {}}
    button = {"id": "b", "type": "button", "props": {"href": "example.com"}}
    problems = dict(render(parse_document(document(image, button))).problems)
    assert set(problems) == {"i", "b"}


@pytest.mark.parametrize("template", load_templates(), ids=lambda item: item.id)
def test_the_ready_templates_render_without_a_problem_and_say_how_to_leave(template: Template) -> None:
    rendered = render(parse_document(template.document), preheader=template.preheader)
    # Only its author knows who the regulars are; until then nobody is one.
    chosen = "A condition is still empty, so it does not say who sees what."
    assert [words for _, words in rendered.problems] == ([chosen] if template.id == "vip-offer" else [])
    assert all(condition == {"match": "any", "conditions": []} for condition in rendered.conditions)
    assert "%UNSUBSCRIBELINK%" in rendered.text
    assert "<!--[if mso" in rendered.html


def test_no_mail_loads_fonts_from_elsewhere_by_itself() -> None:
    page = "<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>"
    html = render(parse_document({"version": 1, "kind": "mjml", "mjml": page})).html
    assert "googleapis" not in html
    assert "Hi" in html
