-- How many runs of a service at a site passed, were partial or failed on each day (UTC), counted when a run ends.
-- A history of 30 days is read from here, however many runs there are, and stays when runs are deleted.

create table daily_verdicts (
    site_id      uuid not null references sites (id) on delete cascade,
    run_type     text not null,
    service_slug text not null,
    day          date not null,
    passed       integer not null default 0,
    partial      integer not null default 0,
    failed       integer not null default 0,
    delivered    integer not null default 0,  -- outputs of these runs
    expected     integer not null default 0,
    primary key (site_id, run_type, service_slug, day)
);

insert into daily_verdicts
    select site_id, run_type, service_slug, (finished_at at time zone 'UTC')::date as day,
        count(*) filter (where status = 'success'), count(*) filter (where status = 'partial'),
        count(*) filter (where status = 'failed'),
        sum(case when jsonb_typeof(outputs_json->'actualOutputs') = 'array'
            then jsonb_array_length(outputs_json->'actualOutputs') else 0 end),
        sum(case when jsonb_typeof(outputs_json->'expectedOutputs') = 'array'
            then jsonb_array_length(outputs_json->'expectedOutputs') else 0 end)
    from service_runs where status in ('success', 'partial', 'failed') and finished_at is not null
    group by site_id, run_type, service_slug, day;
