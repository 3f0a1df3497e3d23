"""What contacts add to the whole."""

from waypost.contacts.company_conditions import COMPANY_CONDITIONS
from waypost.contacts.company_links import ENGINE, LINK_NEW
from waypost.contacts.conditions import CONDITIONS
from waypost.contacts.facts import FACTS
from waypost.contacts.jobs import (
    SCHEDULES,
    ExportPerson,
    FindDuplicates,
    FlagFields,
    FoldCounts,
    IndexFields,
    PurgeTrash,
    SweepFiles,
)
from waypost.contacts.merge import MERGE
from waypost.contacts.personal import PERSONAL
from waypost.contacts.routes import ROUTES
from waypost.contacts.steps import STEPS
from waypost.contacts.uses import NAMES, find_uses
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="contacts",
    routes=ROUTES,
    jobs=(FoldCounts, IndexFields, FlagFields, SweepFiles, PurgeTrash, FindDuplicates, ExportPerson),
    schedules=SCHEDULES,
    consumers=(LINK_NEW,),
    engines=(ENGINE,),
    facts=FACTS,
    conditions=(*CONDITIONS, *COMPANY_CONDITIONS),
    steps=STEPS,
    merge=MERGE,
    personal=PERSONAL,
    uses=find_uses,
    names=NAMES,
)
