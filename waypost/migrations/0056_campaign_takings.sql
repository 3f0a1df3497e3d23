-- Replies, and deals won by those who read: by currency, the number, the sum and the sum of squares of their values.
alter table campaigns.variant add column replied bigint not null default 0;

alter table campaigns.variant add column takings jsonb not null default '{}';
