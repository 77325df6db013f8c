"""S12: NUL, lone surrogates, huge numbers and endless depth in every parameter of every route: never a 500."""

from collections import Counter

import aiohttp
from yarl import URL

from tests.support.hostile import Asked, places, requests_of
from tests.support.served import Served

ENDS_THE_SESSION = ("/sign-out", "/settings/account/sessions/end")


async def test_no_value_of_any_parameter_of_any_route_is_answered_with_500(served: Served) -> None:
    room = served.room
    room.all_succeed()
    job = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    run, *_ = await room.hermes.runs.of_job(job.job_id)
    known = {"site_id": str(room.site.id), "job_id": str(job.job_id), "run_id": str(run.id), "slug": "content_qa"}  # fmt: skip
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    async with served.browsing() as person:
        for place in places():
            http = served.http if place.template.startswith("/api/") else person
            if place.template in ENDS_THE_SESSION:
                continue
            for asked in requests_of(place, known):
                status = await ask(http, served.url, asked)
                statuses[status] += 1
                if status >= 500 and (status != 503 or "webhook" not in asked.path):
                    faults.append(
                        f"{status} {asked.method} {asked.path[:200]} {asked.body[:200]!r}"
                    )
    assert not faults, "\n".join(faults)
    assert statuses[422] > 300, "nonsense was refused"
    assert statuses[200] > 100, "what can be answered was answered"


async def ask(http: aiohttp.ClientSession, url: str, asked: Asked) -> int:
    headers = {"Content-Type": asked.kind} if asked.kind else {}
    async with http.request(
        asked.method, URL(url + asked.path, encoded=True), data=asked.body or None, headers=headers, allow_redirects=False
    ) as answer:  # fmt: skip
        return answer.status
