"""Debian's Chromium, driven by playwright."""

import shutil
from contextlib import ExitStack

from playwright.sync_api import Browser, sync_playwright

VLAGGEN = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class GeenChromium(Exception):
    """Chromium is not on this machine; the message says how it gets there."""


def start_chromium(stapel: ExitStack) -> Browser:
    """Start Chromium until `stapel` is closed; GeenChromium when it is not installed."""
    pad = shutil.which("chromium") or shutil.which("chromium-browser")
    if pad is None:
        raise GeenChromium("Chromium ontbreekt. Installeer het, op Debian of Ubuntu met: sudo apt install chromium")
    playwright = stapel.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=pad, args=VLAGGEN)
    stapel.callback(browser.close)
    return browser
