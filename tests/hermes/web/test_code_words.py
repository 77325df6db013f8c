"""Codes of workers in the words of people."""

from hermes.web.pages.tests.code_words import heading, said


def test_a_code_in_a_column_of_codes_is_shown_in_words() -> None:
    assert said("kind", "to_non_200") == "Target does not return 200"
    assert said("reason", "dns") == "Host not found"
    assert said("action", "smoke_all_started") == "Ran all smoke tests"


def test_an_unknown_code_is_at_least_words() -> None:
    assert said("kind", "odd_new_thing") == "Odd new thing"


def test_a_value_stays_as_it_is() -> None:
    assert said("keyword", "price_list") == "price_list"
    assert said("kind", "A sentence, not a code.") == "A sentence, not a code."


def test_a_heading_is_words_too() -> None:
    assert [heading(each) for each in ("final_status", "finalStatus", "url")] == [
        "Final status",
        "Final status",
        "URL",
    ]
