"""Feeds of other sites, RSS and Atom: fetched with limits, read tolerantly, reduced to plain words."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from textwrap import shorten
from typing import Any

import feedparser
import httpx
from selectolax.lexbor import LexborHTMLParser

from waypost.kernel.config import Settings
from waypost.kernel.errors import Failure, Kind
from waypost.kernel.net import AddressRefused, http_client

MOST_BYTES = 5_000_000
MOST_HOPS = 5
MOST_ITEMS = 500
LONGEST_SUMMARY = 300
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"


class FeedUnread(Failure):
    """The address answers with something else, or not at all."""

    kind = Kind.INVALID
    code = "campaigns.feed_unread"
    template = "The feed could not be read: {reason}"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One post, without markup; what is unknown is empty."""

    digest: str
    title: str
    link: str
    summary: str
    author: str
    image: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is now, its newest item first."""

    title: str
    link: str
    description: str
    items: Sequence[FeedItem]


async def fetch_feed(settings: Settings, url: str) -> Feed:
    """Raises FeedUnread; private addresses are refused unless the settings allow them."""
    try:
        async with http_client(settings) as client:
            content, headers = await _download(client, url)
    except AddressRefused as refused:
        raise FeedUnread(reason=refused.detail, pointer="/url") from refused
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise FeedUnread(reason=f"the server cannot be reached ({error}).", pointer="/url") from error
    return await asyncio.to_thread(parse_feed, content, headers)


async def _download(client: httpx.AsyncClient, url: str) -> tuple[bytes, Mapping[str, str]]:
    for _ in range(MOST_HOPS):
        async with client.stream("GET", url, headers={"Accept": _ACCEPT}) as answer:
            if answer.is_redirect and answer.next_request is not None:
                url = str(answer.next_request.url)
                continue
            if answer.status_code != HTTPStatus.OK:
                raise FeedUnread(reason=f"the server answers {answer.status_code}.", pointer="/url")
            content = bytearray()
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise FeedUnread(reason=f"it is larger than {MOST_BYTES // 1_000_000} MB.", pointer="/url")
            kind = answer.headers.get("content-type", "")
            return bytes(content), {"content-type": kind, "content-location": url}
    raise FeedUnread(reason="it leads from one address to the next.", pointer="/url")


def parse_feed(content: bytes, headers: Mapping[str, str]) -> Feed:
    """Raises FeedUnread where the bytes are no feed. A stream, since a name would be opened as a file."""
    read: Any = feedparser.parse(io.BytesIO(content), response_headers=dict(headers), sanitize_html=False)
    if not read.get("version"):
        raise FeedUnread(reason="there is no RSS or Atom feed at this address.", pointer="/url")
    about = read.feed
    items = {item.digest: item for item in map(_item, read.entries[:MOST_ITEMS])}
    newest = sorted(items.values(), key=lambda item: item.published_at or _LONG_AGO, reverse=True)
    return Feed(_plain(about.get("title")), _web(about.get("link")), _plain(about.get("description")), newest)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _item(entry: Any) -> FeedItem:
    content = next((part.get("value") for part in entry.get("content") or ()), "")
    words = entry.get("summary") or content or ""
    name = entry.get("id") or entry.get("link") or f"{entry.get('title')}{words}"
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return FeedItem(
        digest=hashlib.sha256(str(name).encode()).hexdigest()[:32],
        title=shorten(_plain(entry.get("title")), LONGEST_SUMMARY, placeholder="…") or "Untitled",
        link=_web(entry.get("link")),
        summary=shorten(_plain(words), LONGEST_SUMMARY, placeholder="…"),
        author=shorten(_plain(entry.get("author")), 200, placeholder="…"),
        image=_image(entry, f"{content}{words}"),
        published_at=datetime(*when[:6], tzinfo=UTC) if when else None,
    )


def _image(entry: Any, html: str) -> str:
    """What the feed names as its picture, else the first one in its content."""
    named = [
        *(item.get("url") for item in entry.get("media_thumbnail") or ()),
        *(item.get("url") for item in entry.get("media_content") or () if _is_picture(item)),
        *(item.get("href") for item in entry.get("enclosures") or () if _is_picture(item)),
    ]
    shown = LexborHTMLParser(html).css_first("img[src]") if "<img" in html else None
    if shown is not None:
        named.append(shown.attributes.get("src"))
    return next((url for one in named if (url := _web(one))), "")


def _is_picture(item: Mapping[str, Any]) -> bool:
    return item.get("medium") == "image" or str(item.get("type") or "").startswith("image/")


def _web(url: object) -> str:
    text = str(url or "").strip()
    return text if text.startswith(("http://", "https://")) and len(text) <= 2_000 else ""


def _plain(html: object) -> str:
    """The words, on one line."""
    text = str(html or "")
    if "<" in text or "&" in text:
        body = LexborHTMLParser(f"<div>{text}</div>").body
        text = body.text(separator=" ") if body is not None else ""
    return " ".join(text.replace("\x00", "").split())
