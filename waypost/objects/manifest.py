"""What custom objects add to the whole."""

from waypost.kernel.registry import Domain
from waypost.kernel.sql import sql
from waypost.objects.conditions import CONDITIONS
from waypost.objects.facts import FACTS
from waypost.objects.jobs import SCHEDULES, SweepSchemas
from waypost.objects.personal import PERSONAL
from waypost.objects.routes import ROUTES

DOMAIN = Domain(
    name="objects",
    routes=ROUTES,
    jobs=(SweepSchemas,),
    schedules=SCHEDULES,
    facts=FACTS,
    conditions=CONDITIONS,
    personal=PERSONAL,
    names={"schema": sql("select id, plural as name from objects.schema where workspace_id = {workspace}")},
)
