"""Forms that stand beside the one for entries, and are not for them."""

from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.words import PHRASES


def beside(directory: Directory, which: str) -> str:
    """The search, the login or the newsletter."""
    phrases, slug = PHRASES[directory.language], directory.slug
    if which == "search":
        return (
            f'<form method="get" action="/{slug}/listings" role="search">'
            f'<input type="search" name="name" aria-label="{phrases["search_title"]}">'
            f"<button>{phrases['search']}</button></form>"
        )
    if which == "login":
        return login_form(directory)
    return (
        f'<form method="post" action="/{slug}/newsletter"><h2>{phrases["subscribe_title"]}</h2>'
        f'<label>E-mail <input type="email" name="subscriber" required></label>'
        f"<button>{phrases['subscribe']}</button></form>"
    )


def login_form(directory: Directory) -> str:
    """E-mail and password of an account."""
    phrases = PHRASES[directory.language]
    return (
        f'<form method="post" action="/{directory.slug}/login"><h2>{phrases["login_title"]}</h2>'
        '<p><label>E-mail <input type="email" name="login" autocomplete="username" required></label></p>'
        f'<p><label>{phrases["password"]} <input type="password" name="password"'
        ' autocomplete="current-password" required></label></p>'
        f"<p><button>{phrases['login_title']}</button></p></form>"
    )
