"""HTTP for test runs and dry runs."""

from __future__ import annotations

from litestar import post

from waypost.automations.dry_run import DryRunAsked, dry_run
from waypost.automations.schemas.simulations import DryRunOut, SimulationOut
from waypost.automations.simulate import simulate
from waypost.automations.simulate_types import Simulation
from waypost.kernel.tx import Tx


@post("/api/v1/automations/simulations", status_code=200)
async def run_simulation(tx: Tx, data: Simulation) -> SimulationOut:
    return SimulationOut.of(await simulate(tx, data))


@post("/api/v1/automations/dry-runs", status_code=200)
async def run_dry(tx: Tx, data: DryRunAsked) -> DryRunOut:
    return DryRunOut.of(await dry_run(tx, data))


ROUTES = (run_simulation, run_dry)
