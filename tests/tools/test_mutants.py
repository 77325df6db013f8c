"""The tool behind `make mutants`: which changes it makes, where, and which tests it takes for near."""

import ast
import contextlib
from pathlib import Path

import pytest

from tools.mutants import probes
from tools.mutants.areas import AREAS, area_of, files_of, sample
from tools.mutants.judged import judged
from tools.mutants.knowledge import Measured, Wanted
from tools.mutants.mutant import Mutant, mutants_of, stands
from tools.mutants.nearest import Neighbourhood
from tools.mutants.statements import is_statement
from tools.mutants.tree import Copy

ROOT = Path(__file__).parents[2]
POLLING = "packages/hermes-control/hermes/core/runs/polling.py"


def changes(code: str, operator: str | None = None) -> list[str]:
    """What a line of code becomes, under each operator or under one."""
    content = code.encode()
    found = [one for one in mutants_of("module.py", content) if stands(one, content)]
    return [
        one.edit.applied(content).decode() for one in found if operator in (None, one.edit.operator)
    ]


@pytest.mark.parametrize(
    ("code", "operator", "becomes"),
    [
        ("x = a < b", "comparison swapped", ["x = a <= b"]),
        ("x = a >= b", "comparison swapped", ["x = a > b"]),
        ("x = (a) == b", "comparison swapped", ["x = (a) != b"]),
        ("x = a not in b", "comparison swapped", ["x = a in b"]),
        ("x = a is not b", "comparison swapped", ["x = a is b"]),
        ("x = a < b < c", "comparison swapped", ["x = a <= b < c", "x = a < b <= c"]),
        ("x = a and b", "and for or", ["x = a or b"]),
        ("x = a or b or c", "operand dropped", ["x = a or c", "x = a or b"]),
        ("x = not (a or b)", "not dropped", ["x = (a or b)"]),
        ("x = 3", "number off by one", ["x = 4", "x = 2"]),
        ("x = True", "True for False", ["x = False"]),
        ("def f():\n    return a", "nothing returned", ["def f():\n    return None"]),
        ("def f():\n    return a + b", "arithmetic", ["def f():\n    return a - b"]),
        ("def f():\n    self.close()", "statement dropped", ["def f():\n    pass"]),
        ("async def f():\n    await g()", "await dropped", ["async def f():\n    pass"]),
        ("x = a if b else c", "condition is True", ["x = a if True else c"]),
        ("x = a if b else c", "condition is False", ["x = a if False else c"]),
        ("while a:\n    b = 1", "condition is True", []),
        ("x = [a for a in b if c]", "condition is True", ["x = [a for a in b if True]"]),
        ("x = min(a, b)", "min for max", ["x = max(a, b)"]),
        ("x = f(a, b=c)", "argument dropped", ["x = f(a,)"]),
        ("x = f(b=c, a=d)", "argument dropped", ["x = f(a=d)", "x = f(b=c,)"]),
        ("X = {a, b}", "element dropped", ["X = {b}", "X = {a,}"]),
        ("X = (a, b)", "element dropped", ["X = (b,)", "X = (a,)"]),
        ("X = {a: b, c: d}", "element dropped", ["X = {c: d}", "X = {a: b}"]),
        ("def f():\n    return x in (a, b)", "element dropped", [
            "def f():\n    return x in (b,)",
            "def f():\n    return x in (a,)",
        ]),
    ],
)  # fmt: skip
def test_a_line_becomes_what_the_operator_says(
    code: str, operator: str, becomes: list[str]
) -> None:
    assert changes(code, operator) == becomes


@pytest.mark.parametrize(
    ("statement", "operator", "becomes"),
    [
        (
            "select a from t where b = 1 and c is null",
            "SQL condition dropped",
            ["select a from t where true and c is null", "select a from t where b = 1 and true"],
        ),
        (
            "update t set a = 1 where id = $1 and not b",
            "SQL condition dropped",
            [
                "update t set a = 1 where (id = $1 or true) and not b",
                "update t set a = 1 where id = $1 and true",
            ],
        ),
        (
            "update t set a = 1 where b < $1 and c is null",
            "SQL comparison swapped",
            [
                "update t set a = 1 where b <= $1 and c is null",
                "update t set a = 1 where b < $1 and c is not null",
            ],
        ),
        (
            "select a from t where b between 1 and 2",
            "SQL condition dropped",
            ["select a from t where true"],
        ),
        (
            "insert into t values ($1) on conflict (a) do update set b = 1",
            "SQL comparison swapped",
            [],
        ),
        (
            "select a from t order by a desc for update skip locked",
            "SQL lock dropped",
            ["select a from t order by a desc"],
        ),
        (
            "update t set a = coalesce(a, $1)",
            "SQL coalesce dropped",
            ["update t set a = $1"],
        ),
        (
            "select a from t where (b = 1 or c = 2) limit 1",
            "SQL condition dropped",
            [
                "select a from t where true limit 1",
                "select a from t where (b = 1 or (c = 2) is null and false) limit 1",
            ],
        ),
    ],
)
def test_guards_inside_statements_are_changed_too(
    statement: str, operator: str, becomes: list[str]
) -> None:
    assert changes(f'X = "{statement}"', operator) == [f'X = "{one}"' for one in becomes]


