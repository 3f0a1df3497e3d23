-- Contacts see and change the field themselves, on the page behind %UPDATELINK%; nothing is shown to them unasked.
alter table contacts.field add column is_self_service boolean not null default false;
