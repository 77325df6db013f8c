-- A refund or dispute names the payment alone; the order is found by it.
create index jobs_of_payment on jobs ((metadata ->> 'payment_intent'));
