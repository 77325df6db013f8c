"""The blog: posts, and lists of ten posts a page."""

from collections.abc import Sequence

from hermes_sandbox.site.business import ANGLES, NAME, TOPICS, capital, slug
from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.dice import Dice
from hermes_sandbox.site.model import Link, Page, Section
from hermes_sandbox.site.prose import paragraphs
from hermes_sandbox.site.words import TOPIC

POSTS_A_PAGE = 10
POSTS = tuple((capital(angle.format(topic)), topic) for angle in ANGLES for topic in TOPICS)
POST_LINKS = tuple(Link(f"/blog/{slug(title)}", title) for title, _topic in POSTS)
LISTS = -(-len(POSTS) // POSTS_A_PAGE)
MONTHS = ("January", "March", "May", "June", "August", "October", "November")


def pages(services: Sequence[Link], team: Sequence[Link]) -> list[Page]:
    """All lists and posts; a post names an author and a service."""
    return [
        *(_list(number) for number in range(1, LISTS + 1)),
        *(_post(place, services, team) for place in range(len(POSTS))),
    ]


def list_path(number: int) -> str:
    """The first list is the front page of the blog."""
    return "/blog/" if number == 1 else f"/blog/page/{number}"


def _list(number: int) -> Page:
    path = list_path(number)
    shown = POST_LINKS[(number - 1) * POSTS_A_PAGE : number * POSTS_A_PAGE]
    suffix = "" if number == 1 else f", page {number}"
    return Page(
        path=path,
        title=f"The Juniper blog{suffix} | {NAME}",
        description=f"Notes from the chair{suffix} of {LISTS}: plain answers about teeth, gums and everything around them.",
        headings=(f"The Juniper blog{suffix}",),
        sections=(
            Section("In short", paragraphs(path, TOPIC, topic="healthy teeth")),
            Section("Posts", links=shown),
            Section("More posts", links=_neighbours(number)),
        ),
        crumbs=crumbs() if number == 1 else crumbs(Link("/blog/", "Blog")),
    )


def _neighbours(number: int) -> tuple[Link, ...]:
    near = [("Newer posts", number - 1), ("Older posts", number + 1)]
    return tuple(Link(list_path(to), text) for text, to in near if 1 <= to <= LISTS)


def _post(place: int, services: Sequence[Link], team: Sequence[Link]) -> Page:
    title, topic = POSTS[place]
    path = POST_LINKS[place].href
    dice = Dice("post", path)
    others = [link for link in POST_LINKS if link.href != path]
    dated = f"Written on {dice.between(2, 28)} {dice.pick(MONTHS)} {dice.between(2022, 2025)}."
    return Page(
        path=path,
        title=f"{title} | {NAME}",
        description=f"{title}. What we tell our own patients, in {dice.between(3, 9)} minutes of reading and without jargon.",
        headings=(title,),
        sections=(
            Section("In short", (dated, *paragraphs(path, TOPIC, topic=topic))),
            Section("About the author", links=(dice.pick(team),)),
            Section("Read next", links=tuple(dice.draw(others, 3))),
            Section("Where we can help", links=(dice.pick(services),)),
        ),
        crumbs=crumbs(Link("/blog/", "Blog")),
    )
