-- 5: a copy that a recipient sent on to a friend; source_id is the ledger row it was sent from.
alter table delivery.ledger drop constraint ledger_source_known;

alter table delivery.ledger add constraint ledger_source_known check (source_kind in (1, 2, 3, 4, 5));
