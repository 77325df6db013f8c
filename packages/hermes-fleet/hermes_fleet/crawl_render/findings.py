"""The judgement: from the survey of a site to the outputs that the catalog promises."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from hermes_fleet.crawl_render import alternates, canonicals, duplicates, link_scores, metas
from hermes_fleet.crawl_render.indexability import obstacle
from hermes_fleet.crawl_render.links import Linking
from hermes_fleet.crawl_render.redirects import path, reached
from hermes_fleet.crawl_render.render import Rendering
from hermes_fleet.crawl_render.survey import Survey
from hermes_fleet.crawling.record import Record

Output = dict[str, Any]
MOST_SHOWN = 10  # of the slowest and heaviest
SOFT = "It says with status 200 that there is nothing: the site answers so for addresses that are not there."
MOST_LISTED = 200  # addresses in a metric's list


def outputs(survey: Survey, probes: Mapping[str, Record]) -> dict[str, Any]:
    """All outputs but `render_failures`. `probes` are canonical targets seen outside the crawl."""
    records = sorted(survey.records.values(), key=lambda record: record.url)
    return {
        "pages_crawled": sum(record.counts_as_page for record in records),
        "indexable_pages": sum(
            canonicals.indexable(record) for record in records if record.url not in survey.soft_404
        ),
        "non_200_urls": listed(_non_200(survey, records), **basis(survey)),
        "canonical_errors": listed(_canonical_errors(survey, records, probes), **basis(survey)),
        "redirect_chains": listed(_redirect_chains(survey), **basis(survey)),
        "orphan_pages": listed(_orphans(survey, records), **basis(survey, "orphan")),
        "meta_tags": _meta_tags(survey, records),
    }


def listed(items: Sequence[Any], complete: bool = True, basis: str | None = None) -> Output:
    """The shape of every list output: count, items, whether that is all, and why not."""
    output: Output = {"count": len(items), "items": items, "complete": complete}
    return {**output, "basis": basis} if basis else output


def render_failures(
    scripted: int, renderings: Sequence[Rendering], whole: Mapping[str, Any]
) -> Output:
    """Pages whose content is missing; `scripted` is how many pages run scripts at all, `whole` the
    `basis` of the crawl."""
    items = [
        {"url": each.url, "reason": each.reason}
        for each in sorted(renderings, key=lambda each: each.url)
        if each.decided and each.reason
    ]
    undecided = sum(not each.decided for each in renderings)
    if len(renderings) == scripted and not undecided:
        return listed(items, **whole)
    seen = f"{len(renderings)} of {scripted} pages with scripts were rendered, those with the least text first"
    unsure = f"; {undecided} of them could not be judged" if undecided else ""
    return listed(items, complete=False, basis=f"{seen}{unsure}.")


def basis(survey: Survey, kind: str = "") -> dict[str, Any]:
    """How complete the lists are, and on what they rest when they are not."""
    strange = survey.strange_sitemaps if kind == "orphan" else []
    if survey.exhausted and not strange:
        return {"complete": True}
    if survey.exhausted:
        return {"complete": False, "basis": f"{strange[0]} answers, but is no sitemap."}
    seen = f"{len(survey.records)} URLs visited, at least {survey.queued} more known"
    if survey.cut:
        seen += f"; {len(survey.cut)} pages were longer than what is read of one"
    if survey.undrawn:
        seen += f"; {survey.undrawn} pages with scripts were not rendered and may hold more links"
    if left := survey.traps.left_out.total():
        seen += f"; {left} of endless series were left out"
    if kind == "orphan":
        seen += "; a page listed here may be linked from one that was not visited"
    return {"complete": False, "basis": f"{seen}."}


def unseen_targets(survey: Survey) -> list[str]:
    """Canonical targets on the site that the crawl did not come by and may fetch."""
    targets = {
        target
        for record in survey.records.values()
        if record.html and record.good_page
        for target in canonicals.effective(record)
    }
    return sorted(url for url in targets if url not in survey.records and survey.may_visit(url))


def metrics(survey: Survey) -> dict[str, Any]:
    """What was seen besides the promised outputs. Long lists are cut at MOST_LISTED."""
    records = survey.records
    linking = Linking(survey.referrers, records)
    broken = [url for url in records if _is_broken(records[url].status) and linking.of(url)]
    refreshes = {url: each.page.refresh for url, each in records.items() if each.page}
    return {
        "urls_visited": len(records),
        "urls_not_visited": survey.queued,
        "blocked_by_robots": _shown(sorted(survey.blocked), survey),
        "broken_links": _shown(sorted(broken), survey),
        "meta_refreshes": {url: target for url, target in refreshes.items() if target},
        "not_indexable": _shown(_not_indexable(survey), survey),
        "soft_404": _shown(sorted(survey.soft_404), survey),
        "not_followed": _shown(sorted(survey.unfollowed - survey.referrers.keys()), survey),
        "unread": _shown(_unread(survey), survey),
        "duplicates": _shown(duplicates.groups(records.values()), survey),
        "near_duplicates": _shown(
            [{"urls": urls} for urls in duplicates.near(records.values())], survey
        ),
        "structured_data": _shown(_structured_data(records), survey),
        "security_headers": _headers(records),
        "link_scores": _shown(_link_scores(survey), survey),
        "slowest": _most(records, "seconds"),
        "heaviest": _most(records, "size"),
        "hreflang_errors": _shown([asdict(each) for each in alternates.errors(records)], survey),
        "changed_by_scripts": _shown(
            [{"url": url, "what": what} for url, what in sorted(survey.drawn.items())], survey
        ),
        "traps": dict(survey.traps.left_out),
        "parts": _parts(records.values()),
        "depths": dict(sorted(Counter(survey.depth(url) for url in _pages(records)).items())),
    }


def _shown(items: Sequence[Any], survey: Survey) -> Output:
    """A metric's list: all are counted, MOST_LISTED are shown."""
    return listed(items[:MOST_LISTED], **basis(survey)) | {"count": len(items)}


