"""Filling in an application: what the script adds loses nothing, and what one can do with a mouse goes without one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from dossiers.models import Antwoord, Dossier, Indiening
from kern import klok
from tests import bouw
from tests.browser.bezoeker import BUREAU, BUREAU_ZONDER, TELEFOON, Bezoeker, Vorm
from tests.browser.conftest import Maak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Invuller = Callable[[Vorm], tuple[Bezoeker, Dossier]]
BESTAND: FilePayload = {"name": "netwerk.pdf", "mimeType": "application/pdf", "buffer": bouw.PDF}
TEKST = "Buren kennen elkaar niet meer: é, €, ‘’ en\neen tweede regel."


@pytest.fixture
def invuller(bezoeker: Maak) -> Invuller:
    """Give somebody who signed in, on the page with the questions of her new dossier."""

    def maak(vorm: Vorm) -> tuple[Bezoeker, Dossier]:
        dossier = bouw.concept(bouw.wereld())
        an = bezoeker(vorm).aangemeld("an")
        an.ga(f"/dossiers/{dossier.nummer}/vragen/")
        return an, dossier

    return maak


def veld(page: Page, sleutel: str = "buurtanalyse") -> Locator:
    """Return the field of a question."""
    return page.locator(f"#id_{sleutel}")


def bewaard(page: Page) -> None:
    """Wait until the page says that it saved."""
    expect(page.locator("[data-bewaring]")).to_have_text(re.compile(r"^Bewaard om \d\d:\d\d$"))


def antwoord(dossier: Dossier, sleutel: str = "buurtanalyse") -> str:
    """Return what the server has."""
    return Antwoord.objects.filter(dossier=dossier, sleutel=sleutel).values_list("waarde", flat=True).first() or ""


@pytest.mark.kort
def test_what_is_typed_is_saved_by_itself(invuller: Invuller) -> None:
    an, dossier = invuller(TELEFOON)
    veld(an.page).press_sequentially("Een buurt met veel verloop.")
    bewaard(an.page)
    an.kies("Stedelijk")
    an.page.wait_for_timeout(900)
    bewaard(an.page)
    assert antwoord(dossier) == "Een buurt met veel verloop."
    assert antwoord(dossier, "soort_buurt") == "Stedelijk"
    an.page.reload()
    expect(veld(an.page)).to_have_value("Een buurt met veel verloop.")
    expect(an.page.get_by_label("Stedelijk", exact=True)).to_be_checked()
    an.kijk_na()


def test_offline_and_online_again_loses_nothing(invuller: Invuller) -> None:
    an, dossier = invuller(TELEFOON)
    an.zonder_verbinding = True
    an.context.set_offline(True)
    veld(an.page).fill(TEKST)
    expect(an.page.locator("[data-bewaring]")).to_contain_text("geen verbinding")
    veld(an.page).press("End")
    veld(an.page).press_sequentially(" En nog iets.")
    an.context.set_offline(False)
    bewaard(an.page)
    assert antwoord(dossier) == TEKST + " En nog iets."


def test_a_tab_closed_offline_gives_its_text_back(invuller: Invuller) -> None:
    an, dossier = invuller(BUREAU)
    an.zonder_verbinding = True
    an.context.set_offline(True)
    veld(an.page).fill(TEKST)
    expect(an.page.locator("[data-bewaring]")).to_contain_text("geen verbinding")
    adres = an.page.url
    an.page.close()
    an.context.set_offline(False)
    an.page = an.tabblad()
    an.ga(adres)
    expect(veld(an.page)).to_have_value(TEKST)
    bewaard(an.page)
    assert antwoord(dossier) == TEKST


def test_two_tabs_that_change_the_same_answer(invuller: Invuller) -> None:
    an, dossier = invuller(BUREAU)
    eerste, an.page = an.page, an.tabblad()
    an.ga(eerste.url)
    veld(eerste).fill("Van het eerste tabblad.")
    bewaard(eerste)
    an.verwacht |= {409}
    veld(an.page).fill("Van het tweede tabblad.")
    expect(an.page.locator("[data-bewaring]")).to_contain_text("iemand anders wijzigde dit antwoord")
    assert antwoord(dossier) == "Van het eerste tabblad."
    # Handing the form in shows both texts; the second time one's own is kept.
    an.knop("Bewaren en verder", status=422)
    an.ziet("Van het eerste tabblad.")
    expect(veld(an.page)).to_have_value("Van het tweede tabblad.")
    an.knop("Bewaren en verder")
    assert antwoord(dossier) == "Van het tweede tabblad."


def test_words_are_counted_as_python_counts_them(invuller: Invuller) -> None:
    an, _ = invuller(BUREAU)
    wit = [chr(i) for i in range(0x10000) if chr(i).isspace() and chr(i) != "\r"]
    teksten = ["", "een", "  twee woorden ", "a\u200bb c", "a\ufeffb\u00a0c", "x-y z", f"a{'b'.join(wit)}c", "\n\n a\n"]
    for tekst in teksten:
        veld(an.page).evaluate(
            "(e, t) => { e.value = t; e.dispatchEvent(new Event('input', {bubbles: true})); }", tekst
        )
        rest = 500 - len(tekst.split())
        woord = "woord" if rest == 1 else "woorden"
        expect(an.page.locator("#id_buurtanalyse_teller")).to_have_text(f"Nog {rest} {woord} van 500")
    veld(an.page).fill("woord " * 501)
    expect(an.page.locator("#id_buurtanalyse_teller")).to_have_text("1 woord te veel (hoogstens 500)")


@pytest.mark.parametrize("vorm", [BUREAU, BUREAU_ZONDER], ids=str)
def test_a_double_click_hands_in_once(vorm: Vorm, bezoeker: Maak) -> None:
    dossier = bouw.volledig(bouw.wereld())
    an = bezoeker(vorm).aangemeld("an")
    an.ga(f"/dossiers/{dossier.nummer}/indienen/")
    an.page.get_by_role("button", name="Dossier indienen").dblclick()
    an.page.wait_for_url("**/ontvangstbewijs/")
    an.page.wait_for_load_state()
    an.kijk_na()
    an.ziet("goed ontvangen")
    assert Indiening.objects.filter(dossier=dossier).count() == 1


def test_the_error_summary_has_the_focus_and_leads_to_the_field(invuller: Invuller) -> None:
    an, dossier = invuller(TELEFOON)
    an.ga(f"/dossiers/{dossier.nummer}/begroting/")
    an.vul("Rekeningnummer (IBAN)", "BE00 1111")
    an.vul(re.compile("^Bedrag"), "veel", 1)
    an.knop("Bewaren en verder", status=422)
    expect(an.page.locator("[data-foutenoverzicht]")).to_be_focused()
    assert an.page.title().startswith("Fout: ")
    an.page.get_by_role("alert").get_by_role("link", name=re.compile("IBAN")).click()
    expect(an.page.locator("#id_iban")).to_be_focused()
    expect(an.page.locator("#id_iban")).to_be_in_viewport()
    assert an.page.locator("#id_iban").get_attribute("aria-invalid") == "true"
    # A row of the budget is named in the summary too.
    an.page.get_by_role("alert").get_by_role("link", name=re.compile("[Bb]edrag")).click()
    expect(an.page.locator("#id_kosten-1-bedrag")).to_be_focused()


def test_a_session_that_ended_is_told_and_saves_after_signing_in_elsewhere(invuller: Invuller) -> None:
    an, dossier = invuller(BUREAU)
    an.context.clear_cookies(name="sessionid")
    formulier = an.page
    with an.mag(401):
        veld(formulier).fill(TEKST)
        expect(formulier.locator("[data-bewaring]")).to_contain_text("U bent afgemeld")
        an.page = an.tabblad()
        an.aangemeld("an")
        formulier.bring_to_front()
        bewaard(formulier)
    assert antwoord(dossier) == TEKST
    an.page = formulier
    an.knop("Bewaren en verder")
    an.ziet("Uw antwoorden zijn bewaard.")


@pytest.mark.parametrize("vorm", [BUREAU, BUREAU_ZONDER], ids=str)
def test_a_form_sent_after_the_session_ended_comes_back_filled_in(vorm: Vorm, invuller: Invuller) -> None:
    an, dossier = invuller(vorm)
    an.ga(f"/dossiers/{dossier.nummer}/begroting/")
    an.vul("Titel van het project", "De Warme Buurt")
    an.vul("Omschrijving", "Buurtwerker", 0)
    an.context.clear_cookies(name="sessionid")
    an.knop("Bewaren en verder")
    an.ziet("U was afgemeld.")
    an.meld_aan("an")
    expect(an.page.get_by_label("Titel van het project")).to_have_value("De Warme Buurt")
    expect(an.page.get_by_label("Omschrijving").first).to_have_value("Buurtwerker")
    dossier.refresh_from_db()
    assert dossier.titel == ""
    an.vul(re.compile("^Bedrag"), "100", 0)
    an.knop("Bewaren en verder")
    dossier.refresh_from_db()
    assert dossier.titel == "De Warme Buurt"


class Toetsenbord:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def naar(self, doel: Locator) -> None:
        """Press Tab until the cursor is there; on the way one always sees where one is."""
        for _ in range(80):
            if doel.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                   return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"""
            ), self.page.evaluate("document.activeElement.outerHTML")
        raise AssertionError(f"Met Tab niet te bereiken: {doel}")

    def typ(self, label: str | re.Pattern[str], tekst: str, plaats: int = 0) -> None:
        """Go to a field and type."""
        self.naar(self.page.get_by_label(label).nth(plaats))
        self.page.keyboard.type(tekst)

    def druk(self, doel: Locator, toets: str = "Enter") -> None:
        """Go to a button or link and press it; the next page is there afterwards."""
        self.naar(doel)
        with self.page.expect_navigation():
            self.page.keyboard.press(toets)


