-- What machines did with the mails of a campaign, apart from what people did.
alter table campaigns.variant add column machine_opened bigint not null default 0;

alter table campaigns.variant add column machine_open_count bigint not null default 0;

alter table campaigns.variant add column machine_click_count bigint not null default 0;
