"""What exports add to the whole."""

from waypost.exports.jobs import SCHEDULES, BeginScheduled, RemoveOldFiles, WriteExport
from waypost.exports.routes import ROUTES
from waypost.exports.uses import find_uses
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="exports",
    routes=ROUTES,
    jobs=(WriteExport, BeginScheduled, RemoveOldFiles),
    schedules=SCHEDULES,
    uses=find_uses,
)
