"""Tasks and notes: what is to be done about deals and contacts, and what people wrote down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.activities.actions import record_copy
from waypost.contacts.actions.notes import clean_note
from waypost.contacts.queries.contacts import get_contact
from waypost.deals.actions.changing import add_events
from waypost.deals.actions.deals import touch_deals
from waypost.deals.actions.pipelines import clean_text
from waypost.deals.errors import NoteNotFound
from waypost.deals.facts import DealNoteAdded, TaskAdded, TaskDone
from waypost.deals.queries.deals import NOTE, get_deal
from waypost.deals.queries.tasks import get_task
from waypost.deals.types import DealNote, Task, TaskType
from waypost.identity.queries import get_user
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

MAX_NOTE = 20_000


@dataclass(frozen=True, slots=True)
class NewTask:
    """`deal_id` or `contact_id` or both say what it is about; a deal's task is about its contact anyway."""

    title: str
    due_at: datetime
    type: TaskType = "to_do"
    note: str = ""
    assignee_id: int | None = None
    deal_id: int | None = None
    contact_id: int | None = None


async def create_task(tx: Tx, new: NewTask) -> Task:
    if new.deal_id is None and new.contact_id is None:
        raise Invalid([Problem("/deal_id", "Say which deal or contact the task is about.", "deals.task_about_nothing")])
    contact_id = new.contact_id
    if new.deal_id is not None:
        deal = await get_deal(tx, new.deal_id)
        contact_id = deal.contact_id if contact_id is None else contact_id
    if new.contact_id is not None:
        await get_contact(tx, new.contact_id)
    made = await create_tasks(tx, new, [(new.deal_id, contact_id, new.contact_id)])
    return await get_task(tx, made[0])


async def create_tasks(tx: Tx, new: NewTask, about: Sequence[tuple[int | None, int | None, int | None]]) -> list[int]:
    """The same task for each: the deal, whose log hears of it, and the contact kept with the task."""
    if new.assignee_id is not None:
        await get_user(tx, new.assignee_id)
    title = clean_text(new.title, "A title", "/title")
    rows = await tx.all(
        sql(
            """
            insert into deals.task
                (workspace_id, deal_id, contact_id, type, title, note, due_at, assignee_id, created_at, updated_at)
            select {workspace}, deal_id, contact_id, {type}, {title}, {note}, {due_at}, {assignee_id}::bigint, {now}, {now}
            from unnest({deals}::bigint[], {contacts}::bigint[]) with ordinality as given (deal_id, contact_id, number)
            order by number returning id
            """,
            type=new.type,
            title=title,
            note=_note(new.note),
            due_at=new.due_at,
            assignee_id=new.assignee_id,
            deals=[deal_id for deal_id, _, _ in about],
            contacts=[kept for _, _, kept in about],
        )
    )
    pairs = list(zip([row["id"] for row in rows], about, strict=True))
    events = [
        (deal_id, "task_added", {"task_id": task_id, "type": new.type, "title": title})
        for task_id, (deal_id, _, _) in pairs
        if deal_id is not None
    ]
    await add_events(tx, events)
    await record_copy(
        tx,
        [
            (contact_id, TaskAdded(task_id=task_id, type=new.type, deal_id=deal_id))
            for task_id, (deal_id, contact_id, _) in pairs
            if contact_id is not None
        ],
    )
    if events:
        await touch_deals(tx, sql("select unnest({ids}::bigint[])", ids=[deal_id for deal_id, _, _ in events]))
    tx.wake("live")
    return [task_id for task_id, _ in pairs]


