"""A visitor with a browser, who clicks and types like a person and looks over every page that she meets."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from re import Pattern
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, Route
from playwright.sync_api import TimeoutError as DuurtTeLang

from tests import bouw

# What WCAG 2.2 AA asks and what axe counts as good practice; target-size has to be asked for by name.
AXE = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
AFGEBROKEN = "net::ERR_ABORTED"


@dataclass(frozen=True)
class Vorm:
    """With what somebody visits."""

    naam: str
    breedte: int
    hoogte: int
    js: bool = True

    @property
    def telefoon(self) -> bool:
        """Return whether this is a phone."""
        return self.breedte < 640

    def __str__(self) -> str:
        return self.naam


BUREAU = Vorm("bureau", 1280, 900)
TELEFOON = Vorm("telefoon", 360, 740)
BUREAU_ZONDER = Vorm("bureau-zonder-js", 1280, 900, js=False)
TELEFOON_ZONDER = Vorm("telefoon-zonder-js", 360, 740, js=False)


@dataclass
class Keuring:
    """Runs axe, once for the same page in the same form.

    Where a page has no JavaScript, axe has none either: its markup is then shown, without our script, in one that has.
    """

    browser: Browser
    gezien: set[tuple[str, bytes]] = field(default_factory=set)
    spiegels: dict[str, Page] = field(default_factory=dict)
    axe: Axe = field(default_factory=Axe)

    def keur(self, page: Page, vorm: Vorm) -> list[str]:
        """Return what axe finds wrong, one line each."""
        markup = page.content()
        sleutel = (vorm.naam, sha256(TOKEN.sub("", markup).encode()).digest())
        if sleutel in self.gezien:
            return []
        self.gezien.add(sleutel)
        if not vorm.js:
            page = self._spiegel(page.url, markup, vorm)
        uitslag = self.axe.run(page, options=AXE).response
        return [
            f"axe {regel['id']} ({regel['impact']}): {regel['help']}: {punt['html'][:160]} {punt['failureSummary']}"
            for regel in uitslag["violations"]
            for punt in regel["nodes"]
        ]

    def _spiegel(self, url: str, markup: str, vorm: Vorm) -> Page:
        page = self.spiegels.get(vorm.naam)
        if page is None:
            context = self.browser.new_context(**instellingen(vorm) | {"java_script_enabled": True})
            page = self.spiegels[vorm.naam] = context.new_page()

        def antwoord(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(body=markup, content_type="text/html; charset=utf-8")
            elif route.request.resource_type == "script":
                route.fulfill(body="", content_type="text/javascript")
            else:
                route.continue_()

        page.unroute_all()
        page.route("**/*", antwoord)
        page.goto(url)
        return page

    def sluit(self) -> None:
        """Close the pages that axe used."""
        for page in self.spiegels.values():
            page.context.close()


def instellingen(vorm: Vorm) -> dict[str, Any]:
    """Return how Chromium makes a context of this form."""
    return {
        "viewport": {"width": vorm.breedte, "height": vorm.hoogte},
        "is_mobile": vorm.telefoon,
        "has_touch": vorm.telefoon,
        "java_script_enabled": vorm.js,
        "locale": "nl-BE",
        "timezone_id": "Europe/Brussels",
        "accept_downloads": True,
    }


class Bezoeker:
    """One person with one browser profile; `page` is the tab in use."""

    def __init__(self, browser: Browser, basis: str, vorm: Vorm, keuring: Keuring) -> None:
        self.basis, self.vorm, self.keuring = basis, vorm, keuring
        self.context = browser.new_context(**instellingen(vorm), base_url=basis)
        self.context.set_default_timeout(15_000)
        self.fouten: list[str] = []
        self.verwacht: set[int] = {200}
        self.zonder_verbinding = False
        self.context.on("console", self._console)
        self.context.on("weberror", lambda fout: self._fout(f"fout in script: {fout.error}"))
        self.context.on("response", self._antwoord)
        self.context.on("requestfailed", self._mislukt)
        self.page = self.tabblad()

    # -- going about

    def tabblad(self) -> Page:
        """Open one more tab and return it; `page` stays the tab in use."""
        return self.context.new_page()

    def ga(self, pad: str, status: int = 200) -> None:
        """Type an address."""
        with self.mag(status):
            antwoord = self.page.goto(pad)
            self._aangekomen(antwoord, status)

    def link(self, naam: str | Pattern[str], status: int = 200) -> None:
        """Click on a link in the page."""
        self._klik(self.page.get_by_role("main").get_by_role("link", name=naam).first, status)

    def taak(self, tekst: str, nummer: str = "") -> None:
        """Take up a task of the work list; where it leads to a list, go on to the row of this dossier."""
        self.ga("/mijn-werk/")
        self.link(re.compile(tekst))
        if nummer and "?status=" in self.page.url:
            self.link(re.compile(nummer))

    def knop(self, naam: str | Pattern[str], status: int = 200) -> None:
        """Click on a button that takes one to a page."""
        self._klik(self.page.get_by_role("main").get_by_role("button", name=naam, exact=True), status)

    def _klik(self, doel: Locator, status: int) -> None:
        with self.mag(status):
            try:
                with self.page.expect_navigation() as gang:
                    doel.click()
            except DuurtTeLang as fout:
                raise AssertionError(f"{fout}\n{self.page.url} toont:\n{self.tekst()[:800]}") from None
            self._aangekomen(gang.value, status)

    def _aangekomen(self, antwoord: Response | None, status: int) -> None:
        if antwoord is not None and antwoord.status != status:
            self._fout(f"status {antwoord.status} in plaats van {status}: {self.tekst()[:400]}")
        self.kijk_na()

    def vul(self, label: str | Pattern[str], tekst: str, plaats: int = 0) -> None:
        """Type into the field with this label; `plaats` where more fields have it."""
        self.page.get_by_label(label).nth(plaats).fill(tekst)

    def kies(self, label: str, keuze: str = "") -> None:
        """Tick a radio button or box, or choose from a list."""
        if keuze:
            self.page.get_by_label(label).select_option(label=keuze)
        else:
            self.page.get_by_label(label, exact=True).check()

    def bestand(self, label: str, naam: str = "netwerk.pdf") -> None:
        """Choose a file."""
        self.page.get_by_label(label).set_input_files({"name": naam, "mimeType": "application/pdf", "buffer": bouw.PDF})

    def meld_aan(self, naam: str) -> None:
        """Fill in the sign-in page."""
        self.vul("E-mailadres", f"{naam}@voorbeeld.test")
        self.vul("Wachtwoord", bouw.WACHTWOORD)
        self.knop("Aanmelden")

    def aangemeld(self, naam: str) -> "Bezoeker":
        """Come in through the front door and sign in."""
        self.ga("/account/login/")
        self.meld_aan(naam)
        return self

    def ziet(self, tekst: str) -> None:
        """Fail unless the page shows this."""
        assert tekst in self.tekst(), f"{tekst!r} staat niet op {self.page.url}:\n{self.tekst()[:800]}"

    def ziet_niet(self, tekst: str) -> None:
        """Fail if the page shows this."""
        assert tekst not in self.tekst(), f"{tekst!r} staat op {self.page.url}"

    def tekst(self) -> str:
        """Return what stands in the main part of the page, as one reads it."""
        return self.page.locator("main").inner_text().replace("\u00a0", " ")

    # -- looking over

    def kijk_na(self) -> None:
        """Look over the page: nothing wider than the screen, nothing that axe refuses."""
        breed = self.page.evaluate("document.documentElement.scrollWidth")
        if breed > self.vorm.breedte:
            self._fout(f"{breed} breed op een scherm van {self.vorm.breedte}: {self._wat_steekt_uit()}")
        for regel in self.keuring.keur(self.page, self.vorm):
            self._fout(regel)

    def _wat_steekt_uit(self) -> str:
        return self.page.evaluate(
            """grens => [...document.body.querySelectorAll('*')]
               .filter(e => e.getBoundingClientRect().right > grens + 1)
               .map(e => e.tagName + '.' + e.className).slice(0, 4).join(' > ')""",
            self.vorm.breedte,
        )

    @contextmanager
    def mag(self, *statussen: int) -> Iterator[None]:
        """Expect these statuses inside the with block."""
        oud, self.verwacht = self.verwacht, self.verwacht | set(statussen)
        try:
            yield
        finally:
            self.verwacht = oud

    def _fout(self, zin: str) -> None:
        self.fouten.append(f"[{self.vorm}] {self.page.url}: {zin}")

    def _console(self, bericht: ConsoleMessage) -> None:
        # A response that was not expected is told by _antwoord; Chromium tells it here too.
        if bericht.type in {"error", "warning"} and not bericht.text.startswith("Failed to load resource"):
            self._fout(f"console: {bericht.text}")

    def _antwoord(self, antwoord: Response) -> None:
        if antwoord.status >= 400 and antwoord.status not in self.verwacht:
            self._fout(f"{antwoord.request.method} {antwoord.url} gaf {antwoord.status}")

    def _mislukt(self, vraag: Request) -> None:
        # A download, or a page that was left, ends as "aborted".
        if vraag.failure != AFGEBROKEN and not self.zonder_verbinding:
            self._fout(f"{vraag.method} {vraag.url} mislukte: {vraag.failure}")

    def sluit(self) -> list[str]:
        """Go away; return the faults that were met."""
        self.context.close()
        return self.fouten
