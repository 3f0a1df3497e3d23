"""Blocks drawn in one piece: video, menu, profiles, list, table, own HTML, footer. All of it tables and inline
styles, which is what Outlook and Gmail leave alone.
"""

from __future__ import annotations

import html as html_lib
import re
from typing import Protocol

import nh3

from waypost.messages.document import (
    FooterBlock,
    HtmlBlock,
    Item,
    ListBlock,
    MenuBlock,
    Piece,
    SocialBlock,
    TableBlock,
    VideoBlock,
)

HTML_TAGS = nh3.ALLOWED_TAGS | {"center", "font", "u", "s"}
_TABLE = {"width", "height", "align", "valign", "bgcolor", "cellpadding", "cellspacing", "border", "style", "class"}
HTML_ATTRIBUTES = {
    **dict.fromkeys(("table", "tr", "td", "th", "tbody", "thead", "p", "div", "span", "center", "h1"), _TABLE),
    **{name: {"style", "align", "class"} for name in ("h2", "h3", "h4", "ul", "ol", "li", "hr", "font", "b", "i")},
    "a": {"href", "style", "class", "title"},
    "img": {"src", "alt", "width", "height", "style", "class", "border"},
}
_YOUTUBE = re.compile(r"(?:youtube\.com/(?:watch\?(?:.*&)?v=|shorts/|embed/)|youtu\.be/)([A-Za-z0-9_-]{6,20})")


class Pen(Protocol):
    """What the renderer lends: its masks for tags, and its list of what looks wrong."""

    def words(self, text: str) -> str: ...
    def html(self, html: str) -> str: ...
    def hide(self, tag: str) -> str: ...
    def address(self, block_id: str, href: str) -> str: ...
    def warn(self, block_id: str, message: str) -> None: ...


def clean_html(html: str) -> str:
    """Own HTML in a block: everything a mail shows, nothing that runs, nothing that loads but pictures."""
    return nh3.clean(
        html,
        tags=HTML_TAGS,
        attributes=HTML_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )


def draw_piece(block: Piece, pen: Pen) -> str:
    match block:
        case VideoBlock():
            return _video(block, pen)
        case MenuBlock():
            return _links(block.id, block.props.items, block.props.align, block.props.size, pen)
        case SocialBlock():
            return _profiles(block, pen)
        case ListBlock():
            return _list(block, pen)
        case TableBlock():
            return _table(block, pen)
        case HtmlBlock():
            # Hidden whole, so that MJML, which reads XML only, never sees it.
            return f'<mj-text padding="0 24px">{pen.hide(clean_html(block.props.html))}</mj-text>'
        case FooterBlock():
            p = block.props
            link = pen.hide("%UNSUBSCRIBELINK%")
            return (
                f'<mj-text font-size="12px" color="{p.color}" align="{p.align}" line-height="1.6">{pen.html(p.html)}'
                f'<p><a href="{link}" style="color:{p.color}">{pen.words(p.unsubscribe)}</a></p></mj-text>'
            )


def _video(block: VideoBlock, pen: Pen) -> str:
    """A picture that leads to the video; mail programs play none."""
    p = block.props
    if not p.href:
        pen.warn(block.id, "The video has no address yet.")
        return ""
    found = _YOUTUBE.search(p.href)
    src = p.src or (f"https://img.youtube.com/vi/{found[1]}/hqdefault.jpg" if found else "")
    href = pen.address(block.id, p.href)
    picture = f'<mj-image src="{pen.words(src)}" alt="{pen.words(p.alt)}" href="{href}" padding-bottom="6px" />'
    words = (
        f'<mj-text align="center" padding-top="4px"><a href="{href}" style="font-weight:600">'
        f"&#9654; {pen.words(p.alt)}</a></mj-text>"
    )
    return (picture if src else "") + words


def _links(block_id: str, items: list[Item], align: str, size: int, pen: Pen) -> str:
    drawn = [
        f'<a href="{pen.address(block_id, item.href)}" style="font-weight:600;text-decoration:none;'
        f'display:inline-block;padding:4px 10px">{pen.words(item.label)}</a>'
        for item in items
        if item.label and item.href
    ]
    return f'<mj-text align="{align}" font-size="{size}px">{" ".join(drawn)}</mj-text>' if drawn else ""


def _profiles(block: SocialBlock, pen: Pen) -> str:
    p = block.props
    drawn = [
        f'<a href="{pen.address(block.id, item.href)}" style="display:inline-block;margin:3px;padding:5px 12px;'
        f"border-radius:16px;background-color:{p.color};color:#ffffff;font-size:13px;font-weight:600;"
        f'text-decoration:none">{pen.words(item.label)}</a>'
        for item in p.items
        if item.label and item.href
    ]
    return f'<mj-text align="{p.align}">{" ".join(drawn)}</mj-text>' if drawn else ""


def _list(block: ListBlock, pen: Pen) -> str:
    rows = "".join(
        f'<tr><td style="padding:5px 10px 5px 0;width:28px;vertical-align:top">{pen.words(item.icon or "✓")}</td>'
        f'<td style="padding:5px 0;vertical-align:top">{_linked(block.id, item, pen)}</td></tr>'
        for item in block.props.items
        if item.label
    )
    size = block.props.size
    return f'<mj-table font-size="{size}px" line-height="1.5">{rows}</mj-table>' if rows else ""


def _linked(block_id: str, item: Item, pen: Pen) -> str:
    label = pen.words(item.label)
    return f'<a href="{pen.address(block_id, item.href)}">{label}</a>' if item.href else label


def _table(block: TableBlock, pen: Pen) -> str:
    p = block.props
    rows: list[str] = []
    for number, row in enumerate(p.rows):
        is_header = p.has_header and number == 0
        tag, weight = ("th", "600") if is_header else ("td", "400")
        style = f"padding:8px 10px 8px 0;text-align:left;font-weight:{weight};border-bottom:1px solid #e2e5ea"
        rows.append("<tr>" + "".join(f'<{tag} style="{style}">{pen.words(cell)}</{tag}>' for cell in row) + "</tr>")
    return f'<mj-table font-size="15px" line-height="1.45">{"".join(rows)}</mj-table>'


def say_piece(block: Piece) -> str:
    """The same as text; own HTML and the footer are still HTML."""
    match block:
        case VideoBlock():
            return f"{block.props.alt}: {block.props.href}" if block.props.href else ""
        case MenuBlock() | SocialBlock():
            return "\n".join(f"{item.label}: {item.href}" for item in block.props.items if item.label and item.href)
        case ListBlock():
            lines = (f"{item.label} {item.href}".strip() for item in block.props.items if item.label)
            return "\n".join(f"- {line}" for line in lines)
        case TableBlock():
            return "\n".join(" | ".join(row) for row in block.props.rows)
        case HtmlBlock():
            return clean_html(block.props.html)
        case FooterBlock():
            link = f'<p><a href="%UNSUBSCRIBELINK%">{html_lib.escape(block.props.unsubscribe)}</a></p>'
            return block.props.html + link.replace("</a>", "</a>: %UNSUBSCRIBELINK%")
