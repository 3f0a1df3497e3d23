"""Values and addresses: what is accepted, how it is stored, what is refused."""

from __future__ import annotations

import pytest

from waypost.contacts.addresses import normalise_email
from waypost.contacts.errors import EmailInvalid
from waypost.contacts.types import FieldType, Value
from waypost.contacts.values import convert, order_of, to_date


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  ADA@EXAMPLE.COM ", "ada@example.com"),
        ("o'neil+news@mail.example.co.uk", "o'neil+news@mail.example.co.uk"),
        ("näme778@exämple.com", "näme778@xn--exmple-cua.com"),
        ('"quoted name"@example.com', '"quoted name"@example.com'),
        ("x@münchen.example", "x@xn--mnchen-3ya.example"),
    ],
)
def test_addresses_are_normalised(given: str, stored: str) -> None:
    assert normalise_email(given) == stored
    assert normalise_email(stored) == stored


@pytest.mark.parametrize(
    "given",
    ["", "zolsenexample.com", "jfox@example.org.", "a@b", "a b@example.com", "a@@example.com", ".a@example.com",
     "a..b@example.com", "a@-example.com", "a@example.123", "@example.com", "a@", "a" * 65 + "@example.com",
     "a@" + "b" * 260 + ".com", "a,b@example.com", "a@exa mple.com", "a\nb@example.com"],
)  # fmt: skip
def test_what_cannot_receive_mail_is_refused(given: str) -> None:
    with pytest.raises(EmailInvalid):
        normalise_email(given)


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("text", "  Rome ", "Rome"),
        ("text", 7, "7"),
        ("number", "1 250", 1250),
        ("number", "1.5", 1.5),
        ("currency", "€ 89", 89),
        ("currency", "1,250.00", 1250),
        ("currency", "1.250,50 €", 1250.5),
        ("currency", "$1,250", 1250),
        ("currency", "CHF 1'250.90", 1250.9),
        ("currency", "(12.50)", -12.5),
        ("date", "2026-08-07", "2026-08-07"),
        ("date", "23.11.2026", "2026-11-23"),
        ("date", "08/23/1980", "1980-08-23"),
        ("date", "21/05/1948", "1948-05-21"),
        ("date", "04/05/1973", "1973-05-04"),
        ("date", "2026-08-07T10:00:00Z", "2026-08-07"),
        ("datetime", "2026-08-07 10:30", "2026-08-07T10:30:00Z"),
        ("datetime", "2026-08-07T10:30:00+02:00", "2026-08-07T08:30:00Z"),
        ("dropdown", "pro", "Pro"),
        ("radio", "Free", "Free"),
        ("checkbox", "pro, FREE, pro", ["Pro", "Free"]),
        ("multiselect", "||Pro||Free||", ["Pro", "Free"]),
        ("listbox", ["Pro"], ["Pro"]),
        ("hidden", "x", "x"),
        ("number", "", None),
        ("date", None, None),
        ("checkbox", [], None),
    ],
)
def test_values_are_stored_in_one_form(kind: FieldType, given: object, stored: Value) -> None:
    assert convert(kind, ["Free", "Pro"], given) == stored


@pytest.mark.parametrize(
    ("kind", "given"),
    [("number", "abc"), ("number", True), ("number", "1,2,3"), ("number", "1e400"), ("date", "31/02/1918"),
     ("date", "soon"), ("datetime", "noon"), ("dropdown", "Gold"), ("checkbox", "Pro, Gold"), ("text", ["a", "b"]),
     ("text", "x" * 10_001)],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(kind: FieldType, given: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        convert(kind, ["Free", "Pro"], given)


def test_the_order_of_day_and_month_is_read_from_the_clear_cases() -> None:
    assert order_of(["04/05/1973", "08/23/1980", "2026-01-01"]) == "mdy"
    assert order_of(["04/05/1973", "21/05/1948"]) == "dmy"
    assert order_of([]) == "dmy"
    assert to_date("04/05/1973", "mdy") == "1973-04-05"
