"""Write one async function, get a worker service that keeps Hermes' contract v1.

worker = Worker("word_count", version="1.0.0", outputs=("words",), answer_within=5)

@worker.run
async def count(job: Job, text: str) -> Result:
    return Result(outputs={"words": len(text.split())}, provenance={"words": "measured"})

worker.serve("127.0.0.1", 8500, key="...", state=Path("state"))
"""

from hermes_worker.errors import WorkerError
from hermes_worker.job import Job
from hermes_worker.result import Missing, Result
from hermes_worker.worker import Worker

__all__ = ["Job", "Missing", "Result", "Worker", "WorkerError"]
