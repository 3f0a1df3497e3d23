"""Takes the screenshots of the docs.

tools.screenshots URL EMAIL PASSWORD    the main screens, light and dark, from a running Waypost
tools.screenshots story                 the first story, step by step, from its browser test
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
PAGES = {
    "dashboard": "/dashboard",
    "contacts": "/contacts",
    "imports": "/imports",
    "automations": "/automations",
    "messages": "/messages",
    "mailbox": "/mailbox",
}
FIRST_OF = {"contact": "/contacts", "automation": "/automations", "message": "/messages"}


def story() -> int:
    """The test that tells the story takes a picture of every step where it is told to."""
    folder = FOLDER / "story"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/browser/test_story.py"]
    return subprocess.call(command, cwd=FOLDER.parents[1], env={**os.environ, "STORY_SHOTS": str(folder)})


def main(url: str, email: str, password: str) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            _take(browser, scheme, url, email, password)
        browser.close()
    return 0


def _take(browser: Browser, scheme: str, url: str, email: str, password: str) -> None:
    context = browser.new_context(
        base_url=url,
        viewport={"width": 1360, "height": 850},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/sign-in")
    _shoot(page, f"sign-in-{scheme}")
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(email)
    page.locator("input[autocomplete=current-password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")
    for name, path in PAGES.items():
        page.goto(path)
        _shoot(page, f"{name}-{scheme}")
    for name, path in FIRST_OF.items():
        items = page.request.get(f"/api/v1{path}?limit=1").json()["items"]
        if items:
            page.goto(f"{path}/{items[0]['id']}")
            _shoot(page, f"{name}-{scheme}")
    context.close()


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(1_500)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    sys.exit(story() if sys.argv[1:] == ["story"] else main(*sys.argv[1:4]))
