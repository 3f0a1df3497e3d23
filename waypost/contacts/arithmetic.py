"""Reckoning with the values of fields: numbers, and days added to dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation, localcontext
from typing import Literal

from waypost.contacts.types import Field, Value
from waypost.contacts.values import normalise_value

Operation = Literal["add", "subtract", "multiply", "divide", "copy"]
PLACES = Decimal("0.000001")
LARGEST = Decimal(10) ** 15
NUMBERS = frozenset({"number", "currency"})
DATES = frozenset({"date", "datetime"})


class Unreckonable(Exception):
    """The values do not allow it; the text says why."""


def reckon(field: Field, operation: Operation, old: object, operand: object) -> Value:
    """The field's new value from its old one and the other; None stands for no value."""
    if operation == "copy":
        return normalise_value(field, operand)
    if field.type in DATES:
        return _shifted(field, operation, old, operand)
    if field.type not in NUMBERS:
        raise Unreckonable(f"{field.name} holds neither numbers nor dates.")
    return _counted(operation, old, operand)


def _counted(operation: Operation, old: object, operand: object) -> Value:
    first, second = _number(old), _number(operand)
    if second is None or (first is None and operation in ("multiply", "divide")):
        return None if first is None else _plain(first)
    first = Decimal(0) if first is None else first
    if operation == "divide" and second == 0:
        raise Unreckonable("Nothing can be divided by 0.")
    with localcontext() as context:
        context.prec = 40
        results: Mapping[str, Decimal] = {
            "add": first + second,
            "subtract": first - second,
            "multiply": first * second,
        }
        found = first / second if operation == "divide" else results[operation]
        if abs(found) > LARGEST:
            raise Unreckonable("The result is too large.")
        return _plain(found.quantize(PLACES))


def _plain(found: Decimal) -> int | float:
    return int(found) if found == found.to_integral_value() else float(found)


def _number(value: object) -> Decimal | None:
    if value is None or value == "" or isinstance(value, list):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise Unreckonable(f"{value} is not a number.") from error
    return found if found.is_finite() else None


def _shifted(field: Field, operation: Operation, old: object, operand: object) -> Value:
    """Days later or earlier."""
    if operation not in ("add", "subtract"):
        raise Unreckonable(f"{field.name} is a date: days can be added to it or taken from it.")
    days = _number(operand)
    if days is None or not isinstance(old, str):
        return old if isinstance(old, str) else None
    shift = timedelta(days=float(days if operation == "add" else -days))
    try:
        if field.type == "date":
            return (date.fromisoformat(old) + shift).isoformat()
        return normalise_value(field, (datetime.fromisoformat(old) + shift).isoformat())
    except (ValueError, OverflowError) as error:
        raise Unreckonable(f"{old} cannot be moved by {days} days.") from error
