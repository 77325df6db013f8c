"""The history of a service's outputs: when each arrived last, and since when it is missing."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Reader


async def history_of_outputs(
    connection: Reader, site_id: UUID, slug: str, outputs: Sequence[str], newest: int
) -> list[Record]:
    """Judged runs that tell the history of a service's outputs: the newest smoke and full runs, and of
    each output the smoke run that returned it last and the first one after that which missed it (what
    was waived did not come either).

    `values` holds numbers, flags and the beginning of texts; of `{value, items}` the value, of another
    list or object only `{entries}`.
    """
    return await connection.fetch(_HISTORY_OF_OUTPUTS, site_id, slug, list(outputs), newest)


_HISTORY_OF_OUTPUTS = """
    with judged as not materialized (
        select * from service_runs
        where site_id = $1 and service_slug = $2 and status in ('success', 'partial', 'failed')
    ),
    newest as (
        select n.id from unnest(array['smoke', 'full']) as t (run_type) cross join lateral (
            select id from judged where run_type = t.run_type order by created_at desc, id desc limit $4) n
    ),
    seen as (
        select o.slug, coalesce(l.created_at, '-infinity') as created_at,
            coalesce(l.id, '00000000-0000-0000-0000-000000000000') as id
        from unnest($3::text[]) as o (slug) left join lateral (
            select id, created_at from judged
            where run_type = 'smoke' and outputs_json -> 'actualOutputs' ? o.slug
            order by created_at desc, id desc limit 1) l on true
    ),
    missed as (
        select f.id from seen cross join lateral (
            select id from judged
            where run_type = 'smoke' and (outputs_json -> 'missingOutputs' ? seen.slug
                or metrics_json -> 'waived' ? seen.slug)
            and (created_at, id) > (seen.created_at, seen.id)
            order by created_at, id limit 1) f
    )
    select id, run_type, created_at, outputs_json -> 'actualOutputs' as actual,
        (outputs_json -> 'missingOutputs') || coalesce((select jsonb_agg(slug)
            from jsonb_object_keys(metrics_json -> 'waived') as slug), '[]') as missing,
        (select coalesce(jsonb_object_agg(key, case jsonb_typeof(value)
            when 'array' then jsonb_build_object('entries', jsonb_array_length(value))
            when 'object' then case when value ? 'items' and jsonb_typeof(value -> 'value') = 'number'
                then value -> 'value' else jsonb_build_object('entries', case
                when jsonb_typeof(value -> 'count') = 'number' then value -> 'count'
                when jsonb_typeof(value -> 'items') = 'array' then to_jsonb(jsonb_array_length(value -> 'items'))
                else to_jsonb((select count(*) from jsonb_object_keys(value))) end) end
            when 'string' then to_jsonb(left(value #>> '{}', 160))
            else value end), '{}') from jsonb_each(outputs_json -> 'metrics')) as values
    from service_runs where id in (select id from newest union select id from seen union select id from missed)
    order by created_at desc, id desc
"""
