"""What activities adds to the whole."""

from waypost.activities.conditions import CONDITIONS
from waypost.activities.facts import FACTS
from waypost.activities.jobs import SCHEDULES, EnsurePartitions
from waypost.activities.routes import ROUTES
from waypost.kernel.registry import Domain, Personal

DOMAIN = Domain(
    name="activities",
    routes=ROUTES,
    jobs=(EnsurePartitions,),
    schedules=SCHEDULES,
    facts=FACTS,
    conditions=CONDITIONS,
    personal=(
        "activities.fact",
        Personal(
            "activities.engagement",
            key=(),
            sums=("sent_count", "open_count", "click_count", "visit_count"),
            latest=("last_sent_at", "last_open_at", "last_click_at", "last_visit_at"),
        ),
    ),
)
