"""What scores add to the whole."""

from waypost.kernel.registry import Domain
from waypost.kernel.sql import sql
from waypost.scores.conditions import CONDITIONS
from waypost.scores.facts import FACTS
from waypost.scores.keeping import ENGINE, FOLLOW
from waypost.scores.personal import PERSONAL
from waypost.scores.routes import ROUTES
from waypost.scores.steps import STEPS
from waypost.scores.triggers import TRIGGERS
from waypost.scores.uses import find_uses

DOMAIN = Domain(
    name="scores",
    routes=ROUTES,
    consumers=(FOLLOW,),
    engines=(ENGINE,),
    facts=FACTS,
    conditions=CONDITIONS,
    steps=STEPS,
    triggers=TRIGGERS,
    personal=PERSONAL,
    uses=find_uses,
    names={"score": sql("select id, name from scores.score where workspace_id = {workspace} and deleted_at is null")},
)
