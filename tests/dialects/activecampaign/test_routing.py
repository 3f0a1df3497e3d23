"""Paths and methods."""

from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.limits import RateLimit
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()


@routes.get("/tags")
async def listing(call: Read) -> Answer:
    return Answer({}, 200 if call else 500)


@routes.get("/tags/{id}")
async def one(call: Read) -> Answer:
    return Answer({}, 200 if call else 500)


@routes.put("/tags/{id}")
async def change(call: Write) -> Answer:
    return Answer({}, 200 if call else 500)


@routes.delete("/tags/{id}")
async def remove(call: Write) -> Answer:
    return Answer({}, 200 if call else 500)


def test_a_trailing_slash_does_not_matter():
    found = routes.find("GET", "/tags/")
    assert found is not None
    assert found.handler is not None
    assert found.handler.function is listing


def test_ids_are_digits():
    found = routes.find("GET", "/tags/12")
    assert found is not None
    assert (found.handler and found.handler.function, found.path) == (one, ["12"])
    assert routes.find("GET", "/tags/twelve") is None


def test_patch_is_put():
    found = routes.find("PATCH", "/tags/12")
    assert found is not None
    assert found.handler is not None
    assert found.handler.function is change


def test_deleting_the_bare_collection_means_id_zero():
    found = routes.find("DELETE", "/tags")
    assert found is not None
    assert (found.handler and found.handler.function, found.path) == (remove, ["0"])


def test_an_unknown_method_leaves_the_others_to_be_named():
    found = routes.find("POST", "/tags/12")
    assert found is not None
    assert (found.handler, list(found.methods)) == (None, ["DELETE", "GET", "PUT"])


def test_the_limit_counts_down_and_then_refuses():
    limit = RateLimit(per_second=2)
    assert [limit.take(1), limit.take(1), limit.take(1)] in ([1, 0, -1], [1, 1, 0], [1, 0, 1])
    assert limit.take(2) >= 0
