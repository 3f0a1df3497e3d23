"""Dragging by the mouse, step by step: the packaged Chromium hangs on a drag that is one jump."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

Offset = tuple[float, float]
STEPS = 12


def drag(page: Page, source: Locator, target: Locator, *, grip: Offset = (20, 15), drop: Offset | None = None) -> None:
    """Take `source` by the grip and let it go over `target`, in its middle unless said otherwise.

    Offsets are from the upper left corner.
    """
    source.scroll_into_view_if_needed()
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    x, y = start["x"] + grip[0], start["y"] + grip[1]
    across, down = drop or (end["width"] / 2, end["height"] / 2)
    to_x, to_y = end["x"] + across, end["y"] + down
    page.mouse.move(x, y)
    page.mouse.down()
    # A native drag begins once the mouse has moved a little while the button is held.
    page.mouse.move(x + 8, y + 8, steps=4)
    for step in range(1, STEPS + 1):
        page.mouse.move(x + (to_x - x) * step / STEPS, y + (to_y - y) * step / STEPS)
        page.wait_for_timeout(25)
    page.wait_for_timeout(150)
    page.mouse.up()
