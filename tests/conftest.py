"""A real PostgreSQL for every test: one cluster a session, one migrated template, clones of it.

`tx` rolls back; tests that need commits (claims, consumers, processes) use `db` on a clone of
their own.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio

from tests.make import Client, Make
from waypost.app.domains import build_registry
from waypost.app.embedded import EmbeddedPostgres
from waypost.app.server import create_app
from waypost.app.setup import prepare_database
from waypost.identity.actions.api_keys import create_api_key
from waypost.identity.actions.users import create_user
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.registry import Registry
from waypost.kernel.tx import Actor, Tx

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return build_registry()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server's maintenance database."""
    given = os.environ.get("WAYPOST_TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def template(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database migrated once, which the others are cloned from."""
    name = f"template_{os.getpid()}"
    asyncio.run(_sql(postgres, f"create database {name}"))
    settings = Settings(data_dir=tmp_path_factory.mktemp("template"), database_url=renamed(postgres, name))
    asyncio.run(prepare_database(settings))
    return name


def renamed(dsn: str, database: str) -> str:
    """The same server, another database."""
    head, _, query = dsn.partition("?")
    return head.rpartition("/")[0] + "/" + database + ("?" + query if query else "")


async def _sql(dsn: str, statement: str) -> None:
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


@pytest.fixture
def fresh_dsn(postgres: str, template: str) -> Iterator[str]:
    """A new database, for tests that start processes of their own."""
    name = f"{template}_{next(_numbers)}"
    asyncio.run(_sql(postgres, f"create database {name} template {template}"))
    yield renamed(postgres, name)
    asyncio.run(_sql(postgres, f"drop database {name} with (force)"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_db(
    postgres: str, template: str, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """One clone a module; tests in it keep apart by workspace."""
    name = f"{template}_{next(_numbers)}"
    await _sql(postgres, f"create database {name} template {template}")
    dsn = renamed(postgres, name)
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), database_url=dsn, secret_key="test")
    db = await Database.open(dsn, registry=registry, settings=settings, max_size=8)
    yield db
    await db.close()
    await _sql(postgres, f"drop database {name} with (force)")


@pytest.fixture
def settings(shared_db: Database) -> Settings:
    return shared_db.settings


@pytest_asyncio.fixture(loop_scope="session")
async def workspace_id(shared_db: Database) -> int:
    """A workspace of the test's own, committed."""
    async with shared_db.transaction(0) as tx:
        return (await create_workspace(tx, name="Test")).id


@pytest_asyncio.fixture(loop_scope="session")
async def tx(shared_db: Database, workspace_id: int) -> AsyncIterator[Tx]:
    """A transaction in a workspace of its own, rolled back at the end."""
    async with shared_db.pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        yield Tx(
            conn,
            workspace_id=workspace_id,
            actor=Actor("user", 1),
            now=NOW,
            registry=shared_db.registry,
            settings=shared_db.settings,
        )
        await transaction.rollback()


@pytest.fixture
def db(shared_db: Database) -> Database:
    """For tests that commit; use `workspace_id` to keep apart."""
    return shared_db


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_db(postgres: str, template: str, registry: Registry, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    name = f"{template}_{next(_numbers)}"
    await _sql(postgres, f"create database {name} template {template}")
    dsn = renamed(postgres, name)
    settings = Settings(data_dir=tmp_path, database_url=dsn, secret_key="test")
    db = await Database.open(dsn, registry=registry, settings=settings, max_size=8)
    yield db
    await db.close()
    await _sql(postgres, f"drop database {name} with (force)")


@pytest.fixture
def make() -> Make:
    return Make()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(shared_db: Database) -> AsyncIterator[object]:
    """The ASGI application, started."""
    application = create_app(shared_db.settings)
    async with _Lifespan(application):
        yield application


@pytest_asyncio.fixture(loop_scope="session")
async def client(app: object, shared_db: Database, workspace_id: int) -> AsyncIterator[Client]:
    """An HTTP client with an owner's API key of a fresh workspace."""
    async with shared_db.transaction(workspace_id) as tx:
        user = await create_user(
            tx, email=f"owner{workspace_id}@example.com", name="Olga Owner", role="owner", password="correct horse"
        )
        key = await create_api_key(tx, name="test", user_id=user.id)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with Client(
        transport=transport, base_url="http://waypost.test", headers={"Authorization": f"Bearer {key.key}"}
    ) as found:
        found.workspace_id, found.key, found.user_id = workspace_id, key.key, user.id
        yield found


class _Lifespan:
    """Drives ASGI lifespan events in a task of its own."""

    def __init__(self, app: object) -> None:
        self._app = app
        self._inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._outbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def __aenter__(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.create_task(self._app(scope, self._inbox.get, self._outbox.put))  # type: ignore[operator]
        await self._inbox.put({"type": "lifespan.startup"})
        answer = await self._outbox.get()
        assert answer["type"] == "lifespan.startup.complete", answer

    async def __aexit__(self, *_: object) -> None:
        await self._inbox.put({"type": "lifespan.shutdown"})
        await self._outbox.get()
        await self._task


@pytest.fixture
def anonymous(app: object) -> httpx.AsyncClient:
    """Who has not signed in; keeps the cookie when they do."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://waypost.test")
