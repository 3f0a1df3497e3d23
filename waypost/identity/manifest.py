"""What identity adds to the whole."""

from waypost.identity.jobs import SCHEDULES, DeleteExpiredSessions
from waypost.identity.routes import ROUTES
from waypost.kernel.registry import Domain
from waypost.kernel.sql import sql

USERS = sql(
    """
    select u.id, coalesce(nullif(u.name, ''), u.email) as name
    from identity.membership m join identity.user_account u on u.id = m.user_id where m.workspace_id = {workspace}
    """
)

DOMAIN = Domain(
    name="identity", routes=ROUTES, jobs=(DeleteExpiredSessions,), schedules=SCHEDULES, names={"user": USERS}
)
