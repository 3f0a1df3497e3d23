-- Campaigns that send what is new in a feed. is_primed: what was in the feed at the start is known.
alter table campaigns.campaign drop constraint campaign_kind_known;

alter table campaigns.campaign
    add constraint campaign_kind_known check (kind in ('standard', 'split', 'autoresponder', 'date_based', 'rss'));

create table campaigns.feed (
    workspace_id bigint not null,
    campaign_id bigint not null,
    is_primed boolean not null,
    read_at timestamptz,
    problem text,
    constraint feed_pk primary key (workspace_id, campaign_id)
);

alter table campaigns.feed
    add constraint feed_campaign_fk foreign key (workspace_id, campaign_id)
    references campaigns.campaign (workspace_id, id) on delete cascade;

-- What has been in the feed, by a digest of its id.
create table campaigns.feed_item (
    workspace_id bigint not null,
    campaign_id bigint not null,
    digest text not null,
    seen_at timestamptz not null,
    constraint feed_item_pk primary key (workspace_id, campaign_id, digest)
);

alter table campaigns.feed_item
    add constraint feed_item_campaign_fk foreign key (workspace_id, campaign_id)
    references campaigns.campaign (workspace_id, id) on delete cascade;

create index campaign_parent on campaigns.campaign (workspace_id, parent_id) where parent_id is not null;
