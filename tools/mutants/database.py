"""A PostgreSQL that stays between trials: started once, its template migrated by the right code.

`python -m tools.mutants.database` prints how to reach it; each line that it reads drops what a killed trial left,
and the end of its input ends it.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "TESTS_POSTGRES"


@dataclass(frozen=True, slots=True)
class Database:
    """The server of one lane, in a process of its own."""

    process: "subprocess.Popen[str]"
    url: str

    def clear(self) -> None:
        """Drop every database of a test, and wait until that is done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("clear\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@contextmanager
def database(checkout: Path) -> Generator[Database]:
    """Start a server; it ends with this block, or when this process ends in whatever way."""
    paths = [str(checkout), *(str(path) for path in (checkout / "packages").iterdir())]
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.mutants.database"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Database(process, json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def _serve() -> None:
    import asyncpg  # noqa: PLC0415  # this process alone knows the code under test

    from tests.support.database import serve  # noqa: PLC0415

    async def clear(url: str) -> None:
        connection = await asyncpg.connect(url)
        left = await connection.fetch(
            "select datname from pg_database where datname like 'test\\_%'"
        )
        for row in left:
            await connection.execute(f"drop database if exists {row['datname']} with (force)")
        await connection.close()

    home = Path(tempfile.mkdtemp(prefix="hermes-mutants-database-"))
    try:
        for server in serve(home):
            print(json.dumps(server.url("hermes")), flush=True)
            for _ in sys.stdin:
                asyncio.run(clear(server.url("postgres")))
                print(flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    _serve()
