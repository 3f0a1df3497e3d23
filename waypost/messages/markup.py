"""MJML and plain text become HTML in which the tags still stand.

The library that draws MJML walks elements by recursion in native code, where too deep a nesting would end the
process; it is asked only about what was counted before. Files are never included.
"""

from __future__ import annotations

import html as html_lib
import re

import mjml

from waypost.messages.errors import TemplateBroken
from waypost.messages.links import BARE

DEEPEST = 120
TAG = re.compile(
    r"%(?:IF|ELSEIF)\s(?:[^%<>\n'\"]|'[^'<>\n]{0,200}'|\"[^\"<>\n]{0,200}\"){1,300}%|%UNSUBSCRIBE(?:LINK)?%&(?:amp;)?ALL\b"
    r"|%[A-Z/][^%<>\n]{0,300}%|\{\{[^{}]{1,300}\}\}|\{%(?:[^%'\"]|'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"){1,500}%\}|\{%[^%]{1,500}%\}"
)
_MASK = re.compile(r"zqmark(\d+)end")
_ELEMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source"})
_KNOWN = frozenset(
    "mjml mj-head mj-body mj-attributes mj-all mj-class mj-breakpoint mj-font mj-html-attributes mj-selector "
    "mj-html-attribute mj-preview mj-style mj-title mj-accordion mj-accordion-element mj-accordion-title "
    "mj-accordion-text mj-button mj-carousel mj-carousel-image mj-column mj-divider mj-group mj-hero mj-image "
    "mj-navbar mj-navbar-link mj-raw mj-section mj-social mj-social-element mj-spacer mj-table mj-text mj-wrapper".split()
)
_FOREIGN_FONTS = re.compile(
    r"<link href=\"https://fonts\.googleapis\.com/[^>]*>|@import url\(https://fonts\.googleapis\.com/[^)]*\);"
)
"""What the library adds for its default font: reading a mail must not tell a third party. `mj-font` may name others."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold, as it comes along with words pasted from elsewhere (a vertical tab, say)."""
_SPOT = re.compile(r"at position (\d+)")
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>'
    '<body style="font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55">{body}</body></html>'
)


def draw_page(page: str, pointer: str = "") -> str:
    """MJML to HTML; refuses what is nested too deep, elements that are not known, and what is not closed."""
    page = _NO_XML.sub("", page)
    depth = 0
    for found in _ELEMENT.finditer(page):
        name = (found["name"] or "").lower()
        if not name or name in _VOID or found["rest"].endswith("/"):
            depth_change = 0
        else:
            depth_change = -1 if found["end"] else 1
        depth = max(0, depth + depth_change)
        if name.startswith("mj") and name not in _KNOWN:
            raise _broken(f"There is no MJML element called {name}", page, found.start(), pointer)
        if depth > DEEPEST:
            raise _broken(f"Elements are nested more than {DEEPEST} deep", page, found.start(), pointer)
    try:
        return _FOREIGN_FONTS.sub("", mjml.mjml2html(page))
    except Exception as error:
        spot = _SPOT.search(str(error))
        position = int(spot[1]) if spot else len(page)
        raise _broken("An element is not closed, or is no MJML", page, position, pointer) from error


def _broken(words: str, page: str, position: int, pointer: str) -> TemplateBroken:
    if not pointer:
        return TemplateBroken(message="The message cannot be rendered; a block holds text that is not valid.")
    line = page.count("\n", 0, position) + 1
    return TemplateBroken(message=f"{words} (line {line}).", pointer=pointer)


def draw_mjml(source: str) -> str:
    """A message written in MJML, with its tags where they were."""
    tags: list[str] = []

    def hide(found: re.Match[str]) -> str:
        tags.append(found[0])
        # A tag has no line breaks worth counting, but one that has keeps them, so that lines stay right.
        return f"zqmark{len(tags) - 1}end" + "\n" * found[0].count("\n")

    page = TAG.sub(hide, _MASK.sub("", source)).strip("\ufeff\r\t ")
    drawn = draw_page(page, "/document/mjml")
    kept = {int(number) for number in _MASK.findall(drawn)}
    for number, tag in enumerate(tags):
        if number not in kept and tag.startswith(("%IF", "%ELSE", "%/IF", "{%")):
            words = f"“{tag}” stands where MJML keeps no text; put it into an mj-raw."
            raise TemplateBroken(message=words, pointer="/document/mjml")
    return _MASK.sub(lambda found: tags[int(found[1])] if int(found[1]) < len(tags) else "", drawn)


def draw_text(text: str) -> str:
    """Plain text as HTML that looks like it: paragraphs, lines, and links one can press."""
    out: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        inner = html_lib.escape(paragraph, quote=False)
        inner = BARE.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', inner)
        out.append("<p>" + inner.replace("\n", "<br>\n") + "</p>")
    return _PAGE.format(body="\n".join(out))
