-- Sites, test jobs, service runs (fact and ticket in one row), evidence, and the change audit.

create table sites (
    id          uuid primary key default gen_random_uuid(),
    name        text not null check (name <> ''),
    base_url    text not null unique,
    is_demo     boolean not null default false,
    settings    jsonb not null default '{}',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table test_jobs (
    id            uuid primary key,
    site_id       uuid not null references sites (id) on delete cascade,
    job_type      text not null check (job_type in
                    ('connection_all', 'connection_one', 'smoke_all', 'smoke_one', 'full_one')),
    service_slug  text,  -- only for the _one types
    status        text not null check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
    requested_by  text not null,
    created_at    timestamptz not null,
    started_at    timestamptz,
    finished_at   timestamptz,
    summary       text not null,
    progress_json jsonb not null,
    check ((service_slug is null) = (job_type like '%\_all'))
);
create index test_jobs_of_a_site on test_jobs (site_id, created_at desc);
-- One press at a time: a second press while a job is open finds that job.
create unique index one_open_job_of_a_kind on test_jobs (site_id, job_type, coalesce(service_slug, ''))
    where status in ('queued', 'running');

create table service_runs (
    id                  uuid primary key,
    job_id              uuid not null references test_jobs (id) on delete cascade,
    site_id             uuid not null references sites (id) on delete cascade,
    service_slug        text not null,
    run_type            text not null check (run_type in ('connection', 'smoke', 'full')),
    status              text not null check (status in
                          ('queued', 'running', 'success', 'partial', 'failed', 'cancelled')),
    reason              text,
    detail              text,
    outputs_json        jsonb not null,
    metrics_json        jsonb not null default '{}',
    created_at          timestamptz not null,
    started_at          timestamptz,
    finished_at         timestamptz,
    -- The ticket: while due_at is set, a runner must look at this run then. A claim moves due_at to
    -- the end of the lease, so a lapsed lease is simply due again.
    due_at              timestamptz,
    leased_by           text,
    lease_no            integer not null default 0,
    phase               text not null default 'start',
    attempts            integer not null default 0,
    polls               integer not null default 0,
    deadline_seconds    double precision not null,
    deadline_at         timestamptz,
    holds_slot          boolean not null default false,
    trouble_since       timestamptz,
    cancel_requested_at timestamptz,
    unique (job_id, service_slug),
    check (status in ('success', 'partial', 'failed', 'cancelled') = (finished_at is not null)),
    check (status <> 'success' or reason is null),
    check (status not in ('failed', 'partial', 'cancelled') or reason is not null)
);
create index runs_to_start on service_runs (service_slug, due_at) where status = 'queued';
create index runs_due on service_runs (due_at) where due_at is not null and status <> 'queued';
create index runs_holding_a_slot on service_runs (service_slug) where holds_slot;
create index latest_runs on service_runs (site_id, run_type, service_slug, created_at desc, id desc);
create index runs_of_a_lease on service_runs (leased_by) where leased_by is not null;

-- Terminal states never change, whoever writes.
create function keep_terminal() returns trigger language plpgsql as $$
begin
    if new.status is distinct from old.status
        or new.reason is distinct from old.reason
        or new.outputs_json is distinct from old.outputs_json
        or new.finished_at is distinct from old.finished_at then
        raise exception 'run % is % and stays so', old.id, old.status using errcode = 'HM001';
    end if;
    return new;
end $$;
create trigger keep_terminal before update on service_runs for each row
    when (old.status in ('success', 'partial', 'failed', 'cancelled')) execute function keep_terminal();

-- What was sent and answered, redacted; one row a run, merged by kind of exchange.
create table run_evidence (
    run_id     uuid primary key references service_runs (id) on delete cascade,
    evidence   jsonb not null default '{}',
    updated_at timestamptz not null default now()
);

-- Who did what: append-only.
create table audit_events (
    id       bigint generated always as identity primary key,
    at       timestamptz not null default now(),
    actor    text not null,
    action   text not null,
    subject  text not null,
    site_id  uuid references sites (id) on delete set null,
    detail   jsonb not null default '{}'
);
create index audit_by_time on audit_events (at desc);

-- Runners sign in here; a runner not seen for a while is gone.
create table runners (
    id         text primary key,
    started_at timestamptz not null,
    seen_at    timestamptz not null,
    in_flight  integer not null default 0
);
