"""One Chromium for the browser tests, and visitors who look every page over.

Playwright's synchronous calls run inside an event loop, which makes Django refuse the ORM in the same thread; the tests
read and set data between clicks, so that refusal is taken away here, and only as long as the browser runs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.browser.bezoeker import Bezoeker, Keuring, Vorm
from tests.browser.chromium import GeenChromium, start_chromium

Maak = Callable[[Vorm], Bezoeker]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give a running Chromium; without one the tests fail, they do not skip."""
    with ExitStack() as stapel, pytest.MonkeyPatch.context() as omgeving:
        omgeving.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        try:
            browser = start_chromium(stapel)
        except GeenChromium as fout:
            pytest.fail(str(fout), pytrace=False)
        yield browser


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
