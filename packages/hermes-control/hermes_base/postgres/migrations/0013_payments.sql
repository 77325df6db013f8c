-- A refund or dispute names the payment alone; the order is found by it, and what was kept of it by the order.
create index jobs_of_payment on jobs ((metadata ->> 'payment_intent'));
create index inbox_of_payment on webhook_inbox ((payload #>> '{data,object,payment_intent}'));
