"""Fragments compose, and a value can never become text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waypost.kernel.sql import FALSE, TRUE, and_, join, not_, or_, sql
from waypost.kernel.tx import Tx


def test_parameters_are_numbered_and_cast_by_their_value() -> None:
    statement = sql("select {a}, {b}, {a} where x = {c}", a=1, b="x", c=[1, 2])
    assert statement.compile({}) == ("select $1::bigint, $2::text, $1::bigint where x = $3::bigint[]", [1, "x", [1, 2]])


def test_nested_fragments_keep_their_own_names_and_share_the_context() -> None:
    inner = sql("t.a = {value} and t.w = {workspace}", value=2)
    text, values = sql("select {value} where {inner} and w = {workspace}", value=1, inner=inner).compile(
        {"workspace": 9}
    )
    assert text == "select $1::bigint where t.a = $2::bigint and t.w = $3::bigint and w = $3::bigint"
    assert values == [1, 2, 9]


def test_braces_are_doubled_to_stand_for_themselves() -> None:
    assert sql("select '{{}}'::jsonb").compile({}) == ("select '{}'::jsonb", [])


def test_empty_conjunctions_and_disjunctions() -> None:
    assert and_() == TRUE
    assert or_() == FALSE
    assert and_(TRUE).compile({})[0] == "true"
    assert not_(or_(TRUE, FALSE)).compile({})[0] == "((true or false) is not true)"
    assert join(", ", [sql("{a}", a=1), sql("{a}", a=2)]).compile({}) == ("$1::bigint, $2::bigint", [1, 2])


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(KeyError, match="tag_id"):
        sql("select {tag_id}").compile({})


@given(st.text())
def test_text_never_reaches_the_statement(value: str) -> None:
    text, values = sql("select {value}", value=value).compile({})
    assert (text, values) == ("select $1::text", [value])


async def test_every_kind_of_value_comes_back_from_postgresql(tx: Tx) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    row = await tx.one(
        sql("select {a} a, {b} b, {c} c, {d} d, {e} e, {now} n", a=True, b={"x": [1]}, c=1.5, d=moment, e=["a", None])
    )
    assert (row["a"], row["b"], row["c"], row["d"], row["e"], row["n"]) == (
        True,
        {"x": [1]},
        1.5,
        moment,
        ["a", None],
        tx.now,
    )
