"""Words, sentences and places stand in TOML beside the code: a faulty file is refused, and says where."""

import re
from importlib.resources import files

import pytest
from pydantic import BaseModel

from directory_bolt.core.filling.trades import Trades
from directory_bolt.core.forms.places import Places, country_code, country_name, state
from directory_bolt.core.mapping.buttons import ButtonWords
from directory_bolt.core.mapping.field_words import FieldWords
from directory_bolt.core.mapping.week import WeekWords
from directory_bolt.core.orders.event_words import AllEventWords
from directory_bolt.core.orders.letters import AllLetterWords
from directory_bolt.core.orders.reason_texts import ReasonTexts
from directory_bolt.core.outcomes.sentences import sentences_in
from directory_bolt.core.verification.causes import Explanations
from hermes_base.data_files import FaultyFile, parse

CORE = "directory_bolt.core"
FILES: dict[str, type[BaseModel]] = {
    "mapping/field_words.toml": FieldWords,
    "mapping/button_words.toml": ButtonWords,
    "mapping/week_words.toml": WeekWords,
    "filling/trades.toml": Trades,
    "forms/places.toml": Places,
    "verification/causes.toml": Explanations,
    "orders/event_words.toml": AllEventWords,
    "orders/reason_texts.toml": ReasonTexts,
    "orders/letter_texts.toml": AllLetterWords,
}
SENTENCES = "outcomes/sentences.toml"


def text_of(name: str) -> str:
    return files(CORE).joinpath(name).read_text("utf-8")


def read(name: str, text: str) -> object:
    return sentences_in(text) if name == SENTENCES else parse(text, name, FILES[name])


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("mapping/field_words.toml", "[phrases.city]", "[phrases.citty]", "phrases.citty: "),
        ("mapping/field_words.toml", 'de = ["name"]', "de = []", "phrases.name.de: "),
        ("mapping/field_words.toml", 'de = ["name"]', 'dee = ["name"]', "phrases.name.dee: "),
        ("mapping/field_words.toml", 'de = ["name"]', 'de = ["nome", "Nome"]', "'Nome' appears twice"),
        ("mapping/field_words.toml", 'de = ["name"]', 'de = ["E-Mail"]', "phrases.email: 'e mail' is a phrase of name already"),
        ("mapping/field_words.toml", "both = [", 'both = ["and also", ', "both: 'and also' is not a single word"),
        ("mapping/field_words.toml", 'url = "website"', 'url = "web"', "autofill.url: "),
        ("mapping/button_words.toml", "firm = ", "furm = ", "firm: Field required"),
        ("mapping/week_words.toml", "sunday = ", "sonntag = ", "days.sonntag: "),
        ("filling/trades.toml", '"notary", ', '"notary", "bank", ', "bank: 'bank' is a name of notary already"),
        ("forms/places.toml", "AX = [", "Aland = [", "countries.Aland: "),
        ("verification/causes.toml", "[web_away]", "[web_gone]", "web_gone: "),
        ("verification/causes.toml", 'hop = "customer -> web"', 'hop = ""', "web_away.hop: "),
        ("orders/event_words.toml", 'mark = "running"', 'mark = "runs"', "submitting.mark: "),
        ("orders/event_words.toml", "enqueued = {", "queued = {", "queued: "),
        ("orders/reason_texts.toml", 'captcha = "', 'capcha = "', "capcha: "),
        ("orders/letter_texts.toml", "[received]", "[recieved]", "recieved: "),
        (SENTENCES, "{not}", "{nott}", "patterns.refusal: there is no part 'nott'"),
        (SENTENCES, "'try again'", "'try (again'", "trouble: "),
        (SENTENCES, "duplicate = [", "duplicated = [", "duplicate: Field required"),
        (SENTENCES, "(?P<code>", "(?P<number>", "reference: there is no group 'code'"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_by_its_name_and_key(
    name: str, old: str, new: str, said: str
) -> None:
    text = text_of(name)
    assert text.count(old) >= 1
    with pytest.raises(FaultyFile, match=re.escape(said)) as refused:
        read(name, text.replace(old, new, 1))
    assert str(refused.value).startswith(name.rpartition("/")[2] if name == SENTENCES else name)


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("verification/causes.toml", "stalled", "stalled is not explained"),
        ("orders/event_words.toml", "flow_completed", "flow_completed has no words"),
        ("orders/reason_texts.toml", "captcha", "captcha has no sentence"),
        ("orders/letter_texts.toml", "finished", "finished has no words"),
    ],
)
def test_what_a_file_leaves_out_is_named(name: str, table: str, said: str) -> None:
    kept = re.sub(
        rf"^\[{table}\]$.*?(?=^\[|\Z)|^{table} = .*$",
        "",
        text_of(name),
        flags=re.MULTILINE | re.DOTALL,
    )
    with pytest.raises(FaultyFile, match=said):
        read(name, kept)


def test_what_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(FaultyFile, match=r"^trades\.toml is not TOML: .*line 1"):
        parse("bakery = [}", "trades.toml", Trades)


@pytest.mark.parametrize("name", [*FILES, SENTENCES])
def test_every_file_as_it_ships_is_whole(name: str) -> None:
    assert read(name, text_of(name))


def test_every_data_file_of_the_rules_is_tried_here() -> None:
    rooms = [each for each in files(CORE).iterdir() if each.is_dir()]
    shipped = {
        f"{room.name}/{f.name}"
        for room in rooms
        for f in room.iterdir()
        if f.name.endswith(".toml")
    }
    assert shipped == {*FILES, SENTENCES}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Czech Republic", "CZ"),
        ("Tschechien", "CZ"),
        ("États-Unis", "US"),
        ("u.s.a.", "US"),
        ("gb", "GB"),
        ("XK", ""),
        ("Atlantis", ""),
    ],
)
def test_a_country_is_known_by_the_names_that_people_write(text: str, code: str) -> None:
    assert country_code(text) == code


def test_a_country_is_written_as_directories_know_it() -> None:
    written = [country_name(code) for code in ("DE", "HK", "BA", "TR", "", "ZZ")]
    assert written == ["Germany", "Hong Kong", "Bosnia and Herzegovina", "Turkey", "", ""]


def test_a_state_is_told_from_its_namesakes_by_the_country() -> None:
    assert state("WA", "AU") == ("AU", "WA", "Western Australia")
    assert state("WA", "US") == ("US", "WA", "Washington")
    assert state("Bayern") == ("DE", "BY", "Bayern")
    assert state("Bayern", "US") is None
