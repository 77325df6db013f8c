"""The browser worker: reads a directory's form, fills it in, sends it once, judges the answer."""

from hermes.submissions.browser.patience import Patience
from hermes.submissions.browser.submitter import BrowserSubmitter

__all__ = ["BrowserSubmitter", "Patience"]
