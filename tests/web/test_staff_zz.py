from pathlib import Path
import hermes_browser
from support.served import Served
from web.staff_support import mixed_order, shop_of, ending

async def test_look(served: Served) -> None:
    shop = shop_of(served)
    job = await mixed_order(shop)
    names=[f"Directory number {n}" for n in range(12)]
    await shop.directories("accepts","captcha","refuses","robots",*names)
    a = await shop.order(8)
    b = await shop.order(40)
    await shop.enqueue(a)
    from hermes.submissions.flow import Hold
    import asyncio
    gate=asyncio.Event()
    async def hang(task, click):
        await gate.wait()
        from hermes.submissions.submitting import Outcome
        return Outcome("skipped","timeout")
    for n in names[2:4]: shop.submitter.visits[n]=hang
    await shop.subscriber().turn()
    w=shop.worker()
    await w._turn()
    await asyncio.sleep(1)
    await shop.orders.queue.send("{bad json", 4)
    await shop.subscriber().turn()
    from hermes.storage.orders import watching
    await watching.beat(shop.pool,"brain-host-123-abc","brain",{},served.room.clock())
    await watching.beat(shop.pool,"subscriber-host-123-abc","subscriber",{},served.room.clock())
    served.room.clock.forward(25)
    await watching.beat(shop.pool,"flow-worker-host-123-abc","flow-worker",{"orders":1},served.room.clock())
    await watching.raise_alert(shop.pool,"stuck:x","stuck","An order stands at 0 % for 12 min (pending).",b)
    token,_ = await __import__('hermes.desk').desk.Desk(served.orders).customer_link(a,'t')
    for path in ("/staff/dashboard","/staff/manual","/staff/queue","/staff/directories",f"/staff/jobs/{job}",f"/staff/jobs/{a}"):
        async with served.http.get(path) as r:
            t=await r.text()
            if r.status!=200: print(path, r.status, t[:3000])
    async with hermes_browser.browser() as br:
        for width, scheme in ((1440,'light'),(360,'dark'),(1440,'dark'),(360,'light')):
            ctx=await br.new_context(viewport={"width":width,"height":900},color_scheme=scheme)
            page=await ctx.new_page()
            page.on("console", lambda m: print("CONSOLE", m.text) if m.type=="error" else None)
            page.on("pageerror", lambda m: print("PAGEERROR", m))
            await served.sign_in(page,"/staff/dashboard")
            for name,path in (("dash","/staff/dashboard"),("manual","/staff/manual"),("queue","/staff/queue"),("dirs","/staff/directories"),("job",f"/staff/jobs/{job}"),("jobrun",f"/staff/jobs/{a}"),("cust",f"/orders/{token}")):
                await page.goto(served.url+path)
                await page.wait_for_timeout(400)
                if name=='dash': await page.evaluate("document.querySelector('details.ask').open=true")
                if name=='job': await page.evaluate("document.querySelectorAll('.results details').forEach((d,i)=>d.open=i%3==0)")
                if name=='dirs': await page.evaluate("document.querySelectorAll('details.pop')[2].open=true")
                wide=await page.evaluate("document.documentElement.scrollWidth")
                if wide>width: print("WIDE", path, width, wide)
                await page.screenshot(path=f"/tmp/b4/{name}-{width}-{scheme}.png", full_page=True)
            await ctx.close()
    gate.set()
    await w.drain()
    assert False
