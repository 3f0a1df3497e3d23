"""What contacts add to the whole."""

from waypost.contacts.conditions import CONDITIONS
from waypost.contacts.facts import FACTS
from waypost.contacts.jobs import SCHEDULES, FoldCounts, IndexFields
from waypost.contacts.merge import MERGE
from waypost.contacts.routes import ROUTES
from waypost.contacts.steps import STEPS
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="contacts",
    routes=ROUTES,
    jobs=(FoldCounts, IndexFields),
    schedules=SCHEDULES,
    facts=FACTS,
    conditions=CONDITIONS,
    steps=STEPS,
    merge=MERGE,
    personal=("contacts.contact", "contacts.contact_tag", "contacts.subscription", "contacts.field_value_index"),
)
