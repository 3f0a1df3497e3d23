"""Who is not mailed, as one fragment, so that queueing and sending judge alike."""

from __future__ import annotations

from waypost.kernel.sql import Sql, sql

NO_ADDRESS = "The contact has no e-mail address."
SUPPRESSED = "The address is on the suppression list."
UNSUBSCRIBED = "The contact has unsubscribed."
DELETED = "The contact was deleted."


def refusal(*, contact_id: Sql, email: Sql) -> Sql:
    """The reason not to mail, as text, or null.

    Unsubscribed is who left a list (or used a message's link) and is active on none since.
    """
    return sql(
        """
        case
            when coalesce({email}, '') = '' then {no_address}
            when exists (select 1 from delivery.suppression ds where ds.workspace_id = {workspace}
                           and ds.address = {email} and ds.reason <> 3) then {suppressed}
            when (exists (select 1 from delivery.suppression ds where ds.workspace_id = {workspace}
                            and ds.address = {email} and ds.reason = 3)
                  or exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                               and rs.contact_id = {contact_id} and rs.status in (2, 3)))
             and not exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                               and rs.contact_id = {contact_id} and rs.status = 1) then {unsubscribed}
        end
        """,
        contact_id=contact_id,
        email=email,
        no_address=NO_ADDRESS,
        suppressed=SUPPRESSED,
        unsubscribed=UNSUBSCRIBED,
    )
