"""The second example of the brief, drawn by hand: a pipeline with four automations around its deals, on a fast clock."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.clocks import let_time_pass
from tests.browser.conftest import Site
from tests.browser.test_brief_examples import (
    add_step,
    ask,
    choose,
    letter,
    made,
    mails_to,
    start,
    tags_of,
    wait_for,
)

STAGES = ("Brief new", "Brief qualified", "Brief proposal")


def draw_pipeline(page: Page) -> None:
    """A pipeline of its own, whose three stages get the names and chances of the brief."""
    page.goto("/deals/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.get_by_role("dialog", name="New pipeline").get_by_label("Name of the pipeline").fill("Brief deals")
    page.get_by_role("dialog", name="New pipeline").get_by_role("button", name="Make pipeline").click()
    region = page.get_by_role("region", name="Brief deals")
    for place, name in enumerate(STAGES):
        row = region.get_by_role("listitem").nth(place).get_by_label("Name of the stage")
        row.fill(name)
        row.press("Enter")
        expect(page.get_by_role("button", name=f"Actions for {name}")).to_be_visible()


def begin_on(page: Page, name: str, trigger: str, picker: str, option: str) -> int:
    """A new automation that a deal starts, each time."""
    page.set_default_timeout(8_000)
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Create", exact=True).click()
    page.get_by_role("button", name="Add trigger").click()
    choose(page, "Starts when", trigger)
    pick(page, picker, option)
    return int(page.url.rpartition("/")[2])


def pick(page: Page, name: str, option: str) -> None:
    """A stage stands with its pipeline's name where there are several."""
    page.get_by_role("combobox", name=name, exact=True).last.click()
    page.get_by_role("option", name=re.compile(f"{option}$")).click()


def draw_all(page: Page) -> dict[str, int]:
    qualified = begin_on(page, "Brief on qualified", "Deal's stage changes", "stage", "Brief qualified")
    add_step(page, "root-0", "Send email")
    choose(page, "Message", "Brief: Meet us")
    add_step(page, "root-1", "Add task")
    page.get_by_role("textbox", name="Title", exact=True).fill("Schedule a call")
    start(page)
    proposal = begin_on(page, "Brief on proposal", "Deal's stage changes", "stage", "Brief proposal")
    add_step(page, "root-0", "Wait")
    page.get_by_role("textbox", name="Amount", exact=True).fill("3")
    branch = add_step(page, "root-1", "If / else")
    ask(page, "Has deals")
    pick(page, "Stage", "Brief proposal")
    choose(page, "Status", "Open")
    add_step(page, f"{branch}/yes-0", "Send email")
    choose(page, "Message", "Brief: Still there")
    start(page)
    won = begin_on(page, "Brief on won", "Deal is won", "pipeline", "Brief deals")
    add_step(page, "root-0", "Add tag")
    choose(page, "Tag", "Brief customer")
    add_step(page, "root-1", "Send email")
    choose(page, "Message", "Brief: Welcome")
    start(page)
    lost = begin_on(page, "Brief on lost", "Deal is lost", "pipeline", "Brief deals")
    add_step(page, "root-0", "Add tag")
    choose(page, "Tag", "Brief lost deal")
    add_step(page, "root-1", "Wait")
    page.get_by_role("textbox", name="Amount", exact=True).fill("30")
    add_step(page, "root-2", "Send email")
    choose(page, "Message", "Brief: Come back")
    start(page)
    return {"qualified": qualified, "proposal": proposal, "won": won, "lost": lost}


def test_deals_move_and_automations_follow(page: Page, site: Site) -> None:
    for name in ("Meet us", "Still there", "Welcome", "Come back"):
        letter(site, name)
    for name in ("customer", "lost deal"):
        made(site, "/tags", {"name": f"Brief {name}"})
    draw_pipeline(page)
    flows = draw_all(page)
    pipelines = site.api.get("/pipelines").json()["items"]
    pipeline = next(one for one in pipelines if one["name"] == "Brief deals")
    stages = {stage["name"]: stage["id"] for stage in pipeline["stages"]}
    people = {name: f"brief.deal.{name}@example.org" for name in ("buyer", "refuser", "waiter")}
    contacts = {name: made(site, "/contacts", {"email": email}) for name, email in people.items()}
    deals = {
        name: made(site, "/deals", {"title": f"Deal of {name}", "contact_id": contact, "pipeline_id": pipeline["id"]})
        for name, contact in contacts.items()
    }

    def set_all(names: tuple[str, ...], **change: object) -> None:
        for name in names:
            site.api.patch(f"/deals/{deals[name]}", json=change).raise_for_status()

    def has_mail(name: str, subject: str) -> bool:
        return subject in mails_to(site, people[name])

    set_all(tuple(deals), stage_id=stages["Brief qualified"])
    for name in deals:
        wait_for("the invitation", lambda name=name: has_mail(name, "Brief: Meet us"))
    tasks = [site.api.get("/tasks", params={"deal_id": deal}).json()["items"] for deal in deals.values()]
    assert [[task["title"] for task in found] for found in tasks] == [["Schedule a call"]] * 3
    set_all(tuple(deals), stage_id=stages["Brief proposal"])
    wait_for("all to wait", lambda: active(site, flows["proposal"]) == 3)
    set_all(("buyer",), status="won")
    set_all(("refuser",), status="lost", lost_reason="Too dear")
    wait_for("the customer's tag", lambda: "Brief customer" in tags_of(site, contacts["buyer"]))
    wait_for("the welcome", lambda: has_mail("buyer", "Brief: Welcome"))
    wait_for("the lost deal's tag", lambda: "Brief lost deal" in tags_of(site, contacts["refuser"]))
    let_time_pass(site, flows["proposal"])
    wait_for("the reminder", lambda: has_mail("waiter", "Brief: Still there"))
    wait_for("the others to leave", lambda: active(site, flows["proposal"]) == 0)
    assert not has_mail("buyer", "Brief: Still there")
    assert not has_mail("refuser", "Brief: Come back")
    let_time_pass(site, flows["lost"])
    wait_for("the way back", lambda: has_mail("refuser", "Brief: Come back"))
    page.goto(f"/contacts/{contacts['refuser']}?tab=deals")
    expect(page.get_by_role("link", name="Deal of refuser")).to_be_visible()


def active(site: Site, automation_id: int) -> int:
    return int(site.api.get(f"/automations/{automation_id}/counts").json()["active"])
