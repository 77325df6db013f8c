-- Until when somebody looks at a run: its worker is asked more often as long as that lasts.

alter table service_runs add column watched_until timestamptz;
