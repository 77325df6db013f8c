-- A directory that is gone for good leaves the list; the results that it gave stay.
alter table directories add column retired_at timestamptz;
