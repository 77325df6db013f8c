import time
from support.served import Served
from web.staff_support import shop_of
async def test_speed(served: Served) -> None:
    shop = shop_of(served)
    await shop.directories(*[f"dir{n}" for n in range(500)])
    ids=[await served.orders.create_test_order("t", 200, tag=f"t{n}") for n in range(200)]
    await shop.pool.execute("""insert into job_results (job_id, directory_id, directory_name, status, idempotency_key, reason, finished_at, payload)
      select l.job_id, l.directory_id, 'x', (array['submitted','failed','needs_manual','skipped'])[1+(l.position % 4)], l.job_id::text||l.directory_id, 'rejected', now(), jsonb_build_object('a', repeat('x', 800)) from job_directories l""")
    await shop.pool.execute("update jobs set directories_done = directories_total, status = case when random() < 0.8 then 'completed' else 'in_progress' end")
    await shop.pool.execute("analyze")
    print("results", await shop.pool.fetchval("select count(*) from job_results"))
    for path in ("/staff/dashboard","/staff/manual","/staff/queue","/staff/directories",f"/staff/jobs/{ids[0]}","/api/staff/summary","/api/staff/directories","/api/staff/manual","/api/staff/jobs","/api/staff/queue"):
        best=9
        for _ in range(4):
            t=time.perf_counter()
            async with served.http.get(path) as r:
                body=await r.read()
            best=min(best,time.perf_counter()-t)
        print("SPEED", path, r.status, f"{best*1000:.0f} ms", len(body)//1024, "KiB")
    assert 0
