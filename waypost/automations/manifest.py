"""What automations add to the whole."""

from __future__ import annotations

from waypost.automations.advance import ENGINE
from waypost.automations.calendar import CALENDAR_ENGINE
from waypost.automations.conditions import CONDITIONS
from waypost.automations.enroll import ENROLL
from waypost.automations.facts import FACTS
from waypost.automations.goals import JUMP
from waypost.automations.personal import settle_runs
from waypost.automations.recycle_bin import SCHEDULES, EmptyBin
from waypost.automations.report_days import DAYS
from waypost.automations.routes import ROUTES
from waypost.automations.steps.end import END
from waypost.automations.steps.go_to import GO_TO
from waypost.automations.steps.goal import GOAL
from waypost.automations.steps.if_else import IF_ELSE
from waypost.automations.steps.other_automations import END_AUTOMATION, START_AUTOMATION
from waypost.automations.steps.paths import BRANCH, SPLIT_PATHS
from waypost.automations.steps.split import SPLIT
from waypost.automations.steps.split_test import SPLIT_TEST
from waypost.automations.steps.throttle import THROTTLE
from waypost.automations.steps.wait import WAIT
from waypost.automations.steps.wait_for_date import WAIT_FOR_DATE
from waypost.automations.steps.wait_for_time import WAIT_FOR_TIME
from waypost.automations.steps.wait_until import WAIT_FOR_CONDITION
from waypost.automations.steps.webhook import WEBHOOK
from waypost.automations.triggers import TRIGGERS
from waypost.automations.uses import NAMES, find_uses
from waypost.automations.versions import FollowVersion
from waypost.automations.wake import EXIT, WAKE
from waypost.automations.webhooks import WEBHOOKS
from waypost.kernel.registry import Domain, Personal

DOMAIN = Domain(
    name="automations",
    routes=ROUTES,
    jobs=[FollowVersion, EmptyBin],
    schedules=SCHEDULES,
    consumers=[ENROLL, WAKE, JUMP, EXIT, DAYS],
    engines=[ENGINE, CALENDAR_ENGINE, WEBHOOKS],
    conditions=CONDITIONS,
    facts=FACTS,
    steps=[
        WAIT,
        WAIT_FOR_CONDITION,
        WAIT_FOR_TIME,
        WAIT_FOR_DATE,
        THROTTLE,
        WEBHOOK,
        IF_ELSE,
        BRANCH,
        SPLIT,
        SPLIT_PATHS,
        SPLIT_TEST,
        GOAL,
        GO_TO,
        START_AUTOMATION,
        END_AUTOMATION,
        END,
    ],
    triggers=TRIGGERS,
    personal=[
        Personal("automations.enrollment", settle=settle_runs),
        Personal("automations.split_taken", key=("automation_id", "step_id")),
        "automations.webhook_call",
    ],
    uses=find_uses,
    names=NAMES,
)
