"""Scores and the points that contacts have in them. Deals are not scored."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.contacts.queries.contacts import get_contact
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import pair_id, zero_one
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.paging import MOST, cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.scores.errors import ScoreNotFound
from waypost.scores.numbered import Points, list_points_from
from waypost.scores.queries import get_score, list_scores
from waypost.scores.types import Score

routes = Routes()
_VALUE_LINKS = Links("scoreValues", ("score", "contact", "deal"))
MOST_A_PAGE = 10_000


def _score_row(call: Read, score: Score) -> Row:
    return {
        "reltype": "contact",
        "name": score.name,
        "descript": score.description,
        "status": zero_one(score.is_active),
        "cdate": call.iso(score.created_at),
        "mdate": call.iso(score.updated_at),
        "links": [],
        "id": str(score.id),
    }


def score_value_row(call: Read, points: Points) -> Row:
    number = pair_id(points.contact_id, points.score_id)
    return {
        "score": str(points.score_id),
        "contact": str(points.contact_id),
        "deal": None,
        "cdate": call.iso(points.began_at),
        "mdate": call.iso(points.changed_at),
        "scoreValue": str(points.points),
        "links": _VALUE_LINKS.of(call.base, number),
        "id": str(number),
    }


async def points_of(call: Read, contact_ids: Sequence[int]) -> list[Row]:
    """All points of a page of contacts."""
    found, _ = await list_points_from(call.tx, contact_ids=contact_ids, limit=MOST_A_PAGE)
    return [score_value_row(call, one) for one in found]


@routes.get("/scores")
async def list_all_scores(call: Read) -> Answer:
    found = sorted(await list_scores(call.tx), key=lambda score: score.id)
    return Answer({"scores": [_score_row(call, one) for one in cut(found, call.query)], "meta": meta(len(found))})


@routes.get("/scores/{id}")
async def read_score(call: Read) -> Answer:
    try:
        return Answer({"score": _score_row(call, await get_score(call.tx, call.id))})
    except ScoreNotFound as failure:
        raise NoResult(model="Score", id=call.id) from failure


@routes.get("/scoreValues")
async def list_score_values(call: Read) -> Answer:
    found, total = await list_points_from(call.tx, limit=call.query.limit(), offset=call.query.offset)
    return Answer({"scoreValues": [score_value_row(call, one) for one in found], "meta": meta(total)})


@routes.get("/contacts/{id}/scoreValues")
async def list_score_values_of(call: Read) -> Answer:
    contact = await get_contact(call.tx, call.id)
    found, _ = await list_points_from(call.tx, contact_ids=[contact.id], limit=MOST)
    return Answer({"scoreValues": [score_value_row(call, one) for one in found]})


@routes.get("/contactScores")
async def list_contact_scores(call: Read) -> Answer:
    """Not documented, but asked for by assistants' tools: the points of one contact, or of all."""
    contact_id = call.query.filter_number("contact")
    found, total = await list_points_from(
        call.tx,
        contact_ids=None if contact_id is None else [contact_id],
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    return Answer({"contactScores": [score_value_row(call, one) for one in found], "meta": meta(total)})
