"""What imports add to the whole."""

from waypost.imports.jobs import CheckImport, RunImport, UndoImport
from waypost.imports.routes import ROUTES
from waypost.kernel.registry import Domain, Personal

DOMAIN = Domain(
    name="imports",
    routes=ROUTES,
    jobs=(RunImport, CheckImport, UndoImport),
    personal=(
        Personal("imports.previous", key=("import_id",)),
        Personal("imports.undo_refusal", key=("import_id",)),
    ),
)
