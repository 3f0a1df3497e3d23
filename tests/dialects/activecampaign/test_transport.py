"""Keys, limits, methods and what is not there."""

import pytest

from tests.dialects.activecampaign.conftest import V3

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_root_answers_for_start_up_checks(v3: V3):
    assert (await v3.get("/"))["version"] == "3"
    assert (await v3.call("GET", ""))[0] == 200


@pytest.mark.parametrize("key", ["", "wrong"])
async def test_a_wrong_key_is_403_with_a_message(v3: V3, key: str):
    status, body = await v3.call("GET", "/contacts", headers={"Api-Token": key})
    assert status == 403
    assert list(body) == ["message"]


@pytest.mark.parametrize("name", ["api-token", "API-TOKEN", "Api-Token"])
async def test_the_key_header_may_be_written_in_any_case(v3: V3, name: str):
    key = v3.http.headers.pop("Api-Token")
    try:
        status, _ = await v3.call("GET", "/users/me", headers={name: key})
        by_query, _ = await v3.call("GET", f"/users/me?api_key={key}")
    finally:
        v3.http.headers["Api-Token"] = key
    assert (status, by_query) == (200, 200)


async def test_answers_tell_the_rate_limit(v3: V3):
    response = await v3.http.get("/api/3/tags")
    assert int(response.headers["RateLimit-Remaining"]) < int(response.headers["RateLimit-Limit"])


async def test_unknown_methods_are_405(v3: V3):
    response = await v3.http.post("/api/3/automations", json={})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"


async def test_unknown_paths_are_404_with_a_message(v3: V3):
    status, body = await v3.call("GET", "/nothing")
    assert (status, list(body)) == (404, ["message"])


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"'])
async def test_what_is_no_json_object_is_400(v3: V3, body: bytes):
    response = await v3.http.post("/api/3/contacts", content=body)
    assert response.status_code == 400
    assert list(response.json()) == ["message"]


async def test_a_trailing_slash_and_a_dangling_question_mark_are_fine(v3: V3):
    assert (await v3.get("/tags/?"))["tags"] == []


async def test_deleting_a_bare_collection_means_id_zero(v3: V3):
    status, body = await v3.call("DELETE", "/tags")
    assert (status, body) == (404, {"message": "No Result found for Tag with id 0"})


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/contacts/987654321", "Subscriber"),
        ("/contacts/987654321/contactLists", "Subscriber"),
        ("/contacts/987654321/scoreValues", "Subscriber"),
        ("/tags/987654321", "Tag"),
        ("/lists/987654321", "_List"),
        ("/fields/987654321", "Field"),
        ("/contactTags/987654321", "SubscriberTag"),
        ("/contactAutomations/987654321", "SubscriberSeries"),
        ("/fieldValues/987654321", "FieldValue"),
        ("/automations/987654321", "Automation"),
        ("/fieldRels/987654321", "FieldRel"),
        ("/users/987654321", "User"),
    ],
)
async def test_unknown_ids_are_404_and_name_the_model(v3: V3, path: str, model: str):
    status, body = await v3.call("GET", path)
    assert (status, body) == (404, {"message": f"No Result found for {model} with id 987654321"})
