"""The query grammar."""

import pytest

from waypost.dialects.activecampaign.paging import cut, matches, parse_query


@pytest.mark.parametrize("raw", [b"filters[name][contains]=a%20b", b"filters%5Bname%5D%5Bcontains%5D=a+b"])
def test_brackets_come_raw_or_encoded(raw: bytes):
    assert parse_query(raw).filters == {"name": {"contains": "a b"}}


def test_a_filter_without_operator_means_equality():
    assert parse_query(b"filters[email]=ada@example.com").filter("email") == "ada@example.com"


def test_the_other_forms():
    query = parse_query(b"limit=50&offset=100&orders[id]=ASC&orders[cdate]=desc&ids[]=1&ids[]=2&include=a,b&email=")
    assert (query.limit(), query.offset) == (50, 100)
    assert query.orders == [("id", False), ("cdate", True)] or tuple(query.orders) == (("id", False), ("cdate", True))
    assert query.many["ids"] == ["1", "2"]
    assert query.includes == {"a", "b"}
    assert query.text("email", "?") == ""


@pytest.mark.parametrize(
    ("raw", "limit"), [(b"", 20), (b"limit=500", 100), (b"limit=0", 20), (b"limit=x", 20), (b"limit=7", 7)]
)
def test_limits_default_to_twenty_and_are_cut_at_a_hundred(raw: bytes, limit: int):
    assert parse_query(raw).limit() == limit


def test_senseless_numbers_do_not_filter():
    query = parse_query(b"tagid=&offset=-5&filters[list]=abc")
    assert query.number("tagid") is None
    assert query.offset == 0
    assert query.filter_number("list") is None


def test_operators_ignore_letter_case():
    assert matches("Newsletter", {"contains": "news"})
    assert matches("Newsletter", {"starts_with": "NEWS", "neq": "other"})
    assert not matches("Newsletter", {"eq": "news"})
    assert matches("b", {"gt": "a", "lte": "b"})
    assert matches("anything", {"unknown": "x"})


def test_a_short_page_ends_a_collection():
    assert list(cut(range(25), parse_query(b"limit=10&offset=20"))) == [20, 21, 22, 23, 24]
    assert list(cut(range(25), parse_query(b"offset=25"))) == []
