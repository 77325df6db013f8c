-- What the last rehearsal of a directory saw; its picture lies among the evidence.
alter table directories add column rehearsal jsonb;
