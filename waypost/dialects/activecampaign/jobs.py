"""Telling a caller's server that their bulk import is done, as the import asked for.

A job of its own, so that the import does not wait for another server. What cannot be reached, or fails by its own
fault (5xx), is tried again; every other answer ends it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import httpx

from waypost.contacts.queries.batches import Batch, find_batch
from waypost.kernel.log import log
from waypost.kernel.net import AddressRefused, http_client
from waypost.kernel.registry import Job
from waypost.kernel.work import Work


class Unreached(Exception):
    """The other server could not take it; the job is tried again."""


class TellOfBatch(Job, frozen=True, kw_only=True):
    """`params` and `headers` are sent along; with `is_detailed` the contacts and failures too."""

    name: ClassVar[str] = "activecampaign.tell_of_batch"
    token: str
    url: str
    method: str
    is_detailed: bool
    params: list[tuple[str, str]]
    headers: list[tuple[str, str]]

    async def run(self, work: Work) -> None:
        async with work.read() as read:
            batch = await find_batch(read, UUID(self.token))
        if batch is None:
            return
        # No transaction is open while the other server takes its time.
        async with http_client(work.settings) as client:
            try:
                answer = await client.send(self.request(client, batch))
            except (AddressRefused, httpx.InvalidURL) as refused:
                log.warning("a bulk import's callback was refused", reason=str(refused))
                return
            except (httpx.HTTPError, OSError) as error:
                raise Unreached(str(error)) from error
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unreached(f"answered {answer.status_code}")

    def request(self, client: httpx.AsyncClient, batch: Batch) -> httpx.Request:
        """POST carries JSON, GET the same in the address, without the lists."""
        told: dict[str, Any] = {**dict(self.params), "batchId": self.token, "status": "completed"}
        if self.method == "GET":
            return client.build_request("GET", httpx.URL(self.url).copy_merge_params(told), headers=self.headers)
        if self.is_detailed:
            told |= {"success": [str(one) for one in batch.contact_ids], "failure": batch.failures}
        return client.build_request("POST", self.url, json=told, headers=self.headers)
