-- People: users, their sessions and one-time links, failed tries, API tokens. Of secrets only hashes.

create table users (
    id            uuid primary key default gen_random_uuid(),
    email         text unique check (email = lower(email)),
    name          text not null check (name <> ''),
    role          text not null check (role in ('viewer', 'operator', 'admin')),
    is_local      boolean not null default false,  -- the operator of this machine: comes by links only
    password_hash text,
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    signed_in_at  timestamptz,
    check ((email is null) = is_local),
    check (not is_local or password_hash is null)
);
create unique index one_local_operator on users (is_local) where is_local;

create table sessions (
    id         uuid primary key default gen_random_uuid(),
    token_hash bytea not null unique,
    user_id    uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    ends_at    timestamptz not null,
    address    text not null,
    agent      text not null
);
create index sessions_of_a_user on sessions (user_id);

-- A row is deleted when its link is used.
create table sign_in_links (
    token_hash bytea primary key,
    user_id    uuid not null references users (id) on delete cascade,
    leads_to   text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Failed tries, and those that are being checked at the moment.
create table sign_in_tries (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    email_hash bytea not null,
    address    text not null
);
create index tries_by_time on sign_in_tries (at);

create table api_tokens (
    id         uuid primary key default gen_random_uuid(),
    token_hash bytea not null unique,
    name       text not null check (name <> ''),
    role       text not null check (role in ('viewer', 'operator', 'admin')),
    owner_id   uuid not null references users (id) on delete cascade,
    site_id    uuid references sites (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz,
    used_at    timestamptz,
    unique (owner_id, name)
);
