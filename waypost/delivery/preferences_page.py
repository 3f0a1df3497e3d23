"""The preferences page: plain HTML, a form that needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from waypost.contacts.types import MULTIPLE_TYPES, Field
from waypost.delivery.public_pages import masked, shell

_INPUTS = {"date": "date", "number": "text", "currency": "text", "datetime": "text", "text": "text"}
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListChoice:
    id: int
    name: str
    is_on: bool


def preferences_page(
    address: str, values: Values, fields: Sequence[Field], lists: Sequence[ListChoice], *, error: str = ""
) -> bytes:
    note = f'<p class="note" role="alert">{escape(error)}</p>' if error else ""
    return shell(
        "Your details",
        f"<h1>Your details</h1><p>For {escape(masked(address))}</p>{note}"
        '<form method="post">'
        + _line("first_name", "First name", values, extra=' autocomplete="given-name"')
        + _line("last_name", "Last name", values, extra=' autocomplete="family-name"')
        + _line("phone", "Phone", values, kind="tel", extra=' autocomplete="tel"')
        + "".join(_field(field, values) for field in fields)
        + _lists(lists)
        + '<button type="submit">Save</button></form>',
    )


def saved_page() -> bytes:
    return shell("Saved", '<h1 role="status">Saved</h1><p>Thank you. Your details are up to date.</p>')


def _line(name: str, label: str, values: Values, *, kind: str = "text", extra: str = "") -> str:
    value = escape(_first(values, name))
    return (
        f'<div class="field"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" maxlength="2000" value="{value}"{extra}></div>'
    )


def _first(values: Values, name: str) -> str:
    return next(iter(values.get(name, ())), "")


def _field(field: Field, values: Values) -> str:
    name = f"field_{field.id}"
    label = escape(field.name)
    if field.type in MULTIPLE_TYPES:
        chosen = set(values.get(name, ()))
        boxes = "".join(_box(name, option, option, is_on=option in chosen) for option in field.options)
        return f"<fieldset><legend>{label}</legend>{boxes}</fieldset>"
    if field.type in ("dropdown", "radio"):
        chosen = _first(values, name)
        options = "".join(
            f'<option value="{escape(option)}"{" selected" if option == chosen else ""}>{escape(option)}</option>'
            for option in ["", *field.options]
        )
        body = f'<select id="{name}" name="{name}">{options}</select>'
        return f'<div class="field"><label for="{name}">{label}</label>{body}</div>'
    if field.type == "textarea":
        body = f'<textarea id="{name}" name="{name}" rows="4">{escape(_first(values, name))}</textarea>'
        return f'<div class="field"><label for="{name}">{label}</label>{body}</div>'
    return _line(name, field.name, values, kind=_INPUTS.get(field.type, "text"))


def _box(name: str, value: str, label: str, *, is_on: bool) -> str:
    mark = " checked" if is_on else ""
    return (
        f'<label class="check"><input type="checkbox" name="{name}" value="{escape(value)}"{mark}>'
        f"<span>{escape(label)}</span></label>"
    )


def _lists(lists: Sequence[ListChoice]) -> str:
    """The hidden field tells a form with no list ticked from one that has none."""
    if not lists:
        return ""
    boxes = "".join(_box("list", str(item.id), item.name, is_on=item.is_on) for item in lists)
    return f'<input type="hidden" name="lists" value="1"><fieldset><legend>What you get</legend>{boxes}</fieldset>'
