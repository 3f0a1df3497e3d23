"""The image library by hand: uploaded from the designer, described, shown where it is used, kept while it is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def test_a_picture_is_uploaded_in_the_designer_described_and_kept_while_a_message_shows_it(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    out = BytesIO()
    Pillow.linear_gradient("L").resize((800, 400)).save(out, "JPEG")
    document = {"version": 1, "kind": "email", "blocks": [{"id": "i", "type": "image"}]}
    made = site.api.post("/messages", json={"name": "With a harbour", "document": document}).raise_for_status().json()
    page.goto(f"/messages/{made['id']}")
    page.get_by_test_id("sheet-i").click()
    page.get_by_role("button", name="Choose an image").click()
    dialog = page.get_by_role("dialog", name="Choose an image")
    svg = {"name": "x.svg", "mimeType": "image/png", "buffer": b"<svg onload='x()'/>"}
    dialog.locator("input[type=file]").first.set_input_files([svg])  # type: ignore[list-item]
    expect(page.get_by_text("This is no picture that mail programs show.")).to_be_visible()
    file = {"name": "harbour.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    dialog.locator("input[type=file]").first.set_input_files([file])  # type: ignore[list-item]
    expect(dialog).to_be_hidden()
    expect(page.get_by_test_id("sheet-i").locator("img")).to_have_js_property("naturalWidth", 800)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    page.goto("/images")
    page.get_by_placeholder("Search images").fill("harbour")
    page.get_by_role("button", name="harbour.jpg").click()
    drawer = page.get_by_role("dialog", name="harbour.jpg")
    expect(drawer.get_by_role("link", name="With a harbour")).to_be_visible()
    drawer.get_by_label("Description").fill("The harbour at dawn")
    accessible(page)
    drawer.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog", name="Delete this image?").get_by_role("button", name="Delete")).to_be_disabled()
    page.keyboard.press("Escape")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("img", name="The harbour at dawn")).to_be_visible()
