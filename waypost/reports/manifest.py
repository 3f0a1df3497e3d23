"""What reports adds to the whole."""

from waypost.kernel.registry import Domain
from waypost.reports.routes import ROUTES

DOMAIN = Domain(name="reports", routes=ROUTES)
