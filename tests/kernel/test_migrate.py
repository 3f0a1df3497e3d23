"""Migrations split as written, and a second run has nothing to do."""

from __future__ import annotations

from waypost.app.setup import first_workspace, prepare_database
from waypost.kernel.config import Settings
from waypost.kernel.migrate import statements


def test_semicolons_in_quotes_and_comments_do_not_split() -> None:
    text = "select ';'; -- a; b\nselect 1;\ndo $$ begin; end $$;\n-- the end"
    assert statements(text) == ["select ';'", "-- a; b\nselect 1", "do $$ begin; end $$"]


async def test_a_second_run_applies_nothing(fresh_dsn: str, tmp_path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=fresh_dsn)
    assert await prepare_database(settings) == []


async def test_the_first_workspace_is_made_once(fresh_dsn: str, tmp_path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=fresh_dsn, admin_password="long enough", api_key="wp_chosen")
    made = await first_workspace(settings)
    assert made is not None
    assert (made.email, made.password, made.api_key) == ("admin@example.com", "long enough", "wp_chosen")
    assert await first_workspace(settings) is None
