"""Markdown becomes HTML in which the tags still stand. HTML in it is shown as written, never run."""

from __future__ import annotations

import html as html_lib
import re

from markdown_it import MarkdownIt

from waypost.messages.markup import TAG

_READER = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])
_MARK = re.compile(r"zqmark(\d+)end")
_ALONE = re.compile(r"<p>((?:\s*zqmark\d+end\s*)+)</p>")
_LOGIC = ("%IF", "%ELSE", "%/IF", "{%")
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"></head>'
    '<body style="margin:0;padding:24px 16px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55">'
    '<div style="max-width:600px;margin:0 auto">{body}</div></body></html>'
)
_STYLES = {
    "<img ": '<img style="max-width:100%;height:auto" ',
    "<blockquote>": '<blockquote style="margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #c6ccd6">',
    "<pre>": '<pre style="overflow:auto;padding:12px;background:#f4f5f7;color:#1c2130">',
    "<table>": '<table cellpadding="6" style="border-collapse:collapse">',
    "<hr />": '<hr style="border:0;border-top:1px solid #c6ccd6;margin:24px 0">',
}
"""What mail programs need said at the element itself."""


def draw_markdown(source: str) -> str:
    """CommonMark with tables and strikethrough; a condition on a line of its own leaves no empty paragraph."""
    tags: list[str] = []

    def hide(found: re.Match[str]) -> str:
        tags.append(found[0])
        return f"zqmark{len(tags) - 1}end"

    drawn = _READER.render(TAG.sub(hide, _MARK.sub("", source)))
    drawn = _ALONE.sub(lambda found: found[1] if _is_logic(found[1], tags) else found[0], drawn)
    for element, styled in _STYLES.items():
        drawn = drawn.replace(element, styled)
    page = _PAGE.replace("{body}", drawn)
    return _MARK.sub(lambda found: html_lib.escape(tags[int(found[1])], quote=False), page)


def _is_logic(marks: str, tags: list[str]) -> bool:
    return all(tags[int(number)].startswith(_LOGIC) for number in _MARK.findall(marks))
