"""What imports add to the whole."""

from waypost.imports.jobs import CheckImport, RunImport
from waypost.imports.routes import ROUTES
from waypost.kernel.registry import Domain

DOMAIN = Domain(name="imports", routes=ROUTES, jobs=(RunImport, CheckImport))
