-- The list of all runs of a site, newest first; and of those that did not pass, which are few and looked for.

create index runs_of_a_site on service_runs (site_id, created_at desc, id desc);
create index runs_not_passed on service_runs (site_id, status, created_at desc, id desc)
    where status <> 'success';