async def update_task(tx: Tx, task_id: int, changes: Mapping[str, object]) -> Task:
    """Change title, note, type, due_at or assignee_id."""
    there = await get_task(tx, task_id)
    assignee_id = changes.get("assignee_id", there.assignee_id)
    if isinstance(assignee_id, int):
        await get_user(tx, assignee_id)
    await tx.run(
        sql(
            """
            update deals.task set title = {title}, note = {note}, type = {type}, due_at = {due_at},
                assignee_id = {assignee_id}::bigint, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=task_id,
            title=clean_text(str(changes.get("title", there.title)), "A title", "/title"),
            note=_note(str(changes.get("note", there.note))),
            type=changes.get("type", there.type),
            due_at=changes.get("due_at", there.due_at),
            assignee_id=assignee_id,
        )
    )
    tx.wake("live")
    return await get_task(tx, task_id)


async def finish_task(tx: Tx, task_id: int, *, outcome: str = "") -> Task:
    """The task is done; doing it twice is doing it once."""
    await get_task(tx, task_id)
    await finish_tasks(tx, sql("select {id} as id", id=task_id), outcome=outcome)
    return await get_task(tx, task_id)


async def finish_tasks(tx: Tx, which: Sql, *, outcome: str = "") -> int:
    """All open ones that `which` yields (id)."""
    outcome = _note(outcome)
    rows = await tx.all(
        sql(
            """
            with done as (
                update deals.task t set done_at = {now}, outcome = {outcome}, updated_at = {now}
                where t.workspace_id = {workspace} and t.id in ({which}) and t.done_at is null
                returning t.id, t.type, t.title, t.deal_id, t.contact_id
            )
            select done.id, done.type, done.title, done.deal_id, coalesce(done.contact_id, d.contact_id) as contact_id
            from done left join deals.deal d on d.workspace_id = {workspace} and d.id = done.deal_id order by done.id
            """,
            which=which,
            outcome=outcome,
        )
    )
    await add_events(
        tx,
        [
            (
                row["deal_id"],
                "task_done",
                {"task_id": row["id"], "type": row["type"], "title": row["title"], "outcome": outcome},
            )
            for row in rows
            if row["deal_id"] is not None
        ],
    )
    await record_copy(
        tx,
        [
            (
                row["contact_id"],
                TaskDone(task_id=row["id"], type=row["type"], deal_id=row["deal_id"], outcome=outcome or None),
            )
            for row in rows
            if row["contact_id"] is not None
        ],
    )
    await touch_deals(tx, sql("select unnest({ids}::bigint[])", ids=[row["deal_id"] for row in rows if row["deal_id"]]))
    tx.wake("live")
    return len(rows)


async def reopen_task(tx: Tx, task_id: int) -> Task:
    await get_task(tx, task_id)
    await tx.run(
        sql(
            """
            update deals.task set done_at = null, outcome = '', updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=task_id,
        )
    )
    tx.wake("live")
    return await get_task(tx, task_id)


async def retype_tasks(tx: Tx, old: TaskType, new: TaskType) -> list[int]:
    """All tasks of a type become tasks of another; returns those that did."""
    rows = await tx.all(
        sql(
            """
            update deals.task set type = {new}, updated_at = {now}
            where workspace_id = {workspace} and type = {old} and type <> {new} returning id
            """,
            old=old,
            new=new,
        )
    )
    tx.wake("live")
    return sorted(row["id"] for row in rows)


async def delete_task(tx: Tx, task_id: int) -> None:
    await get_task(tx, task_id)
    await tx.run(sql("delete from deals.task where workspace_id = {workspace} and id = {id}", id=task_id))
    tx.wake("live")


def _note(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_NOTE]


async def add_deal_note(tx: Tx, deal_id: int, body: str) -> DealNote:
    await get_deal(tx, deal_id)
    made = await add_deal_notes(tx, [deal_id], body)
    return made[0]


async def add_deal_notes(tx: Tx, deal_ids: Sequence[int], body: str) -> list[DealNote]:
    """The same note on each of these deals, by whoever acts. The logs do not repeat the text."""
    made = await tx.all(
        sql(
            """
            insert into deals.note as n (workspace_id, deal_id, body, author_id, created_at, updated_at)
            select {workspace}, d.id, {body}, {author_id}::bigint, {now}, {now} from deals.deal d
            where d.workspace_id = {workspace} and d.id = any({ids}::bigint[]) order by d.id
            returning {columns}
            """,
            ids=list(deal_ids),
            body=clean_note(body),
            author_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
            columns=NOTE,
        ),
        DealNote,
    )
    await add_events(tx, [(note.deal_id, "note_added", {"note_id": note.id}) for note in made])
    rows = await tx.all(
        sql(
            """
            update deals.deal d set touched_at = {now} where d.workspace_id = {workspace} and d.id = any({ids}::bigint[])
            returning d.id, d.contact_id
            """,
            ids=[note.deal_id for note in made],
        )
    )
    await record_copy(
        tx, [(row["contact_id"], DealNoteAdded(deal_id=row["id"])) for row in rows if row["contact_id"] is not None]
    )
    tx.wake("live")
    return made


async def update_deal_note(tx: Tx, note_id: int, body: str) -> DealNote:
    found = await tx.maybe(
        sql(
            """
            update deals.note n set body = {body}, updated_at = {now}
            where n.workspace_id = {workspace} and n.id = {id} returning {columns}
            """,
            id=note_id,
            body=clean_note(body),
            columns=NOTE,
        ),
        DealNote,
    )
    if found is None:
        raise NoteNotFound(note_id=note_id)
    return found


async def delete_deal_note(tx: Tx, note_id: int) -> None:
    if not await tx.run(sql("delete from deals.note where workspace_id = {workspace} and id = {id}", id=note_id)):
        raise NoteNotFound(note_id=note_id)
