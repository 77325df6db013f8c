"""How much is read and written: what smoke and full mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticleScope:
    """`tokens`: the most that a language model may write in the run, all its answers together;
    `letters`: of the material it is shown; `seconds`: for one answer of it.
    """

    pages: int
    words: int
    tokens: int
    letters: int
    seconds: float
    dry_run: bool


def scope_of(mode: str, max_words: int, max_urls: int | None, *, dry_run: bool) -> ArticleScope:
    """Smoke is always a dry run of at most 8 pages, 200 words and 1,000 tokens written."""
    if mode == "smoke":
        return ArticleScope(
            min(max_urls or 8, 8), min(max_words, 200), 1_000, 3_000, 20, dry_run=True
        )
    tokens = 2_000 + 6 * max_words  # a word is about 1.4 tokens; JSON and addresses take the rest
    return ArticleScope(min(max_urls or 40, 100), max_words, tokens, 24_000, 100, dry_run)
