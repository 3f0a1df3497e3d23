-- Deleted automations lie in a bin for a while; nobody is in them, and they can be brought back.
alter table automations.automation add column deleted_at timestamptz;
