"""Make the pictures of the docs from the demo: `make beelden`.

It builds the demo in a temporary folder and serves it; with an address it takes the demo that runs there:
`.venv/bin/python -m tests.browser.beelden http://127.0.0.1:8000`.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from portaal.demo_accounts import WACHTWOORD
from tests.browser.chromium import GeenChromium, start_chromium

BASIS = Path(__file__).resolve().parents[2]
DOEL = BASIS / "docs" / "beelden"
BREEDTE = 1280
HOOGSTENS = 150_000
GEDULD_SECONDEN = 600

Stap = Callable[[Page], object]


def link(naam: str) -> Stap:
    """Return the step of clicking on the first link of which the name matches."""
    return lambda page: page.get_by_role("main").get_by_role("link", name=re.compile(naam)).first.click()


def adres(pad: str) -> Stap:
    """Return the step of going to an address."""
    return lambda page: page.goto(pad)


# name -> whose account, what to do after signing in, how high the picture is
BEELDEN: dict[str, tuple[str, list[Stap], int]] = {
    "budgetstand": ("budgethouder", [adres("/budgetstand/")], 1400),
    "aanvrager": ("aanvrager", [link("^ZB-")], 1050),
    "jurylid": ("jurylid", [link("^ZV-")], 1000),
    "behandelaar": ("behandelaar", [link("Ontvankelijkheid van"), link("^ZV-"), link("Ontvankelijkheid")], 1000),
    "budgethouder": ("budgethouder", [link("controleren"), link("^ZB-")], 850),
    "boekhouder": ("boekhouder", [link("versturen")], 700),
}


def maak(browser: Browser, loket: str) -> None:
    """Make all pictures."""
    DOEL.mkdir(parents=True, exist_ok=True)
    for naam, (account, stappen, hoogte) in BEELDEN.items():
        context = browser.new_context(
            base_url=loket,
            viewport={"width": BREEDTE, "height": hoogte},
            locale="nl-BE",
            timezone_id="Europe/Brussels",
        )
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("E-mailadres").fill(f"{account}@demo.loket")
        page.get_by_label("Wachtwoord").fill(WACHTWOORD)
        page.get_by_role("main").get_by_role("button", name="Aanmelden").click()
        page.wait_for_url("**/mijn-werk/")
        for stap in stappen:
            voor = page.url
            stap(page)
            page.wait_for_url(re.compile(f"^(?!{re.escape(voor)}$)"))
        page.wait_for_load_state()
        grootte = _bewaar(page.screenshot(), DOEL / f"{naam}.png")
        sys.stdout.write(f"docs/beelden/{naam}.png  {grootte // 1000} kB\n")
        context.close()


def _bewaar(png: bytes, pad: Path) -> int:
    """Store with as many colours as fit, and return the size."""
    beeld = Image.open(BytesIO(png)).convert("RGB")
    for kleuren in (128, 64, 32, 16):
        beeld.quantize(kleuren, dither=Image.Dither.NONE).save(pad, optimize=True)
        if pad.stat().st_size <= HOOGSTENS:
            return pad.stat().st_size
    raise SystemExit(f"{pad.name} is groter dan {HOOGSTENS // 1000} kB, ook met 16 kleuren.")


def bedien(stapel: ExitStack) -> str:
    """Build and serve the demo until `stapel` is closed; return its address."""
    gegevens = stapel.enter_context(TemporaryDirectory(prefix="oproepenloket-beelden-"))
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    omgeving = {n: w for n, w in os.environ.items() if n != "DATABASE_URL"} | {"GEGEVENSMAP": gegevens}
    opdracht = [sys.executable, str(BASIS / "manage.py"), "start", "--poort", str(poort)]
    server = subprocess.Popen(opdracht, env=omgeving, cwd=BASIS)
    stapel.callback(server.wait)
    stapel.callback(server.terminate)
    tot = time.monotonic() + GEDULD_SECONDEN
    while time.monotonic() < tot and server.poll() is None:
        with socket.socket() as proef:
            if proef.connect_ex(("127.0.0.1", poort)) == 0:
                return f"http://127.0.0.1:{poort}"
        time.sleep(1)
    raise SystemExit("Het loket met de demo startte niet.")


if __name__ == "__main__":
    with ExitStack() as alles:
        try:
            chromium = start_chromium(alles)
        except GeenChromium as fout:
            raise SystemExit(str(fout)) from None
        maak(chromium, sys.argv[1] if len(sys.argv) > 1 else bedien(alles))
