"""The closed list of reasons: every part of each is there, or the list does not load."""

from pathlib import Path

import pytest

from hermes_base import reasons
from hermes_base.reasons import WORDS, WORKER_MAY_SAY, Reason
from tests import ROOT
from tests.support.copies import load_copy, replaced

CODE = Path(reasons.__file__).read_text("utf-8")
TOML = Path(reasons.__file__).with_name("reasons.toml").read_text("utf-8")


def test_the_list_loads_as_it_is(tmp_path: Path) -> None:
    assert load_copy(tmp_path, CODE, reasons=TOML)


@pytest.mark.parametrize("part", ["label", "cause", "next_step"])
def test_a_reason_without_one_of_its_words_does_not_load(tmp_path: Path, part: str) -> None:
    toml = replaced(rf"(?<=^\[dns\]\n)(.*?)^{part} = [^\n]+\n", TOML, r"\1")
    with pytest.raises(ValueError, match=rf"reasons\.toml: dns\.{part}: Field required"):
        load_copy(tmp_path, CODE, reasons=toml)


def test_a_reason_without_any_words_does_not_load(tmp_path: Path) -> None:
    toml = replaced(r"^\[dns\]\n.*?(?=^\[tls\])", TOML)
    with pytest.raises(ValueError, match=r"reasons\.toml has no \[dns\]"):
        load_copy(tmp_path, CODE, reasons=toml)


def test_words_of_no_reason_do_not_load(tmp_path: Path) -> None:
    words = '\n[full_moon]\nlabel = "Moon"\ncause = "It is full."\nnext_step = "Wait."\n'
    with pytest.raises(ValueError, match=r"no reason in reasons\.py: \['full_moon'\]"):
        load_copy(tmp_path, CODE, reasons=TOML + words)


def test_a_word_that_is_no_part_of_a_reason_does_not_load(tmp_path: Path) -> None:
    toml = replaced(r"^\[tls\]\n", TOML, '[tls]\nstage = "request sent"\n')
    with pytest.raises(ValueError, match=r"reasons\.toml: tls\.stage: Extra inputs"):
        load_copy(tmp_path, CODE, reasons=toml)


@pytest.mark.parametrize("part", ["stage", "said_by", "lasting"])
def test_a_reason_without_one_of_its_rules_does_not_load(tmp_path: Path, part: str) -> None:
    rules = {"stage": "request sent", "said_by": "provider", "lasting": "passes"}
    kept = "".join(f', "{value}"' for name, value in rules.items() if name != part)
    code = replaced(r'^    DNS = "dns"[^\n]+', CODE, f'    DNS = "dns"{kept}')
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'lasting'"):
        load_copy(tmp_path, code, reasons=TOML)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_something_else_in_cause_and_next_step(reason: Reason) -> None:
    assert reason.cause != reason.next_step


def test_every_reason_is_given_somewhere() -> None:
    pages = [page for page in ROOT.glob("packages/*/*/**/*.py") if page.name != "reasons.py"]
    code = "\n".join(page.read_text("utf-8") for page in pages)
    never = [r for r in Reason if f"Reason.{r.name}" not in code and f'"{r.value}"' not in code]
    assert never == [], "no rule finds it, and no worker says it"


def test_labels_tell_the_reasons_apart() -> None:
    assert len({words.label for words in WORDS.values()}) == len(Reason)


def test_a_worker_cannot_blame_hermes_or_the_way() -> None:
    hermes = {Reason.INTERNAL, Reason.CANCELLED, Reason.START_OUTCOME_UNKNOWN}
    way = {Reason.DNS, Reason.TLS, Reason.CONNECT_REFUSED, Reason.READ_TIMEOUT, Reason.AUTH_401}
    assert not WORKER_MAY_SAY & (hermes | way)


def test_a_row_of_an_early_release_still_reads() -> None:
    assert Reason("runner_lost") is Reason.INTERNAL
    with pytest.raises(ValueError, match="full_moon"):
        Reason("full_moon")
