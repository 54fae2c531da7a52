"""Attachments: they go up by themselves with their progress, no choice is lost, and it goes without script too."""

import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Route, expect

from dossiers.models import Dossier
from tests import bouw
from tests.browser.bezoeker import BUREAU, BUREAU_ZONDER, TELEFOON, TELEFOON_ZONDER, Bezoeker, Vorm
from tests.browser.conftest import Maak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Kiezer = Callable[[Vorm], tuple[Bezoeker, Dossier]]


@pytest.fixture
def kiezer(bezoeker: Maak) -> Kiezer:
    """Give somebody who signed in, on the page with the attachments of her new dossier."""

    def maak(vorm: Vorm) -> tuple[Bezoeker, Dossier]:
        dossier = bouw.concept(bouw.wereld())
        an = bezoeker(vorm).aangemeld("an")
        an.ga(f"/dossiers/{dossier.nummer}/bijlagen/")
        return an, dossier

    return maak


def stuk(naam: str, inhoud: bytes = bouw.PDF) -> FilePayload:
    """Return a file to choose."""
    return {"name": naam, "mimeType": "application/pdf", "buffer": inhoud}


def kies(an: Bezoeker, *stukken: FilePayload) -> None:
    """Choose files."""
    an.page.get_by_label("Bestanden toevoegen").set_input_files(list(stukken))


def stand(an: Bezoeker) -> Locator:
    """Return where it is said how it goes."""
    return an.page.locator("[data-opladen-stand]")


def houd_op(an: Bezoeker) -> list[Route]:
    """Hold the first file that goes up until the test lets it go."""
    opgehouden: list[Route] = []

    def houd(route: Route) -> None:
        opgehouden.append(route)

    an.page.route("**/bijlagen/bewaar/", houd, times=1)
    return opgehouden


def namen(dossier: Dossier) -> list[str]:
    """Return what the server has."""
    return [b.bestand.naam for b in dossier.bijlagen.select_related("bestand")]


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_files_go_up_one_by_one_and_a_refused_one_says_why(vorm: Vorm, kiezer: Kiezer) -> None:
    an, dossier = kiezer(vorm)
    opgehouden = houd_op(an)
    plan = bouw.PDF + b"plan"
    kies(an, stuk("plan.pdf", plan), stuk("virus.exe"), stuk("budget.pdf"))
    expect(stand(an)).to_have_text("Bezig met opladen: bestand 1 van 3.")
    for naam in ("plan.pdf", "virus.exe", "budget.pdf"):
        expect(an.page.get_by_role("progressbar", name=f"Opladen van {naam}")).to_have_count(1)
    expect(an.page.get_by_text("Wacht op de vorige bestanden.")).to_have_count(2)
    an.kijk_na()
    assert namen(dossier) == []
    with an.mag(422):
        opgehouden[0].continue_()
        expect(stand(an)).to_have_text("2 bestanden bewaard. 1 bestand niet bewaard: hieronder leest u waarom.")
    assert namen(dossier) == ["plan.pdf", "budget.pdf"]
    (rij,) = an.page.locator(".opladen__rij").all()
    expect(rij).to_contain_text(
        "Het bestand 'virus.exe' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods."
    )
    expect(an.page.get_by_role("progressbar")).to_have_count(0)
    # The list has them, and shows what one can compare.
    som = hashlib.sha256(plan).hexdigest()
    vol = an.page.get_by_text(som, exact=True)
    expect(vol).to_be_hidden()
    an.page.get_by_text(re.compile(f"^SHA-256 {som[:8]}…$")).click()
    expect(vol).to_be_visible()
    an.kijk_na()
    rij.get_by_role("button", name="Weglaten virus.exe").click()
    expect(an.page.locator(".opladen__rij")).to_have_count(0)
    expect(an.page.get_by_label("Bestanden toevoegen")).to_be_focused()
    expect(stand(an)).to_have_text("")


def test_a_file_that_is_too_big_is_not_sent_at_all(kiezer: Kiezer, settings: object) -> None:
    settings.BIJLAGE_MAX_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    an, dossier = kiezer(TELEFOON)
    gestuurd: list[str] = []
    an.page.on("request", lambda vraag: gestuurd.append(vraag.url) if vraag.method == "POST" else None)
    kies(an, stuk("groot.pdf", bouw.PDF.ljust(1024 * 1024 + 1)))
    expect(stand(an)).to_have_text("1 bestand niet bewaard: hieronder leest u waarom.")
    expect(an.page.locator(".opladen__rij")).to_contain_text(
        re.compile(r"Het bestand 'groot.pdf' is groter dan 1,0\sMB\.")
    )
    assert gestuurd == []
    kies(an, stuk("net.pdf", bouw.PDF.ljust(1024 * 1024)))
    expect(stand(an)).to_have_text("1 bestand bewaard. 1 bestand niet bewaard: hieronder leest u waarom.")
    assert namen(dossier) == ["net.pdf"]


