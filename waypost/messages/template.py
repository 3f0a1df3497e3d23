"""Text with tags, read once into parts: literals, values, branches and addresses.

Two ways to write are accepted side by side, ActiveCampaign's (`%FIRSTNAME|friend%`,
`%IF …% … %ELSE% … %/IF%`) and Liquid's (`{{ contact.first_name | default: "friend" }}`,
`{% if … %} … {% endif %}`). A tag that nothing is known about becomes nothing and is reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from waypost.messages.constants import Constants
from waypost.messages.errors import TemplateBroken
from waypost.messages.expression import Parser
from waypost.messages.filters import FILTERS, MOST_FILTERS, Argument, Filter, apply_filters
from waypost.messages.sayings import Sayings
from waypost.messages.scope import Scope
from waypost.messages.types import Column

TAG = re.compile(
    r"%(?P<ac_if>IF|ELSEIF)\s+(?P<ac_condition>(?:[^%'\"]|'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"){1,500})%"
    r"|%(?P<ac_end>ELSE|/IF)%"
    r"|%WAYPOST:(?P<url>[A-Z]+):?(?P<number>\d*)%"
    r"|%(?P<day>TODAY(?:[+-]\d{1,4})?)\*(?P<shape>[^%<>|\n]{1,40})%"
    r"|%UNSUBSCRIBE(?:LINK)?%&(?:amp;)?(?P<all>ALL)\b"
    r"|%(?P<ac_name>[A-Z][A-Z0-9_+-]{1,80})(?:\|(?P<ac_default>[^%|<>]{0,200}))?%"
    r"|\{\{(?P<liquid>[^{}]{1,300})\}\}"
    r"|\{%-?\s*(?P<word>if|unless|elsif|elif|else|endif|endunless|condition|endcondition|for|endfor|case|when|endcase|assign)\b"
    r"(?P<argument>(?:[^%'\"]|'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"){0,500}?)-?%\}"
)
_ARGUMENT = r"(?:\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?)"
_FILTER = re.compile(
    rf"\s*\|\s*(?P<name>[a-z_]+)\s*(?::\s*(?P<arguments>{_ARGUMENT}(?:\s*,\s*{_ARGUMENT})*))?\s*(?=\||\Z)"
)
_LITERAL = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?)\s*(?=\||\Z)")
_ADDRESS = re.compile(r"\b(?:href|src)\s*=\s*(?:\"([^\"<>]*)|'([^'<>]*))\Z", re.IGNORECASE)
_WEB_LINK = re.compile(r"\bhref\s*=\s*[\"']?\s*https?:[^\"'<>]*\Z", re.IGNORECASE)
NOT_IN_LINKS = "What a loop or an assign names cannot stand in a link: links are the same for everyone and counted."
MODIFIERS = {"TITLECASE": "titlecase", "UPPERCASE": "upcase", "LOWERCASE": "downcase"}
"""What changes the value where it stands behind the bar; any other words are for an empty value."""
STANDARD = {
    "FIRSTNAME": "first_name",
    "LASTNAME": "last_name",
    "FULLNAME": "full_name",
    "EMAIL": "email",
    "PHONE": "phone",
    "SUBSCRIBERID": "contact_id",
    "GEO-COUNTRY": "country",
    "GEO-REGION": "region",
    "GEO-CITY": "city",
    "GEO-POSTALCODE": "postal_code",
}

OWN_PAGES = {
    "UNSUBSCRIBELINK": "/u/",
    "UNSUBSCRIBE": "/u/",
    "CONFIRMLINK": "/k/",
    "WEBCOPY": "/w/",
    "UPDATELINK": "/d/",
    "FORWARD2FRIEND": "/f/",
}
"""Pages of this server that know the recipient by the token behind; they are no content, so no clicks are counted."""
LIQUID_PAGES = {
    "unsubscribe_url": "UNSUBSCRIBELINK",
    "unsubscribe_link": "UNSUBSCRIBELINK",
    "web_copy_url": "WEBCOPY",
    "update_url": "UPDATELINK",
    "forward_url": "FORWARD2FRIEND",
}
DEEPEST = 40
"""How deep conditions may be nested."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A column of the recipient, with what stands there when it is empty; `source` is of what the text named itself."""

    column: str
    default: str = ""
    filters: tuple[Filter, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of this server with the recipient's token: a link's, the pixel's, unsubscribing."""

    prefix: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` and `elif` have the Python source of their condition, `for` its whole head; `end` closes."""

    word: Literal["if", "elif", "else", "end", "for"]
    source: str = ""
    kind: Literal["if", "for", "case"] = "if"


@dataclass(frozen=True, slots=True)
class Assign:
    """From here on the variable has the value."""

    variable: str
    value: Value


Part = Text | Value | Address | Branch | Assign
ITEMS = "@items"
"""Behind a column's name: the same as an array, its items parted by the unit separator, as tags always are."""
MULTIPLE = frozenset({"checkbox", "listbox", "multiselect"})
_ARRAYS = {"TAGS": "tags", "LISTS": "list_names" + ITEMS, "LISTNAME": "list_names" + ITEMS}


@dataclass
class Columns:
    """The columns a message may use, and those it has asked for, in order."""

    known: Sequence[Column]
    condition_count: int = 0
    constants: Constants | None = None
    used: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    scope: Scope = field(default_factory=Scope)

    def __post_init__(self) -> None:
        asked = [column for column in self.known if column.text is None]
        self._by_name: Mapping[str, str] = {
            **{column.tag.upper(): column.name for column in asked},
            **{column.name.upper(): column.name for column in asked},
            **STANDARD,
        }
        self.sayings = Sayings(self.known, self._by_name)
        several = [column for column in self.known if column.field_type in MULTIPLE]
        self._arrays = {
            **_ARRAYS,
            **{name.upper(): column.name + ITEMS for column in several for name in (column.tag, column.name)},
        }

    def find(self, name: str) -> str | None:
        """The column behind a tag or a dotted Liquid name."""
        plain = _plain(name)
        found = self._by_name.get(plain)
        if found is None:
            if plain not in self.unknown:
                self.unknown.append(plain)
            return None
        if found not in self.used:
            self.used.append(found)
        return found

    def local(self, name: str) -> str | None:
        """Python source of what the text named itself, or of a message variable's words."""
        words = self.sayings.find(_plain(name))
        return self.scope.find(name) or (None if words is None else repr(words))

    def source(self, name: str) -> str:
        """Python source for a name inside a condition."""
        local = self.local(name)
        if local is not None:
            return local
        found = self.find(name)
        return "''" if found is None else f"c_{self.used.index(found)}"

    def array(self, name: str) -> str:
        """Python source of what a loop goes over."""
        local = self.scope.find(name)
        if local is not None:
            return local
        found = self._arrays.get(_plain(name))
        if found is None:
            words = f"“{name}” cannot be looped over; tags, lists and fields with several choices can."
            raise TemplateBroken(message=words)
        if found not in self.used:
            self.used.append(found)
        return f"c_{self.used.index(found)}"


def _plain(name: str) -> str:
    return name.strip().lstrip("$").upper().removeprefix("CONTACT.").removeprefix("FIELDS.")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stands in a text, and what it came to: a part, nothing, or why it cannot be read."""

    start: int
    end: int
    text: str
    part: Part | None = None
    error: str = ""


def read_tags(text: str, columns: Columns, *, is_html: bool) -> Iterator[Tag]:
    """Every tag in order, those that cannot be read too."""
    position = 0
    for found in TAG.finditer(text):
        try:
            columns.scope.weigh(found.start() - position)
            position = found.end()
            part = _part(found, columns, is_html=is_html)
        except TemplateBroken as error:
            yield Tag(found.start(), found.end(), found[0], error=error.detail)
        else:
            if is_html and isinstance(part, Value):
                before = text[max(0, found.start() - 2_000) : found.start()]
                if part.source and _WEB_LINK.search(before):
                    yield Tag(found.start(), found.end(), found[0], error=NOT_IN_LINKS)
                    continue
                part = _in_address(part, before)
            yield Tag(found.start(), found.end(), found[0], part)


def _in_address(part: Value, before: str) -> Value:
    """A value inside an address is encoded as such; one that is the whole address cannot run anything."""
    found = _ADDRESS.search(before)
    if found is None:
        return part
    name = "url_encode" if (found[1] or found[2] or "").strip() else "web_address"
    return replace(part, filters=(*part.filters, (name, ())))


@dataclass
class Pairing:
    """The conditions that are open, the innermost last: its tag, where it stands, and whether its else has come."""

    open: list[tuple[Tag, object, bool]] = field(default_factory=list[tuple[Tag, object, bool]])

    def take(self, tag: Tag, branch: Branch, place: object = None) -> str:
        """Go on with the next branch; why it cannot stand here, or nothing."""
        if branch.word in ("if", "for"):
            self.open.append((tag, place, False))
            return f"Conditions and loops are nested more than {DEEPEST} deep." if len(self.open) > DEEPEST else ""
        if not self.open:
            return f"“{tag.text}” has no beginning."
        opening, where, has_else = self.open.pop()
        kind = opening.part.kind if isinstance(opening.part, Branch) else "if"
        if branch.word == "end":
            return "" if branch.kind == kind else f"“{tag.text}” stands where “{opening.text}” has to end first."
        if kind == "for" or (branch.word == "elif" and branch.kind != kind):
            self.open.append((opening, where, has_else))
            return f"“{tag.text}” does not belong to “{opening.text}”."
        self.open.append((opening, where, branch.word == "else"))
        return f"“{tag.text}” comes after the else of its condition." if has_else else ""


def parse_template(text: str, columns: Columns, *, is_html: bool) -> list[Part]:
    """The parts of a text; raises `TemplateBroken` when branches do not pair up."""
    columns.scope.begin()
    text = columns.sayings.fill(text, is_html=is_html)
    parts: list[Part] = []
    pairing = Pairing()
    position = 0
    for tag in read_tags(text, columns, is_html=is_html):
        wrong = tag.error or (pairing.take(tag, tag.part) if isinstance(tag.part, Branch) else "")
        if wrong:
            raise TemplateBroken(message=wrong)
        parts.append(Text(text[position : tag.start]))
        position = tag.end
        if tag.part is not None:
            parts.append(tag.part)
    if pairing.open:
        opening = pairing.open[-1][0].part
        is_loop = isinstance(opening, Branch) and opening.word == "for"
        raise TemplateBroken(message=f"A {'loop' if is_loop else 'condition'} in the text has no end.")
    parts.append(Text(text[position:]))
    return [part for part in parts if not (isinstance(part, Text) and not part.text)]


def _part(found: re.Match[str], columns: Columns, *, is_html: bool) -> Part | None:
    if found["ac_if"]:
        source = Parser(found["ac_condition"], columns.source).parse()
        return Branch("if" if found["ac_if"] == "IF" else "elif", source)
    if found["ac_end"]:
        return Branch("else" if found["ac_end"] == "ELSE" else "end")
    if found["url"]:
        return {
            "LINK": Address("/c/", "/" + found["number"]),
            "PIXEL": Address("/o/", ".gif"),
            "UNSUBSCRIBE": Address("/u/"),
        }[found["url"]]
    if found["all"]:
        return Address("/u/")
    if found["day"]:
        return Text(columns.constants.day(found["day"], found["shape"]) if columns.constants else "")
    if found["ac_name"]:
        return _named(found["ac_name"], found["ac_default"] or "", columns, is_html=is_html)
    if found["liquid"]:
        return _liquid_value(html.unescape(found["liquid"]) if is_html else found["liquid"], columns)
    return _liquid_branch(found["word"], found["argument"], columns)


def _named(name: str, default: str, columns: Columns, *, is_html: bool) -> Part | None:
    """A tag in ActiveCampaign's way: an address, something alike for everyone, or a value of the contact."""
    if name in OWN_PAGES:
        return Address(OWN_PAGES[name])
    fixed = columns.constants.find(name) if columns.constants else None
    if fixed is not None:
        return Text("<br>".join(html.escape(line) for line in fixed.splitlines()) if is_html else fixed)
    if columns.sayings.find(_plain(name)) is not None:
        return Text("")
    column = columns.find(name)
    if default in MODIFIERS:
        return _value(column, "", ((MODIFIERS[default], ()),))
    return _value(column, html.unescape(default) if is_html else default, ())


def _value(column: str | None, default: str, filters: tuple[Filter, ...]) -> Part | None:
    if column is None:
        return Text(default) if default else None
    return Value(column, default, filters)


def _liquid_value(text: str, columns: Columns) -> Part | None:
    name, _, _rest = text.partition("|")
    if name.strip().lower() in LIQUID_PAGES:
        return Address(OWN_PAGES[LIQUID_PAGES[name.strip().lower()]])
    literal = _LITERAL.match(text)
    local = repr(str(_argument(literal[1]))) if literal else columns.local(name.strip())
    default, filters = "", list[Filter]()
    position = literal.end() if literal else len(name)
    while position < len(text.rstrip()):
        found = _FILTER.match(text, position)
        if found is None or len(filters) >= MOST_FILTERS:
            raise TemplateBroken(message=f"The filters of “{text.strip()[:80]}” cannot be read.")
        position = found.end()
        arguments = tuple(_argument(item) for item in re.findall(_ARGUMENT, found["arguments"] or ""))
        if found["name"] == "default" and arguments:
            default = str(arguments[0])
        else:
            filters.append(_filter(found["name"], arguments))
    if columns.constants and name.strip().strip("\"'").lower() in ("now", "today"):
        return Text(apply_filters(columns.constants.today.isoformat(), filters))
    if local is not None:
        return Value("", default, tuple(filters), local)
    return _value(columns.find(name), default, tuple(filters))


def _argument(text: str) -> Argument:
    return text[1:-1] if text[:1] in "\"'" else float(text)


def _filter(name: str, arguments: tuple[Argument, ...]) -> Filter:
    if name not in FILTERS:
        raise TemplateBroken(message=f"There is no filter called {name}.")
    _, least, most = FILTERS[name]
    if not least <= len(arguments) <= most:
        raise TemplateBroken(message=f"The filter {name} is not given what it needs.")
    return name, arguments


_NAMING = frozenset({"for", "endfor", "case", "when", "endcase", "assign"})


def _liquid_branch(word: str, argument: str, columns: Columns) -> Branch | Assign:
    if word in _NAMING:
        return _naming(word, argument, columns)
    if word == "condition":
        number = argument.strip()
        if not number.isdigit() or int(number) >= columns.condition_count:
            raise TemplateBroken(message="“{% condition %}” is made by conditional blocks only.")
        return Branch("if", f"s_{int(number)}")
    if word == "unless":
        return Branch("if", f"(not {Parser(argument, columns.source).parse()})")
    if word in ("if", "elsif", "elif"):
        return Branch("if" if word == "if" else "elif", Parser(argument, columns.source).parse())
    return Branch("else") if word == "else" else Branch("end")


def _naming(word: str, argument: str, columns: Columns) -> Branch | Assign:
    """Loops, cases and assigned values, which know what the text has named."""
    scope = columns.scope
    argument = html.unescape(argument)
    if word == "for":
        return Branch("for", scope.begin_loop(argument, columns.array), "for")
    if word == "case":
        scope.begin_case(argument, columns.source)
        # What stands before the first `when` is never written.
        return Branch("if", "False", "case")
    if word == "when":
        return Branch("elif", scope.when(argument, columns.source), "case")
    if word in ("endfor", "endcase"):
        kind = "for" if word == "endfor" else "case"
        scope.end(kind)
        return Branch("end", kind=kind)
    name, text = scope.assign(argument)
    value = _liquid_value(text, columns)
    made = value if isinstance(value, Value) else Value("", source=repr(value.text if isinstance(value, Text) else ""))
    return Assign(scope.name(name), made)
