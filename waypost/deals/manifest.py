"""What deals add to the whole."""

from waypost.deals.conditions import CONDITIONS
from waypost.deals.facts import FACTS
from waypost.deals.personal import PERSONAL
from waypost.deals.routes import ROUTES
from waypost.deals.steps import STEPS
from waypost.deals.triggers import TRIGGERS
from waypost.kernel.registry import Domain
from waypost.kernel.sql import sql

DOMAIN = Domain(
    name="deals",
    routes=ROUTES,
    facts=FACTS,
    conditions=CONDITIONS,
    steps=STEPS,
    triggers=TRIGGERS,
    personal=PERSONAL,
    names={
        "pipeline": sql("select id, name from deals.pipeline where workspace_id = {workspace}"),
        "stage": sql("select id, name from deals.stage where workspace_id = {workspace}"),
        "deal_field": sql("select id, name from deals.field where workspace_id = {workspace}"),
    },
)
