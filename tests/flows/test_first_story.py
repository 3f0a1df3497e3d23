"""The main job, end to end, on real processes and real SMTP.

A messy file becomes contacts, a tag starts an automation, mail leaves, the open and the click come
back, and every contact takes the right branch.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.flows.stack import Stack, running

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"
MADE_UP = HERE.parent / "data" / "messy.csv"
MESSY = SHARED / "contacts_messy.csv" if (SHARED / "contacts_messy.csv").exists() else MADE_UP
WESTERN = SHARED / "contacts_semicolon_cp1252.csv"
TARGET = "https://shop.example.com/offer?a=1&b=2"
STORY_KINDS = (
    "tag_added", "automation_entered", "message_sent", "message_opened", "link_clicked", "field_changed",
    "automation_completed",
)  # fmt: skip


@pytest.fixture(scope="module")
def stack(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    import asyncio

    from tests.conftest import _sql, renamed

    name = f"{template}_story"
    asyncio.run(_sql(postgres, f"create database {name} template {template}"))
    with running(renamed(postgres, name), tmp_path_factory.mktemp("story")) as found:
        yield found
    asyncio.run(_sql(postgres, f"drop database {name} with (force)"))


def upload(stack: Stack, path: Path, content: bytes | None = None) -> Any:
    body = path.read_bytes() if content is None else content
    answer = stack.http.post("/api/v1/imports", files={"file": (path.name, body, "text/csv")})
    assert answer.status_code == 201, answer.text
    return answer.json()


def finished(stack: Stack, import_id: int, *states: str) -> Any:
    def look() -> Any:
        found = stack.get(f"/imports/{import_id}")
        assert found["state"] != "failed" or "failed" in states, found
        return found if found["state"] in states else None

    return stack.until(f"import {import_id} to be {states}", look, seconds=120)


def run_import(stack: Stack, path: Path, content: bytes | None = None, **options: Any) -> Any:
    """Upload, take the suggestions, check, start, wait."""
    made = upload(stack, path, content)
    mapping = [{"index": column["index"], "target": column["suggestion"]["target"]} for column in made["columns"]]
    assert "email" in [item["target"] for item in mapping]
    body = {"mapping": mapping, "options": {"rule": "update", **options}}
    stack.call("PATCH", f"/imports/{made['id']}", body)
    stack.post(f"/imports/{made['id']}/dry-run")
    checked = finished(stack, made["id"], "checked")
    stack.post(f"/imports/{made['id']}/start")
    done = finished(stack, made["id"], "completed")
    checked_counts = {name: checked["progress"][name] for name in ("created", "updated", "skipped", "failed")}
    assert {name: done["progress"][name] for name in checked_counts} == checked_counts, "the dry run told the truth"
    return done


def rows_of(content: bytes, encoding: str, delimiter: str) -> int:
    return sum(1 for row in csv.reader(io.StringIO(content.decode(encoding)), delimiter=delimiter) if any(row)) - 1


@pytest.fixture(scope="module")
def imported(stack: Stack) -> Any:
    """The messy file, on a list."""
    a_list = stack.post("/lists", {"name": "Customers"})
    return {"done": run_import(stack, MESSY, list_ids=[a_list["id"]]), "list_id": a_list["id"]}


def test_every_row_of_the_messy_file_is_accounted_for(stack: Stack, imported: Any):
    done = imported["done"]
    progress = done["progress"]
    total = sum(progress[name] for name in ("created", "updated", "unchanged", "skipped", "failed"))
    assert total == progress["rows_total"] == progress["rows_done"]
    assert total == rows_of(MESSY.read_bytes(), "utf-8-sig", ",")
    assert progress["created"] == stack.get("/contacts?limit=1")["total"]
    answer = stack.http.get(f"/api/v1/imports/{done['id']}/errors.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    explained = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(explained) - 1 >= progress["failed"] + progress["skipped"]
    assert progress["failed"] > 0, "the file has addresses that nobody can write to"


def test_importing_the_same_file_again_changes_nothing(stack: Stack, imported: Any):
    again = run_import(stack, MESSY, list_ids=[imported["list_id"]])["progress"]
    before = imported["done"]["progress"]
    assert (again["created"], again["updated"]) == (0, 0)
    assert again["failed"] == before["failed"]
    assert stack.get("/contacts?limit=1")["total"] == before["created"]


def test_the_windows_file_is_read_in_its_own_letters(stack: Stack, imported: Any):
    if WESTERN.exists():
        content, delimiter = WESTERN.read_bytes(), ";"
    else:
        content = "E-Mail;Vorname;Nachname\r\njuergen@example.com;J\u00fcrgen;Stra\u00dfe\r\n".encode("cp1252")
        delimiter = ";"
    done = run_import(stack, Path("western.csv"), content)
    progress = done["progress"]
    assert done["delimiter"] == delimiter
    assert re.sub("[-_]", "", done["encoding"].lower()) in ("cp1252", "windows1252")
    total = sum(progress[name] for name in ("created", "updated", "unchanged", "skipped", "failed"))
    assert total == rows_of(content, "cp1252", delimiter)
    wanted = {row["Nachname"] for row in csv.DictReader(io.StringIO(content.decode("cp1252")), delimiter=delimiter)}
    wanted = {
        name
        for name in wanted
        if re.fullmatch("[A-Za-z]*[\u00c4\u00d6\u00dc\u00e4\u00f6\u00fc\u00df\u00e9][a-z]+", name)
    }
    found = stack.get(f"/contacts?search={min(wanted)}&limit=5")["items"]
    assert min(wanted) in {contact["last_name"] for contact in found}


BAD_FILES = {
    "page.csv": (b"<!doctype html><html><body><table><tr><td>email</td></tr></table></body></html>", "CSV"),
    "bomb.csv": (b"PK\x03\x04" + b"\x00" * 5_000, "CSV"),
    "wide.csv": (",".join(f"c{number}" for number in range(5_000)).encode() + b"\nx", "columns"),
    "empty.csv": (b"", "empty"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_contact_file_gets_a_clear_message_and_writes_nothing(stack: Stack, name: str):
    content, word = BAD_FILES[name]
    before = [item["id"] for item in stack.get("/imports")["items"]]
    answer = stack.http.post("/api/v1/imports", files={"file": (name, content, "text/csv")})
    assert answer.status_code == 422
    assert word in answer.json()["detail"]
    assert [item["id"] for item in stack.get("/imports")["items"]] == before


def test_a_hundred_megabytes_in_a_wrong_encoding_are_refused(stack: Stack):
    before = stack.get("/contacts?limit=1")["total"]
    line = b"someone@example.com,Some,One,%s\n" % (b"x" * 70)
    content = (
        b"email,first name,last name,note\n"
        + line * (100_000_000 // len(line))
        + b"bad@example.com,\x81\x8d\x90\xff,\x9d,\n"
    )
    answer = stack.http.post("/api/v1/imports", files={"file": ("large.csv", content, "text/csv")})
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.json()["detail"]
    assert stack.get("/contacts?limit=1")["total"] == before


def test_wrong_keys_unknown_ids_and_missing_addresses_in_v3s_shapes(stack: Stack):
    wrong = stack.http.get("/api/3/contacts", headers={"Authorization": "", "Api-Token": "wrong"})
    assert (wrong.status_code, list(wrong.json())) == (403, ["message"])
    unknown = stack.http.get("/api/3/contacts/987654321")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"message": "No Result found for Subscriber with id 987654321"},
    )
    missing = stack.http.post("/api/3/contacts", json={"contact": {"firstName": "Nobody"}})
    assert missing.status_code == 422
    assert missing.json()["errors"][0]["source"] == {"pointer": "/data/attributes/email"}


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content()


def kinds_of(stack: Stack, contact_id: int, since: int | None = None) -> list[str]:
    """The story's facts about a contact, in the order they happened, from the fact with the id `since` on."""
    items = stack.get(f"/contacts/{contact_id}/timeline?limit=200")["items"][::-1]
    ids = [item["id"] for item in items]
    start = 0 if since is None else ids.index(since)
    return [item["kind"] for item in items[start:] if item["kind"] in STORY_KINDS]


