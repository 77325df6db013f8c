-- Links to an order that were made up to this second are worth nothing any more; links themselves are not stored.

create table revoked_customer_links (
    job_id uuid primary key references jobs (id) on delete cascade,
    until  timestamptz not null
);
