-- Runners look every few seconds for alerts of which there may be something to say: few, however many there were.
create index alerts_to_tell on alerts (opened_at, id)
    where closed_at is null or told_closed_at is distinct from closed_at;
