-- Second factors by time (TOTP). The secret is made of `nonce` and a key of the home: a dump alone opens nothing.

create table second_factors (
    user_id      uuid primary key references users (id) on delete cascade,
    nonce        bytea not null,
    confirmed_at timestamptz,          -- null: shown, and no code of it typed yet
    last_step    bigint not null default 0,  -- a code counts once
    recovery     bytea[] not null default '{}'  -- hashes of the codes that are left
);
