-- Whether a person has said if the field is to be looked up; what nobody chose is flagged when it is asked for.
alter table contacts.field add column is_index_chosen boolean not null default false;

update contacts.field set is_index_chosen = true where is_indexed and type not in ('date', 'datetime');
