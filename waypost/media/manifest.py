"""What media adds to the whole."""

from waypost.kernel.registry import Domain
from waypost.media.public import PublicImages
from waypost.media.routes import ROUTES

DOMAIN = Domain(name="media", routes=ROUTES, raw_routes={"/i/": PublicImages})
