"""The browser worker: reads a directory's form, fills it in, sends it once, judges the answer."""

from directory_bolt.browser.patience import Patience
from directory_bolt.browser.submitter import BrowserSubmitter

__all__ = ["BrowserSubmitter", "Patience"]
