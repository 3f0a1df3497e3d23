"""Install each public client into an environment of its own and run it: `python -m tests.clients.run`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.flows.stack import KEY, running
from waypost.app.embedded import EmbeddedPostgres
from waypost.app.setup import prepare_database
from waypost.kernel.config import Settings

HERE = Path(__file__).parent
CLIENTS = {"activecampaign_python.py": ("activecampaign-python==1.0.10",)}


def main() -> int:
    import asyncio

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder, durable=False)
        dsn = server.start()
        try:
            asyncio.run(prepare_database(Settings(data_dir=folder, database_url=dsn)))
            with running(dsn, folder) as stack:
                return max(run_client(script, wanted, folder, stack.base) for script, wanted in CLIENTS.items())
        finally:
            server.stop()


def run_client(script: str, wanted: tuple[str, ...], folder: Path, base: str) -> int:
    home = folder / script.removesuffix(".py")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
    return subprocess.run([python, HERE / script, base, KEY], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