def test_what_is_chosen_while_others_go_up_joins_the_queue(kiezer: Kiezer) -> None:
    an, dossier = kiezer(BUREAU)
    opgehouden = houd_op(an)
    kies(an, stuk("een.pdf"))
    expect(an.page.locator(".opladen__rij")).to_have_count(1)
    kies(an, stuk("twee.pdf"), stuk("drie.pdf"))
    expect(an.page.locator(".opladen__rij")).to_have_count(3)
    opgehouden[0].continue_()
    expect(stand(an)).to_have_text("3 bestanden bewaard.")
    assert namen(dossier) == ["een.pdf", "twee.pdf", "drie.pdf"]
    an.ziet("U hebt 3 bijlagen")


def test_what_one_was_looking_at_stays_when_the_list_grows(kiezer: Kiezer) -> None:
    an, _ = kiezer(BUREAU)
    kies(an, stuk("een.pdf"))
    expect(stand(an)).to_have_text("1 bestand bewaard.")
    opgehouden = houd_op(an)
    kies(an, stuk("twee.pdf"))
    expect(an.page.locator(".opladen__rij")).to_have_count(1)
    samenvatting = an.page.locator("summary").filter(has_text="van een.pdf, volledig")
    samenvatting.click()
    expect(samenvatting).to_be_focused()
    opgehouden[0].continue_()
    expect(an.page.get_by_role("link", name="twee.pdf", exact=True)).to_be_visible()
    expect(samenvatting).to_be_focused()
    expect(an.page.locator("details[open]")).to_have_count(1)
    expect(an.page.get_by_text(hashlib.sha256(bouw.PDF).hexdigest(), exact=True).first).to_be_visible()


def test_offline_the_choice_stays_and_can_be_tried_again(kiezer: Kiezer) -> None:
    an, dossier = kiezer(TELEFOON)
    an.zonder_verbinding = True
    an.context.set_offline(True)
    kies(an, stuk("plan.pdf"))
    expect(stand(an)).to_have_text("1 bestand niet bewaard: hieronder leest u waarom.")
    an.ziet("Niet bewaard: het opladen lukte niet. Kijk uw verbinding na en probeer het opnieuw.")
    assert namen(dossier) == []
    an.context.set_offline(False)
    an.page.get_by_role("button", name="Opnieuw proberen plan.pdf").click()
    expect(stand(an)).to_have_text("1 bestand bewaard.")
    assert namen(dossier) == ["plan.pdf"]
    expect(an.page.locator(".opladen__rij")).to_have_count(0)


def test_a_session_that_ended_is_told_and_goes_on_after_signing_in_elsewhere(kiezer: Kiezer) -> None:
    an, dossier = kiezer(BUREAU)
    an.context.clear_cookies(name="sessionid")
    pagina = an.page
    with an.mag(401):
        kies(an, stuk("plan.pdf"))
        expect(stand(an)).to_have_text("1 bestand niet bewaard: hieronder leest u waarom.")
    an.ziet("Niet bewaard: u bent afgemeld. Meld u aan in een ander tabblad en probeer het dan opnieuw.")
    an.page = an.tabblad()
    an.aangemeld("an")
    an.page = pagina
    pagina.bring_to_front()
    pagina.get_by_role("button", name="Opnieuw proberen plan.pdf").click()
    expect(stand(an)).to_have_text("1 bestand bewaard.")
    assert namen(dossier) == ["plan.pdf"]


@pytest.mark.parametrize("vorm", [TELEFOON_ZONDER, BUREAU_ZONDER], ids=str)
def test_without_script_the_form_sends_several_files(vorm: Vorm, kiezer: Kiezer) -> None:
    an, dossier = kiezer(vorm)
    kies(an, stuk("plan.pdf"), stuk("virus.exe"), stuk("budget.pdf"))
    an.knop("Toevoegen", status=422)
    an.ziet("2 bestanden zijn bewaard.")
    an.ziet("Het bestand 'virus.exe' is geen bruikbaar bestand")
    assert namen(dossier) == ["plan.pdf", "budget.pdf"]
    kies(an, stuk("nog een.pdf"))
    an.knop("Toevoegen")
    an.ziet("1 bestand is bewaard.")
    assert namen(dossier) == ["plan.pdf", "budget.pdf", "nog een.pdf"]
