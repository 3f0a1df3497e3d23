"""The map shows what links automations, where they go in circles, and where they undo each other."""

from __future__ import annotations

from tests.automations.flow import Json, document, has_tag, on_tag, step
from tests.make import Client, Make
from waypost.automations import actions, map_links
from waypost.kernel.db import Database


async def test_links_loops_and_conflicts(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        one, two = await make.tag(tx), await make.tag(tx)

        async def draw(name: str, content: Json) -> int:
            return (await actions.create_automation(tx, name=name, document=content)).id

        a = await draw("A", document(step("s1", "add_tag", tag_id=two), triggers=[on_tag(one)]))
        b = await draw("B", document(step("s1", "add_tag", tag_id=one), triggers=[on_tag(two)]))
        c = await draw("C", document(step("s1", "remove_tag", tag_id=one), step("s2", "end_automation")))
        d = await draw(
            "D",
            document(
                step("s1", "wait_until", condition=has_tag(one)),
                step("s2", "end_automation", automation_id=c),
                step("s3", "start_automation", automation_id=a),
            ),
        )
    drawn = (await client.get("/api/v1/automation-map")).json()
    assert [(node["id"], node["name"], node["status"]) for node in drawn["nodes"]] == [
        (a, "A", "draft"), (b, "B", "draft"), (c, "C", "draft"), (d, "D", "draft"),
    ]  # fmt: skip
    links = {(link["from_id"], link["to_id"], link["way"], link["step_id"]) for link in drawn["links"]}
    assert links == {
        (a, b, "triggers", "s1"), (b, a, "triggers", "s1"),
        (b, d, "decides", "s1"), (c, d, "decides", "s1"),
        (c, a, "ends", "s2"), (c, b, "ends", "s2"), (c, d, "ends", "s2"),
        (d, c, "ends", "s2"), (d, a, "starts", "s3"),
    }  # fmt: skip
    found = {(item["kind"], item["severity"], tuple(item["automation_ids"])) for item in drawn["findings"]}
    assert found == {
        ("loop", "error", (a, b)),
        ("opposite", "warning", (b, c)),
        ("end_each_other", "warning", (c, d)),
    }


async def test_half_drawn_automations_are_on_the_map(client: Client, db: Database) -> None:
    async with db.transaction(client.workspace_id) as tx:
        gap = document(step("s1", "add_tag"), step("s2", "no_such_step"), triggers=[{"id": "t", "type": "gone"}])
        await actions.create_automation(tx, name="Gaps", document=gap)
        await actions.create_automation(tx, name="Empty")
    drawn = (await client.get("/api/v1/automation-map")).json()
    assert ([node["name"] for node in drawn["nodes"]], drawn["links"]) == (["Gaps", "Empty"], [])
    async with db.read(client.workspace_id + 1) as stranger:
        assert (await map_links.draw_map(stranger)).nodes == []
