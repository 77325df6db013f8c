-- What an order waits for: directories that can be used, or facts about the business.
alter table jobs add column waits_for text check (waits_for in ('directories', 'profile'));
update jobs set waits_for = 'directories' where status = 'waiting';
