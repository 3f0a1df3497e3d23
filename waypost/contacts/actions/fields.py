"""Custom fields: their definitions, and one field's value for a set of contacts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

import asyncpg
import orjson

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.actions.subscriptions import lock_lists
from waypost.contacts.errors import (
    FieldNotFound,
    FieldRequired,
    KeyInvalid,
    NameMissing,
    NameTaken,
    OptionsMissing,
    ValueInvalid,
)
from waypost.contacts.facts import FieldChanged
from waypost.contacts.field_index import ALWAYS_INDEXED, NEVER_INDEXED, flagged, forget_field, value_ctes
from waypost.contacts.queries.fields import COLUMNS, get_field, get_group, list_fields
from waypost.contacts.types import CHOICE_TYPES, Field, FieldType, Value
from waypost.contacts.values import normalise_value
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_used

RESERVED = frozenset(
    """
    EMAIL FIRSTNAME LASTNAME FULLNAME PHONE UNSUBSCRIBELINK CONFIRMLINK CONTACT_JOBTITLE ACCT_NAME ACCT_URL ACCT_OWNER_FULL_NAME
    WEBCOPY UPDATELINK FORWARD2FRIEND
    ACCT_OWNER_FIRST_NAME ACCT_OWNER_LAST_NAME ACCT_OWNER_EMAIL ACCT_CREATED_DATE ACCT_UPDATED_DATE
    CONTACT_TIME_ZONE CONTACT_LANGUAGE CONTACT_COUNTRY CONTACT_REGION CONTACT_CITY CONTACT_POSTAL_CODE
    """.split()
)
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,63}").fullmatch


def key_of(name: str) -> str:
    """UPPER_SNAKE from a name: "Größe (cm)" gives GROSSE_CM."""
    text = name.replace("ß", "ss").replace("æ", "ae").replace("ø", "o").replace("ł", "l").replace("Ł", "L")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    key = re.sub(r"[^A-Z0-9]+", "_", plain).strip("_")[:60]
    return key if _KEY(key) else f"FIELD_{key}".rstrip("_")


def _free_key(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 1
    while key in taken or key in RESERVED:
        number += 1
        key = f"{wanted}_{number}"
    return key


def _clean_options(kind: FieldType, options: Sequence[str], *, may_be_empty: bool = False) -> list[str]:
    cleaned = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if kind in CHOICE_TYPES and not cleaned and not may_be_empty:
        raise OptionsMissing(type=kind, pointer="/options")
    return cleaned if kind in CHOICE_TYPES else []


async def create_field(
    tx: Tx,
    *,
    name: str,
    type: FieldType = "text",
    key: str | None = None,
    options: Sequence[str] = (),
    default_value: object = None,
    is_required: bool = False,
    is_visible: bool = True,
    is_indexed: bool = False,
    is_self_service: bool = False,
    may_lack_options: bool = False,
    group_id: int | None = None,
    list_ids: Sequence[int] = (),
) -> Field:
    """A new custom field at the end of the order; its key is made from the name unless given.

    `may_lack_options` is for callers who add the options of a choice afterwards.
    """
    name = name.strip()
    if not name:
        raise NameMissing(noun="field", pointer="/name")
    there = await list_fields(tx)
    taken = {field.key for field in there}
    if key is not None and (not _KEY(key) or key in RESERVED):
        raise KeyInvalid(key=key, pointer="/key")
    if key in taken:
        raise NameTaken(noun="field", name=key, pointer="/key")
    _check_name(there, name)
    if group_id is not None:
        await get_group(tx, group_id)
    if list_ids:
        await lock_lists(tx, list_ids)
    field = Field(
        id=0,
        name=name,
        key=key or _free_key(key_of(name), taken),
        type=type,
        options=_clean_options(type, options, may_be_empty=may_lack_options),
        default_value=None,
        is_required=is_required,
        is_visible=is_visible,
        position=max((item.position for item in there), default=0) + 1,
        created_at=tx.now,
        updated_at=tx.now,
        is_indexed=_is_indexed(type, wanted=is_indexed),
        is_self_service=is_self_service,
        group_id=group_id,
        list_ids=sorted(set(list_ids)),
    )
    return await _insert(tx, field, normalise_value(field, default_value))


def _check_name(fields: Sequence[Field], name: str, *, field_id: int = 0) -> None:
    """Two fields of one name could not be told apart, in whatever case they are written."""
    if any(field.name.lower() == name.lower() and field.id != field_id for field in fields):
        raise NameTaken(noun="field", name=name, pointer="/name")


def _is_indexed(kind: FieldType, *, wanted: bool) -> bool:
    return kind in ALWAYS_INDEXED or (wanted and kind not in NEVER_INDEXED)


async def _insert(tx: Tx, field: Field, default: Value) -> Field:
    try:
        return await tx.one(
            sql(
                """
                insert into contacts.field (workspace_id, name, key, type, options, default_value, is_required,
                    is_visible, position, created_at, updated_at, is_indexed, is_index_ready, group_id, list_ids,
                    is_self_service)
                values ({workspace}, {name}, {key}, {type}, {options}::jsonb, {default}::jsonb, {is_required},
                    {is_visible}, {position}, {now}, {now}, {is_indexed}, {is_indexed}, {group_id}::bigint,
                    {list_ids}::bigint[], {is_self_service})
                returning {columns}
                """,
                name=field.name,
                key=field.key,
                type=field.type,
                options=_json(field.options),
                default=_json(default),
                is_required=field.is_required,
                is_visible=field.is_visible,
                position=field.position,
                is_indexed=field.is_indexed,
                is_self_service=field.is_self_service,
                group_id=field.group_id,
                list_ids=field.list_ids,
                columns=COLUMNS,
            ),
            Field,
        )
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(noun="field", name=field.key, pointer="/key") from error


async def update_field(tx: Tx, field_id: int, changes: Mapping[str, object]) -> Field:
    """Change what is given of name, options, default_value, is_required, is_visible, is_indexed, position, group_id,
    list_ids and is_self_service; type and key stay.
    """
    field = await get_field(tx, field_id)
    name = str(changes.get("name", field.name)).strip()
    if not name:
        raise NameMissing(noun="field", pointer="/name")
    if name.lower() != field.name.lower():
        _check_name(await list_fields(tx), name, field_id=field_id)
    placed = await _placed(tx, field, changes)
    options = field.options
    if "options" in changes:
        options = _clean_options(field.type, changes["options"])  # type: ignore[arg-type]
    default: object = changes.get("default_value", field.default_value)
    shaped = Field(**{**_as_dict(field), "name": name, "options": options})  # type: ignore[arg-type]
    value = normalise_value(shaped, default)
    is_indexed = _is_indexed(field.type, wanted=bool(changes.get("is_indexed", field.is_indexed)))
    if field.is_indexed and not is_indexed:
        await forget_field(tx, field_id)
    return await tx.one(
        sql(
            """
            update contacts.field
            set name = {name}, options = {options}::jsonb, default_value = {default}::jsonb,
                is_required = {is_required}, is_visible = {is_visible}, position = {position}, updated_at = {now},
                is_indexed = {is_indexed}, is_index_ready = {is_indexed} and is_index_ready,
                is_index_chosen = is_index_chosen or {is_chosen},
                group_id = {group_id}::bigint, list_ids = {list_ids}::bigint[],
                is_self_service = {is_self_service}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            id=field_id,
            name=name,
            options=_json(options),
            default=_json(value),
            is_required=bool(changes.get("is_required", field.is_required)),
            is_visible=bool(changes.get("is_visible", field.is_visible)),
            position=changes.get("position", field.position),
            is_self_service=bool(changes.get("is_self_service", field.is_self_service)),
            is_indexed=is_indexed,
            is_chosen="is_indexed" in changes,
            group_id=placed[0],
            list_ids=placed[1],
            columns=COLUMNS,
        ),
        Field,
    )


