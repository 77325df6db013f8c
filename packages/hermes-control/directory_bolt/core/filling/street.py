"""Streets and the numbers of houses in them."""

import re

FIRST = re.compile(r"(?P<number>\d+\s?[a-zA-Z]?)[,\s]+(?P<street>\D.*)")
LAST = re.compile(r"(?P<street>.*\D)[,\s]+(?P<number>\d+\s?[a-zA-Z]?(?:[-/]\d+)?)")


def split_street(line: str) -> tuple[str, str]:
    """(street, number): "12 Mill Street" and "Mühlweg 12" alike; ("Mühlweg", "") without a number."""
    found = FIRST.fullmatch(line.strip()) or LAST.fullmatch(line.strip())
    return (found["street"].strip(" ,"), found["number"]) if found else (line, "")
