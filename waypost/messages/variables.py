"""Message variables: words kept under a tag, such as an offer or opening hours, the same in every message.

They are put in when a message is compiled, so what goes out after a change has the new words, also in campaigns that
are being sent. Their words may hold tags of contacts, but no other variables; links in them are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from waypost.contacts.queries.lists import name_lists
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.constants import SAMPLE_SENDER, Constants
from waypost.messages.errors import TemplateBroken, VariableLocked, VariableNotFound, VariableTagTaken
from waypost.messages.pieces import clean_html
from waypost.messages.queries import list_columns
from waypost.messages.template import OWN_PAGES, Columns, parse_template
from waypost.messages.types import Variable, VariableFormat

TAG = re.compile(r"[A-Z][A-Z0-9_-]{1,60}")
MOST_CONTENT = 20_000
MOST_VARIABLES = 500
_COLUMNS = sql("id, name, tag, format, content, list_ids, is_locked, created_at, updated_at")


async def list_variables(tx: ReadTx, *, only: Sql = TRUE) -> list[Variable]:
    """In the order they were made; there are few."""
    return await tx.all(
        sql(
            "select {columns} from messages.variable where workspace_id = {workspace} and {only} order by id",
            columns=_COLUMNS,
            only=only,
        ),
        Variable,
    )


async def get_variable(tx: ReadTx, variable_id: int) -> Variable:
    found = await list_variables(tx, only=sql("id = {id}", id=variable_id))
    if not found:
        raise VariableNotFound(variable_id=variable_id)
    return found[0]


async def create_variable(
    tx: Tx, *, tag: str, name: str = "", format: VariableFormat = "text", content: str = "",
    list_ids: Sequence[int] = (),
) -> Variable:  # fmt: skip
    """A variable under a tag that nothing else has; without a name it is called like its tag."""
    plain = tag.strip().strip("%").upper()
    kept = await _checked(tx, plain, format, content, before=None)
    if len(await list_variables(tx)) >= MOST_VARIABLES:
        raise Invalid([Problem("/tag", f"A workspace can have {MOST_VARIABLES} variables.", "too_many")])
    made = await tx.value(
        sql(
            """
            insert into messages.variable (workspace_id, name, tag, format, content, list_ids, created_at, updated_at)
            values ({workspace}, {name}, {tag}, {format}, {content}, {list_ids}::bigint[], {now}, {now})
            on conflict do nothing returning id
            """,
            name=name.strip() or plain,
            tag=plain,
            format=format,
            content=kept,
            list_ids=await _known_lists(tx, list_ids),
        )
    )
    if made is None:
        raise VariableTagTaken(tag=plain, pointer="/tag")
    return await get_variable(tx, made)


async def update_variable(
    tx: Tx, variable_id: int, *, tag: str | None = None, name: str | None = None,
    format: VariableFormat | None = None, content: str | None = None, list_ids: Sequence[int] | None = None,
) -> Variable:  # fmt: skip
    """Change what is given; a locked one has to be unlocked first."""
    before = await _lock_row(tx, variable_id)
    if before.is_locked:
        raise VariableLocked(name=before.name)
    plain = before.tag if tag is None else tag.strip().strip("%").upper()
    shape = format or before.format
    kept = await _checked(tx, plain, shape, before.content if content is None else content, before=before)
    await tx.run(
        sql(
            """
            update messages.variable set name = {name}, tag = {tag}, format = {format}, content = {content},
                list_ids = {list_ids}::bigint[], updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=variable_id,
            name=(name or "").strip() or before.name,
            tag=plain,
            format=shape,
            content=kept,
            list_ids=before.list_ids if list_ids is None else await _known_lists(tx, list_ids),
        )
    )
    return await get_variable(tx, variable_id)


async def set_lock(tx: Tx, variable_id: int, *, is_locked: bool) -> Variable:
    """Guard it against changes, or no longer."""
    await _lock_row(tx, variable_id)
    await tx.run(
        sql(
            """
            update messages.variable set is_locked = {is_locked}, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=variable_id,
            is_locked=is_locked,
        )
    )
    return await get_variable(tx, variable_id)


async def delete_variables(tx: Tx, variable_ids: Sequence[int]) -> int:
    """Delete those there are, all or none: a locked one has to be unlocked first. Its tag then becomes nothing."""
    rows = await tx.all(
        sql(
            """
            select name, is_locked from messages.variable
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by id for update
            """,
            ids=list(variable_ids),
        )
    )
    for row in rows:
        if row["is_locked"]:
            raise VariableLocked(name=row["name"])
    await tx.run(
        sql(
            "delete from messages.variable where workspace_id = {workspace} and id = any({ids}::bigint[])",
            ids=list(variable_ids),
        )
    )
    return len(rows)


async def _lock_row(tx: Tx, variable_id: int) -> Variable:
    statement = sql(
        "select id from messages.variable where workspace_id = {workspace} and id = {id} for update", id=variable_id
    )
    await tx.run(statement)
    return await get_variable(tx, variable_id)


async def _checked(tx: Tx, tag: str, format: VariableFormat, content: str, *, before: Variable | None) -> str:
    """The content as it is kept; raises where the tag or the content cannot be."""
    if not TAG.fullmatch(tag):
        words = "A tag is 2 to 61 capital letters, digits, _ and -, and begins with a letter."
        raise Invalid([Problem("/tag", words, "invalid")])
    if len(content) > MOST_CONTENT:
        raise Invalid([Problem("/content", f"The content is longer than {MOST_CONTENT:,} characters.", "too_long")])
    known = await list_columns(tx)
    constants = Constants(tx.now.date(), SAMPLE_SENDER)
    columns = Columns(known, constants=constants)
    others = [item for item in known if item.text is not None and item.tag != (before.tag if before else None)]
    if columns.find(tag) is not None or constants.find(tag) is not None or tag in OWN_PAGES:
        raise VariableTagTaken(tag=tag, pointer="/tag")
    if any(item.tag == tag for item in others):
        raise VariableTagTaken(tag=tag, pointer="/tag")
    kept = clean_html(content) if format == "html" else content
    if any(f"%{name}%" in kept for name in (tag, *(item.tag for item in others))):
        raise Invalid([Problem("/content", "A variable cannot hold a variable.", "nesting")])
    try:
        parse_template(kept, columns, is_html=format == "html")
    except TemplateBroken as failure:
        raise TemplateBroken(message=failure.detail, pointer="/content") from failure
    return kept


async def _known_lists(tx: Tx, list_ids: Sequence[int]) -> list[int]:
    wanted = sorted(set(list_ids))
    missing = set(wanted) - set(await name_lists(tx, wanted))
    if missing:
        raise Invalid([Problem("/list_ids", f"There is no list {min(missing)}.", "unknown")])
    return wanted
