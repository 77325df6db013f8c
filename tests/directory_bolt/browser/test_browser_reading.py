"""What the page script sees in a real browser: labels of every sort, and what people do not see."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Page

from directory_bolt.browser.page_snapshot import read
from directory_bolt.core.forms.page import Field, Frame

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(browser: Browser) -> AsyncGenerator[Page]:
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def seen(page: Page, body: str) -> Frame:
    await page.set_content(f"<!doctype html><body>{body}</body>")
    return (await read(page)).shown[0]


def by_name(frame: Frame) -> dict[str, Field]:
    return {field.name: field for form in frame.forms for field in form.fields}


LABELS = """
<form><h2>Add your business</h2>
 <label for=a>For</label><input id=a name=a>
 <label>Wrapping <select name=b><option>One</select></label>
 <input name=c aria-label=Aria> <span id=t>Labelled</span><input name=d aria-labelledby=t>
 <input name=e placeholder=Placeholder title=Title>
 <table><tr><th>Above 1<th>Above 2<tr><td><input name=f><td><input name=g></table>
 <table><tr><td>Left</td><td><input name=h></td></tr></table>
 <p>Before: <input name=i> behind</p>
 <fieldset><legend>Legend</legend><input name=j aria-describedby=x><i id=x>A hint</i></fieldset>
 <p>Number <input name=k maxlength=3> <input name=l maxlength=4></p>
 <div contenteditable=true aria-label="Rich text"></div>
 <textarea name=m required maxlength=90></textarea><input name=n aria-required=true type=email>
 <button>Send it</button><input type=reset><input type=hidden name=o>
</form>"""


async def test_labels_are_found_wherever_they_stand(page: Page) -> None:
    found = by_name(await seen(page, LABELS))
    assert [found[name].label for name in "abcd"] == ["For", "Wrapping", "Aria", "Labelled"]
    assert (found["e"].placeholder, found["e"].title) == ("Placeholder", "Title")
    assert (found["f"].column, found["g"].column, found["h"].cell) == ("Above 1", "Above 2", "Left")
    assert (found["i"].before, found["i"].after) == ("Before:", "behind")
    assert (found["j"].group, found["j"].hint) == ("Legend", "A hint")
    assert (found["k"].before, found["l"].before, found["l"].max_length) == ("Number", "", 4)
    assert (found["m"].required, found["m"].max_length, found["n"].required) == (True, 90, True)
    assert found[""].type == "contenteditable"
    assert "o" not in found
    assert found["a"].heading == "Add your business"


async def test_buttons_are_read_without_the_one_that_empties_the_form(page: Page) -> None:
    (form,) = (await seen(page, LABELS)).forms
    assert [button.text for button in form.buttons] == ["Send it"]


HIDDEN = """
<style>.off{position:absolute;left:-9999px}.far{position:absolute;left:9999px}.clip{position:absolute;clip:rect(0,0,0,0)}
.zero{height:0;overflow:hidden}.styled{opacity:0;position:absolute}.tiny{width:1px;height:1px;padding:0;border:0}</style>
<form><input name=seen><div style="display:none"><input name=none></div><input name=off class=off>
<input name=far class=far><input name=invisible style="visibility:hidden"><input name=clear style="opacity:0">
<div aria-hidden=true><input name=aria></div><input name=tab tabindex=-1><input name=clip class=clip>
<div class=zero><input name=zero></div><input name=tiny class=tiny>
<input type=checkbox name=tick class=styled id=tick><label for=tick>I accept the terms</label>
<input type=checkbox name=trap class=styled id=trap><label for=trap style="display:none">Trap</label>
<input type=file name=file style="display:none" id=file><label for=file>Choose a logo</label></form>"""


async def test_what_a_person_does_not_see_is_told_with_its_reason(page: Page) -> None:
    found = by_name(await seen(page, HIDDEN))
    assert {name: field.hidden for name, field in found.items() if field.hidden} == {
        "none": "not displayed",
        "off": "outside of the page",
        "far": "outside of the page",
        "invisible": "invisible",
        "clear": "transparent",
        "aria": "hidden from assistive technology",
        "tab": "out of the tab order",
        "clip": "clipped",
        "zero": "clipped",
        "tiny": "without size",
        "trap": "transparent",
    }


async def test_ticks_and_files_that_are_styled_away_are_seen_by_their_label(page: Page) -> None:
    found = by_name(await seen(page, HIDDEN))
    assert (found["tick"].hidden, found["file"].hidden, found["seen"].hidden) == ("", "", "")


async def test_a_form_without_a_form_element_is_found_by_its_button(page: Page) -> None:
    body = """<header><input name=q><button>Search</button></header>
    <main><div><label>Business name <input name=n></label></div><div><label>City <input name=c></label></div>
    <div role=button tabindex=0>Publish</div></main>"""
    found = await seen(page, body)
    assert [[field.name for field in form.fields] for form in found.forms] == [["q"], ["n", "c"]]
    assert found.forms[1].buttons[0].text == "Publish"


async def test_a_form_in_a_frame_and_one_in_a_shadow_are_read(page: Page) -> None:
    inner = "<form><input name=inner></form>"
    await page.set_content(
        f"""<iframe srcdoc='{inner}'></iframe><div id=host></div><script>
        document.getElementById("host").attachShadow({{mode: "open"}}).innerHTML =
          "<label>City <input name=shadow></label><button>Go</button>"</script>"""
    )
    await page.frames[1].wait_for_load_state()
    frames = (await read(page)).shown
    assert by_name(frames[1])["inner"].tag == "input"
    assert by_name(frames[0])["shadow"].label == "City"


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("<form><input name=a><div class=g-recaptcha data-sitekey=k></div></form>", 0),
        ("<form><input name=a></form><form><input name=b><div class=h-captcha></div></form>", 1),
        ("<form><input name=a></form><iframe src='data:text/html,recaptcha'></iframe>", -1),
        ("<form><input name=a><img src='/captcha.png' alt=''></form>", 0),
    ],
)
async def test_signs_of_a_captcha_know_their_form(page: Page, body: str, form: int) -> None:
    found = await seen(page, body)
    assert {guard.form for guard in found.guards} == {form}


async def test_what_the_page_says_is_wrong_is_found_beside_its_field(page: Page) -> None:
    body = """<form><p class=error>Please correct the marked fields.</p>
    <p><label>Phone <input name=p aria-invalid=true></label> <span class=error>Digits only</span></p>
    <p><label>City <input name=c required></label></p>
    <p><label>Mail <input name=m aria-errormessage=x></label><b id=x>No such host</b></p></form>"""
    found = by_name(await seen(page, body))
    assert (found["p"].complaint, found["p"].invalid) == ("Digits only", True)
    assert (found["c"].complaint, found["c"].unmet != "") == ("", True)
    assert found["m"].complaint == "No such host"


async def test_radios_of_one_name_are_read_as_one_question(page: Page) -> None:
    body = """<form><fieldset><legend>Category</legend><label><input type=radio name=r value=1> Bakery</label>
    <label><input type=radio name=r value=2 checked> Dentist</label></fieldset></form>"""
    found = by_name(await seen(page, body))["r"]
    assert [(o.text, o.value, o.chosen) for o in found.options] == [
        ("Bakery", "1", False),
        ("Dentist", "2", True),
    ]
    assert found.label == "Category"
