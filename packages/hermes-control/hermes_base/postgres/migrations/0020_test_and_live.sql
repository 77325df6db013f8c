-- Real money reaches real directories, Stripe's test mode and invented businesses reach the demo's.
-- An order of which no directory can be used waits for one: it is neither completed nor failed.
alter table jobs add column live boolean not null default false;
update jobs set live = true from webhook_inbox w
 where w.job_id = jobs.id and w.payload -> 'data' -> 'object' ->> 'livemode' = 'true';
delete from job_directories l using jobs j, directories d
 where j.id = l.job_id and d.id = l.directory_id and j.status in ('pending', 'in_progress')
   and j.live = d.is_demo
   and not exists (select from job_results r where r.job_id = j.id and r.directory_id = d.id);
update jobs set directories_total = (select count(*) from job_directories where job_id = jobs.id)
 where status in ('pending', 'in_progress');
alter table jobs drop constraint jobs_status_check;
alter table jobs add constraint jobs_status_check
    check (status in ('pending', 'in_progress', 'waiting', 'completed', 'failed', 'cancelled'));
-- A refund may arrive before the payment that it takes back.
create index reversals_of_a_payment on webhook_inbox ((payload #>> '{data,object,payment_intent}'))
 where type in ('charge.refunded', 'charge.dispute.created');
