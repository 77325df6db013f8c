"""The file `_redirects` (Netlify, Cloudflare Pages, GitLab Pages): one rule a line, `from to status`."""

from collections.abc import Iterable

from hermes_fleet.site_executor.change import Change, UnfitError

NAME = "_redirects"


def redirects_file(files: Iterable[str]) -> str:
    """The repository's redirects file; UnfitError when there is none, or more than one."""
    found = sorted(each for each in files if each.rpartition("/")[2] == NAME)
    if len(found) != 1:
        many = f"has {len(found)} {NAME} files" if found else f"has no {NAME} file"
        raise UnfitError(f"The repository {many}, so a redirect has no place to stand.")
    return found[0]


def edited(text: str, change: Change) -> str:
    """The file with one more rule at its end; UnfitError when the path has one already."""
    rules = [
        line.split()
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if any(rule[0].rstrip("/") == change.path.rstrip("/") for rule in rules):
        raise UnfitError(f"{NAME} already has a rule for {change.path}.")
    if change.path.rstrip("/") == change.after.rstrip("/"):
        raise UnfitError("The redirect would lead to itself.")
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else end
    return f"{text}{gap}{change.path} {change.after} 301{end}"
