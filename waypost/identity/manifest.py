"""What identity adds to the whole."""

from waypost.identity.jobs import SCHEDULES, DeleteExpiredSessions
from waypost.identity.routes import ROUTES
from waypost.kernel.registry import Domain

DOMAIN = Domain(name="identity", routes=ROUTES, jobs=(DeleteExpiredSessions,), schedules=SCHEDULES)
