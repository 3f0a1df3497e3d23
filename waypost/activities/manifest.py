"""What activities adds to the whole."""

from waypost.activities.facts import FACTS
from waypost.activities.jobs import SCHEDULES, EnsurePartitions
from waypost.activities.routes import ROUTES
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="activities",
    routes=ROUTES,
    jobs=(EnsurePartitions,),
    schedules=SCHEDULES,
    facts=FACTS,
    personal=("activities.fact", "activities.engagement"),
)
