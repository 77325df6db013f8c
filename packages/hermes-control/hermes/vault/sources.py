"""Where secrets come from. Each source answers one question: the text of a secret, or None."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol


class Source(Protocol):
    """A place that may hold secrets."""

    @property
    def name(self) -> str:
        """What people call it: `environment`, `folder /run/secrets` ..."""
        ...

    def text(self, secret: str, slug: str) -> str | None:
        """The secret's text, or None where this source does not have it. Raises OSError."""
        ...


class Environment:
    """`HERMES_WORKER_CRAWL_RENDER={"base_url": ..., "api_key": ...}`, or the same with _FILE."""

    name = "environment"

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, secret: str, slug: str) -> str | None:
        """The variable, or the file that `<secret>_FILE` names."""
        del slug
        if secret in self._variables:
            return self._variables[secret]
        path = self._variables.get(f"{secret}_FILE")
        return Path(path).read_text("utf-8") if path else None


class Folder:
    """One file per secret: `HERMES_WORKER_X`, `<slug>` or `<slug>.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = f"folder {folder}"

    def text(self, secret: str, slug: str) -> str | None:
        """The text of the first file named after the secret or the service; None without one."""
        for name in (secret, f"{secret}.json", slug, f"{slug}.json"):
            try:
                return (self._folder / name).read_text("utf-8")
            except (FileNotFoundError, NotADirectoryError):
                continue
        return None


class Bundled:
    """The fleet that Hermes ships: its address as it announced it, its key from its key file."""

    name = "bundled fleet"

    def __init__(self, announced: Path, key_file: Path) -> None:
        self._files = (announced, key_file)
        self._seen: tuple[int, ...] = ()
        self._secrets: dict[str, str] = {}

    def text(self, secret: str, slug: str) -> str | None:
        """A secret for every service that the fleet announced; read again when it moved. While it
        restarts it is where it was: away, which is waited for, and not unknown."""
        del secret
        with suppress(FileNotFoundError):
            seen = tuple(file.stat().st_mtime_ns for file in self._files)
            if seen != self._seen:
                self._secrets, self._seen = self._read(), seen
        return self._secrets.get(slug)

    def _read(self) -> dict[str, str]:
        announced, key_file = self._files
        content: dict[str, Any] = json.loads(announced.read_text("utf-8"))
        key = key_file.read_text("utf-8").strip()
        return {
            slug: json.dumps({"base_url": f"{content['base_url']}/{slug}", "api_key": key})
            for slug in content["services"]
        }