class Story:
    """What the automation is made of."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.start, self.clicked, self.engaged = (
            stack.post("/tags", {"name": name})["id"] for name in ("Autumn offer", "Clicked", "Engaged")
        )
        self.field = stack.post("/fields", {"name": "Interest", "type": "text"})["id"]
        self.message = stack.post("/messages", self._message())["id"]
        automation = stack.post("/automations", {"name": "Autumn", "document": self._document()})
        self.automation = automation["id"]
        assert stack.post(f"/automations/{self.automation}/validate")["problems"] == []
        assert stack.post(f"/automations/{self.automation}/activate")["status"] == "active"

    def _message(self) -> dict[str, Any]:
        blocks = [
            {"id": "b1", "type": "heading", "props": {"text": "Hello %FIRSTNAME|friend%", "level": 1}},
            {"id": "b2", "type": "text", "props": {"html": "<p>We kept something for you.</p>"}},
            {"id": "b3", "type": "button", "props": {"label": "See the offer", "href": TARGET}},
            {"id": "b4", "type": "text", "props": {"html": '<p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a></p>'}},
        ]
        return {
            "name": "Autumn offer",
            "subject": "%FIRSTNAME|Friend%, your offer",
            "from_name": "Olga of Example",
            "from_email": "olga@shop.example.com",
            "document": {"version": 1, "kind": "email", "settings": {}, "blocks": blocks},
        }

    def _document(self) -> dict[str, Any]:
        clicked = {"type": "clicked_link", "params": {"message_id": self.message}}
        opened = {"type": "opened_message", "params": {"message_id": self.message}}
        quiet = {"type": "update_field", "params": {"field_id": self.field, "value": "quiet"}}
        return {
            "version": 1,
            "triggers": [{"id": "t1", "type": "tag_added", "params": {"tag_id": self.start}, "runs": "once"}],
            "steps": [
                {"id": "s1", "type": "send_email", "params": {"message_id": self.message}},
                {
                    "id": "s2",
                    "type": "wait_until",
                    "params": {"condition": clicked, "timeout_amount": 2, "timeout_unit": "days"},
                    "arms": {
                        "met": [{"id": "s3", "type": "add_tag", "params": {"tag_id": self.clicked}}],
                        "timed_out": [],
                    },
                },
                {
                    "id": "s4",
                    "type": "if_else",
                    "params": {"condition": opened},
                    "arms": {
                        "yes": [{"id": "s5", "type": "add_tag", "params": {"tag_id": self.engaged}}],
                        "no": [{"id": "s6", **quiet}],
                    },
                },
            ],
        }

    def counts(self) -> Any:
        return self.stack.get(f"/automations/{self.automation}/counts")

    def end_of(self, contact_id: int) -> tuple[set[str], Any]:
        """The story's tags and the field of a contact."""
        contact = self.stack.get(f"/contacts/{contact_id}")
        ours = {self.clicked: "clicked", self.engaged: "engaged"}
        tags = {ours[tag["id"]] for tag in contact["tags"] if tag["id"] in ours}
        return tags, contact["fields"].get(str(self.field))


