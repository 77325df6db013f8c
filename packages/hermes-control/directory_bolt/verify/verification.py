"""The verification from beginning to end."""

from collections.abc import Callable

from directory_bolt.core.verification.checks import connections, health
from directory_bolt.core.verification.diagnosis import database_fault
from directory_bolt.core.verification.findings import Finding, Report
from directory_bolt.verify.facts_reader import read_facts
from directory_bolt.verify.live import changes_of
from directory_bolt.verify.proof import Proof
from directory_bolt.verify.target import Target, connected
from hermes_base.clock import Clock, utc_now

OnFinding = Callable[[Finding], None]


def silent(finding: Finding) -> None:
    """Ignore a finding, for callers that want the report alone."""
    del finding


async def verify(target: Target, on_finding: OnFinding = silent, clock: Clock = utc_now) -> Report:
    """All three phases; each finding is told as soon as it is known. Leaves nothing behind."""
    began, found = clock(), list[Finding]()

    def keep(findings: list[Finding]) -> None:
        found.extend(findings)
        for finding in findings:
            on_finding(finding)

    async with connected(target) as client, changes_of(target) as changes:
        facts = await read_facts(client, changes, clock)
        keep(connections(facts))
        keep(health(facts))
        is_broken = any(finding.status == "FAIL" for finding in found)
        patience = target.hurry if is_broken else target.patience
        proof = Proof(client, changes, clock, patience, database_fault(facts))
        keep(await proof.prove())
    return Report(target.url, began, clock(), found)
