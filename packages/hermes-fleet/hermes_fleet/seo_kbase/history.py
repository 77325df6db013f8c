"""What earlier runs of other workers found on this site: the newest run of each that delivered something."""

from dataclasses import dataclass

from hermes_fleet.hermes_api import EarlierRun, earlier_runs
from hermes_fleet.seo_kbase.findings import READERS
from hermes_fleet.seo_kbase.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, and the run that it comes from."""

    finding: Finding
    service: str
    run: EarlierRun

    @property
    def provenance(self) -> str:
        """The provenance of the figure; empty where its run does not state it."""
        return self.run.provenance.get(self.finding.output, "")


@dataclass(frozen=True, slots=True)
class History:
    """`runs` by service; empty when no run is known."""

    runs: dict[str, EarlierRun]
    asked: int = 0

    @property
    def seen(self) -> list[Seen]:
        """Every finding of the runs that needs somebody, with its service and run."""
        return [
            Seen(finding, service, run)
            for service, run in self.runs.items()
            for finding in READERS[service](run.outputs)
        ]


async def history(site_id: str | None) -> History:
    """Ask Hermes for the newest run of each service, one after the other."""
    found = dict[str, EarlierRun]()
    if site_id is None:
        return History(found)
    for service in READERS:
        runs = await earlier_runs(service, site_id, limit=1)
        found |= {service: runs[0]} if runs else {}
    return History(found, len(READERS))
