"""HTML from elsewhere becomes a message: styles stand at their elements, what runs is gone, tags stay where they are.

Mail programs drop style sheets, so rules are written to the elements they are for; only what cannot be (media
queries, :hover) stays in a style element. Nothing is fetched: pictures are listed with their addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import css_inline
from selectolax.lexbor import LexborHTMLParser, LexborNode

from waypost.kernel.errors import Failure, Kind
from waypost.messages.document import MOST_HTML
from waypost.messages.template import TAG

MOST_SOURCE = 5_000_000
"""Characters of a file that are taken."""
MOST_IMAGES = 500
_RUNNING = "script, noscript, iframe, frame, object, embed, applet, base, meta[http-equiv=refresh]"
_SHEETS = "link[rel=stylesheet]"
_TAG_OR_MARKUP = re.compile(r"(?P<markup><(?:!--.*?--|[a-zA-Z/!][^>]*)>)|" + TAG.pattern, re.DOTALL)
_MARK = re.compile(r"(?:<|&lt;)!--waypost-tag:(\d+)--(?:>|&gt;)")
_EMPTY_SHEET = re.compile(r"<style[^>]*>\s*</style>", re.IGNORECASE)
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_INLINER = css_inline.CSSInliner(
    keep_style_tags=True, remove_inlined_selectors=True, keep_at_rules=True, load_remote_stylesheets=False
)
_ADDRESSES = frozenset({"href", "src", "action", "background", "formaction", "xlink:href"})


class HtmlTooLong(Failure):
    kind = Kind.INVALID
    code = "messages.html_too_long"
    template = (
        "With its styles at the elements this HTML has {length:,} characters, and a message holds {most:,}. "
        "Pictures inside the file are the usual reason: upload them to the image library instead."
    )


class HtmlBroken(Failure):
    kind = Kind.INVALID
    code = "messages.html_broken"
    template = "The styles of this HTML cannot be read: {reason}"


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A picture that the HTML shows; one without a full address is not seen by recipients."""

    src: str
    alt: str
    is_full_address: bool


@dataclass(frozen=True, slots=True)
class ImportedHtml:
    html: str
    title: str
    images: list[FoundImage] = field(default_factory=list[FoundImage])
    removed: list[str] = field(default_factory=list[str])
    """What was left out, by its name."""


def import_html(source: str) -> ImportedHtml:
    """Read, clean and inline; raises HtmlTooLong or HtmlBroken."""
    tags: list[str] = []
    tree = LexborHTMLParser(_TAG_OR_MARKUP.sub(lambda found: _hide(found, tags), source.lstrip("\ufeff")))
    removed = _clean(tree)
    title_node = tree.css_first("title")
    title = title_node.text().strip() if title_node else ""
    images = _images(tree)
    try:
        inlined = _INLINER.inline(tree.html or "")
    except Exception as error:
        raise HtmlBroken(reason=str(error)[:200], pointer="/html") from error
    html = _show(_EMPTY_SHEET.sub("", inlined), tags)
    if len(html) > MOST_HTML:
        raise HtmlTooLong(length=len(html), most=MOST_HTML, pointer="/html")
    return ImportedHtml(html, _show(title, tags)[:200], images, removed)


def _hide(found: re.Match[str], tags: list[str]) -> str:
    """A tag between the markup as a comment, which no parser moves out of a table."""
    if found["markup"]:
        return found[0]
    tags.append(found[0])
    return f"<!--waypost-tag:{len(tags) - 1}-->"


def _show(text: str, tags: list[str]) -> str:
    return _MARK.sub(lambda found: tags[int(found[1])] if int(found[1]) < len(tags) else "", text)


def _clean(tree: LexborHTMLParser) -> list[str]:
    """Take out what runs or would be fetched; what that was, each once."""
    removed: dict[str, None] = {}
    for node in tree.css(f"{_RUNNING}, {_SHEETS}"):
        removed.setdefault("style sheet elsewhere" if node.tag == "link" else str(node.tag))
        node.decompose()
    for node in tree.css("*"):
        for name, value in list(node.attributes.items()):
            if name.lower().startswith("on"):
                removed.setdefault(name.lower())
            elif name.lower() in _ADDRESSES and _runs(value or ""):
                removed.setdefault("javascript:")
            else:
                continue
            del node.attrs[name]
    return list(removed)


def _runs(address: str) -> bool:
    plain = re.sub(r"[\x00-\x20]", "", address).lower()
    return plain.startswith(("javascript:", "vbscript:", "data:text/html"))


def _images(tree: LexborHTMLParser) -> list[FoundImage]:
    """Every address once, in reading order: of pictures, and of backgrounds."""
    found: dict[str, FoundImage] = {}
    for node in tree.css("img, [background], [style], style"):
        for address in _addresses(node):
            if address not in found and len(found) < MOST_IMAGES:
                is_full = address.lower().startswith(("http://", "https://", "%", "{{", "<!--"))
                found[address] = FoundImage(address[:500], (node.attributes.get("alt") or "")[:500], is_full)
    return list(found.values())


def _addresses(node: LexborNode) -> list[str]:
    if node.tag == "style":
        return _URL.findall(node.text())
    values = node.attributes
    own = [values.get("src") or ""] if node.tag == "img" else []
    own += [values.get("background") or "", *_URL.findall(values.get("style") or "")]
    return [address.strip() for address in own if address.strip()]
