-- Machines whose own clock is not the database's, as they measure it; a row goes when it agrees again.

create table wrong_clocks (
    machine       text primary key,
    ahead_seconds double precision not null,
    seen_at       timestamptz not null default now()
);
