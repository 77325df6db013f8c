-- Upkeep: schedules, waivers, alerts with their rule, and maintenance windows.

create table schedules (
    id           uuid primary key default gen_random_uuid(),
    site_id      uuid not null references sites (id) on delete cascade,
    run_type     text not null check (run_type in ('connection', 'smoke', 'full')),
    service_slug text,  -- null: all services
    cron         text not null,
    time_zone    text not null,
    enabled      boolean not null,
    next_at      timestamptz,
    last_at      timestamptz,
    last_job_id  uuid references test_jobs (id) on delete set null,
    last_note    text not null default '',  -- why nothing was started, or what was found going on
    created_by   text not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    check (enabled = (next_at is not null)),
    check (run_type <> 'full' or service_slug is not null)
);
create index schedules_due on schedules (next_at) where next_at is not null;

-- An expected output that somebody answers for while it is missing. Rows are never deleted but with
-- their site: a run names the waivers it was judged with.
create table waivers (
    id           uuid primary key default gen_random_uuid(),
    service_slug text not null,
    output_slug  text not null,
    site_id      uuid references sites (id) on delete cascade,  -- null: all sites
    owner        text not null check (owner <> ''),
    reason       text not null check (reason <> ''),
    created_by   text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    ended_by     text,
    check (expires_at > created_at),
    check (expires_at <= created_at + interval '366 days'),
    check ((ended_at is null) = (ended_by is null))
);
create index waivers_in_force on waivers (service_slug, expires_at) where ended_at is null;

-- One alert at a time for a service of a site. turned_at and turned_run: the run that opened or closed it.
create table alerts (
    id             uuid primary key default gen_random_uuid(),
    site_id        uuid not null references sites (id) on delete cascade,
    service_slug   text not null,
    opened_at      timestamptz not null,
    opened_run     uuid not null references service_runs (id) on delete cascade,
    fail_after     integer not null,
    closed_at      timestamptz,
    closed_run     uuid references service_runs (id) on delete cascade,
    turned_at      timestamptz not null,
    turned_run     uuid not null,
    delivery_job   uuid references test_jobs (id) on delete set null,
    delivered_at   timestamptz,
    delivery_note  text not null default '',
    check ((closed_at is null) = (closed_run is null))
);
create unique index one_open_alert on alerts (site_id, service_slug) where closed_at is null;
create index alerts_of_a_service on alerts (site_id, service_slug, turned_at desc);

create table alert_rule (
    single        boolean primary key default true check (single),
    fail_after    integer not null check (fail_after between 1 and 20),
    recover_after integer not null check (recover_after between 1 and 20)
);
insert into alert_rule (fail_after, recover_after) values (2, 2);

create table maintenance_windows (
    id           uuid primary key default gen_random_uuid(),
    site_id      uuid references sites (id) on delete cascade,  -- null: all sites
    service_slug text,  -- null: all services
    starts_at    timestamptz not null,
    ends_at      timestamptz not null,
    reason       text not null check (reason <> ''),
    created_by   text not null,
    created_at   timestamptz not null,
    check (ends_at > starts_at)
);
create index windows_by_end on maintenance_windows (ends_at);
