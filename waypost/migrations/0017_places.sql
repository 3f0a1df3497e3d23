-- Where people are: an IANA time zone, a BCP 47 language, an ISO 3166 country, and the rest of an address
-- as it was given. Empty means unknown; who has no time zone lives by the workspace's.
alter table contacts.contact add column time_zone text not null default '';

alter table contacts.contact add column language text not null default '';

alter table contacts.contact add column country text not null default '';

alter table contacts.contact add column region text not null default '';

alter table contacts.contact add column city text not null default '';

alter table contacts.contact add column postal_code text not null default '';

-- What an import changed of it, and which companies people joined by it.
alter table imports.previous add column place jsonb;

alter table imports.previous add column company_ids bigint[] not null default '{}';
