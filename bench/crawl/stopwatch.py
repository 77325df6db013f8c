"""What every crawler tells of its crawl, measured in the same way."""

import json
import resource
import time
from collections.abc import Iterable


class Stopwatch:
    """Wall and processor seconds of this process, threads included, between start and stop."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self._spent = (0.0, 0.0)

    def stop(self) -> None:
        self._spent = (time.perf_counter() - self._wall, time.process_time() - self._cpu)

    def tell(self, urls: Iterable[str]) -> None:
        """Prints the figures and the addresses of the pages that were read."""
        seconds, cpu_seconds = self._spent
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = {"seconds": seconds, "cpu_seconds": cpu_seconds, "memory_mb": memory}
        print(json.dumps({**told, "urls": list(urls)}))
