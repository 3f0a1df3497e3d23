-- 6: an automation tells the team about a contact; the address is not the contact's, and nothing of it counts as theirs.
alter table delivery.ledger drop constraint ledger_source_known;

alter table delivery.ledger add constraint ledger_source_known check (source_kind in (1, 2, 3, 4, 5, 6));
