"""Campaigns of a feed: what is new goes out as an issue, once; what others write is never taken for a tag."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.campaigns.parts import EVERYONE, Days, draft
from tests.make import Make
from waypost.campaigns import feeds
from waypost.campaigns.actions import pause_campaign, resume_campaign, schedule_campaign
from waypost.campaigns.errors import CampaignUnready
from waypost.campaigns.feed_tags import Filling
from waypost.campaigns.feeds import FeedItem, FeedUnread, fetch_feed, parse_feed
from waypost.campaigns.issues import ReadFeed, next_issue
from waypost.campaigns.queries import get_feed_state, list_issues
from waypost.campaigns.seeds import send_tests
from waypost.campaigns.types import Campaign, Timing
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import Work
from waypost.messages.actions import create_message
from waypost.messages.queries import get_message
from waypost.messages.ready import load_templates

pytestmark = pytest.mark.asyncio(loop_scope="session")
DOCUMENT = next(one for one in load_templates() if one.id == "latest-posts").document


def rss(*posts: tuple[str, str]) -> bytes:
    """A feed of posts (name, day), with a picture, markup and an entity each."""
    items = "".join(
        f"<item><guid>{name}</guid><title>{name} &amp;amp; more</title><link>https://blog.example.com/{name}</link>"
        f"<pubDate>{day} 10:00:00 GMT</pubDate><description>&lt;p&gt;About &lt;b&gt;{name}&lt;/b&gt;&lt;/p&gt;"
        f"&lt;img src='https://blog.example.com/{name}.png'&gt;</description></item>"
        for name, day in posts
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The blog</title>'
        f"<link>https://blog.example.com</link>{items}</channel></rss>"
    ).encode()


OLD = ("old", "Mon, 01 Nov 2027")
NEW, NEWER = ("new", "Tue, 02 Nov 2027"), ("newer", "Wed, 03 Nov 2027")


class Site:
    """A web server that answers with what it is given."""

    def __init__(self) -> None:
        self.status, self.body, self.headers, self.port = 200, b"", "", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed.xml"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            f"HTTP/1.1 {self.status} So\r\ncontent-length: {len(self.body)}\r\nconnection: close\r\n{self.headers}\r\n"
        )
        writer.write(head.encode() + self.body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site(body: bytes = b"") -> AsyncIterator[Site]:
    made = Site()
    made.body = body
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


class Issues(Days):
    """The engine and the job by which the feed is read."""

    def work(self) -> Work:
        settings = replace(self.db.settings, allow_private_hosts=True)
        return Work(self.db, settings, self.db.registry, Files(settings), workspace_id=self.workspace_id)

    async def begin(self, tx: Tx, url: str, **timing: object) -> Campaign:
        letter = await create_message(
            tx, name="Posts", subject="New: %RSS:ITEM:TITLE%", from_email="olga@example.com", document=DOCUMENT
        )
        when = Timing(**{"feed_url": url, "every": "hour", "at_time": "09:00", **timing})  # type: ignore[arg-type]
        campaign = await draft(
            tx, name="Posts", kind="rss", message_id=letter.id, audience=EVERYONE, timing=when, utm={"source": "blog"}
        )
        return await schedule_campaign(tx, campaign.id)

    async def read(self, campaign: Campaign) -> None:
        await ReadFeed(campaign_id=campaign.id).run(self.work())
        await self.engine()

    async def asked(self) -> int:
        """How often the engine has had the feed read."""
        async with self.db.pool.acquire() as conn:
            found = await conn.fetchval("select count(*) from pgqueuer where entrypoint = 'campaigns.read_feed'")
        return int(found or 0)

    async def issues(self, campaign: Campaign) -> list[Campaign]:
        async with self.db.read(self.workspace_id) as read:
            return list((await list_issues(read, campaign.id)).items)


async def test_what_is_new_goes_out_as_an_issue_and_never_again(db: Database, workspace_id: int, make: Make) -> None:
    days = Issues(db, workspace_id)
    async with site(rss(OLD)) as blog:
        async with db.transaction(workspace_id, now=days.now) as tx:
            people = await make.contacts(tx, 3)
            campaign = await days.begin(tx, blog.url)
        before = await days.asked()
        days.now += timedelta(seconds=1)
        await days.engine()
        assert await days.asked() == before + 1, "at the start, to learn what is there"
        await days.read(campaign)
        assert await days.issues(campaign) == []
        blog.body = rss(OLD, NEW, NEWER)
        await days.later(hours=1)
        assert await days.asked() == before + 2
        await days.read(campaign)
        await days.read(campaign)
        (issue,) = await days.issues(campaign)
        assert (issue.name, issue.subject, issue.state) == ("Posts: newer & more", "New: newer & more", "sending")
        await days.later(seconds=5)
        assert sorted(row["contact_id"] for row in await days.ledger(issue.id)) == people
        await days.deliver()
        await days.later(seconds=5)
        sent, (variant,) = await days.campaign(issue.id)
        assert (sent.state, variant.sent) == ("sent", 3)
        async with db.read(workspace_id) as read:
            copy = await get_message(read, variant.sent_message_id or 0)
        shown = str(copy.document)
        assert shown.index("About newer") < shown.index("new & more")
        assert "https://blog.example.com/newer?utm_source=blog" in shown
        assert "old" not in shown
        assert "%RSS" not in shown
        running, _ = await days.campaign(campaign.id)
        assert running.state == "sending"


async def test_a_feed_that_fails_is_told_and_read_again_later(db: Database, workspace_id: int, make: Make) -> None:
    days = Issues(db, workspace_id)
    async with site(rss(OLD)) as blog:
        async with db.transaction(workspace_id, now=days.now) as tx:
            await make.contacts(tx, 2)
            campaign = await days.begin(tx, blog.url, include_existing=True)
        days.now += timedelta(seconds=1)
        await days.engine()
        blog.status = 503
        with pytest.raises(FeedUnread):
            await days.read(campaign)
        async with db.read(workspace_id) as read:
            assert "answers 503" in ((await get_feed_state(read, campaign.id)).problem or "")
        blog.status = 200
        async with db.transaction(workspace_id, now=days.now) as tx:
            await pause_campaign(tx, campaign.id)
        await days.read(campaign)
        assert await days.issues(campaign) == [], "nothing is read while it is paused"
        async with db.transaction(workspace_id, now=days.now) as tx:
            await resume_campaign(tx, campaign.id)
        await days.read(campaign)
        assert [issue.subject for issue in await days.issues(campaign)] == ["New: old & more"], "with what was there"
        async with db.read(workspace_id) as read:
            assert (await get_feed_state(read, campaign.id)).problem is None


async def test_a_test_shows_the_newest_whether_sent_or_not(db: Database, workspace_id: int) -> None:
    days = Issues(db, workspace_id)
    async with site(rss(OLD, NEW)) as blog:
        async with db.transaction(workspace_id) as tx:
            campaign = await days.begin(tx, blog.url)
            assert await send_tests(tx, campaign.id, emails=["me@example.com"], contact_id=None) == 1
        job = days.work().registry.jobs["campaigns.test_issue"](campaign_id=campaign.id, emails=["me@example.com"])
        await job.run(days.work())
        async with db.read(workspace_id) as read:
            row = await read.one(
                sql(
                    """
                    select l.email, m.subject, m.document::text as document from delivery.ledger l
                    join messages.message m on m.workspace_id = l.workspace_id and m.id = l.message_id
                    where l.workspace_id = {workspace}
                    """
                )
            )
        assert (row["email"], row["subject"]) == ("me@example.com", "New: new & more")
        assert "About old" in row["document"]
        assert await days.issues(campaign) == []


async def test_a_message_without_the_feed_is_not_started(tx: Tx) -> None:
    campaign = await draft(tx, kind="rss", timing=Timing(feed_url="https://blog.example.com/feed"))
    with pytest.raises(CampaignUnready, match="shows nothing of the feed"):
        await schedule_campaign(tx, campaign.id)
    campaign = await draft(tx, kind="rss")
    with pytest.raises(CampaignUnready, match="address of the feed"):
        await schedule_campaign(tx, campaign.id)


def item(title: str = "One", **given: object) -> FeedItem:
    made = FeedItem("a", title, "https://example.com/a", "Words", "Ada", "https://example.com/a.png", None)
    return replace(made, **given)  # type: ignore[arg-type]


FEED = parse_feed(rss(OLD), {})


async def test_blocks_are_repeated_together_and_pictures_that_lack_are_left_out() -> None:
    filled = Filling(FEED, [item("One"), item("Two", image="")]).document(DOCUMENT)
    columns = [block for block in filled["blocks"] if block["type"] == "columns"]
    assert [block["slots"][1][0]["props"]["text"] for block in columns] == ["One", "Two"]
    assert [len(block["slots"][0]) for block in columns] == [1, 0]
    ids = [one["id"] for block in columns for slot in block["slots"] for one in slot]
    assert len(ids) == len(set(ids))
    written = {
        "version": 1,
        "kind": "markdown",
        "markdown": "# %RSS:CHANNEL:TITLE%\n%RSS-LOOP%* %RSS:ITEM:TITLE%\n%/RSS-LOOP%",
    }
    assert Filling(FEED, [item("One"), item("Two")]).document(written)["markdown"] == "# The blog\n* One\n* Two\n"


async def test_what_others_write_is_text() -> None:
    nasty = item(
        "<script>x</script> %EMAIL% {{ contact.email }} {% if 1 %}", link="https://example.com/%E2%80%93?q={{a}}"
    )
    document = {
        "version": 1, "kind": "email", "blocks": [
            {"id": "a", "type": "text", "props": {"html": "<p>%RSS:ITEM:TITLE%</p>"}},
            {"id": "b", "type": "button", "props": {"label": "%RSS:ITEM:TITLE%", "href": "%RSS:ITEM:LINK%"}},
        ],
    }  # fmt: skip
    text, button = Filling(FEED, [nasty]).document(document)["blocks"]
    assert "&lt;script&gt;" in text["props"]["html"]
    for words in (text["props"]["html"], button["props"]["label"]):
        assert "%EMAIL" not in words
        assert "{{" not in words
        assert "{%" not in words
    assert button["props"]["href"] == "https://example.com/%e2%80%93?q=%7b%7ba%7d%7d"


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><entry><id>1</id><title type="html">A &amp;lt; B</title>
<link href="https://example.com/1"/><updated>2027-11-02T10:00:00Z</updated>
<content type="html">&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>RDF</title></channel><item rdf:about="x"><title>One</title><link>https://example.com/x</link></item></rdf:RDF>"""


