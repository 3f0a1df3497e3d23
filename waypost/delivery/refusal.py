"""Who is not mailed, as one fragment, so that queueing and sending judge alike."""

from __future__ import annotations

from waypost.kernel.sql import Sql, sql

NO_ADDRESS = "The contact has no e-mail address."
SUPPRESSED = "The address is on the suppression list."
UNSUBSCRIBED = "The contact has unsubscribed."
DELETED = "The contact was deleted."


def hashed(address: Sql) -> Sql:
    """How the suppressed address of an erased person is kept."""
    return sql("'sha256:' || encode(sha256(convert_to({address}, 'UTF8')), 'hex')", address=address)


def _suppressed(email: Sql, reasons: Sql) -> Sql:
    """Whether the address, or the hash of it, is suppressed; hashes are only worked out where there are any."""
    return sql(
        """
        (exists (select 1 from delivery.suppression ds where ds.workspace_id = {workspace}
                   and ds.address = {email} and {reasons})
         or (exists (select 1 from delivery.suppression dh where dh.workspace_id = {workspace}
                       and dh.address >= 'sha256:' and dh.address < 'sha256;')
             and exists (select 1 from delivery.suppression ds where ds.workspace_id = {workspace}
                           and ds.address = {hash} and {reasons})))
        """,
        email=email,
        hash=hashed(email),
        reasons=reasons,
    )


def refusal(*, contact_id: Sql, email: Sql) -> Sql:
    """The reason not to mail, as text, or null.

    Unsubscribed is who left a list (or used a message's link) and is active on none since.
    """
    return sql(
        """
        case
            when coalesce({email}, '') = '' then {no_address}
            when {is_suppressed} then {suppressed}
            when ({is_unsubscribed}
                  or exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                               and rs.contact_id = {contact_id} and rs.status in (2, 3)))
             and not exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                               and rs.contact_id = {contact_id} and rs.status = 1) then {unsubscribed}
        end
        """,
        contact_id=contact_id,
        email=email,
        is_suppressed=_suppressed(email, sql("ds.reason <> 3")),
        is_unsubscribed=_suppressed(email, sql("ds.reason = 3")),
        no_address=NO_ADDRESS,
        suppressed=SUPPRESSED,
        unsubscribed=UNSUBSCRIBED,
    )
