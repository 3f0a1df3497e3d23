-- Since when an automation is paused, and when those were due who came to be due meanwhile.
alter table automations.automation add column paused_at timestamptz;

alter table automations.enrollment add column held_due timestamptz;

update automations.automation set paused_at = updated_at where status = 2;
