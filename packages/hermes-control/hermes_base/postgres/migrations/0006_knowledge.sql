-- The knowledge base, filled from the data that ships with Hermes, searched here.

create table knowledge_entries (
    id           text primary key,
    topic        text not null,
    title        text not null,
    advice       text not null,
    why          text not null,
    how_to_check text not null,
    tip          text not null,
    applies_to   text[] not null,
    evidence     text not null check (evidence in ('standard', 'documented', 'measured', 'practice')),
    sources      jsonb not null,
    reviewed     date not null,
    words        tsvector not null generated always as (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', topic), 'B')
        || setweight(to_tsvector('english', advice || ' ' || tip), 'C')
        || setweight(to_tsvector('english', why || ' ' || how_to_check), 'D')
    ) stored
);
create index knowledge_by_words on knowledge_entries using gin (words);
create index knowledge_by_finding on knowledge_entries using gin (applies_to);

-- Which version of the data the table holds.
create table knowledge_version (
    only_row boolean primary key default true check (only_row),
    version  text not null
);
