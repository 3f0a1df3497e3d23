-- Goals: places in an automation to which contacts jump as soon as they meet a condition.

-- The goals of a published version; contacts who stand on one of from_steps may jump to step_id. number is
-- the goal's place in reading order: who meets two goals jumps to the later one.
create table automations.goal (
    workspace_id bigint not null,
    version_id bigint not null,
    step_id text not null,
    number smallint not null,
    condition jsonb not null,
    from_steps text[] not null,
    created_at timestamptz not null,
    constraint goal_pk primary key (workspace_id, version_id, step_id)
);

alter table automations.goal
    add constraint goal_version_fk foreign key (workspace_id, version_id)
    references automations.automation_version (workspace_id, id) on delete cascade;

-- Which facts may make a contact meet a goal.
create table automations.goal_fact (
    workspace_id bigint not null,
    version_id bigint not null,
    step_id text not null,
    number smallint not null,
    kind smallint not null,
    object_id bigint,
    constraint goal_fact_pk primary key (workspace_id, version_id, step_id, number)
);

alter table automations.goal_fact
    add constraint goal_fact_goal_fk foreign key (workspace_id, version_id, step_id)
    references automations.goal (workspace_id, version_id, step_id) on delete cascade;

create index goal_fact_kind on automations.goal_fact (workspace_id, kind, object_id);

-- A goal is met once a run.
create table automations.goal_met (
    workspace_id bigint not null,
    enrollment_id bigint not null,
    step_id text not null,
    at timestamptz not null,
    constraint goal_met_pk primary key (workspace_id, enrollment_id, step_id)
);

alter table automations.goal_met
    add constraint goal_met_enrollment_fk foreign key (workspace_id, enrollment_id)
    references automations.enrollment (workspace_id, id) on delete cascade;
