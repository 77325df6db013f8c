"""Finding, starting and installing a Chromium.

>>> hermes_browser.find()
PosixPath('/usr/bin/chromium-headless-shell')
"""

from hermes_browser.finding import NOT_READY, find
from hermes_browser.installing import install
from hermes_browser.starting import NoBrowserError, arguments, browser, launch

__all__ = ["NOT_READY", "NoBrowserError", "arguments", "browser", "find", "install", "launch"]
