"""Each rule catches a planted violation, lets good code pass, and honours an excuse."""

from __future__ import annotations

import textwrap

import pytest

from tools.lint.__main__ import check
from tools.lint.module import Module

OPEN = '"""What it is for."""\n'


def rules(text: str, path: str = "waypost/deals/actions.py") -> list[str]:
    return [found.rule for found in check(Module(path, OPEN + textwrap.dedent(text)))]


BAD = {
    "own-writes": 'await tx.run(sql("update contacts.contact set x = 1 where workspace_id = {workspace}"))',
    "tenant": 'await tx.all(sql("select id from deals.deal where id = {id}", id=1))',
    "edge-commits": "await conn.commit()",
    "no-env": 'home = os.environ["HOME"]',
    "no-row-loops": "for row in rows:\n    await tx.run(row)",
    "size": "x = 1\n" * 400,
    "names": "async def get_deal(tx): ...",
}


@pytest.mark.parametrize("rule", BAD)
def test_a_planted_violation_is_caught(rule: str) -> None:
    assert rules(BAD[rule]) == [rule]


@pytest.mark.parametrize("rule", [name for name in BAD if name != "size"])
def test_an_excuse_with_a_reason_is_honoured(rule: str) -> None:
    assert rules(f"# lint: {rule} because a test says so\n{BAD[rule]}") == []


def test_an_excuse_without_a_reason_is_not() -> None:
    assert rules("# lint: edge-commits because\nawait conn.commit()") == ["edge-commits"]


def test_an_excuse_for_another_rule_is_not() -> None:
    assert rules("# lint: size because big\nawait conn.commit()") == ["edge-commits"]


def test_own_tables_may_be_written() -> None:
    assert rules('await tx.run(sql("insert into deals.deal (workspace_id) values ({workspace})"))') == []


def test_copy_into_a_foreign_table_is_caught() -> None:
    assert rules('await tx.copy("contacts.contact", columns, rows)') == ["own-writes"]


def test_what_a_loop_runs_over_may_be_asked_for() -> None:
    assert rules("ids = [row.id for row in await tx.all(rows)]\nfor row in await tx.all(rows):\n    print(row)") == []


def test_a_query_inside_a_comprehension_is_caught() -> None:
    assert rules("found = [await tx.one(item) for item in items]") == ["no-row-loops"]


def test_a_function_defined_in_a_loop_does_not_run_in_it() -> None:
    assert rules("for item in items:\n    async def later(tx):\n        await tx.run(item)") == []


def test_a_long_function_is_caught_but_not_for_its_sql() -> None:
    long = "def f():\n" + "    x = 1\n" * 50
    assert rules(long) == ["size"]
    assert rules('def f():\n    return sql("""' + "\n" * 60 + '""")') == []


def test_banned_module_names_are_caught() -> None:
    assert rules("x = 1", "waypost/deals/utils.py") == ["names"]


def test_a_module_without_a_docstring_is_caught() -> None:
    assert [found.rule for found in check(Module("waypost/deals/actions.py", "x = 1\n"))] == ["docstring"]


def test_rules_on_sql_leave_tests_alone() -> None:
    assert rules(BAD["own-writes"], "tests/deals/test_actions.py") == []
