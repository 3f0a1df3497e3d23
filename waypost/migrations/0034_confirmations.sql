-- 4: a message that asks to confirm a subscription; source_id is the list.
alter table delivery.ledger drop constraint ledger_source_known;

alter table delivery.ledger add constraint ledger_source_known check (source_kind in (1, 2, 3, 4));
