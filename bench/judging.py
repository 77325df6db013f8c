"""Microseconds of CPU to judge a finished answer of each service, with contracts and rules and without.

Without: the same outputs, found and converted, but no schema, host, time or rule. Both in one process, in
turns; the lowest of the rounds counts. The answers are the true ones of tests/world/answers/truths.toml.

    .venv/bin/python bench/judging.py [--rounds 9] [--times 300]
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from hermes.core.catalog import Service
from hermes.core.replies.replies import Finished
from hermes.core.runs.conclude import finish
from hermes.core.runs.model import StepContext
from tests.support.catalog import all_built
from tests.world.playing import NOW, run_of
from tests.world.rows import HERE, document

NOTHING: dict[str, Any] = {"value_schema": None, "host": {}, "fresh": None, "no_value": ()}


def without_contracts(service: Service) -> Service:
    """The service with the same outputs, each of them without a contract, and no rules."""
    bare = [
        type(output).model_validate({**output.model_dump(by_alias=False), **NOTHING})
        for output in service.outputs
    ]
    told = {**service.model_dump(by_alias=False), "outputs": bare, "rules": ()}
    return Service.model_validate(told)


def microseconds(work: Callable[[], object], times: int) -> float:
    """Of CPU, for one of `times` in a row."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1e6


def judging(service: Service, answer: dict[str, Any]) -> Callable[[], object]:
    run, context = run_of(service), StepContext(NOW, status=200)
    return lambda: finish(run, service, Finished(answer), context)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=300)
    asked = parser.parse_args()
    truths = document(HERE / "answers" / "truths.toml")
    found: list[tuple[float, float]] = []
    for service in all_built().built:
        answer = {"status": "completed", "result": {"outputs": json.loads(truths[service.slug])}}
        whole, bare = judging(service, answer), judging(without_contracts(service), answer)
        rounds = [
            (microseconds(whole, asked.times), microseconds(bare, asked.times))
            for _ in range(asked.rounds)
        ]
        found.append((min(w for w, _ in rounds), min(b for _, b in rounds)))
        print(f"{service.slug:24} {found[-1][0]:7.1f} with, {found[-1][1]:7.1f} without")
    whole, bare = (statistics.mean(each) for each in zip(*found, strict=True))
    print(
        f"{'mean of ' + str(len(found)):24} {whole:7.1f} with, {bare:7.1f} without, {whole - bare:.1f} more"
    )


if __name__ == "__main__":
    main()
