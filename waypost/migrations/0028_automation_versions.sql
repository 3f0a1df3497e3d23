-- Published versions by number, with who published them and what they say of it; where contacts who were inside
-- went when it was published; when an automation was paused; and automations in the recycle bin.
alter table automations.automation_version add column number bigint;

alter table automations.automation_version add column published_by bigint;

alter table automations.automation_version add column note text not null default '';

-- Where the runs of older versions go: a list of places, null where they finish on the version they are on.
alter table automations.automation_version add column moves jsonb;

update automations.automation_version as v set number = numbered.number
from (
    select workspace_id, id, row_number() over (partition by workspace_id, automation_id order by id) as number
    from automations.automation_version
) as numbered
where numbered.workspace_id = v.workspace_id and numbered.id = v.id;

alter table automations.automation_version alter column number set not null;

create unique index automation_version_number on automations.automation_version (workspace_id, automation_id, number);
