-- What the overview reads, kept when runs end so that it costs the same after ten million runs:
-- how each service of each site stands by its smoke tests, the days of a whole site, and who is on a cause.

create table smoke_standings (
    site_id      uuid not null references sites (id) on delete cascade,
    service_slug text not null,
    -- the newest smoke run that has ended
    run_id       uuid not null,
    created_at   timestamptz not null,
    status       text not null,
    -- the newest that was judged, and so was not cancelled; null where none was
    verdict      text check (verdict in ('success', 'partial', 'failed')),
    judged_run   uuid,
    judged_at    timestamptz,
    since        timestamptz,  -- the end of the first run after the last one that passed; null after one that passed
    cause        text,         -- what services that fail for the same cause have in common; null after one that passed
    reason       text,
    message      text,
    delivered    text[] not null default '{}',
    expected     integer not null default 0,
    missing      integer not null default 0,
    before       text[],       -- what the newest judged run of an earlier day (UTC) delivered
    primary key (site_id, service_slug)
);

with judged as (
    select distinct on (site_id, service_slug) * from service_runs
    where run_type = 'smoke' and status in ('success', 'partial', 'failed')
    order by site_id, service_slug, created_at desc, id desc
), ended as (
    select distinct on (site_id, service_slug) * from service_runs
    where run_type = 'smoke' and finished_at is not null
    order by site_id, service_slug, created_at desc, id desc
)
insert into smoke_standings
    select e.site_id, e.service_slug, e.id, e.created_at, e.status, j.status, j.id, j.finished_at,
        case when j.status <> 'success' then (
            select min(r.finished_at) from service_runs r
            where r.site_id = j.site_id and r.service_slug = j.service_slug and r.run_type = 'smoke'
            and r.status in ('partial', 'failed') and r.created_at > coalesce((
                select max(p.created_at) from service_runs p
                where p.site_id = j.site_id and p.service_slug = j.service_slug and p.run_type = 'smoke'
                and p.status = 'success'), '-infinity')) end,
        case when j.status <> 'success' then 'service:' || j.service_slug end, j.reason, j.detail,
        coalesce(array(select jsonb_array_elements_text(j.outputs_json->'actualOutputs')), '{}'),
        coalesce(jsonb_array_length(j.outputs_json->'expectedOutputs'), 0),
        case when jsonb_typeof(j.outputs_json->'missingOutputs') = 'array'
            then jsonb_array_length(j.outputs_json->'missingOutputs') else 0 end,
        (select array(select jsonb_array_elements_text(b.outputs_json->'actualOutputs')) from service_runs b
            where b.site_id = j.site_id and b.service_slug = j.service_slug and b.run_type = 'smoke'
            and b.status in ('success', 'partial', 'failed')
            and (b.finished_at at time zone 'UTC')::date < (j.finished_at at time zone 'UTC')::date
            order by b.created_at desc, b.id desc limit 1)
    from ended e left join judged j using (site_id, service_slug);

-- daily_verdicts of all services of a site together: a strip and a chart of many sites read few rows.
create table daily_sites (
    site_id   uuid not null references sites (id) on delete cascade,
    run_type  text not null,
    day       date not null,
    passed    integer not null default 0,
    partial   integer not null default 0,
    failed    integer not null default 0,
    delivered integer not null default 0,
    expected  integer not null default 0,
    primary key (site_id, run_type, day)
);

insert into daily_sites
    select site_id, run_type, day, sum(passed), sum(partial), sum(failed), sum(delivered), sum(expected)
    from daily_verdicts group by site_id, run_type, day;

-- Who is on a cause; the row goes when the cause is gone.
create table taken_causes (
    site_id uuid not null references sites (id) on delete cascade,
    cause   text not null,
    person  text not null,
    at      timestamptz not null,
    primary key (site_id, cause)
);
