"""The customer's report of an order as a table for spreadsheets."""

import csv
import io

from directory_bolt.core.views.customer_order import CustomerDirectory, CustomerOrder

HEADER = ("Directory", "State", "Listing", "Reference", "Finished", "Note")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_csv(order: CustomerOrder) -> str:
    """One line for each directory, in the groups of the customer's page."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    table.writerow(HEADER)
    table.writerows(_line(each) for group in order.groups for each in group.directories)
    return text.getvalue()


def _line(each: CustomerDirectory) -> list[str]:
    finished = f"{each.finished_at:%Y-%m-%d %H:%M}" if each.finished_at else ""
    cells = (each.name, each.text, each.listing_url, each.reference, finished, each.why)
    return [_plain(cell or "") for cell in cells]


def _plain(cell: str) -> str:
    """What directories wrote is never run as a formula by the program that opens the file."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
