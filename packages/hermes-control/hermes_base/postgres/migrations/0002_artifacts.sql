-- What a worker wants kept beside its run, for later runs of this worker or another.

create table run_artifacts (
    run_id    uuid primary key references service_runs (id) on delete cascade,
    artifacts jsonb not null
);
