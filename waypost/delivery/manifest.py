"""What delivery adds to the whole."""

from waypost.delivery.conditions import CONDITIONS
from waypost.delivery.confirming import ASK, FOLLOW, Confirm
from waypost.delivery.facts import FACTS
from waypost.delivery.forwarding import Forward
from waypost.delivery.inbound import FOLLOW_FAILURES
from waypost.delivery.inbound_mailboxes import MAILBOXES
from waypost.delivery.inbound_web import ProviderHooks
from waypost.delivery.outbox import ENGINES
from waypost.delivery.personal import PERSONAL
from waypost.delivery.preferences import Preferences
from waypost.delivery.routes import ROUTES
from waypost.delivery.steps import STEPS
from waypost.delivery.throttle_jobs import JOBS
from waypost.delivery.tracking import Click, Pixel, Unsubscribe
from waypost.delivery.verdicts import VERDICTS
from waypost.delivery.web_copy import WebCopy
from waypost.kernel.registry import Domain

DOMAIN = Domain(
    name="delivery",
    routes=ROUTES,
    raw_routes={
        "/o/": Pixel,
        "/c/": Click,
        "/u/": Unsubscribe,
        "/k/": Confirm,
        "/w/": WebCopy,
        "/d/": Preferences,
        "/f/": Forward,
        "/in/": ProviderHooks,
    },
    jobs=JOBS,
    consumers=(ASK, FOLLOW, FOLLOW_FAILURES),
    engines=(*ENGINES, MAILBOXES, VERDICTS),
    facts=FACTS,
    conditions=CONDITIONS,
    steps=STEPS,
    personal=PERSONAL,
)
