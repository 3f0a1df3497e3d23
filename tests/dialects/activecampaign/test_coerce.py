"""Values in both directions."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waypost.dialects.activecampaign import coerce

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 5, 28, 8, 5, 54, 123456, tzinfo=UTC)


def test_times_carry_the_workspace_offset_and_no_fractions():
    assert coerce.iso(AT, CHICAGO) == "2026-05-28T03:05:54-05:00"
    assert coerce.stamp(AT, CHICAGO) == "2026-05-28 03:05:54"
    assert coerce.both(AT, CHICAGO) == ("2026-05-28T03:05:54-05:00", "2026-05-28 03:05:54")
    assert coerce.iso(None, CHICAGO) is None


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2026-05-28T03:05:54-05:00", AT.replace(microsecond=0)),
        ("2026-05-28T10:05:54+02:00", AT.replace(microsecond=0)),
        ("2026-05-28T10:05:54 02:00", AT.replace(microsecond=0)),  # a plus that a careless client left raw
        ("2026-05-28T03:05:54", AT.replace(microsecond=0)),
        ("2026-05-28 03:05:54", AT.replace(microsecond=0)),
        ("2026-05-28", datetime(2026, 5, 28, 5, 0, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_and_without_offset(sent: str, meant: datetime):
    assert coerce.moment(sent, "created_after", CHICAGO) == meant


def test_what_is_no_time_names_its_column():
    with pytest.raises(coerce.Unreadable) as caught:
        coerce.moment("soon", "created_after", CHICAGO)
    assert caught.value.problem.pointer == "/data/attributes/created_after"


@pytest.mark.parametrize(("sent", "meant"), [(7, 7), ("7", 7), (" 7 ", 7)])
def test_ids_come_as_numbers_or_strings(sent: object, meant: int):
    assert coerce.integer(sent, "tag") == meant


@pytest.mark.parametrize("sent", [None, True, "seven", "", [], {}])
def test_what_is_no_id_is_refused(sent: object):
    with pytest.raises(coerce.Unreadable):
        coerce.integer(sent, "tag")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("blue", "blue"),
        (["a", "b"], "||a||b||"),
        ([], ""),
        (None, ""),
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (True, "1"),
    ],
)
def test_field_values_are_shown_as_strings(stored: object, shown: str):
    assert coerce.field_value(stored) == shown


@given(st.integers(0, 10**12), st.integers(0, coerce.PAIR - 1))
def test_made_up_ids_can_be_taken_apart(contact_id: int, other_id: int):
    assert coerce.unpair(coerce.pair_id(contact_id, other_id)) == (contact_id, other_id)