@pytest.fixture(scope="module")
def people(stack: Stack, imported: Any) -> list[Any]:
    """A segment of the imported: people with a first name, on the list, whose address begins alike."""
    begins = "ma" if MESSY != MADE_UP else ""
    about_email = (
        [("starts_with", begins)]
        if begins
        else [("not_contains", "\u00e4"), ("not_contains", "quoted"), ("is_not_empty", "")]
    )
    condition = {
        "match": "all",
        "conditions": [
            {"type": "on_list", "params": {"list_id": imported["list_id"]}},
            {
                "type": "contact_attribute",
                "params": {"attribute": "first_name", "operator": "is_not_empty", "value": ""},
            },
            *(
                {"type": "contact_attribute", "params": {"attribute": "email", "operator": operator, "value": value}}
                for operator, value in about_email
            ),
        ],
    }
    counted = stack.post("/segments/count", {"condition": condition})
    segment = stack.post("/segments", {"name": "Alike", "condition": condition})
    answer = stack.http.get(f"/api/3/contacts?segmentid={segment['id']}&limit=100").json()
    assert answer["meta"]["total"] == str(counted["count"])
    assert 4 <= len(answer["contacts"]) <= 1_000
    return answer["contacts"]


def test_the_story(stack: Stack, people: list[Any]):
    story = Story(stack)
    ids = [int(person["id"]) for person in people]
    changed = stack.post("/contacts/bulk", {"contact_ids": ids, "action": "add_tag", "tag_id": story.start})
    assert changed == {"changed": len(ids)}

    mail = stack.until(
        "mail to everyone", lambda: stack.sink.messages if len(stack.sink.messages) >= len(ids) else None
    )
    by_address = {message["To"].addresses[0].addr_spec: message for message in mail}
    assert len(mail) == len(by_address) == len(ids), "one message each"
    clicker, opener, quiet, _ = people[:4]
    letters = [by_address[person["email"]] for person in people[:4]]
    for person, letter in zip(people[:4], letters, strict=True):
        assert letter["Subject"] == f"{person['firstName']}, your offer"
        assert f"Hello {person['firstName']}" in text_of(letter, "html")
        assert f"Hello {person['firstName']}".lower() in text_of(letter, "plain").lower()
        assert letter["From"].addresses[0].addr_spec == "olga@shop.example.com"
    assert len({message["Message-ID"] for message in mail}) == len(mail)

    # A person takes longer to read than the outbox to note what the mail server answered.
    for one in (int(person["id"]) for person in people[:4]):
        stack.until("the sending to be noted", lambda one=one: "message_sent" in kinds_of(stack, one))
    stack.let_mail_lie(story.message)
    click(stack, letters[0])
    open_pixel(stack, letters[0])
    open_pixel(stack, letters[1])
    unsubscribe(stack, letters[3])

    stack.until("the click to end the wait", lambda: story.end_of(int(clicker["id"]))[0] == {"clicked", "engaged"})
    assert story.end_of(int(opener["id"])) == (set(), None), "waits on"
    stack.until("the opens to be seen", lambda: "message_opened" in kinds_of(stack, int(opener["id"])))
    story.stack.let_time_out(story.automation)
    stack.until("everyone's end", lambda: story.counts()["active"] == 0)
    assert story.counts()["completed"] == len(ids), story.counts()

    assert story.end_of(int(clicker["id"])) == ({"clicked", "engaged"}, None)
    assert story.end_of(int(opener["id"])) == ({"engaged"}, None)
    assert story.end_of(int(quiet["id"])) == (set(), "quiet")
    counts = story.counts()
    assert (counts["entered"], counts["active"], counts["parked"]) == (len(ids), 0, 0)
    assert len(stack.sink.messages) == len(ids), "nobody was mailed twice"
    check_timelines(stack, story, people)


