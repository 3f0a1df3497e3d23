-- What happened in automations by day (UTC), gathered from the log once, so that reports read few rows.
-- what: 1 entered, 2 completed, 3 exited (detail is the reason), 4 goal reached (detail is the step).
-- seconds is how long it took since the entry, summed up.
create table automations.day_count (
    workspace_id bigint not null,
    automation_id bigint not null,
    day date not null,
    what smallint not null,
    detail text not null,
    count bigint not null,
    seconds bigint not null,
    constraint day_count_pk primary key (workspace_id, automation_id, day, what, detail),
    constraint day_count_what_known check (what in (1, 2, 3, 4))
);

alter table automations.day_count
    add constraint day_count_automation_fk foreign key (workspace_id, automation_id)
    references automations.automation (workspace_id, id) on delete cascade;
