-- A service that is partial again and again, or fails and is partial in turn, calls somebody too.

alter table alert_rule
    add column partial_after integer not null default 3 check (partial_after between 1 and 20);
alter table alert_services
    add column opened_as text not null default 'failed' check (opened_as in ('failed', 'partial'));
