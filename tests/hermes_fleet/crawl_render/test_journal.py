from pathlib import Path

from hermes_fleet.crawl_render.journal import Entry, Journal
from hermes_fleet.crawl_render.render import Rendering
from hermes_fleet.crawl_render.start import Start
from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.sitemaps import Listing

PAGE = Page(title="Zähne", h1=("One",), hreflang=(("de", "/de"),), og={"og:title": "T"})
VISIT = Record("http://site.test/", 200, html=True, page=PAGE)
LISTING = Listing(
    pages=["http://site.test/a"], files={"http://site.test/sitemap.xml": 200}, unread=[]
)
START = Start(home="http://site.test/", robots="", records=[VISIT], listing=LISTING)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    rendering = Rendering("http://site.test/", 10, 1, error="boom")
    journal = Journal(path)
    for entry in (Entry(start=START), Entry(visit=VISIT), Entry(rendering=rendering)):
        journal.add(entry)
    journal.close()
    again = Journal(path)
    assert (again.start, again.visits) == (START, [VISIT])
    assert again.renderings == {rendering.url: rendering}
    again.close()


def test_a_last_line_torn_by_a_crash_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.add(Entry(visit=VISIT))
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    again = Journal(path)
    again.add(Entry(visit=VISIT))
    again.close()
    assert path.read_bytes() == whole * 2
