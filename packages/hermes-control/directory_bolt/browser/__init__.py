"""The browser worker: sends a directory's form once and judges the answer.

Start reading at `FormSubmission._steps`, which lists the steps in order.
"""

from directory_bolt.browser.submitter import BrowserSubmitter
from directory_bolt.browser.timeouts import Timeouts

__all__ = ["BrowserSubmitter", "Timeouts"]
