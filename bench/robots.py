"""How many assertions of the reference robots.txt parser our reader agrees with.

The assertions are rows of data: group, robots_txt, user_agent, url, allowed. They are those of the
public tests of github.com/google/robotstxt, and are kept outside of the repository.

    .venv/bin/python bench/robots.py FOLDER
"""

import argparse
import json
from pathlib import Path
from typing import TypedDict

from hermes_egress.robots import Robots


class Assertion(TypedDict):
    """One line of the reference's tests."""

    group: str
    robots_txt: str
    user_agent: str
    url: str
    allowed: bool


def main() -> None:
    """Count the assertions that hold, and print those that do not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where robots-assertions.json is")
    text = (parser.parse_args().folder / "robots-assertions.json").read_text("utf-8")
    assertions: list[Assertion] = json.loads(text)
    wrong = [each for each in assertions if not _holds(each)]
    for each in wrong:
        print(
            f"{each['group']}: {each['user_agent']} {each['url'][:100]} allowed: {each['allowed']}"
        )
        print(f"    {each['robots_txt'][:300]!r}")
    print(f"robots.txt as the reference reads it: {len(assertions) - len(wrong)}/{len(assertions)}")


def _holds(each: Assertion) -> bool:
    robots = Robots.answered(200, each["robots_txt"].encode(), each["user_agent"])
    return robots.allows(each["url"]) is each["allowed"]


if __name__ == "__main__":
    main()
