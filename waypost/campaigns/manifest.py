"""What campaigns add to the whole."""

from waypost.campaigns.issues import ReadFeed, TestIssue
from waypost.campaigns.launch import ENGINES
from waypost.campaigns.rolling import ADMIT
from waypost.campaigns.routes import ROUTES
from waypost.campaigns.tally import FOLLOW
from waypost.campaigns.uses import find_uses
from waypost.kernel.registry import Domain, Personal

DOMAIN = Domain(
    name="campaigns",
    routes=ROUTES,
    consumers=(FOLLOW, ADMIT),
    engines=ENGINES,
    jobs=(ReadFeed, TestIssue),
    personal=(
        Personal("campaigns.recipient", key=("campaign_id",)),
        Personal("campaigns.clicker", key=("campaign_id", "number", "link")),
    ),
    uses=find_uses,
)
