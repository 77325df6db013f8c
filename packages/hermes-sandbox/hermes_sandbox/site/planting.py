"""The faults of the demo site, planted by name in what was healthy, and linked so that they are found."""

from dataclasses import replace

from hermes_sandbox.site import scripted
from hermes_sandbox.site.blog import POST_LINKS
from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import Canonical, File, Link, Page, Section
from hermes_sandbox.site.prose import paragraphs
from hermes_sandbox.site.words import COMPANY

POSTS = tuple(link.href for link in POST_LINKS)
BLOCKED = tuple(
    f"/private/{name}" for name in ("price-list", "rota", "minutes", "stock", "contracts")
)
ORPHANS = tuple(
    f"/landing/{name}" for name in ("spring", "summer", "autumn", "winter", "students", "families")
)
ELSEWHERE = "https://www.juniper-dental.example/"


def plant(draft: Draft) -> None:
    """Plant everything."""
    for part in (
        _redirects,
        _dead_ends,
        _noindex,
        _canonicals,
        _orphans,
        _titles,
        _headings,
        _links,
        _files,
    ):
        part(draft)
    scripted.plant(draft)


def _extra(path: str, title: str, **more: object) -> Page:
    """A page of its own, with readable text."""
    page = Page(
        path=path,
        title=f"{title} | Juniper Dental",
        description=f"{title} at Juniper Dental: what we offer, how it works and whom to ask when something is unclear.",
        headings=(title,),
        sections=(Section(title, paragraphs(path, COMPANY)),),
        crumbs=crumbs(),
    )
    return replace(page, **more)


def _redirects(draft: Draft) -> None:
    for path, status, location in (
        ("/old-whitening", 301, "/whitening-offer"),
        ("/whitening-offer", 302, "/services/teeth-whitening"),
        ("/old-team", 301, "/people"),
        ("/people", 307, "/team/"),
        ("/promo-2021", 301, "/promo-2022"),
        ("/promo-2022", 301, "/promo-2023"),
        ("/promo-2023", 308, "/pricing"),
        ("/fees-2021", 302, "/fees-2022"),
        ("/fees-2022", 302, "/fees-2023"),
        ("/fees-2023", 301, "/services/gold-teeth"),
        ("/loop-a", 302, "/loop-b"),
        ("/loop-b", 302, "/loop-a"),
        ("/home", 301, "/"),
        ("/Services/Teeth-Whitening", 301, "/services/teeth-whitening"),
    ):
        draft.redirect(path, status, location)
    starts = (
        "/old-whitening",
        "/old-team",
        "/promo-2021",
        "/fees-2021",
        "/loop-a",
        "/home",
        "/Services/Teeth-Whitening",
    )
    draft.link(
        "/reviews", "From our archive", *(Link(start, f"Archive {start[1:]}") for start in starts)
    )
    draft.plant("redirect_chain_2", "/old-whitening", "/old-team")
    draft.plant("redirect_chain_3", "/promo-2021", "/fees-2021")
    draft.plant("redirect_loop", "/loop-a")
    draft.plant("redirect_single", "/home", "/Services/Teeth-Whitening")


def _dead_ends(draft: Draft) -> None:
    for kind, path, status, title in (
        ("gone_410", "/careers/receptionist-2020", 410, "This position is filled"),
        ("error_500", "/tools/calculator", 500, "Something broke"),
        ("error_503", "/tools/planner", 503, "Back in a moment"),
    ):
        draft.add(_extra(path, title, status=status))
        draft.plant(kind, path)
    missing = ("/services/gold-teeth", "/blog/lost-post")
    draft.plant("missing_404", *missing)
    draft.link(
        "/tools/",
        "All tools",
        Link("/tools/calculator", "Fee calculator"),
        Link("/tools/planner", "Visit planner"),
    )
    draft.link("/careers", "Past positions", Link("/careers/receptionist-2020", "Receptionist"))
    draft.link("/faq", "Also asked", *(Link(path, path.rsplit("/", 1)[1]) for path in missing))
    draft.link("/guides/", "Also asked", Link(missing[0], "Gold teeth"))
    draft.add(_extra("/guides/vanished", "Page not found"))  # a soft 404: says so, answers 200
    draft.link("/guides/", "More guides", Link("/guides/vanished", "A guide that vanished"))
    draft.plant("soft_404", "/guides/vanished")


def _noindex(draft: Draft) -> None:
    draft.change(POSTS[3], robots="noindex, follow")
    draft.change("/financing", robots="NOINDEX")
    draft.change(POSTS[4], robots_header="noindex")
    draft.change(POSTS[5], robots_header="googlebot: noindex, nofollow")
    draft.change(POSTS[6], googlebot="noindex")
    draft.plant("noindex_meta", POSTS[3], "/financing", POSTS[6])
    draft.plant("noindex_header", POSTS[4], POSTS[5])
    for path in BLOCKED:
        draft.add(_extra(path, f"Internal {path.rsplit('/', 1)[1]}"))
    draft.link("/legal/terms", "For staff", *(Link(path, path) for path in BLOCKED))
    draft.link(
        "/contact",
        "Calendar",
        Link("/calendar/2026/11", "November"),
        Link("/calendar/2026/12", "December"),
    )
    draft.plant("robots_blocked", *BLOCKED, "/calendar/2026/11", "/calendar/2026/12")


