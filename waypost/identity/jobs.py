"""Housekeeping of identity."""

from __future__ import annotations

from waypost.identity.actions.sessions import delete_expired_sessions
from waypost.kernel.registry import Job, Schedule
from waypost.kernel.work import Work


class DeleteExpiredSessions(Job, frozen=True, kw_only=True):
    name = "identity.delete_expired_sessions"

    async def run(self, work: Work) -> None:
        await delete_expired_sessions(work.db)


SCHEDULES = (Schedule("17 * * * *", DeleteExpiredSessions()),)
