"""What bulk edits add to the whole."""

from waypost.bulk.jobs import MakeEdit, UndoEdit
from waypost.bulk.routes import ROUTES
from waypost.kernel.registry import Domain

DOMAIN = Domain(name="bulk", routes=ROUTES, jobs=(MakeEdit, UndoEdit))
