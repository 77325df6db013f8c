-- An alert has one cause and one life. What fails for the cause stands below it (alert_services); what is to be
-- said of it stands in an outbox (alert_deliveries) until a channel has taken it.

create table alert_services (
    id           uuid primary key default gen_random_uuid(),
    alert_id     uuid not null references alerts (id) on delete cascade,
    site_id      uuid not null references sites (id) on delete cascade,
    service_slug text not null,
    opened_at    timestamptz not null,
    opened_run   uuid not null references service_runs (id) on delete cascade,
    fail_after   integer not null,
    closed_at    timestamptz,
    closed_run   uuid references service_runs (id) on delete cascade,
    -- the run that opened or closed it: what was judged before it does not count again
    turned_at    timestamptz not null,
    turned_run   uuid not null,
    check ((closed_at is null) = (closed_run is null))
);
insert into alert_services (alert_id, site_id, service_slug, opened_at, opened_run, fail_after, closed_at,
        closed_run, turned_at, turned_run)
    select id, site_id, service_slug, opened_at, opened_run, fail_after, closed_at, closed_run, turned_at, turned_run
    from alerts where product = 'control_room';
create unique index one_open_of_a_service on alert_services (site_id, service_slug) where closed_at is null;
create index turns_of_a_service on alert_services (site_id, service_slug, turned_at desc);
create index services_of_an_alert on alert_services (alert_id);

create table alert_channels (
    id         uuid primary key default gen_random_uuid(),
    name       text not null unique check (name <> ''),
    kind       text not null check (kind in ('notifications', 'email', 'slack', 'discord', 'teams', 'telegram',
                   'webhook', 'pagerduty', 'opsgenie')),
    target     text not null default '',  -- e-mail addresses, a chat; nothing secret
    secret     text not null default '',  -- the name of the secret that holds address and key
    enabled    boolean not null default true,
    created_by text not null,
    created_at timestamptz not null default now()
);
-- The bundled worker, over which alerts always went.
insert into alert_channels (id, name, kind, created_by)
    values ('00000000-0000-4000-8000-000000000001', 'Notifications service', 'notifications', 'hermes');

-- The first route that fits an alert says who is told. Null: any.
create table alert_routes (
    id             uuid primary key default gen_random_uuid(),
    position       integer not null,
    product        text check (product in ('control_room', 'orders', 'system')),
    site_id        uuid references sites (id) on delete cascade,
    service_slug   text,
    severity       text check (severity in ('critical', 'warning')),
    days           integer[] not null default '{1,2,3,4,5,6,7}',  -- ISO: 1 is Monday
    from_time      time,
    to_time        time,
    time_zone      text not null default 'UTC',
    channels       uuid[] not null,
    remind_after   integer check (remind_after >= 5),   -- minutes; null: never
    escalate_after integer check (escalate_after >= 1), -- minutes; null: never
    escalate_to    uuid[] not null default '{}',
    created_by     text not null,
    created_at     timestamptz not null default now(),
    check ((from_time is null) = (to_time is null)),
    check ((escalate_after is null) = (escalate_to = '{}'))
);
insert into alert_routes (position, channels, remind_after, created_by)
    values (1000, '{00000000-0000-4000-8000-000000000001}', 1440, 'hermes');

alter table alerts
    drop constraint alerts_of_services,
    drop constraint alerts_product_check,
    add constraint alerts_product_check check (product in ('control_room', 'orders', 'system')),
    add column severity        text not null default 'critical' check (severity in ('critical', 'warning')),
    add column flaps           integer not null default 0,  -- how often it opened again soon after it was over
    add column acknowledged_at timestamptz,
    add column acknowledged_by text,
    add column acknowledgement text not null default '',
    add column snoozed_until   timestamptz,
    add column snoozed_by      text,
    -- what the outbox knows of it
    add column route_id        uuid references alert_routes (id) on delete set null,
    add column told_at         timestamptz,  -- when it was handed to the outbox
    add column told_services   integer not null default 0,
    add column told_flaps      integer not null default 0,
    add column told_closed_at  timestamptz,  -- the closing that was handed to the outbox
    add column reminded_at     timestamptz,
    add column reminders       integer not null default 0,
    add column escalated_at    timestamptz;

create table alert_deliveries (
    id           bigint generated always as identity primary key,
    alert_id     uuid not null references alerts (id) on delete cascade,
    channel_id   uuid not null references alert_channels (id) on delete cascade,
    what         text not null check (what in ('opened', 'flapping', 'reminder', 'escalation', 'recovered')),
    number       integer not null default 0,
    created_at   timestamptz not null,
    due_at       timestamptz not null,
    attempts     integer not null default 0,
    fault        text not null default '',  -- why the last attempt failed
    job_id       uuid references test_jobs (id) on delete set null,  -- of the Notifications service
    confirmed_at timestamptz,
    note         text not null default '',  -- what the channel did not confirm
    dropped_at   timestamptz,               -- given up, or no longer worth saying
    unique (alert_id, channel_id, what, number)
);
create index deliveries_due on alert_deliveries (due_at) where confirmed_at is null and dropped_at is null;

-- What was delivered or closed before is not told again.
update alerts set told_at = coalesce(delivered_at, closed_at, opened_at), told_services = 1, told_closed_at = closed_at
    where delivered_at is not null or closed_at is not null;
insert into alert_deliveries (alert_id, channel_id, what, created_at, due_at, attempts, job_id, confirmed_at)
    select id, '00000000-0000-4000-8000-000000000001', 'opened', delivered_at, delivered_at, 1, delivery_job, delivered_at
    from alerts where delivered_at is not null;

drop index alerts_of_a_service;
alter table alerts
    drop column site_id, drop column service_slug, drop column opened_run, drop column fail_after,
    drop column closed_run, drop column turned_at, drop column turned_run,
    drop column delivery_job, drop column delivered_at, drop column delivery_note;
create index alerts_closed on alerts (closed_at desc) where closed_at is not null;

-- A window may come again every day or week, at the same time of day in its zone.
alter table maintenance_windows
    add column repeats   text not null default 'once' check (repeats in ('once', 'daily', 'weekly')),
    add column time_zone text not null default 'UTC',
    add constraint repeats_apart check (repeats = 'once'
        or ends_at - starts_at < case repeats when 'daily' then interval '1 day' else interval '7 days' end);

-- Whether the watcher outside, which notices a dead Hermes, answered last.
create table alert_pings (
    single      boolean primary key default true check (single),
    sent_at     timestamptz not null,
    answered_at timestamptz,
    fault       text not null default ''
);
