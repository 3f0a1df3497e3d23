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


ANY, DOMAINS, SHA256, MD5 = (
    sql("exists (select 1 from delivery.suppression dk where dk.workspace_id = {workspace})"),
    sql(
        """
        exists (select 1 from delivery.suppression dk where dk.workspace_id = {workspace}
                  and dk.address >= '@' and dk.address < 'A')
        """
    ),
    sql(
        """
        exists (select 1 from delivery.suppression dk where dk.workspace_id = {workspace}
                  and dk.address >= 'sha256:' and dk.address < 'sha256;')
        """
    ),
    sql(
        """
        exists (select 1 from delivery.suppression dk where dk.workspace_id = {workspace}
                  and dk.address >= 'md5:' and dk.address < 'md5;')
        """
    ),
)
"""Whether there are entries at all, and of each form: none of them looks at a recipient, so they are asked once a
statement, and what is not there costs nothing a row."""


def _found(email: Sql) -> Sql:
    """The weightiest reason why the address, its domain or a hash of it is suppressed: 0 any, 1 unsubscribed, or null."""
    return sql(
        """
        case when {any} then (
            select min(case when ds.reason = 3 then 1 else 0 end) from delivery.suppression ds
            where ds.workspace_id = {workspace} and ds.address = any (array[{email},
                case when {domains} then '@' || split_part({email}, '@', 2) end,
                case when {sha256} then {hash} end,
                case when {md5} then 'md5:' || md5({email}) end]))
        end
        """,
        any=ANY,
        domains=DOMAINS,
        sha256=SHA256,
        md5=MD5,
        email=email,
        hash=hashed(email),
    )


def refusal(*, contact_id: Sql, email: Sql) -> Sql:
    """The reason not to mail, as text, or null.

    Unsubscribed is who left a list (or used a message's link) and is active on none since.
    """
    return sql(
        """
        case
            when coalesce({email}, '') = '' then {no_address}
            else case {found}
                when 0 then {suppressed}
                when 1 then case when not {is_active} then {unsubscribed} end
                else case when exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                                         and rs.contact_id = {contact_id} and rs.status in (2, 3))
                           and not {is_active} then {unsubscribed} end
            end
        end
        """,
        is_active=sql(
            """
            exists (select 1 from contacts.subscription rs where rs.workspace_id = {workspace}
                      and rs.contact_id = {contact_id} and rs.status = 1)
            """,
            contact_id=contact_id,
        ),
        found=_found(email),
        contact_id=contact_id,
        email=email,
        no_address=NO_ADDRESS,
        suppressed=SUPPRESSED,
        unsubscribed=UNSUBSCRIBED,
    )
