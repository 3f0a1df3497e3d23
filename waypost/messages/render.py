"""A document becomes HTML and text in which the tags still stand; the same for preview and sending.

Blocks → MJML (with tags masked, since no XML parser may touch them) → HTML. Conditional blocks
become `{% condition n %}` around their sections, decided by SQL for a whole batch at once.
"""

from __future__ import annotations

import html as html_lib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from waypost.messages.document import (
    Block,
    BlocksDocument,
    ButtonBlock,
    ColumnsBlock,
    ConditionalBlock,
    DividerBlock,
    Document,
    FooterBlock,
    HeadingBlock,
    HtmlBlock,
    ImageBlock,
    MarkdownDocument,
    MjmlDocument,
    Piece,
    SectionBlock,
    Settings,
    SpacerBlock,
    TextBlock,
    TextDocument,
    clean_text,
    without_snippets,
)
from waypost.messages.markdown import draw_markdown
from waypost.messages.markup import TAG, draw_mjml, draw_page, draw_text
from waypost.messages.pieces import draw_piece, say_piece
from waypost.messages.template import TAG as WHOLE_TAG

UNSUBSCRIBE = re.compile(r"%UNSUBSCRIBE(LINK)?%|unsubscribe_(url|link)", re.IGNORECASE)
_OWN_PAGE = re.compile(r"%(?:WEBCOPY|UPDATELINK|FORWARD2FRIEND)%|\{\{\s*(?:web_copy_url|update_url|forward_url)\s*\}\}")
"""Links of ours that the text part has to spell out; unsubscribing has a line of its own."""
HEADING_SIZE = {1: 28, 2: 22, 3: 18}


@dataclass(slots=True)
class Rendered:
    """HTML and text with tags, the documents of the conditions they refer to, and what looks wrong."""

    html: str
    text: str
    conditions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    problems: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def render(document: Document, *, preheader: str = "") -> Rendered:
    """The whole message, with an unsubscribe link added where the author has none."""
    if isinstance(document, BlocksDocument):
        return _Blocks(document, preheader).render()
    if isinstance(document, MjmlDocument):
        return _raw(draw_mjml(document.mjml), document.text, preheader)
    if isinstance(document, MarkdownDocument):
        return _raw(draw_markdown(document.markdown), document.text or document.markdown, preheader)
    if isinstance(document, TextDocument):
        return _raw(draw_text(document.text), document.text, preheader)
    return _raw(document.html, document.text, preheader)


_SCRIPTS = re.compile(
    r"<script\b.*?(?:</script\s*>|\Z)|(?<=\s)on[a-z]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)(?=[^<]*>)"
    r"|javascript:(?=[^<]*>)",
    re.IGNORECASE | re.DOTALL,
)
"""What runs: no mail program lets it, and neither should the pages on which we show the message."""


def _raw(html: str, text: str, preheader: str) -> Rendered:
    html = _SCRIPTS.sub("", html)
    body = html if "<" in html else f"<html><body><p>{html}</p></body></html>"
    if not UNSUBSCRIBE.search(body):
        body = _before_end(
            body,
            '<p style="font:12px/1.5 Helvetica,Arial,sans-serif;color:#5f6675;text-align:center">'
            '<a href="%UNSUBSCRIBELINK%">Unsubscribe</a><br>%SENDER-INFO-SINGLELINE%</p>',
        )
    if preheader:
        hidden = (
            f'<div style="display:none;max-height:0;overflow:hidden">{html_lib.escape(preheader, quote=False)}</div>'
        )
        body = re.sub(r"(<body[^>]*>)", lambda found: found[1] + hidden, body, count=1, flags=re.IGNORECASE)
    plain = text or _text_of(html)
    if not UNSUBSCRIBE.search(plain):
        plain = plain.rstrip() + "\n\nUnsubscribe: %UNSUBSCRIBELINK%\n%SENDER-INFO-SINGLELINE%\n"
    return Rendered(_before_end(body, _WATCH), plain)


_PIXEL = '<img src="%WAYPOST:PIXEL%" width="1" height="1" alt="" style="display:block;border:0">'
_HONEYPOT = '<a href="%WAYPOST:LINK:0%" style="display:none;mso-hide:all" aria-hidden="true" tabindex="-1"></a>'
_WATCH = _HONEYPOT + _PIXEL
"""The pixel tells that images were loaded; a link that nobody can see tells a machine that follows every link."""


