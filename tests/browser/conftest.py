"""One Chromium for the browser tests, and visitors who look every page over.

Playwright's synchronous calls run inside an event loop, which makes Django refuse the ORM in the same thread; the tests
read and set data between clicks, so that refusal is taken away here, and only as long as the browser runs.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.bezoeker import Bezoeker, Keuring, Vorm

VLAGGEN = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
GEEN_CHROMIUM = "Chromium ontbreekt. Installeer het, op Debian of Ubuntu met: sudo apt install chromium"

Maak = Callable[[Vorm], Bezoeker]


def start_chromium(stapel: ExitStack) -> Browser:
    """Start Debian's Chromium, until `stapel` is closed."""
    pad = shutil.which("chromium") or shutil.which("chromium-browser")
    if pad is None:
        pytest.fail(GEEN_CHROMIUM, pytrace=False)
    playwright = stapel.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=pad, args=VLAGGEN)
    stapel.callback(browser.close)
    return browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give a running Chromium."""
    with ExitStack() as stapel, pytest.MonkeyPatch.context() as omgeving:
        omgeving.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # type: ignore[arg-type]
        yield start_chromium(stapel)


@pytest.fixture
def bezoeker(browser: Browser, live_server: object) -> Iterator[Maak]:
    """Give a maker of visitors; afterwards none of them may have met a fault."""
    keuring = Keuring(browser)
    gemaakt: list[Bezoeker] = []

    def maak(vorm: Vorm) -> Bezoeker:
        gemaakt.append(Bezoeker(browser, str(live_server), vorm, keuring))
        return gemaakt[-1]

    yield maak
    fouten = [fout for een in gemaakt for fout in een.sluit()]
    keuring.sluit()
    assert not fouten, "\n".join(fouten)