def test_the_keyboard_alone_hands_in_an_application(bezoeker: Maak) -> None:
    w = bouw.wereld()
    an = bezoeker(BUREAU).aangemeld("an")
    # From the start: Chromium opens a window of its own where nobody listens yet.
    an.page.on("filechooser", lambda venster: venster.set_files(BESTAND))
    an.ga(f"/oproepen/{w.oproep.slug}/")
    page, toetsen = an.page, Toetsenbord(an.page)
    knop = lambda naam: page.get_by_role("main").get_by_role("button", name=naam, exact=True)  # noqa: E731
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ga naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    toetsen.druk(page.get_by_role("link", name="Dossier starten voor Vlaanderen"))
    toetsen.naar(page.get_by_label("Voor welke organisatie"))
    page.keyboard.type("Aartselaar")
    toetsen.druk(knop("Dossier starten"), "Space")
    for vraag in ("Welke buurt", "Wie wilt u", "Wat gaat u", "Met welke partners"):
        toetsen.typ(re.compile(vraag), "Een antwoord.")
    toetsen.typ(re.compile("Hoeveel bewoners"), "1200")
    toetsen.naar(page.get_by_label("Landelijk", exact=True))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Dorpskern", exact=True)).to_be_checked()
    toetsen.druk(knop("Bewaren en verder"))
    toetsen.typ("Titel van het project", "De Warme Buurt")
    toetsen.typ("Rekeningnummer (IBAN)", "BE68539007547034")
    toetsen.typ("Welk bedrag vraagt u?", "1000")
    toetsen.typ("Omschrijving", "Buurtwerker")
    toetsen.typ(re.compile("^Bedrag"), "1000")
    toetsen.druk(knop("Bewaren en verder"))
    toetsen.naar(page.get_by_label("Bestanden toevoegen"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-opladen-stand]")).to_have_text("1 bestand bewaard.")
    toetsen.druk(page.get_by_role("link", name="Verder naar nakijken en indienen"))
    toetsen.druk(knop("Dossier indienen"))
    an.ziet("goed ontvangen")
    an.kijk_na()
    assert Dossier.objects.get().status == Dossier.Status.INGEDIEND


def test_the_time_left_follows_the_clock_of_the_loket(bezoeker: Maak) -> None:
    w = bouw.wereld()
    klok.zet(klok.brussel(2021, 11, 6, 7))
    page = bezoeker(BUREAU).page
    page.clock.install()
    page.goto(f"/oproepen/{w.oproep.slug}/")
    rest = page.locator(".termijn__rest").first
    expect(rest).to_have_text("nog 2 dagen en 2 uur")
    page.clock.fast_forward(61_000)
    expect(rest).to_have_text("nog 2 dagen en 1 uur")
