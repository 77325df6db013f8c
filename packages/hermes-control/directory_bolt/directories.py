"""The catalog of directories: terms, switches, and the directories of the demo."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from directory_bolt.core.catalog.entries import DirectoryChanges, DirectoryEntry
from directory_bolt.storage import directories
from hermes_base.postgres import audit
from hermes_base.postgres.database import Pool
from hermes_base.problems import Problem, not_found


class Directories:
    """Which directories orders to come may use."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def decide_terms(self, directory_id: UUID, decision: str, note: str, actor: str) -> None:
        """Record whether a directory's terms allow submissions: `allowed`, `refused` or `unknown`.

        Raises `unknown_directory`, `invalid_request`.
        """
        if decision not in ("allowed", "refused", "unknown"):
            raise Problem("invalid_request", f"{decision!r} is not a valid decision.", "Use allowed, refused or unknown.", field="decision")  # fmt: skip
        async with self._pool.acquire() as connection, connection.transaction():
            name = await directories.decide_terms(connection, directory_id, decision, note, actor)
            if name is None:
                raise _unknown(directory_id)
            await audit.record(
                connection, actor, "directory_terms", name, decision=decision, note=note
            )

    async def enable(self, directory_id: UUID, enabled: bool, actor: str) -> None:
        """Enable or disable a directory for future orders. Raises `unknown_directory`."""
        async with self._pool.acquire() as connection, connection.transaction():
            name = await directories.enable(connection, directory_id, enabled)
            if name is None:
                raise _unknown(directory_id)
            action = "directory_enabled" if enabled else "directory_disabled"
            await audit.record(connection, actor, action, name)

    async def edit(
        self, directory_id: UUID, changes: DirectoryChanges, actor: str
    ) -> DirectoryEntry:
        """Change a directory of the business's own; how it is afterwards.

        Raises `unknown_directory`, and `invalid_request` where another directory has the address, or this
        one is the demo's.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            known = await directories.own(connection, directory_id)
            if known is None:
                raise _unknown(directory_id)
            if known.is_demo:
                hint = "Add a directory of your own."
                raise Problem("invalid_request", "Directories of the demo cannot be changed.", hint)
            entry = changes.on(asdict(known))
            if not await directories.rewrite(connection, directory_id, entry):
                message = f"Another directory has the address {entry.submission_url}."
                raise Problem("invalid_request", message, "Change that one instead.", field="submissionUrl")  # fmt: skip
            given = sorted(changes.model_dump(exclude_unset=True))
            await audit.record(connection, actor, "directory_changed", entry.name, fields=given)
        return entry

    async def retire(self, directory_id: UUID, actor: str) -> None:
        """Take a directory out of use and out of the list; its results stay. Enabling brings it back.

        Raises `unknown_directory`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            name = await directories.retire(connection, directory_id)
            if name is None:
                raise _unknown(directory_id)
            await audit.record(connection, actor, "directory_retired", name)

    async def put(self, found: Sequence[DirectoryEntry], actor: str) -> int:
        """Add or update directories of the business's own, by their address; returns how many.

        Nothing is sent to a new one until its terms are allowed: here, where the entry says so, or later
        by staff. An entry without a decision changes none.

        Raises `invalid_request` where two entries have one address, or one belongs to the demo.
        """
        addresses = [each.submission_url for each in found]
        if len(set(addresses)) < len(addresses):
            twice = next(each for each in addresses if addresses.count(each) > 1)
            raise Problem("invalid_request", f"{twice} is named twice.", "Keep one entry for each address.", field="submissionUrl")  # fmt: skip
        async with self._pool.acquire() as connection, connection.transaction():
            kept = [each.model_dump() for each in found]
            written = await directories.put_all(connection, kept, demo=False)
            if written < len(found):
                message = f"{len(found) - written} of these addresses belong to demo directories."
                raise Problem("invalid_request", message, "Use other addresses.", field="submissionUrl")  # fmt: skip
            for each in found:
                if each.terms_decision != "unknown":
                    await directories.decide_terms_at(
                        connection, each.submission_url, each.terms_decision, each.terms_note, actor
                    )
            await audit.record(connection, actor, "directories_imported", str(written))
        return written

    async def put_demo(self, found: Sequence[Mapping[str, Any]]) -> int:
        """Register the directories that the sandbox serves now; returns how many there are.

        `found` holds `name` and `submission_url` of each, and optionally `category`, `tier`,
        `domain_authority`, `lookup_url` and `pacing_seconds`. A directory that moved to another port is
        the same one; those that are no longer served are switched off.
        """
        served = [str(each["submission_url"]) for each in found]
        async with self._pool.acquire() as connection, connection.transaction():
            await directories.move_demo(connection, served)
            count = await directories.put_all(connection, found, demo=True)
            await directories.retire_demo(connection, served)
        return count


def _unknown(directory_id: UUID) -> Problem:
    return not_found("unknown_directory", directory_id, "Take an id from the directories.")
