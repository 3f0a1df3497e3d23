"""Public clients of ActiveCampaign's API, unmodified, each in a process of its own, against the real thing.

Both are in the locked requirements for development, so that nothing is installed by hand.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import _sql, renamed
from tests.flows.stack import KEY, Stack, running

HERE = Path(__file__).parent


@pytest.fixture
def stack(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Stack]:
    """A server of its own for each client, since they count what they find."""
    name = f"{template}_client_{request.node.name.split('[')[1].split('.')[0]}"
    asyncio.run(_sql(postgres, f"create database {name} template {template}"))
    with running(renamed(postgres, name), tmp_path_factory.mktemp("client")) as found:
        yield found
    asyncio.run(_sql(postgres, f"drop database {name} with (force)"))


@pytest.mark.parametrize("script", ["activecampaign_python.py", "mcp_tools.py"])
def test_a_public_client_runs_unmodified(stack: Stack, script: str) -> None:
    done = subprocess.run(
        [sys.executable, HERE / script, stack.base, KEY], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr + stack.tail()
    assert "all as it expects" in done.stdout
