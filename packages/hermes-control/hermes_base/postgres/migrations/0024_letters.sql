-- What customers are told by email, each once; it is written with what it tells of, and sent afterwards.
create table letters (
    id         bigint generated always as identity primary key,
    job_id     uuid not null references jobs (id) on delete cascade,
    kind       text not null check (kind in ('received', 'needs_profile', 'finished')),
    created_at timestamptz not null default now(),
    due_at     timestamptz not null default now(),
    attempts   integer not null default 0,
    last_error text,
    sent_at    timestamptz,
    unique (job_id, kind)
);
create index letters_to_send on letters (due_at) where sent_at is null;
