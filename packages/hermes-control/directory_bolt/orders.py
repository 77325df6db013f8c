"""Directory-Bolt, put together: each job of its own part, on one database, queue and flow engine."""

from pathlib import Path

from directory_bolt.directories import Directories
from directory_bolt.engines.flow import FlowEngine
from directory_bolt.engines.queue import Queue
from directory_bolt.erasure import Erasure
from directory_bolt.intake import Intake
from directory_bolt.ordering import Ordering
from directory_bolt.profiles import Profiles
from directory_bolt.queueing import Queueing
from directory_bolt.retries import Retries
from directory_bolt.staff import StaffActions
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import Pool


class Orders:
    """What pages, API, CLI and processes are given. Every part raises `Problem` for what was asked wrongly.

    `evidence` is the folder of screenshots and texts. Reading stands apart: `reading.OrderQueries`.
    """

    def __init__(
        self, pool: Pool, queue: Queue, engine: FlowEngine, evidence: Path, clock: Clock = utc_now
    ) -> None:
        self.pool = pool
        self.queue = queue
        self.engine = engine
        self.evidence = evidence
        self.clock = clock
        self.intake = Intake(pool)
        self.ordering = Ordering(pool)
        self.profiles = Profiles(pool)
        self.queueing = Queueing(pool, queue)
        self.staff = StaffActions(pool, queue, engine)
        self.retries = Retries(pool)
        self.directories = Directories(pool)
        self.erasure = Erasure(pool, queue, evidence)
