"""The document: what it may hold, what it becomes."""

from __future__ import annotations

import pytest

from waypost.kernel.errors import Invalid
from waypost.messages.document import clean_text, parse_document
from waypost.messages.render import render
from waypost.messages.routes import load_templates


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
def test_the_ready_templates_render_without_a_problem(template) -> None:
    rendered = render(parse_document(template.document), preheader=template.preheader)
    assert rendered.problems == []
    assert "<!--[if mso" in rendered.html
