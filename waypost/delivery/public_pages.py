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
:root {{ color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #1f2430; --soft: #5b6472; --line: #e3e6eb; --edge: #7d8695; --accent: #3b5bdb; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #14161a; --card: #1d2026; --text: #eceef2; --soft: #a5adba; --line: #30343c; --edge: #7d8695; --accent: #4263eb; }}
}}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem 0; box-sizing: border-box; background: var(--page); color: var(--text);
  font: 16px/1.55 Inter, system-ui, sans-serif; }}
main {{ box-sizing: border-box; width: min(30rem, calc(100vw - 2rem)); padding: 2.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; text-align: center; }}
h1 {{ margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; }}
p {{ margin: 0 0 1.5rem; color: var(--soft); overflow-wrap: anywhere; }}
p:last-child {{ margin: 0; }}
button {{ padding: .7rem 1.4rem; border: 0; border-radius: 8px; background: var(--accent); color: #fff; font: inherit;
  font-weight: 600; cursor: pointer; }}
form {{ margin: 0; }}
.field {{ display: grid; gap: .3rem; margin: 0 0 1rem; text-align: left; }}
.field label, legend {{ font-weight: 600; padding: 0; }}
fieldset {{ margin: 0 0 1.25rem; padding: 0; border: 0; text-align: left; display: grid; gap: .4rem; }}
.check {{ display: flex; gap: .6rem; align-items: center; overflow-wrap: anywhere; }}
.check input {{ width: 1.15rem; height: 1.15rem; flex: none; accent-color: var(--accent); }}
.field input, select, textarea {{ box-sizing: border-box; width: 100%; padding: .6rem .7rem; border: 1px solid var(--edge);
  border-radius: 8px; background: var(--page); color: var(--text); font: inherit; }}
.note {{ padding: .7rem .9rem; border-radius: 8px; border: 1px solid var(--edge); color: var(--text); }}
button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible {{ outline: 3px solid var(--text); outline-offset: 2px; }}
</style>
</head>
<body><main>{body}</main></body>
</html>
"""


def shell(title: str, body: str) -> bytes:
    return _SHELL.format(title=escape(title), body=body).encode()


def masked(address: str) -> str:
    """Enough for the owner to recognise; a forwarded mail gives no address away."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def confirm_page(address: str, sender: str) -> bytes:
    return shell(
        "Unsubscribe",
        f"<h1>Unsubscribe?</h1><p>{escape(masked(address))} will get no more mail from {escape(sender)}.</p>"
        '<form method="post"><button type="submit">Unsubscribe</button></form>',
    )


def done_page() -> bytes:
    return shell("Unsubscribed", '<h1 role="status">You are unsubscribed</h1><p>You will get no more mail from us.</p>')


def subscribe_page(address: str, name: str) -> bytes:
    return shell(
        "Confirm your subscription",
        f"<h1>Confirm your subscription</h1><p>{escape(masked(address))} will get “{escape(name)}”.</p>"
        '<form method="post"><button type="submit">Yes, subscribe me</button></form>',
    )


def subscribed_page(name: str) -> bytes:
    return shell(
        "Subscribed", f'<h1 role="status">You are subscribed</h1><p>You will get “{escape(name)}” from now on.</p>'
    )


def test_page() -> bytes:
    return shell(
        "Nothing to do",
        "<h1>This message is about nobody’s address</h1><p>It was a test, a friend’s copy or word to the team, so there is nothing to do here.</p>",
    )


def forward_page(*, error: str = "", address: str = "") -> bytes:
    note = f'<p class="note" role="alert">{escape(error)}</p>' if error else ""
    return shell(
        "Send to a friend",
        f"<h1>Send to a friend</h1>{note}<p>They get this message once, and are put on no list.</p>"
        '<form method="post"><div class="field"><label for="email">Your friend\u2019s e-mail address</label>'
        f'<input id="email" name="email" type="email" required maxlength="254" value="{escape(address)}"></div>'
        '<button type="submit">Send</button></form>',
    )


def forwarded_page() -> bytes:
    return shell("Sent", '<h1 role="status">It is on its way</h1><p>Your friend gets a copy of this message.</p>')


def lost_page() -> bytes:
    return shell("Not found", "<h1>This address leads nowhere</h1><p>The link is incomplete, or no longer valid.</p>")
