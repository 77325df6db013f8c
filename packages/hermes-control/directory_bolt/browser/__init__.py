"""The browser worker: reads a directory's form, fills it in, sends it once, judges the answer."""

from directory_bolt.browser.submitter import BrowserSubmitter
from directory_bolt.browser.timeouts import Timeouts

__all__ = ["BrowserSubmitter", "Timeouts"]
