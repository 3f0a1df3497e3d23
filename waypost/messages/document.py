"""The document of a message: one tree of blocks for e-mail, pages and forms. The server's word on it.

Columns hold no columns and no sections, sections no sections, nothing is nested deeper than five; ids are
unique. Problems name the place by JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
import nh3

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.model import Model, parse

MOST_BLOCKS = 500
MOST_VARIANTS = 8
MOST_TEXT = 20_000
MOST_HTML = 500_000
DEEPEST = 5

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Color = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Words = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
Address = Annotated[str, msgspec.Meta(max_length=2_000)]
Align = Literal["left", "center", "right"]


class HeadingProps(Model):
    text: Words = "Heading"
    level: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    align: Align = "left"
    color: Color | None = None


class TextProps(Model):
    html: Words = "<p>Text</p>"
    align: Align = "left"
    size: Annotated[int, msgspec.Meta(ge=10, le=32)] = 16
    color: Color | None = None


class ImageProps(Model):
    src: Address = ""
    alt: Annotated[str, msgspec.Meta(max_length=500)] = ""
    href: Address = ""
    width: Annotated[int, msgspec.Meta(ge=16, le=1200)] | None = None
    align: Align = "center"


class ButtonProps(Model):
    label: Annotated[str, msgspec.Meta(max_length=500)] = "Button"
    href: Address = ""
    color: Color = "#4650c8"
    text_color: Color = "#ffffff"
    align: Align = "left"
    radius: Annotated[int, msgspec.Meta(ge=0, le=40)] = 6


class DividerProps(Model):
    color: Color = "#e2e5ea"


class SpacerProps(Model):
    height: Annotated[int, msgspec.Meta(ge=4, le=200)] = 24


class ColumnsProps(Model):
    """`ratio` says how wide two columns are; more are of the same width."""

    ratio: Literal["1:1", "1:2", "2:1", "1:3", "3:1"] = "1:1"
    gap: Annotated[int, msgspec.Meta(ge=0, le=48)] = 16


class ConditionalProps(Model):
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SectionProps(Model):
    """A band of its own colour or picture, from edge to edge of the sheet."""

    background: Color | None = None
    image: Address = ""
    padding: Annotated[int, msgspec.Meta(ge=0, le=80)] = 24


class VideoProps(Model):
    href: Address = ""
    src: Address = ""
    alt: Annotated[str, msgspec.Meta(max_length=500)] = "Watch the video"


class Item(Model):
    """A line of a menu, of a list or of profiles."""

    label: Annotated[str, msgspec.Meta(max_length=300)] = ""
    href: Address = ""
    icon: Annotated[str, msgspec.Meta(max_length=8)] = ""


Items = Annotated[list[Item], msgspec.Meta(max_length=20)]


class MenuProps(Model):
    items: Items = msgspec.field(default_factory=list[Item])
    align: Align = "center"
    size: Annotated[int, msgspec.Meta(ge=10, le=32)] = 15


class SocialProps(Model):
    items: Items = msgspec.field(default_factory=list[Item])
    align: Align = "center"
    color: Color = "#4a5163"


class ListProps(Model):
    items: Items = msgspec.field(default_factory=list[Item])
    size: Annotated[int, msgspec.Meta(ge=10, le=32)] = 16


class TableProps(Model):
    rows: Annotated[
        list[Annotated[list[Annotated[str, msgspec.Meta(max_length=500)]], msgspec.Meta(min_length=1, max_length=8)]],
        msgspec.Meta(min_length=1, max_length=50),
    ] = msgspec.field(default_factory=lambda: [["", ""], ["", ""]])
    has_header: bool = True


class HtmlProps(Model):
    html: Words = ""


class FooterProps(Model):
    """The end of a mail: who sends it, and how to leave."""

    html: Words = "<p>You get this because you signed up.</p>"
    unsubscribe: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] = "Unsubscribe"
    align: Align = "center"
    color: Color = "#5f6675"


class HeadingBlock(Model, tag="heading"):
    id: Identifier
    props: HeadingProps = HeadingProps()


class TextBlock(Model, tag="text"):
    id: Identifier
    props: TextProps = TextProps()


class ImageBlock(Model, tag="image"):
    id: Identifier
    props: ImageProps = ImageProps()


class ButtonBlock(Model, tag="button"):
    id: Identifier
    props: ButtonProps = ButtonProps()


class DividerBlock(Model, tag="divider"):
    id: Identifier
    props: DividerProps = DividerProps()


class SpacerBlock(Model, tag="spacer"):
    id: Identifier
    props: SpacerProps = SpacerProps()


class ColumnsBlock(Model, tag="columns"):
    id: Identifier
    slots: Annotated[list[list[Block]], msgspec.Meta(min_length=2, max_length=4)]
    props: ColumnsProps = ColumnsProps()


class ConditionalBlock(Model, tag="conditional"):
    """slots: what is shown when the condition holds, one for each further variant, and otherwise.

    The first that holds is shown; the last slot may be left out, then nothing is.
    """

    id: Identifier
    condition: dict[str, Any]
    slots: Annotated[list[list[Block]], msgspec.Meta(min_length=1, max_length=MOST_VARIANTS + 2)]
    variants: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_VARIANTS)] = msgspec.field(
        default_factory=list[dict[str, Any]]
    )
    props: ConditionalProps = ConditionalProps()

    def conditions(self) -> list[tuple[str, dict[str, Any]]]:
        """Every condition with its place in the block, in the order they are asked."""
        return [("/condition", self.condition), *((f"/variants/{n}", item) for n, item in enumerate(self.variants))]


class SectionBlock(Model, tag="section"):
    id: Identifier
    slots: Annotated[list[list[Block]], msgspec.Meta(min_length=1, max_length=1)]
    props: SectionProps = SectionProps()


class SnippetProps(Model):
    snippet_id: int


class SnippetBlock(Model, tag="snippet"):
    """A saved row that is the same everywhere; the server fills the slot with what the row holds."""

    id: Identifier
    props: SnippetProps
    slots: Annotated[list[list[Block]], msgspec.Meta(max_length=1)] = msgspec.field(default_factory=list[Any])


class VideoBlock(Model, tag="video"):
    id: Identifier
    props: VideoProps = VideoProps()


class MenuBlock(Model, tag="menu"):
    id: Identifier
    props: MenuProps = msgspec.field(default_factory=MenuProps)


class SocialBlock(Model, tag="social"):
    id: Identifier
    props: SocialProps = msgspec.field(default_factory=SocialProps)


class ListBlock(Model, tag="list"):
    id: Identifier
    props: ListProps = msgspec.field(default_factory=ListProps)


class TableBlock(Model, tag="table"):
    id: Identifier
    props: TableProps = msgspec.field(default_factory=TableProps)


class HtmlBlock(Model, tag="html"):
    id: Identifier
    props: HtmlProps = HtmlProps()


class FooterBlock(Model, tag="footer"):
    id: Identifier
    props: FooterProps = FooterProps()


Piece = VideoBlock | MenuBlock | SocialBlock | ListBlock | TableBlock | HtmlBlock | FooterBlock
Block = (
    HeadingBlock
    | TextBlock
    | ImageBlock
    | ButtonBlock
    | DividerBlock
    | SpacerBlock
    | ColumnsBlock
    | ConditionalBlock
    | SectionBlock
    | SnippetBlock
    | Piece
)


class Settings(Model):
    width: Annotated[int, msgspec.Meta(ge=320, le=900)] = 600
    background: Color = "#f4f5f7"
    sheet: Color = "#ffffff"
    color: Color = "#1c2130"
    link_color: Color = "#4650c8"
    font: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9 ,'-]{1,120}$")] = "Helvetica, Arial, sans-serif"


class BlocksDocument(Model, tag_field="kind", tag="email"):
    version: Literal[1] = 1
    settings: Settings = Settings()
    blocks: list[Block] = msgspec.field(default_factory=list)


class HtmlDocument(Model, tag_field="kind", tag="html", kw_only=True):
    """A message written or imported as HTML; the text part is derived when it is empty."""

    version: Literal[1] = 1
    html: Annotated[str, msgspec.Meta(max_length=MOST_HTML)]
    text: Annotated[str, msgspec.Meta(max_length=MOST_HTML)] = ""


class MjmlDocument(Model, tag_field="kind", tag="mjml", kw_only=True):
    """A message written in MJML; the text part is derived when it is empty."""

    version: Literal[1] = 1
    mjml: Annotated[str, msgspec.Meta(max_length=MOST_HTML)]
    text: Annotated[str, msgspec.Meta(max_length=MOST_HTML)] = ""


class TextDocument(Model, tag_field="kind", tag="text", kw_only=True):
    """A message in plain words; its HTML part looks like them."""

    version: Literal[1] = 1
    text: Annotated[str, msgspec.Meta(max_length=MOST_HTML)]


class MarkdownDocument(Model, tag_field="kind", tag="markdown", kw_only=True):
    """A message written in Markdown, which is its text part too unless that says something else."""

    version: Literal[1] = 1
    markdown: Annotated[str, msgspec.Meta(max_length=MOST_HTML)]
    text: Annotated[str, msgspec.Meta(max_length=MOST_HTML)] = ""


Document = BlocksDocument | HtmlDocument | MjmlDocument | TextDocument | MarkdownDocument

TEXT_TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "span", "blockquote"}


class _Holder(Model):
    document: Document


def parse_document(value: object) -> Document:
    """The checked document; every problem found is in the `Invalid` raised."""
    document = parse({"document": value}, _Holder).document
    problems = list(_problems(document)) if isinstance(document, BlocksDocument) else []
    if problems:
        raise Invalid(problems)
    return document


def _problems(document: BlocksDocument) -> Iterator[Problem]:
    seen: set[str] = set()
    for block, path, ancestors in walk(document.blocks, "/document/blocks"):
        if block.id in seen:
            yield Problem(f"{path}/id", f"Two blocks have the id {block.id}.", "duplicate")
        seen.add(block.id)
        if isinstance(block, ColumnsBlock) and any(isinstance(item, ColumnsBlock) for item in ancestors):
            yield Problem(path, "Columns cannot hold columns.", "nesting")
        if isinstance(block, SnippetBlock) and any(isinstance(item, SnippetBlock) for item in ancestors):
            yield Problem(path, "A snippet cannot hold another one.", "nesting")
        if isinstance(block, SectionBlock) and any(isinstance(i, ColumnsBlock | SectionBlock) for i in ancestors):
            yield Problem(path, "A section stands on the sheet itself, not in columns or another section.", "nesting")
        if isinstance(block, ConditionalBlock) and not 1 <= len(block.slots) - len(block.variants) <= 2:
            yield Problem(f"{path}/slots", "Each condition has one slot, and the rest has one at most.", "slots")
        if len(ancestors) > DEEPEST:
            yield Problem(path, f"Blocks can be nested {DEEPEST} deep at most.", "nesting")
    if len(seen) > MOST_BLOCKS:
        yield Problem("/document/blocks", f"A message holds at most {MOST_BLOCKS} blocks.", "too_many")


def walk(
    blocks: list[Block], path: str = "", ancestors: tuple[Block, ...] = ()
) -> Iterator[tuple[Block, str, tuple[Block, ...]]]:
    """Every block with its JSON pointer and the blocks around it, in reading order."""
    for index, block in enumerate(blocks):
        here = f"{path}/{index}"
        yield block, here, ancestors
        if isinstance(block, ColumnsBlock | ConditionalBlock | SectionBlock | SnippetBlock):
            for number, slot in enumerate(block.slots):
                yield from walk(slot, f"{here}/slots/{number}", (*ancestors, block))


def without_snippets(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with what snippets hold in their place."""
    for block in blocks:
        if isinstance(block, SnippetBlock):
            for slot in block.slots:
                yield from slot
        else:
            yield block


def clean_text(html: str) -> str:
    """The inline HTML of a text block: what a person can write, nothing that runs."""
    return nh3.clean(
        html,
        tags=TEXT_TAGS,
        attributes={"a": {"href"}, "span": {"style"}, "p": {"style"}},
        url_schemes={"http", "https", "mailto", "tel"},
        filter_style_properties={"color", "font-weight", "font-style", "text-decoration", "text-align"},
        link_rel=None,
    )