async def _placed(tx: Tx, field: Field, changes: Mapping[str, object]) -> tuple[int | None, list[int]]:
    """The group and the lists the field will have, which must exist."""
    group_id = cast("int | None", changes.get("group_id", field.group_id))
    list_ids = cast("list[int]", changes.get("list_ids", field.list_ids))
    if group_id is not None and group_id != field.group_id:
        await get_group(tx, group_id)
    if list_ids and "list_ids" in changes:
        await lock_lists(tx, list_ids)
    return group_id, sorted(set(list_ids))


def _as_dict(field: Field) -> dict[str, object]:
    return {name: getattr(field, name) for name in Field.__dataclass_fields__}


def _json(value: object) -> str | None:
    """JSON text, which PostgreSQL casts; None stays null."""
    return None if value is None else orjson.dumps(value).decode()


async def delete_field(tx: Tx, field_id: int) -> None:
    """Take the field away with every contact's value of it."""
    found = await tx.value(
        sql("select id from contacts.field where workspace_id = {workspace} and id = {id} for update", id=field_id)
    )
    if found is None:
        raise FieldNotFound(field_id=field_id)
    await refuse_while_used(tx, "field", field_id)
    await tx.run(sql("delete from contacts.field where workspace_id = {workspace} and id = {id}", id=field_id))
    await forget_field(tx, field_id)
    await tx.run(
        sql(
            """
            update contacts.contact set fields = fields - {key}, updated_at = {now}
            where workspace_id = {workspace} and fields ? {key}
            """,
            key=str(field_id),
        )
    )


