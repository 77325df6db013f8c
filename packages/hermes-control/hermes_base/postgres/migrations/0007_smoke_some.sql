-- A smoke test of several named services is one job, open once a site like the others.

alter table test_jobs drop constraint test_jobs_job_type_check;
alter table test_jobs add constraint test_jobs_job_type_check check (job_type in
    ('connection_all', 'connection_one', 'smoke_all', 'smoke_some', 'smoke_one', 'full_one'));
alter table test_jobs drop constraint test_jobs_check;
alter table test_jobs add constraint test_jobs_check
    check ((service_slug is not null) = (job_type like '%\_one'));
