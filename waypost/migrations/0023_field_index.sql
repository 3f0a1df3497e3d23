-- Values of custom fields in a form that can be looked up, of the fields that are flagged for it.
alter table contacts.field add column is_indexed boolean not null default false;

-- False while a backfill of contacts that were there before is still to be done.
alter table contacts.field add column is_index_ready boolean not null default false;

-- The source of truth stays contacts.contact.fields. One row a value (several for several choices), text
-- in lower case. Of a text too long to be indexed only is_long is kept. value_day is month * 100 + day.
create table contacts.field_value_index (
    workspace_id bigint not null,
    contact_id bigint not null,
    field_id bigint not null,
    number smallint not null,
    is_long boolean not null default false,
    value_day smallint,
    value_text text collate "C",
    value_number double precision,
    value_date timestamptz,
    constraint field_value_index_pk primary key (workspace_id, contact_id, field_id, number)
);

create index field_value_text on contacts.field_value_index (workspace_id, field_id, value_text, contact_id)
    where value_text is not null;

-- Each field has words of its own; without this the planner takes field and word for unrelated.
create statistics contacts.field_value_of_field (dependencies, mcv) on field_id, value_text
    from contacts.field_value_index;

create index field_value_long on contacts.field_value_index (workspace_id, field_id, contact_id) where is_long;

create index field_value_number on contacts.field_value_index (workspace_id, field_id, value_number, contact_id)
    where value_number is not null;

create index field_value_date on contacts.field_value_index (workspace_id, field_id, value_date, contact_id)
    where value_date is not null;

create index field_value_day on contacts.field_value_index (workspace_id, field_id, value_day, contact_id)
    where value_day is not null;

-- Parts of words, where PostgreSQL has the extension for it; without it such searches read the index in full.
do $$
begin
    if exists (select 1 from pg_available_extensions where name = 'pg_trgm') then
        create extension if not exists pg_trgm schema public;
        create index field_value_words on contacts.field_value_index using gin (value_text public.gin_trgm_ops)
            where value_text is not null;
    end if;
end
$$;

-- The few who are gone but still have their rows: sets built from other tables leave them out.
create index contact_gone on contacts.contact (workspace_id, id) where deleted_at is not null;
