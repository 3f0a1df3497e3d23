"""What delivery adds to the whole."""

from waypost.delivery.conditions import CONDITIONS
from waypost.delivery.facts import FACTS
from waypost.delivery.jobs import OUTBOX, SCHEDULES, FreeExpiredClaims
from waypost.delivery.routes import ROUTES
from waypost.delivery.steps import STEPS
from waypost.delivery.tracking import raw_routes
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="delivery",
    routes=ROUTES,
    raw_routes=raw_routes(),
    jobs=(FreeExpiredClaims,),
    schedules=SCHEDULES,
    engines=(OUTBOX,),
    facts=FACTS,
    conditions=CONDITIONS,
    steps=STEPS,
    personal=("delivery.ledger", "delivery.suppression", "delivery.mailbox"),
)
