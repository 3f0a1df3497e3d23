"""When time alone may next change whether a contact meets a condition.

Only a moment that can matter counts: while a part that time does not move decides (one of all that does
not hold, one of any that holds), the answer waits for a fact, after which the moment is worked out anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from waypost.contacts.comparing import least
from waypost.kernel.sql import Sql, and_, not_, or_, sql
from waypost.segments.terms import AllOf, Single, Term, all_of, predicate


def due_of(term: Term, contact_id: Sql) -> Sql | None:
    """The moment as an expression, null where there is none; None where time moves nothing in the term."""
    if isinstance(term, Single):
        leaf = term.leaf
        return None if leaf.condition.due is None else leaf.condition.due(leaf.params, contact_id)
    moments: list[Sql] = []
    still: list[Sql] = []
    for part in term.parts:
        moment = due_of(part, contact_id)
        if moment is None:
            still.append(predicate(part, contact_id))
        else:
            moments.append(moment)
    if not moments:
        return None
    if not still:
        return least(moments)
    return _while(term, still, least(moments))


def _while(term: Term, still: Sequence[Sql], moment: Sql) -> Sql:
    may_matter = and_(*still) if isinstance(term, AllOf) else not_(or_(*still))
    return sql("case when {may_matter} then {moment} end", may_matter=may_matter, moment=moment)


def still_part(term: Term) -> Term | None:
    """What must hold, time aside, for time to matter at all; None where it may matter to everybody."""
    if not isinstance(term, AllOf):
        return None
    still: list[Term] = [part for part in term.parts if due_of(part, sql("null::bigint")) is None]
    return all_of(still) if 0 < len(still) < len(term.parts) else None