def _before_end(html: str, addition: str) -> str:
    position = html.lower().rfind("</body>")
    return html + addition if position < 0 else html[:position] + addition + html[position:]


def _text_of(html: str) -> str:
    """Readable text of an HTML message; links stand behind their words."""
    tags: list[str] = []
    if "<body" not in html.lower():
        # A tag at the very beginning would stand before the body, and be lost with what is there.
        html = "<body>" + html
    tree = LexborHTMLParser(_TAG_OR_MARKUP.sub(lambda found: _as_comment(found, tags), html))
    for node in tree.css("style, script, head, title"):
        node.decompose()
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if href.startswith("http") or _OWN_PAGE.fullmatch(href.strip()):
            node.insert_after(f" ({href})")
    for node in tree.css("br, p, div, tr, h1, h2, h3, li"):
        node.insert_after("\n")
    body = tree.body
    if body is not None:
        for node in [node for node in body.traverse() if node.tag == "-comment"]:
            number = (node.comment_content or "").removeprefix(_COMMENT)
            node.replace_with(tags[int(number)] if number.isdigit() and int(number) < len(tags) else "")
    text = (body or tree.root).text() if (body or tree.root) is not None else ""  # type: ignore[union-attr]
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


_COMMENT = "waypost-tag:"
_TAG_OR_MARKUP = re.compile(r"(?P<markup><(?:!--.*?--|[a-zA-Z/!][^>]*)>)|" + WHOLE_TAG.pattern, re.DOTALL)


def _as_comment(found: re.Match[str], tags: list[str]) -> str:
    """A tag between the markup as a comment, which a parser leaves where it is; words it would move out of a table."""
    if found["markup"]:
        return found[0]
    tags.append(found[0])
    return f"<!--{_COMMENT}{len(tags) - 1}-->"


def _widths(block: ColumnsBlock) -> list[str]:
    """Attributes of the columns; none where all are alike, which MJML works out itself."""
    count = len(block.slots)
    left, right = (int(part) for part in block.props.ratio.split(":"))
    if count != 2 or left == right:
        return [""] * count
    share = round(100 * left / (left + right), 4)
    return [f' width="{share}%"', f' width="{100 - share:.4f}%"']