def _pages(records: Mapping[str, Record]) -> list[str]:
    return sorted(url for url, each in records.items() if each.html and each.good_page)


def _not_indexable(survey: Survey) -> list[Output]:
    records = survey.records
    found = (
        (url, SOFT if url in survey.soft_404 else obstacle(records[url])) for url in _pages(records)
    )
    return [{"url": url, "why": why} for url, why in found if why]


def _structured_data(records: Mapping[str, Record]) -> list[Output]:
    pages = ((url, records[url].good_page) for url in _pages(records))
    return [
        {"url": url, "faults": list(page.data_faults)}
        for url, page in pages
        if page and page.data_faults
    ]


def _headers(records: Mapping[str, Record]) -> dict[str, int]:
    """How many pages lack each security header."""
    return dict(
        sorted(Counter(name for url in _pages(records) for name in records[url].lacks).items())
    )


def _link_scores(survey: Survey) -> list[Output]:
    found = link_scores.scores(survey.records)
    return [{**each, "depth": survey.depth(each["url"])} for each in found]


def _most(records: Mapping[str, Record], figure: Literal["seconds", "size"]) -> list[Output]:
    """The pages with the largest figure."""
    pages = sorted(_pages(records), key=lambda url: -getattr(records[url], figure))
    return [{"url": url, figure: getattr(records[url], figure)} for url in pages[:MOST_SHOWN]]


def _unread(survey: Survey) -> list[Output]:
    """Answers of 200 that could not be read, or not to their end, and why."""
    errors = {url: each.error for url, each in survey.records.items() if each.status == 200}
    unread = {url: error for url, error in errors.items() if error}
    unread |= dict.fromkeys(survey.cut, "longer_than_what_is_read")
    return [{"url": url, "why": why} for url, why in sorted(unread.items())]


def _parts(records: Iterable[Record]) -> dict[str, int]:
    """How many pages have faults in their parts."""
    pages = [page for each in records if (page := each.good_page)]
    return {
        "several_titles": sum(page.titles > 1 for page in pages),
        "images_without_alt": sum(page.images_without_alt > 0 for page in pages),
        "images_without_size": sum(page.images_without_size > 0 for page in pages),
        "invalid_structured_data": sum(bool(page.data_faults) for page in pages),
        "mixed_content": sum(page.insecure > 0 for page in pages),
    }


def _non_200(survey: Survey, records: list[Record]) -> list[Output]:
    linking = Linking(survey.referrers, survey.records)
    return [
        {
            "url": record.url,
            "status": record.status,
            "error": record.error,
            "referrers": linking.of(record.url),
        }
        for record in records
        if record.status != 200
    ]


def _canonical_errors(
    survey: Survey, records: list[Record], probes: Mapping[str, Record]
) -> list[Output]:
    def look(url: str) -> Record | None:
        return survey.records.get(url) or probes.get(url)

    return [asdict(error) for record in records for error in canonicals.errors(record, look)]


def _redirect_chains(survey: Survey) -> list[Output]:
    """Paths of two redirects or more from an address that a page or sitemap names."""
    named = survey.referrers.keys() | survey.in_sitemap
    ways = {start: path(start, survey.records) for start in sorted(named)}
    return [
        {
            "start": start,
            "hops": [{"url": hop.url, "status": hop.status} for hop in way.hops],
            "final": way.final,
            "final_status": way.final_status,
            "loop": way.loop,
        }
        for start, way in ways.items()
        if way.is_chain
    ]


def _orphans(survey: Survey, records: list[Record]) -> list[str]:
    linked = reached([survey.home, *survey.referrers], survey.records)
    return [
        record.url
        for record in records
        if record.html and record.good_page
        if record.url in survey.in_sitemap and record.url not in linked
    ]


def _meta_tags(survey: Survey, records: list[Record]) -> Output:
    good = [(record, record.good_page) for record in records if record.html]
    pages = [(record, page) for record, page in good if page]
    return {
        "counts": metas.counts(page for _record, page in pages),
        "items": [metas.item(record, page) for record, page in pages],
        **basis(survey),
    }


def _is_broken(status: int) -> bool:
    return status == 0 or status >= 400
