"""What messages adds to the whole."""

from waypost.kernel.registry import Domain
from waypost.messages.routes import ROUTES

DOMAIN = Domain(name="messages", routes=ROUTES)
