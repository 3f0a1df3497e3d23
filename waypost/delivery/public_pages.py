"""The few pages that recipients see: plain HTML that works without scripts, light and dark."""

from __future__ import annotations

from html import escape

_SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #1f2430; --soft: #5b6472; --line: #e3e6eb; --accent: #3b5bdb; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #14161a; --card: #1d2026; --text: #eceef2; --soft: #a5adba; --line: #30343c; --accent: #5c7cfa; }}
}}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text);
  font: 16px/1.55 Inter, system-ui, sans-serif; }}
main {{ box-sizing: border-box; width: min(30rem, calc(100vw - 2rem)); padding: 2.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; text-align: center; }}
h1 {{ margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; }}
p {{ margin: 0 0 1.5rem; color: var(--soft); overflow-wrap: anywhere; }}
p:last-child {{ margin: 0; }}
button {{ padding: .7rem 1.4rem; border: 0; border-radius: 8px; background: var(--accent); color: #fff; font: inherit;
  font-weight: 600; cursor: pointer; }}
button:focus-visible {{ outline: 3px solid var(--text); outline-offset: 2px; }}
</style>
</head>
<body><main>{body}</main></body>
</html>
"""


def _page(title: str, body: str) -> bytes:
    return _SHELL.format(title=escape(title), body=body).encode()


def masked(address: str) -> str:
    """Enough for the owner to recognise; a forwarded mail gives no address away."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def confirm_page(address: str, sender: str) -> bytes:
    return _page(
        "Unsubscribe",
        f"<h1>Unsubscribe?</h1><p>{escape(masked(address))} will get no more mail from {escape(sender)}.</p>"
        '<form method="post"><button type="submit">Unsubscribe</button></form>',
    )


def done_page() -> bytes:
    return _page("Unsubscribed", '<h1 role="status">You are unsubscribed</h1><p>You will get no more mail from us.</p>')


def subscribe_page(address: str, name: str) -> bytes:
    return _page(
        "Confirm your subscription",
        f"<h1>Confirm your subscription</h1><p>{escape(masked(address))} will get “{escape(name)}”.</p>"
        '<form method="post"><button type="submit">Yes, subscribe me</button></form>',
    )


def subscribed_page(name: str) -> bytes:
    return _page(
        "Subscribed", f'<h1 role="status">You are subscribed</h1><p>You will get “{escape(name)}” from now on.</p>'
    )


def lost_page() -> bytes:
    return _page("Not found", "<h1>This address leads nowhere</h1><p>The link is incomplete, or no longer valid.</p>")
