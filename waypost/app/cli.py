"""The `waypost` command: up, web, worker, migrate, doctor, seed, explain."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from waypost.kernel.config import SettingInvalid, Settings, environment_of, load_settings
from waypost.kernel.log import configure


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, and turn a wrong setting into one plain line."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(
            data_dir=getattr(options, "data", None),
            host=getattr(options, "host", None),
            port=getattr(options, "port", None),
        )
    except SettingInvalid as error:
        print(f"waypost: {error}", file=sys.stderr)
        return 2
    configure(settings.log_level)
    return int(options.run(settings, options) or 0)


Run = Callable[[Settings, argparse.Namespace], int | None]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="waypost", description="Marketing automation on your own server.")
    commands = parser.add_subparsers(required=True, metavar="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, help="the data directory")
    shared.add_argument("--host")
    shared.add_argument("--port", type=int)

    def command(name: str, help_text: str, run: Run) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, parents=[shared])
        made.set_defaults(run=run)
        return made

    up = command("up", "start everything on this machine", _up)
    up.add_argument("--demo", action="store_true", help="load a sample workspace")
    command("web", "run the web server", _web)
    worker = command("worker", "run a worker", _worker)
    worker.add_argument("--number", type=int, default=0, help="tells the workers of one data directory apart")
    command("mailbox", "run the local mailbox's SMTP server", _mailbox)
    command("migrate", "bring the database to this version", _migrate)
    command("seed", "load a sample workspace", _seed)
    command("reset", "delete the data of the embedded installation", _reset)
    command("doctor", "check settings, database and mail", _doctor)
    explain = command("explain", "say why a contact is in an automation or not", _explain)
    explain.add_argument("automation", type=int, help="the automation's number")
    explain.add_argument("contact", help="the contact's number or e-mail address")
    explain.add_argument("--workspace", type=int, default=1)
    return parser


def _up(settings: Settings, options: argparse.Namespace) -> int:
    from waypost.app.supervisor import run

    return run(settings, demo=options.demo)


def _web(settings: Settings, _options: argparse.Namespace) -> None:
    from waypost.app.server import serve

    # lint: no-env because it is written here, for the server's own processes
    os.environ.update(environment_of(settings))
    serve(settings)


def _worker(settings: Settings, options: argparse.Namespace) -> None:
    import uvloop

    uvloop.run(_work(settings, options.number))


async def _work(settings: Settings, number: int) -> None:
    from waypost.app.domains import build_registry
    from waypost.app.server import open_work
    from waypost.app.worker import Worker
    from waypost.kernel.db import BATCHES

    async with open_work(settings, build_registry(), session=BATCHES) as work:
        worker = Worker(dataclasses.replace(work, worker_number=number))
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, worker.stopping.set)
        await worker.run()


def _mailbox(settings: Settings, _options: argparse.Namespace) -> None:
    from waypost.app.mailbox import run

    asyncio.run(run(settings))


def _migrate(settings: Settings, _options: argparse.Namespace) -> None:
    from waypost.app.setup import prepare_database

    for name in asyncio.run(prepare_database(settings)):
        print(f"applied {name}")


def _seed(settings: Settings, _options: argparse.Namespace) -> None:
    from waypost.app.seed import seed

    asyncio.run(seed(settings))


def _reset(settings: Settings, _options: argparse.Namespace) -> int:
    from waypost.app.doctor import reset

    return reset(settings)


def _doctor(settings: Settings, _options: argparse.Namespace) -> int:
    from waypost.app.doctor import run

    return run(settings)


def _explain(settings: Settings, options: argparse.Namespace) -> int:
    from waypost.app.explain import run

    return asyncio.run(run(settings, options.workspace, options.automation, options.contact))


if __name__ == "__main__":
    sys.exit(main())
