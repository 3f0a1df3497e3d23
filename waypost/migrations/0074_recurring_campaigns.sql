-- Campaigns that go on: autoresponders, and those on a date in a field. looked_at: up to when it is known who has
-- subscribed, or whose date has come. occasion: the date a recipient was last due for; null where there is but one.
alter table campaigns.campaign drop constraint campaign_kind_known;

alter table campaigns.campaign
    add constraint campaign_kind_known check (kind in ('standard', 'split', 'autoresponder', 'date_based'));

alter table campaigns.campaign add column timing jsonb not null default '{}';

alter table campaigns.campaign add column looked_at timestamptz;

alter table campaigns.recipient add column occasion date;