def _canonicals(draft: Draft) -> None:
    base = draft.base_url
    own = {post: Canonical(base + post) for post in POSTS}
    good = Canonical(base + POSTS[40])
    for kind, post, canonicals in (
        ("multiple", POSTS[10], (own[POSTS[10]], good)),
        ("relative", POSTS[11], (Canonical(POSTS[11]),)),
        ("outside_head", POSTS[12], (replace(own[POSTS[12]], place="body"),)),
        ("invalid", POSTS[13], (Canonical("http://"),)),
        ("invalid", POSTS[14], (Canonical("htp:/x"),)),
        ("to_non_200", POSTS[15], (Canonical(f"{base}/services/gold-teeth"),)),
        ("to_redirect", POSTS[16], (Canonical(f"{base}/home"),)),
        ("to_noindex", POSTS[17], (Canonical(base + POSTS[3]),)),
        ("cross_host", POSTS[18], (Canonical(ELSEWHERE),)),
        ("chain", POSTS[19], (Canonical(base + POSTS[21]),)),
        ("header_html_mismatch", POSTS[20], (own[POSTS[20]], replace(good, place="header"))),
    ):
        draft.change(post, canonicals=canonicals)
        draft.plant(f"canonical_{kind}", post)
    for post in POSTS[21:25]:  # rightly told apart: not an error, and not indexable
        draft.change(post, canonicals=(good,))
        draft.plant("canonical_elsewhere", post)


def _orphans(draft: Draft) -> None:
    for path in ORPHANS:
        draft.publish(_extra(path, f"The {path.rsplit('/', 1)[1]} offer"))
    draft.plant("orphan", *ORPHANS)


def _titles(draft: Draft) -> None:
    for number, posts in enumerate((POSTS[26:28], POSTS[28:30], POSTS[30:33])):
        for post in posts:
            draft.change(post, title=f"Dental news {number} | Juniper Dental")
        draft.plant("duplicate_title", *posts)
    draft.change(POSTS[33], title=None)
    draft.change(POSTS[34], title="")
    draft.plant("missing_title", POSTS[33], POSTS[34])
    draft.change(POSTS[35], description=None)
    draft.change(POSTS[36], description="")
    draft.plant("missing_description", POSTS[35], POSTS[36])
    for post in POSTS[37:39]:
        draft.change(post, description="Read the latest from Juniper Dental, the friendly dentist.")
    draft.plant("duplicate_description", *POSTS[37:39])
    for path, title in (
        ("/technology", "Everything you ever wanted to know about how we work"),
        ("/insurance", "Every insurance plan that we accept, and how each claim is handled"),
    ):
        draft.change(path, title=f"{title} | Juniper Dental")
        draft.plant("long_title", path)
    for post in (POSTS[41], POSTS[42]):
        words = draft.page(post).description or ""
        draft.change(
            post,
            description=f"{words} {'And there is more to say about this than fits here. ' * 3}".strip(),
        )
        draft.plant("long_description", post)


def _headings(draft: Draft) -> None:
    draft.change(POSTS[43], headings=())
    draft.change(POSTS[44], headings=("",))
    draft.plant("missing_h1", POSTS[43], POSTS[44])
    for post in (POSTS[45], POSTS[46]):
        draft.change(post, headings=(*draft.page(post).headings, "Read this first"))
        draft.plant("multiple_h1", post)


def _links(draft: Draft) -> None:
    draft.add(_extra("/partners/referrals", "For referring dentists"))
    draft.link(
        "/about", "Partners", Link("/partners/referrals", "Referrals", rel="nofollow sponsored")
    )
    draft.plant("nofollow_only", "/partners/referrals")
    copy = draft.page("/services/teeth-whitening")
    draft.add(replace(copy, path="/services/teeth-whitening?utm_source=newsletter"))
    draft.link("/about", "Elsewhere on this site",
        Link("/pricing#whitening", "Prices for whitening"), Link("/services/teeth-whitening?utm_source=newsletter", "From the newsletter"),
        Link("  /contact  ", "Contact, typed with spaces"), Link("javascript:void(0)", "A button"), Link("data:text/plain,hello", "Data"),
        Link("https://www.example.org/", "Our association"),
    )  # fmt: skip
    draft.plant("query_duplicate", "/services/teeth-whitening?utm_source=newsletter")
    draft.link(
        "/legal/privacy", "See also", Link("../about", "About us"), Link("./cookies", "Cookies")
    )
    draft.add(_extra("/guides/first-visit", "Your first visit", base_href="/services/"))
    draft.link(
        "/guides/first-visit",
        "Next",
        Link("dental-implants", "Implants"),
        Link("dental-crowns", "Crowns"),
    )
    draft.link("/guides/", "Start here", Link("/guides/first-visit", "Your first visit"))
    draft.plant("base_href", "/guides/first-visit")
    draft.add(_extra("/moved-soon", "We are moving", refresh="5; url=/contact"))
    draft.link("/about", "News", Link("/moved-soon", "We are moving"))
    draft.plant("meta_refresh", "/moved-soon")
    draft.link(
        "/locations/", "On the map", Link("/locations/birch-landing", "Birch Landing", shape="area")
    )


def _files(draft: Draft) -> None:
    draft.add(
        File(
            "/files/welcome.pdf",
            "application/pdf",
            b"%PDF-1.4\n% Juniper Dental: a welcome leaflet.\n%%EOF\n",
        )
    )
    draft.add(File("/files/clinic-map.png", "image/png", scripted.PIXEL))
    draft.link(
        "/new-patients",
        "Downloads",
        Link("/files/welcome.pdf", "Leaflet"),
        Link("/files/clinic-map.png", "Map"),
    )
    draft.plant("not_html", "/files/welcome.pdf", "/files/clinic-map.png")
