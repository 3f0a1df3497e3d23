-- Batches of contacts that came in through the API, so that who sent one can ask what became of it.
create table contacts.batch (
    workspace_id bigint not null,
    id uuid not null,
    contact_ids bigint[] not null,
    failures text[] not null,
    created_at timestamptz not null,
    constraint batch_pk primary key (workspace_id, id)
);

create index batch_created on contacts.batch (workspace_id, created_at desc);

alter table contacts.batch
    add constraint batch_workspace_fk foreign key (workspace_id) references identity.workspace (id) on delete cascade;
