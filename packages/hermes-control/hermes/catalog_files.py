"""The catalog in force: the one that ships, or HERMES_CATALOG, and the layers of an installation above it.

Layers are `$HERMES_HOME/catalog.d/*.toml`, then `HERMES_CATALOG_DIR/*.toml`, each in the order of the names. They are
read again when a file changes, at most once a second. A change that makes no valid catalog is refused as a whole: the
catalog from before stays in force, and `fault` says why. At the start there is none from before: then the files that
cannot be used are left out, one by one.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import structlog

from hermes.core.catalog import Catalog
from hermes.core.catalog_layers import LARGEST, Layer, Layered, layered, parse
from hermes_base.problems import Problem

MOST_FILES = 200
LOOK_SECONDS = 1.0
log = structlog.get_logger()

Stamps = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the files on the disk are not the catalog in force: a sentence for people, and since when."""

    says: str
    since: datetime


class CatalogFiles:
    """The catalog in force; call it for the catalog alone. `folders`: of layers, in their order; `base`: a catalog to
    use instead of the one that ships. Raises `catalog_invalid` for a base that is none."""

    def __init__(
        self,
        folders: Sequence[Path],
        base: Path | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders = tuple(folders)
        self._base = base
        self._now = now
        self.fault: Fault | None = None
        self._starting = True
        self._seen = self._stamps()
        self._looked_at = now()
        self.layered = self._first()
        self._starting = False

    def __call__(self) -> Catalog:
        """The catalog that is in force now."""
        if self._now() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = self._now()
            self._look()
        return self.layered.catalog

    @property
    def sources(self) -> tuple[Path, ...]:
        """The files of the layers, in their order."""
        return tuple(path for path in self._seen if path != self._base)

    def read(self, more: Sequence[Layer] = ()) -> Layered:
        """What the files hold now, with further layers above them. Raises `catalog_invalid`."""
        layers = [_layer(path) for path in self._layer_files()]
        return layered(self._document(), [*layers, *more], self._named)

    def _look(self) -> None:
        stamps = self._stamps()
        if stamps == self._seen:
            return
        self._seen = stamps
        try:
            self.layered = self.read()
        except Problem as problem:
            self._refuse(problem)
            return
        self.fault = None
        log.info("catalog read again", services=len(self.layered.catalog.services))

    def _first(self) -> Layered:
        """The catalog at the start. A base that is none is a reason not to start; a layer is left out."""
        used, found = list[Layer](), layered(self._document(), [], self._named)
        for path in self._layer_files():
            try:
                layer = _layer(path)
                found = layered(self._document(), [*used, layer], self._named)
            except Problem as problem:
                self._refuse(problem)
            else:
                used.append(layer)
        return found

    def _refuse(self, problem: Problem) -> None:
        since = self.fault.since if self.fault else datetime.now(UTC)
        told = (
            f"{self.fault.says} {problem.message}"
            if self.fault and self._starting
            else problem.message
        )
        self.fault = Fault(told, since)
        log.warning("catalog file not used", fault=problem.message)

    def _document(self) -> Mapping[str, object]:
        text = (
            (files("hermes") / "catalog.toml").read_text("utf-8")
            if self._base is None
            else _text(self._base)
        )
        return parse(text, self._named).document

    @property
    def _named(self) -> str:
        return str(self._base) if self._base else "catalog.toml"

    def _layer_files(self) -> Iterator[Path]:
        for folder in self._folders:
            yield from sorted(folder.glob("*.toml"))[:MOST_FILES]

    def _stamps(self) -> Stamps:
        paths = [*([self._base] if self._base else []), *self._layer_files()]
        found: dict[Path, tuple[int, int]] = {}
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path] = (stat.st_mtime_ns, stat.st_size)
        return found


def _layer(path: Path) -> Layer:
    layer = parse(_text(path), str(path))
    return replace(layer, source=f"{path.parent.name}/{path.name}")


def _text(path: Path) -> str:
    """The text of a file. Raises `catalog_invalid`."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "Correct the path or the file."
        raise Problem(
            "catalog_invalid", f"The catalog file {path} cannot be read: {error}", hint
        ) from None