def check_timelines(stack: Stack, story: Story, people: list[Any]) -> None:
    clicker, opener, quiet, leaver = (int(person["id"]) for person in people[:4])
    first = stack.get(f"/contacts/{clicker}/timeline?limit=200")["items"]
    began = next(item for item in first if item["kind"] == "tag_added" and item["object_id"] == story.start)
    # Import writes the facts of a new contact at one instant, in the order a person would tell them.
    born = [item for item in reversed(first) if item["at"] == first[-1]["at"] and item["kind"] != "company_linked"]
    assert [item["kind"] for item in born] == ["contact_created", "list_subscribed"] + ["tag_added"] * (len(born) - 2)
    assert [item["id"] for item in born] == sorted(item["id"] for item in born)
    since = began["id"]
    story_of = {
        contact_id: kinds_of(stack, contact_id, _since(stack, contact_id, story))
        for contact_id in (clicker, opener, quiet)
    }
    assert [kind for kind in kinds_of(stack, clicker, since) if kind != "message_opened"] == [
        "tag_added", "automation_entered", "message_sent", "link_clicked", "tag_added", "tag_added", "automation_completed",
    ]  # fmt: skip
    assert kinds_of(stack, clicker, since).count("message_opened") == 1
    assert story_of[opener] == [
        "tag_added", "automation_entered", "message_sent", "message_opened", "tag_added", "automation_completed",
    ]  # fmt: skip
    assert story_of[quiet] == [
        "tag_added", "automation_entered", "message_sent", "field_changed", "automation_completed",
    ]  # fmt: skip
    everything = [item["kind"] for item in stack.get(f"/contacts/{leaver}/timeline?limit=200")["items"]]
    assert "unsubscribed" in everything
    assert "list_unsubscribed" in everything
    link = next(item for item in first if item["kind"] == "link_clicked")
    assert link["data"]["url"] == TARGET


def _since(stack: Stack, contact_id: int, story: Story) -> int:
    items = stack.get(f"/contacts/{contact_id}/timeline?limit=200")["items"]
    return next(item["id"] for item in items if item["kind"] == "tag_added" and item["object_id"] == story.start)


def click(stack: Stack, letter: EmailMessage) -> None:
    """The link in the letter leads over us to its target."""
    links = re.findall(r'href="([^"]+)"', text_of(letter, "html"))
    tracked = next(link for link in links if link.startswith(stack.base + "/c/"))
    answer = stack.http.get(tracked.replace("&amp;", "&"), headers={"Authorization": ""}, follow_redirects=False)
    assert answer.status_code in (302, 303, 307), answer.text
    assert answer.headers["location"] == TARGET


def open_pixel(stack: Stack, letter: EmailMessage) -> None:
    pixel = next(
        src for src in re.findall(r'src="([^"]+)"', text_of(letter, "html")) if src.startswith(stack.base + "/o/")
    )
    answer = stack.http.get(pixel, headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.content.startswith(b"GIF8")


def unsubscribe(stack: Stack, letter: EmailMessage) -> None:
    """One click, as mail programs do it (RFC 8058): a POST to the header's address."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = next(link for link in re.findall(r"<([^>]+)>", letter["List-Unsubscribe"]) if link.startswith("http"))
    assert url.startswith(stack.base + "/u/")
    page = stack.http.get(url, headers={"Authorization": ""})
    assert page.status_code == 200, "looking at the page takes nobody off the list"
    answer = stack.http.post(url, data={"List-Unsubscribe": "One-Click"}, headers={"Authorization": ""})
    assert answer.status_code in (200, 204), answer.text
