"""HTTP for test runs."""

from __future__ import annotations

from litestar import post

from waypost.automations.schemas.simulations import SimulationOut
from waypost.automations.simulate import simulate
from waypost.automations.simulate_types import Simulation
from waypost.kernel.tx import Tx


@post("/api/v1/automations/simulations", status_code=200)
async def run_simulation(tx: Tx, data: Simulation) -> SimulationOut:
    return SimulationOut.of(await simulate(tx, data))


ROUTES = (run_simulation,)
