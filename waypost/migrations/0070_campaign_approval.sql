-- What was decided last of sending the campaign: null while nobody has asked.
alter table campaigns.campaign add column approval jsonb;

create table campaigns.policy (
    workspace_id bigint not null,
    needs_approval boolean not null,
    updated_at timestamptz not null,
    constraint policy_pk primary key (workspace_id)
);

alter table campaigns.policy
    add constraint policy_workspace_fk foreign key (workspace_id) references identity.workspace (id) on delete cascade;
