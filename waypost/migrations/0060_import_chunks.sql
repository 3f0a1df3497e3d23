-- Compressing a chunk's list of ids as it is stored cost a new contact a microsecond.
alter table imports.chunk alter column created_ids set storage external;
