"""Messages written in their source: MJML, Markdown and plain text, and HTML brought in from a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

MJML = "<mjml><mj-body><mj-section><mj-column><mj-text>Dear %FIRSTNAME%</mj-text></mj-column></mj-section></mj-body></mjml>"
MARKDOWN = "# Dear %FIRSTNAME|reader%\n\n{% for n in (1..2) %}**{{ n }}**{% endfor %}\n"
TEXT = "Dear %FIRSTNAME%\n\nhttps://example.com/x\n"


@pytest.mark.parametrize(("mode", "source"), [("MJML", MJML), ("Markdown", MARKDOWN), ("Plain text", TEXT)])
def test_a_message_is_written_in_its_source(
    page: Page, site: Site, accessible: Callable[[Page], None], mode: str, source: str
) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_role("button", name=mode).click()
    field = page.get_by_label("Text" if mode == "Plain text" else mode, exact=True)
    expect(field).to_be_visible()
    field.fill(source)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    frame = page.frame_locator("iframe[title='Preview of the message']")
    expect(frame.get_by_text("Dear ").first).to_be_visible()
    accessible(page)
    expect(frame.get_by_text("Unsubscribe").first).to_be_visible()


def test_a_file_of_html_becomes_a_message(page: Page, site: Site) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    html = (
        "<html><head><title>Brought in</title><style>p{color:red}</style><script>x</script></head>"
        '<body><p>From elsewhere</p><img src="logo.png"></body></html>'
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("dialog").get_by_role("button", name="Import HTML").click()
    chooser.value.set_files([{"name": "spring.html", "mimeType": "text/html", "buffer": html.encode()}])
    expect(page.get_by_text("1 of them without a full address")).to_be_visible()
    expect(page.get_by_label("HTML", exact=True)).to_have_value(
        '<html><head><title>Brought in</title></head><body><p style="color: red;">From elsewhere</p><img src="logo.png"></body></html>'
    )