class _Blocks:
    """Renders one document of blocks."""

    def __init__(self, document: BlocksDocument, preheader: str) -> None:
        self._document = document
        self._settings: Settings = document.settings
        self._preheader = preheader
        self._tags: list[str] = []
        self._out = Rendered("", "")
        self._mask = "zqtag"
        self._has_unsubscribe = False
        self._band = ""
        # The first condition of a conditional block, by the block's id.
        self._numbers: dict[str, int] = {}

    def render(self) -> Rendered:
        sections = self._sections(self._document.blocks)
        text = self._texts(self._document.blocks)
        if not self._has_unsubscribe:
            sections += self._footer()
            text += "\n\n--\nUnsubscribe: %UNSUBSCRIBELINK%\n%SENDER-INFO-SINGLELINE%"
        html = draw_page(self._page(sections))
        html = re.sub(rf"{self._mask}(\d+)end", lambda found: self._tags[int(found[1])], html)
        html = re.sub(r"<!--wpc:(\d+)-->", r"{% condition \1 %}", html)
        html = html.replace("<!--wpc:else-->", "{% else %}").replace("<!--wpc:end-->", "{% endcondition %}")
        self._out.html = _before_end(html, _WATCH)
        self._out.text = text.strip() + "\n"
        return self._out

    def _page(self, sections: str) -> str:
        s = self._settings
        preview = f"<mj-preview>{self.words(self._preheader)}</mj-preview>" if self._preheader else ""
        return (
            f"<mjml><mj-head>{preview}<mj-attributes>"
            f'<mj-all font-family="{s.font}" /><mj-text color="{s.color}" line-height="1.55" font-size="16px" />'
            f'<mj-section background-color="{s.sheet}" padding="0" /><mj-column padding="0 12px" />'
            "</mj-attributes>"
            f"<mj-style>a {{ color: {s.link_color}; }} p {{ margin: 0 0 12px; }}</mj-style>"
            '<mj-raw><meta name="color-scheme" content="light dark" />'
            '<meta name="supported-color-schemes" content="light dark" /></mj-raw></mj-head>'
            f'<mj-body width="{s.width}px" background-color="{s.background}">'
            f'<mj-section padding="12px 0 0"><mj-column><mj-spacer height="8px" /></mj-column></mj-section>'
            f"{sections}</mj-body></mjml>"
        )

    def _footer(self) -> str:
        link = self.hide("%UNSUBSCRIBELINK%")
        return (
            '<mj-section padding="16px 0"><mj-column><mj-text font-size="12px" color="#5f6675" align="center">'
            f'You get this because you signed up. <a href="{link}">Unsubscribe</a><br />'
            f"{self.hide('%SENDER-INFO-SINGLELINE%')}</mj-text></mj-column></mj-section>"
        )

    # Masks. A tag becomes a word of letters and digits, which every parser leaves where it is.

    def hide(self, tag: str) -> str:
        if UNSUBSCRIBE.search(tag):
            self._has_unsubscribe = True
        self._tags.append(tag)
        return f"{self._mask}{len(self._tags) - 1}end"

    def _masked(self, text: str) -> str:
        return TAG.sub(lambda found: self.hide(html_lib.unescape(found[0])), text)

    def words(self, text: str) -> str:
        """Plain words for MJML: masked, then escaped."""
        return html_lib.escape(self._masked(text), quote=True)

    def html(self, html: str) -> str:
        """Inline HTML for MJML: masked, cleaned, and closed as XML wants it."""
        cleaned = clean_text(self._masked(html))
        return cleaned.replace("<br>", "<br />").replace("&nbsp;", "&#160;")

    def _sections(self, blocks: Sequence[Block]) -> str:
        """Blocks that follow each other share one section: its tables for Outlook weigh 1.5 KB, and Gmail cuts
        off what is over 102 KB.
        """
        out: list[str] = []
        run: list[Block] = []
        for block in without_snippets(blocks):
            if isinstance(block, (ColumnsBlock, ConditionalBlock, SectionBlock)):
                out += [self._shared(run), self._own_section(block)]
                run = []
            else:
                run.append(block)
        return "".join([*out, self._shared(run)])

    def _shared(self, blocks: Sequence[Block]) -> str:
        if not blocks:
            return ""
        return f"<mj-section{self._band}><mj-column>{self._within(blocks)}</mj-column></mj-section>"

    def _section(self, block: SectionBlock) -> str:
        """A wrapper with a ground of its own; the sections in it let it shine through."""
        p = block.props
        ground = f' background-color="{p.background}"' if p.background else ""
        if p.image:
            address = self.address(block.id, p.image)
            ground += f' background-url="{address}" background-size="cover" background-repeat="no-repeat"'
        self._band = ' background-color="transparent"' if ground else ""
        inner = self._sections(block.slots[0])
        self._band = ""
        return f'<mj-wrapper padding="{p.padding}px 0"{ground}>{inner}</mj-wrapper>' if inner else ""

    def _own_section(self, block: ColumnsBlock | ConditionalBlock | SectionBlock) -> str:
        if isinstance(block, SectionBlock):
            return self._section(block)
        if isinstance(block, ConditionalBlock):
            return self._conditional(block, in_column=False)
        empty = '<mj-spacer height="4px" />'
        drawn = (self._within(slot) or empty for slot in block.slots)
        widths = _widths(block)
        columns = "".join(f"<mj-column{width}>{inner}</mj-column>" for inner, width in zip(drawn, widths, strict=True))
        return f"<mj-section{self._band}>{columns}</mj-section>"

    def _conditional(self, block: ConditionalBlock, *, in_column: bool) -> str:
        draw = self._within if in_column else self._sections
        if not all(condition.get("conditions") or condition.get("type") for _, condition in block.conditions()):
            self.warn(block.id, "A condition is still empty, so it does not say who sees what.")
        first = len(self._out.conditions)
        self._numbers[block.id] = first
        self._out.conditions += [condition for _, condition in block.conditions()]
        out: list[str] = []
        for number, slot in enumerate(block.slots):
            if number:
                out.append("<mj-raw><!--wpc:else--></mj-raw>")
            if number <= len(block.variants):
                out.append(f"<mj-raw><!--wpc:{first + number}--></mj-raw>")
            out.append(draw(slot))
        return "".join(out) + "<mj-raw><!--wpc:end--></mj-raw>" * (len(block.variants) + 1)

    def _within(self, blocks: Sequence[Block]) -> str:
        return "".join(self._inside(block) for block in without_snippets(blocks))

    def _inside(self, block: Block) -> str:
        if isinstance(block, HeadingBlock):
            p = block.props
            color = f' color="{p.color}"' if p.color else ""
            return (
                f'<mj-text align="{p.align}" font-size="{HEADING_SIZE[p.level]}px" font-weight="650"{color}'
                f' line-height="1.25"><h{p.level} style="margin:0;font-size:inherit;font-weight:inherit">'
                f"{self.words(p.text)}</h{p.level}></mj-text>"
            )
        if isinstance(block, TextBlock):
            p = block.props
            color = f' color="{p.color}"' if p.color else ""
            return f'<mj-text align="{p.align}" font-size="{p.size}px"{color}>{self.html(p.html)}</mj-text>'
        if isinstance(block, ImageBlock):
            return self._image(block)
        if isinstance(block, ButtonBlock):
            return self._button(block)
        if isinstance(block, DividerBlock):
            return f'<mj-divider border-width="1px" border-color="{block.props.color}" />'
        if isinstance(block, SpacerBlock):
            return f'<mj-spacer height="{block.props.height}px" />'
        if isinstance(block, ConditionalBlock):
            return self._conditional(block, in_column=True)
        return draw_piece(block, self) if isinstance(block, Piece) else ""

    def _image(self, block: ImageBlock) -> str:
        p = block.props
        if not p.src:
            self.warn(block.id, "The image has no address yet.")
            return ""
        if not p.alt:
            self.warn(block.id, "The image has no description for people who cannot see it.")
        href = f' href="{self.address(block.id, p.href)}"' if p.href else ""
        width = f' width="{p.width}px"' if p.width else ""
        return f'<mj-image src="{self.words(p.src)}" alt="{self.words(p.alt)}" align="{p.align}"{href}{width} />'

    def _button(self, block: ButtonBlock) -> str:
        p = block.props
        if not p.href:
            self.warn(block.id, "The button leads nowhere yet.")
        return (
            f'<mj-button href="{self.address(block.id, p.href) if p.href else "#"}" background-color="{p.color}"'
            f' color="{p.text_color}" align="{p.align}" border-radius="{p.radius}px" font-size="16px"'
            f' font-weight="600" inner-padding="12px 22px">{self.words(p.label)}</mj-button>'
        )

    def warn(self, block_id: str, message: str) -> None:
        self._out.problems.append((block_id, message))

    def address(self, block_id: str, href: str) -> str:
        plain = href.strip()
        if not plain.startswith(("http://", "https://", "mailto:", "tel:", "%", "{{", "#")):
            self._out.problems.append(
                (block_id, f"“{plain[:80]}” is not a full address; it should begin with https://.")
            )
            plain = "https://" + plain
        return self.words(plain)

    def _texts(self, blocks: Sequence[Block]) -> str:
        return "\n\n".join(filter(None, (self._text(block) for block in without_snippets(blocks))))

    def _text(self, block: Block) -> str:
        if isinstance(block, HeadingBlock):
            return block.props.text.upper() if not TAG.search(block.props.text) else block.props.text
        if isinstance(block, TextBlock):
            return _text_of(clean_text(block.props.html.replace("</p>", "</p>\n"))).strip()
        if isinstance(block, ButtonBlock):
            return f"{block.props.label}: {block.props.href}" if block.props.href else ""
        if isinstance(block, ImageBlock):
            return block.props.alt
        if isinstance(block, DividerBlock):
            return "-" * 40
        if isinstance(block, ColumnsBlock | SectionBlock):
            return "\n\n".join(filter(None, (self._texts(slot) for slot in block.slots)))
        if isinstance(block, ConditionalBlock):
            return self._conditional_text(block)
        if isinstance(block, HtmlBlock | FooterBlock):
            return _text_of(say_piece(block)).strip()
        return say_piece(block) if isinstance(block, Piece) else ""

    def _conditional_text(self, block: ConditionalBlock) -> str:
        first = self._numbers[block.id]
        out = ""
        for number, slot in enumerate(block.slots):
            out += "{% else %}" if number else ""
            out += f"{{% condition {first + number} %}}" if number <= len(block.variants) else ""
            out += self._texts(slot)
        return out + "{% endcondition %}" * (len(block.variants) + 1)
