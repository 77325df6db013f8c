"""The API against its own OpenAPI document, asked sense and nonsense: no 5xx, nothing undocumented."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode, checks, openapi
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as documented

from tests.support.served import TOKEN, Served

EXAMPLES = 8
PATIENCE = 120
CHECKS: list[Any] = [
    checks.not_a_server_error,
    documented.status_code_conformance,
    documented.content_type_conformance,
    documented.response_headers_conformance,
    documented.response_schema_conformance,
]
Known = Mapping[str, str]


async def test_every_operation_answers_as_its_document_says(served: Served) -> None:
    known = await existing(served)
    statuses, faults = await asyncio.to_thread(ask_everything, served.url, known)
    assert not faults, "\n\n" + "\n\n".join(faults)
    assert statuses[200] > 100, "what exists was found"
    assert statuses[404] > 100, "what does not exist was asked for"
    assert statuses[422] > 100, "nonsense was asked"


async def existing(served: Served) -> Known:
    """Ids that exist, by the names of parameters; everything else is made up."""
    room = served.room
    room.all_succeed()
    job = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    run, *_ = await room.hermes.runs.of_job(job.job_id)
    return {"site_id": str(room.site.id), "siteId": str(room.site.id), "job_id": str(job.job_id),
            "run_id": str(run.id), "slug": "content_qa", "service": "content_qa"}  # fmt: skip


def ask_everything(url: str, known: Known) -> tuple[Counter[int], list[str]]:
    """(answers by status, what the document does not allow) of every operation but the endless streams,
    asked `EXAMPLES` times well-formed and as often malformed.
    """
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    schema = openapi.from_url(
        f"{url}/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE
    )
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            if is_stream(operation):
                continue
            try:
                ask(operation, session, known, statuses)
            except FailureGroup as error:
                faults += [f"{operation.label}: {one}" for one in error.exceptions]
    return statuses, faults


def is_stream(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    answers = operation.definition.raw["responses"]
    return "text/event-stream" in answers.get("200", {}).get("content", {})


def ask(
    operation: APIOperation[Any, Any, Any, Any],
    session: requests.Session,
    known: Known,
    statuses: Counter[int],
) -> None:
    """Raises what the document does not allow, with the request that shows it."""
    cases = st.one_of([operation.as_strategy(mode) for mode in GenerationMode])

    @settings(
        max_examples=EXAMPLES * 2,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[
            HealthCheck.filter_too_much,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
    @given(case=cases, real=st.booleans())
    def answers_as_documented(case: Case[Any], real: bool) -> None:
        if real:
            case.path_parameters = with_known(case.path_parameters, known)
            case.query = with_known(case.query, known)
            case.body = with_known(case.body, known)
        answer = case.call(session=session, timeout=PATIENCE, allow_redirects=False)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    answers_as_documented()


def with_known(given: Any, known: Known) -> Any:
    """The same with ids that exist, where it names any."""
    if not isinstance(given, dict):
        return given
    return {name: known.get(name, value) for name, value in given.items()}