async def set_field(tx: Tx, field_id: int, value: object, who: Audience) -> int:
    """Give the field this value for everyone in the set who has another; returns how many that was."""
    field = await get_field(tx, field_id)
    stored = normalise_value(field, value)
    return await _write(tx, {str(field_id): stored}, who)


async def write_values(tx: Tx, values: Mapping[str, Value], contact_ids: Sequence[int]) -> int:
    """Write stored values (None clears) to these contacts; returns how many of them changed."""
    return await _write(tx, values, sql("select unnest({ids}::bigint[]) as contact_id", ids=list(contact_ids)))


async def _write(tx: Tx, values: Mapping[str, Value], who: Audience) -> int:
    set_ = {key: value for key, value in values.items() if value is not None}
    count = await tx.value(
        sql(
            """
            with prior as materialized (
                select id, fields, (fields || {values}::jsonb) - {cleared}::text[] as wanted from contacts.contact
                where workspace_id = {workspace} and deleted_at is null
                  and id in (select contact_id from ({who}) as who)
                order by id for update
            ),
            written as (
                update contacts.contact c set fields = prior.wanted, updated_at = {now}
                from prior
                where c.workspace_id = {workspace} and c.id = prior.id and prior.wanted <> prior.fields
                returning c.id, prior.fields as old, c.fields as new
            ),
            logged as ({log}) {index}
            select count(*) from written
            """,
            index=value_ctes(
                flagged(await list_fields(tx), values), values, sql("select id as contact_id from written")
            ),
            values=_json(set_),
            cleared=[key for key in values if key not in set_],
            who=who,
            log=insert_facts(tx, _changes(list(values))),
        )
    )
    if count:
        tx.wake("facts")
    return count


def _changes(keys: list[str]) -> Sql:
    return sql(
        """
        select id as contact_id, {kind} as kind, key::bigint as object_id,
               jsonb_strip_nulls(jsonb_build_object('old', old -> key, 'new', new -> key)) as data
        from written, unnest({keys}::text[]) as key where old -> key is distinct from new -> key
        """,
        kind=FieldChanged.kind,
        keys=keys,
    )


def stored_values(
    fields: Sequence[Field], given: Mapping[int, object], *, is_new: bool = False, pointer: str = "/fields"
) -> dict[str, Value]:
    """Checked values by field id as text, None for those to clear; new contacts get the defaults."""
    known = {field.id: field for field in fields}
    out: dict[str, Value] = {}
    for field_id, value in given.items():
        field = known.get(field_id)
        if field is None:
            raise FieldNotFound(field_id=field_id)
        try:
            out[str(field_id)] = normalise_value(field, value)
        except ValueInvalid as error:
            error.pointer = f"{pointer}/{field_id}"
            raise
    for field in fields:
        key = str(field.id)
        if is_new and key not in out and field.default_value is not None:
            out[key] = field.default_value
        is_asked = key in out or (is_new and not field.list_ids)
        if field.is_required and is_asked and out.get(key) is None:
            raise FieldRequired(field=field.name, pointer=f"{pointer}/{field.id}")
    return out
