-- The lists whose contacts have the field; none stands for everyone.
alter table contacts.field add column list_ids bigint[] not null default '{}';