@pytest.mark.parametrize(
    ("content", "title", "posts"),
    [
        (rss(NEW, NEWER, OLD), "The blog", ["newer & more", "new & more", "old & more"]),
        (ATOM, "Atom", ["A < B"]),
        (RDF, "RDF", ["One"]),
        (rss(OLD)[:-12], "The blog", ["old & more"]),
        (rss(OLD, OLD), "The blog", ["old & more"]),
    ],
    ids=["rss", "atom", "rdf", "cut", "doubled"],
)
async def test_feeds_of_all_kinds_are_read(content: bytes, title: str, posts: list[str]) -> None:
    feed = parse_feed(content, {"content-type": "application/xml"})
    assert (feed.title, [one.title for one in feed.items]) == (title, posts)
    assert all("<" not in one.summary for one in feed.items)


async def test_what_is_no_feed_is_refused_in_words(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(db.settings, allow_private_hosts=True)
    async with site(b"<html><body>Hello</body></html>") as blog:
        with pytest.raises(FeedUnread, match="no RSS or Atom feed"):
            await fetch_feed(settings, blog.url)
        with pytest.raises(FeedUnread, match="private address"):
            await fetch_feed(db.settings, blog.url)
        blog.status, blog.headers = 302, f"location: {blog.url}\r\n"
        with pytest.raises(FeedUnread, match="from one address to the next"):
            await fetch_feed(settings, blog.url)
        monkeypatch.setattr(feeds, "MOST_BYTES", 1_000)
        blog.status, blog.body = 200, b" " * 2_000
        with pytest.raises(FeedUnread, match="larger than"):
            await fetch_feed(settings, blog.url)
    with pytest.raises(FeedUnread, match="cannot be reached"):
        await fetch_feed(settings, blog.url)


@pytest.mark.parametrize(
    ("when", "after", "due"),
    [
        (Timing(every="hour", at_time="00:20"), "2027-03-01T10:20", "2027-03-01T11:20"),
        (Timing(every="hour", at_time="00:20"), "2027-03-01T10:19", "2027-03-01T10:20"),
        (Timing(every="day", at_time="09:00"), "2027-03-27T10:00", "2027-03-28T07:00"),
        (Timing(every="week", weekday="friday", at_time="09:00"), "2027-03-05T08:00", "2027-03-12T08:00"),
        (Timing(every="month", at_time="00:00"), "2027-12-01T00:00", "2027-12-31T23:00"),
    ],
    ids=["hour", "soon", "summer", "week", "month"],
)
async def test_the_times_at_which_a_feed_is_read(when: Timing, after: str, due: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_issue(when, moment, ZoneInfo("Europe/Berlin")) == datetime.fromisoformat(due).replace(tzinfo=UTC)