def test_a_statement_in_pieces_and_with_names_put_in_is_still_one() -> None:
    code = 'def f():\n    return g(\n        f"select {a} from t"\n        " where b = $1 and c = 2"\n    )'
    assert [one for one in changes(code, "SQL condition dropped") if "and true" in one]


@pytest.mark.parametrize(
    "text", ['"Choose a site from the list?"', '"and the of a an or for"', '"Update your key."']
)
def test_what_people_read_is_no_statement(text: str) -> None:
    assert not is_statement(text.encode())


@pytest.mark.parametrize(
    "code",
    [
        '"""Says 1 and 2."""',
        "log.warning('more than', most=3)",
        "def f():\n    logger.info('x', a=b)",
        "from x import y",
        "__all__ = ['a', 'b']",
        "x: Literal[1, 2]",
        "def f(a: Literal[1, 2]) -> Literal[1, 2]: ...",
        "@dataclass(frozen=True)\nclass A: ...",
        "raise Problem('gone', f'{1} of {2}', hint=3)",
        "if TYPE_CHECKING:\n    x = 1",
        "A = B | C",
    ],
)
def test_what_only_speaks_is_left_alone(code: str) -> None:
    assert changes(code) == []


def test_a_mutant_names_the_block_that_a_probe_reports() -> None:
    code = "def f(a):\n    '''Says.'''\n    if a:\n        return g(1)\n    else:\n        return g(2)\n"
    lines = {one.becomes: one.place.line for one in mutants_of("m.py", code.encode())}
    assert lines["return g(3)"] == 6
    assert lines["if True:"] == 2
    seen: set[str] = set()
    probes.listen(seen)
    names: dict[str, object] = {"g": abs}
    exec(compile(probes.with_probes(ast.parse(code), "m.py"), "m.py", "exec"), names)  # noqa: S102
    assert names["f"](0) == 2  # type: ignore[operator]
    assert seen == {"m.py:2", "m.py:6"}
    assert names["f"].__doc__ == "Says."


def test_a_sample_is_the_same_for_its_seed_and_spread_over_the_areas() -> None:
    files = {area: paths[-1:] for area, paths in files_of(ROOT, AREAS).items()}
    first = sample(ROOT, files, 1, 16)
    assert first == sample(ROOT, files, 1, 16)
    assert first != sample(ROOT, files, 2, 16)
    counted = [area_of(one.path) for one in first]
    assert {area: counted.count(area) for area in AREAS} == dict.fromkeys(AREAS, 2)


def test_every_place_of_an_area_is_in_the_tree() -> None:
    for place in (place for places in AREAS.values() for place in places):
        assert (ROOT / place).exists(), place


def test_near_are_the_files_that_import_a_module_or_lie_as_it_lies() -> None:
    neighbours = Neighbourhood(ROOT)
    near = neighbours.near(POLLING)
    assert near[0] == "tests/hermes/core/test_polling.py"
    assert all(test.startswith("tests/hermes/") for test in near)
    assert "tests/hermes/web/test_pages.py" in neighbours.far(POLLING)


def test_a_test_sees_a_mutant_by_calling_it_or_by_its_fixtures_or_programs() -> None:
    calling = {"seconds": 1.0, "calls": ["a.py:3"], "around": [], "programs": ""}
    other = calling | {"calls": ["a.py:9"]}
    starting = other | {"programs": "calls"}
    shared = other | {"around": ["a.py:3"]}
    wanted = Wanted("a.py:3")
    assert set(Measured({"t::calling": calling, "t::other": other}).seeing(wanted)) == {
        "t::calling"
    }
    assert set(Measured({"t::other": other, "t::starting": starting}).seeing(wanted)) == {
        "t::starting"
    }
    assert set(Measured({"t::other": other, "t::shared": shared}).seeing(wanted)) == {
        "t::other",
        "t::shared",
    }
    assert set(Measured({"t::other": other}).seeing(Wanted("", ("a.py:",)))) == {"t::other"}


def test_a_copy_is_as_it_was_after_a_mutant_and_python_compiles_both(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text("x = a < b\n")
    mutant = mutants_of("m.py", file.read_bytes())[0]
    times = [file.stat().st_mtime]
    with contextlib.suppress(KeyboardInterrupt), Copy(tmp_path).with_fault(mutant):
        assert file.read_text() == "x = a <= b\n"
        times.append(file.stat().st_mtime)
        raise KeyboardInterrupt
    assert file.read_text() == "x = a < b\n"
    assert len({*times, file.stat().st_mtime}) == 3


def test_every_judged_mutant_can_still_be_made_and_has_a_reason() -> None:
    made: dict[str, set[tuple[str, str, str, str, str]]] = {}
    for key, reason in judged().items():
        if key[0] not in made:
            made[key[0]] = {one.key for one in _mutants(key[0])}
        assert key in made[key[0]], f"no mutant of today fits {key}"
        assert len(reason.split()) > 3


def _mutants(path: str) -> list[Mutant]:
    return mutants_of(path, (ROOT / path).read_bytes())
