"""What has been gathered of search and visits so far."""

from hermes_fleet.google.dates import Period
from hermes_fleet.google.parts import Parts
from hermes_worker import Job

TOTALS = ("gsc_impressions", "gsc_clicks", "gsc_ctr", "gsc_position")
LISTS = ("gsc_queries", "gsc_pages")
SEARCH = TOTALS + LISTS
VISITS = ("ga4_sessions", "ga4_users", "ga4_conversions")
OUTPUTS = SEARCH + VISITS
PARTS = 5  # what people see of the progress: totals, queries, pages, history, visits


class Gathering(Parts):
    """The parts of one run, which share a period and a length of lists."""

    def __init__(self, job: Job, period: Period, row_limit: int) -> None:
        super().__init__(job, PARTS, LISTS)
        self.period = period
        self.row_limit = row_limit
