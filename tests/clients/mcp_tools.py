"""What `mcp-activecampaign` does with its tools: `python mcp_tools.py ADDRESS KEY`."""

import asyncio
import json
import os
import sys

from mcp_activecampaign.server import mcp

CALLS: list[str] = []


async def tool(name, **arguments):
    """Call a tool as an assistant would; every answer of these is JSON."""
    CALLS.append(name)
    content, _ = await mcp.call_tool(name, arguments)
    return json.loads(content[0].text)


async def about_contacts():
    made = await tool("create_contact", email="jane@example.com", first_name="Jane", last_name="Doe")
    contact_id = made["id"]
    assert (await tool("get_contact", contact_id=contact_id))["email"] == "jane@example.com"
    await tool("update_contact", contact_id=contact_id, phone="5")
    assert (await tool("list_contacts", email="JANE@example.com"))["contacts"][0]["phone"] == "5"
    found = await tool("search_contacts", query="jan")
    assert [one["id"] for one in found["contacts"]] == [contact_id]
    return contact_id


async def about_tags_and_lists(contact_id):
    tag_id = (await tool("create_tag", tag_name="vip"))["id"]
    await tool("add_tag_to_contact", contact_id=contact_id, tag_id=tag_id)
    given = (await tool("list_contact_tags", contact_id=contact_id))["tags"]
    assert [one["tag_id"] for one in given] == [tag_id]
    assert (await tool("list_contacts", tag_id=tag_id))["total"] == 1
    await tool("remove_tag_from_contact", contact_tag_id=given[0]["contact_tag_id"])
    assert (await tool("list_contact_tags", contact_id=contact_id))["total"] == 0
    assert (await tool("list_tags", search="vip"))["total"] == 1
    assert (await tool("list_lists"))["total"] == 0


async def about_notes_and_fields(contact_id):
    made = await tool("add_contact_note", contact_id=contact_id, note="Called her")
    notes = (await tool("list_contact_notes", contact_id=contact_id))["notes"]
    assert [(one["id"], one["note"]) for one in notes] == [(made["id"], "Called her")]
    assert (await tool("list_custom_fields"))["total"] == 0
    assert (await tool("get_field_values", contact_id=contact_id))["field_values"] == []


async def about_outreach(contact_id):
    assert (await tool("list_campaigns"))["total"] == 0
    assert (await tool("list_scores"))["total"] == 0
    assert (await tool("get_contact_score", contact_id=contact_id))["scores"] == []
    assert (await tool("list_goals"))["total"] == 0
    templates = await tool("list_templates", limit=5)
    assert (len(templates["templates"]), templates["total"] >= 20) == (5, True)


async def about_the_rest(contact_id):
    assert (await tool("ping"))["status"] == "connected"
    assert (await tool("list_accounts"))["total"] == 0
    assert (await tool("list_automations"))["total"] == 0
    assert (await tool("list_contact_automations", contact_id=contact_id))["total"] == 0
    assert (await tool("list_segments"))["total"] == 0
    people = [{"email": f"bulk{number}@example.com", "first_name": "Bulk"} for number in range(3)]
    assert (await tool("bulk_import_contacts", contacts_json=json.dumps(people)))["queued"] == 3
    for _ in range(20):
        if (await tool("search_contacts", query="bulk"))["total"] == 3:
            break
    else:
        raise AssertionError("the contacts of the bulk import did not arrive")


async def main(address: str, key: str) -> int:
    os.environ["ACTIVECAMPAIGN_URL"], os.environ["ACTIVECAMPAIGN_API_KEY"] = address, key
    contact_id = await about_contacts()
    await about_tags_and_lists(contact_id)
    await about_notes_and_fields(contact_id)
    await about_outreach(contact_id)
    await about_the_rest(contact_id)
    await tool("delete_contact", contact_id=contact_id)
    assert (await tool("list_contacts", email="jane@example.com"))["total"] == 0
    print(f"mcp-activecampaign: {len(CALLS)} calls, all as it expects")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2])))
