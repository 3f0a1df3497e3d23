-- Imports that can be paused and undone: what each chunk made, and what it changed as it was before.
alter table imports.import add column format text not null default 'csv';

alter table imports.import add column undone bigint not null default 0;

alter table imports.import add column undo_refused bigint not null default 0;

alter table imports.import drop constraint import_state_known;

alter table imports.import add constraint import_state_known check (state in ('uploaded', 'checking', 'checked',
    'running', 'paused', 'completed', 'failed', 'cancelled', 'undoing', 'undone'));

-- number is that of the chunk's first record; at is the instant its contacts were written.
-- Undoing takes ids away as it goes, so that it knows where it is after a crash.
create table imports.chunk (
    workspace_id bigint not null,
    import_id bigint not null,
    number bigint not null,
    at timestamptz not null,
    created_ids bigint[] not null,
    undone_at timestamptz,
    constraint chunk_pk primary key (workspace_id, import_id, number)
);

-- Contacts that were there before, as they were, with the tags and lists they gained.
create table imports.previous (
    workspace_id bigint not null,
    import_id bigint not null,
    contact_id bigint not null,
    number bigint not null,
    is_changed boolean not null,
    first_name text,
    last_name text,
    phone text,
    fields jsonb,
    updated_at timestamptz,
    tag_ids bigint[] not null,
    list_ids bigint[] not null,
    constraint previous_pk primary key (workspace_id, import_id, contact_id)
);

create index previous_contact on imports.previous (workspace_id, contact_id);

create table imports.undo_refusal (
    workspace_id bigint not null,
    import_id bigint not null,
    contact_id bigint not null,
    reason text not null,
    created_at timestamptz not null,
    constraint undo_refusal_pk primary key (workspace_id, import_id, contact_id)
);

create index undo_refusal_contact on imports.undo_refusal (workspace_id, contact_id);

alter table imports.chunk
    add constraint chunk_import_fk foreign key (workspace_id, import_id)
    references imports.import (workspace_id, id) on delete cascade;

update imports.import set options = (options - 'update_existing')
    || case when (options ->> 'update_existing')::boolean is false then '{"rule": "skip"}'::jsonb else '{}'::jsonb end
where options ? 'update_existing';
