-- Directory-Bolt: a paid order (jobs) becomes listings (job_results), with everything that happened
-- (queue_history). Names of tables and columns are the requirements'.

create table customers (
    id            uuid primary key default gen_random_uuid(),
    email         text not null,
    business_name text not null,
    package_type  text not null,
    profile       jsonb not null default '{}',  -- business profile: phone, website, address, categories ...
    identity      text not null,  -- SHA-256 of the business identity: finds two orders of one business
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    erased_at     timestamptz
);
create unique index one_customer_of_an_identity on customers (identity) where erased_at is null;

create table directories (
    id               uuid primary key default gen_random_uuid(),
    name             text not null,
    submission_url   text not null unique,  -- whole: never cut to its domain
    category         text not null default 'general',
    tier             smallint not null default 3 check (tier between 1 and 4),  -- 1 first
    domain_authority smallint check (domain_authority between 0 and 100),
    requires_login   boolean,  -- null: never observed
    has_captcha      boolean,
    terms_decision   text not null default 'unknown' check (terms_decision in ('unknown', 'allowed', 'refused')),
    terms_note       text not null default '',
    terms_by         text,
    terms_at         timestamptz,
    enabled          boolean not null default true,
    is_demo          boolean not null default false,
    pacing_seconds   double precision not null default 5 check (pacing_seconds >= 0),
    next_visit_at    timestamptz not null default '-infinity',  -- pacing, across all workers
    lookup_url       text,  -- where a listing can be looked up; {name} is replaced
    verified_at      timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

create table jobs (
    id                   uuid primary key default gen_random_uuid(),
    customer_id          uuid not null references customers (id),
    status               text not null default 'pending' check (status in
                           ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
    package_type         text not null,
    priority             smallint not null check (priority between 1 and 4),  -- 1 first
    directories_promised integer not null check (directories_promised > 0),  -- what was paid for
    directories_total    integer not null check (directories_total >= 0),    -- what the work list holds
    directories_done     integer not null default 0,
    progress             double precision not null generated always as (case when directories_total = 0
                           then 0 else round(100.0 * directories_done / directories_total, 1)::float8 end) stored,
    error_message        text,
    source               text not null check (source in ('stripe', 'test', 'staff', 'verify')),
    checkout_session     text unique,  -- one order of one Stripe session, whatever events tell of it
    message_id           text,
    queue_provider       text,
    metadata             jsonb not null default '{}',
    created_at           timestamptz not null default now(),
    enqueued_at          timestamptz,
    started_at           timestamptz,
    completed_at         timestamptz,
    updated_at           timestamptz not null default now(),
    check (directories_done between 0 and directories_total)
);
create index jobs_by_status on jobs (status, priority, created_at);
create index jobs_of_a_customer on jobs (customer_id);

-- The work list of a job: which directories, in which order.
create table job_directories (
    job_id       uuid not null references jobs (id) on delete cascade,
    directory_id uuid not null references directories (id),
    position     integer not null,
    primary key (job_id, directory_id)
);

create table job_results (
    id              uuid primary key default gen_random_uuid(),
    job_id          uuid not null references jobs (id) on delete cascade,
    directory_id    uuid not null references directories (id),
    directory_name  text not null,
    status          text not null check (status in
                      ('submitting', 'submitted', 'failed', 'skipped', 'needs_manual')),
    idempotency_key text not null unique,
    revision        integer not null default 0,  -- a deliberate re-submission by staff has a new key
    payload         jsonb not null default '{}',  -- what was filled in, field by field
    response_log    jsonb not null default '{}',  -- what the directory answered
    screenshot      text,  -- name of the file among the evidence
    listing_url     text,
    confirmation    text,
    reason          text,  -- why not submitted: a word of the closed list
    error_message   text,
    attempts        integer not null default 1,
    worker_id       text,
    clicked_at      timestamptz,  -- the form may have been sent from here on
    next_try_at     timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    finished_at     timestamptz,
    unique (job_id, directory_id),
    check ((status = 'submitting') = (finished_at is null)),
    check (status in ('submitting', 'submitted') or reason is not null)
);
create index results_by_directory on job_results (directory_id, status);
create index manual_queue on job_results (updated_at) where status = 'needs_manual';

create table queue_history (
    id             bigint generated always as identity primary key,
    job_id         uuid not null references jobs (id) on delete cascade,
    directory_name text,
    event          text not null,
    details        jsonb not null default '{}',
    worker_id      text,
    created_at     timestamptz not null default clock_timestamp()
);
create index history_of_a_job on queue_history (job_id, id);
create index history_by_time on queue_history (created_at desc);

-- Append-only; the one exception is erasing a customer (or a test order), which says so first:
-- set local hermes.erasing = 'on'
create function keep_history() returns trigger language plpgsql as $$
begin
    if coalesce(current_setting('hermes.erasing', true), '') <> 'on' then
        raise exception 'queue_history is append-only' using errcode = 'HM002';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger keep_history before update or delete on queue_history
    for each row execute function keep_history();

create table webhook_inbox (
    event_id    text primary key,
    type        text not null,
    payload     jsonb not null,
    outcome     text not null,  -- job_created, ignored, unpaid, refused
    detail      text not null default '',
    job_id      uuid references jobs (id) on delete set null,
    deliveries  integer not null default 1,
    received_at timestamptz not null default now()
);

create table outbox (
    id         bigint generated always as identity primary key,
    job_id     uuid not null references jobs (id) on delete cascade,
    payload    jsonb not null,
    attempts   integer not null default 0,
    last_error text,
    due_at     timestamptz not null default now(),
    created_at timestamptz not null default now(),
    done_at    timestamptz
);
create index outbox_due on outbox (due_at) where done_at is null;

-- The embedded queue: at least once, visibility timeout, receive count.
create table queue_messages (
    id            uuid primary key default gen_random_uuid(),
    body          text not null,
    priority      smallint not null default 4,
    receive_count integer not null default 0,
    receipt       uuid,
    visible_at    timestamptz not null default now(),
    created_at    timestamptz not null default now()
);
create index messages_to_receive on queue_messages (priority, visible_at, created_at);

create table dead_letters (
    id            uuid primary key default gen_random_uuid(),
    source        text not null check (source in ('queue', 'flow', 'outbox')),
    body          text not null,
    job_id        uuid references jobs (id) on delete cascade,
    reason        text not null,
    receive_count integer not null default 0,
    created_at    timestamptz not null default now(),
    replayed_at   timestamptz,
    replayed_by   text
);

-- The embedded flow engine, and what Hermes knows of runs in another one.
create table flow_runs (
    id          uuid primary key default gen_random_uuid(),
    job_id      uuid not null references jobs (id) on delete cascade,
    engine      text not null check (engine in ('embedded', 'prefect')),
    external_id text,
    state       text not null default 'scheduled' check (state in
                  ('scheduled', 'running', 'completed', 'failed', 'cancelled', 'crashed')),
    attempts    integer not null default 0,
    leased_by   text,
    due_at      timestamptz default now(),
    detail      text,
    created_at  timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz,
    check ((state in ('scheduled', 'running')) = (finished_at is null))
);
create unique index one_open_flow_of_a_job on flow_runs (job_id) where finished_at is null;
create index flows_due on flow_runs (due_at) where finished_at is null;

create table worker_heartbeats (
    worker_id  text primary key,
    process    text not null,  -- brain, subscriber, flow-worker, monitor, relay
    state      jsonb not null default '{}',
    started_at timestamptz not null,
    seen_at    timestamptz not null
);

create table order_alerts (
    key       text primary key,  -- kind and subject: the same trouble is one alert
    kind      text not null,
    text      text not null,
    job_id    uuid references jobs (id) on delete cascade,
    opened_at timestamptz not null default now(),
    seen_at   timestamptz not null default now(),
    closed_at timestamptz
);

-- Live messages in the requirements' shape; what is too large for a notification names its row.
create function tell_realtime() returns trigger language plpgsql as $$
declare
    heavy constant text[] := array['payload', 'response_log', 'details', 'metadata'];
    said text;
begin
    said := jsonb_build_object('type', tg_op, 'table', tg_table_name, 'record', to_jsonb(new) - heavy,
        'old_record', case when tg_op = 'UPDATE' then to_jsonb(old) - heavy end)::text;
    if octet_length(said) > 7900 then
        said := jsonb_build_object('type', tg_op, 'table', tg_table_name, 'record',
            jsonb_build_object('id', new.id), 'old_record', null)::text;
    end if;
    perform pg_notify('hermes_realtime', said);
    return null;
end $$;
create trigger tell_realtime after insert or update on jobs for each row execute function tell_realtime();
create trigger tell_realtime after insert or update on job_results for each row execute function tell_realtime();
create trigger tell_realtime after insert on queue_history for each row execute function tell_realtime();
