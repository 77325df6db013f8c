-- The alerts of both products in one table: a row for each time that a problem is or was open.
-- `key` names the problem within its product, so that it is open once; `kind` groups problems of one sort.

alter table alerts
    add column product text not null default 'control_room' check (product in ('control_room', 'orders')),
    add column key     text,
    add column kind    text not null default 'smoke_tests',
    add column text    text not null default '',
    add column job_id  uuid references jobs (id) on delete cascade,
    add column seen_at timestamptz not null default now(),
    alter column opened_at set default now(),
    alter column site_id drop not null,
    alter column service_slug drop not null,
    alter column opened_run drop not null,
    alter column fail_after drop not null,
    alter column turned_at drop not null,
    alter column turned_run drop not null,
    drop constraint alerts_check;

update alerts set key = site_id || ':' || service_slug, seen_at = opened_at;

insert into alerts (product, key, kind, text, job_id, opened_at, seen_at, closed_at)
    select 'orders', key, kind, text, job_id, opened_at, seen_at, closed_at from order_alerts;
drop table order_alerts;

alter table alerts
    alter column key set not null,
    alter column product drop default,
    alter column kind drop default,
    -- An alert of a service is opened and closed by runs of smoke tests.
    add constraint alerts_of_services check (product <> 'control_room' or (
        site_id is not null and service_slug is not null and fail_after is not null
        and opened_run is not null and turned_at is not null and turned_run is not null
        and (closed_at is null) = (closed_run is null)));

drop index one_open_alert;
create unique index one_open_alert on alerts (product, key) where closed_at is null;
