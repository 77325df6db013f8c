-- Corrections to a site that somebody proposed, and who decided on each. What became of an approved one stands in
-- the runs of site_executor; a row is never changed but for its decision and for being taken back.
create table site_changes (
    id           uuid primary key default gen_random_uuid(),
    site_id      uuid not null references sites (id) on delete cascade,
    page         text not null check (page <> ''),
    kind         text not null check (kind in ('title', 'description', 'canonical', 'alt', 'link', 'redirect')),
    target       text not null default '',
    before_text  text,  -- null: there was nothing
    after_text   text not null,
    why          text not null default '',
    proposed_by  text not null,
    proposed_at  timestamptz not null,
    state        text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected')),
    decided_by   text check (decided_by <> ''),
    decided_at   timestamptz,
    undone_by    text check (undone_by <> ''),
    undone_at    timestamptz,
    check ((state = 'proposed') = (decided_by is null)),
    check ((decided_by is null) = (decided_at is null)),
    check ((undone_by is null) = (undone_at is null)),
    check (undone_by is null or state = 'approved')
);
create index site_changes_of_a_site on site_changes (site_id, state, proposed_at);
