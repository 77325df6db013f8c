"""A module loaded from a copy of its code, changed: what happens where a part of a table is left out."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def load_copy(folder: Path, code: str, **beside: str) -> ModuleType:
    """The module of this code, with files beside it by the stem of their name (`reasons` is reasons.toml)."""
    for stem, text in beside.items():
        (folder / f"{stem}.toml").write_text(text, "utf-8")
    (folder / "copied.py").write_text(code, "utf-8")
    spec = spec_from_file_location("copied", folder / "copied.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules["copied"] = module  # dataclasses look for their own module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["copied"]
    return module


def replaced(pattern: str, text: str, put: str = "") -> str:
    """The text with the one place of this pattern replaced, `.` being any character."""
    changed, count = re.subn(pattern, put, text, flags=re.MULTILINE | re.DOTALL)
    assert count == 1, f"{count} places of {pattern}"
    return changed
