"""What messages adds to the whole."""

from waypost.kernel.registry import Domain
from waypost.messages.library_routes import LIBRARY_ROUTES
from waypost.messages.merge import MERGE
from waypost.messages.routes import ROUTES
from waypost.messages.uses import NAMES, find_uses
from waypost.messages.variable_routes import VARIABLE_ROUTES

DOMAIN = Domain(
    name="messages",
    routes=(*ROUTES, *LIBRARY_ROUTES, *VARIABLE_ROUTES),
    merge=MERGE,
    uses=find_uses,
    names=NAMES,
)
