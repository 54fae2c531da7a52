"""The pages and the command that bring a sheet back."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen import services
from kern import klok
from kern.inlezen import handelingen, lezer
from kern.models import Inlezing
from tests.betalingen.test_inlezen import bestand, betalingen, eerste, kredieten, standen, w, zet
from tests.hulp import alles_klopt, basis, ongewijzigd, wereld
from tests.portaal import formulieren
from tests.portaal.pagina import keur

__all__ = ["basis", "w", "wereld"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(w):
    """Sign in the accountant before the test: signing in writes a row."""
    return formulieren.browser(w.bo)


def stuur(browser: Any, upload: Any, soort: str = "betaaldata") -> Any:
    return browser.post(reverse("inlezen"), {"soort": soort, "bestand": upload}, follow=True)


def ingevuld(w: Any) -> list[list[str]]:
    return zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022")


def bevestig(browser: Any, antwoord: Any) -> Any:
    (knop,) = [e for e in keur(antwoord).alle("input") if e.attrs.get("name") == "gezien"]
    return browser.post(antwoord.request["PATH_INFO"], {"gezien": knop.attrs["value"]}, follow=True)


def test_choose_look_confirm(w, browser):
    p = keur(browser.get(reverse("inlezen") + "?soort=betaaldata"))
    assert "Kies hierboven een bestand." in p.tekst and "Kredieten" not in p.tekst
    uit = stuur(browser, bestand(ingevuld(w)))
    tekst = keur(uit).tekst.replace("\xa0", " ")
    assert "Er is nog niets gewijzigd." in tekst and "1 rij wijzigt" in tekst and "1 rij blijft zoals ze is" in tekst
    assert "Samen € 50.000,00." in tekst
    assert "Uitbetaald op 3 maart 2022: 50.000,00 euro naar BE68 5390 0754 7034." in tekst
    assert standen() == [("verstuurd", None)] * 2
    uit = bevestig(browser, uit)
    p = keur(uit)
    assert [zin for _, zin in p.meldingen] == ["Het bestand is ingelezen."]
    assert "Ingelezen op vrijdag 4 maart 2022 om 9.00 uur door Bo Proef." in p.tekst
    assert Inlezing.objects.get().bestand.sha256 in p.tekst
    assert [s for s, _ in standen()] == ["uitbetaald", "verstuurd"]
    assert "blad.csv" in keur(browser.get(reverse("inlezen"))).tekst
    alles_klopt()


def test_the_same_file_again_says_that_nothing_would_change(w, browser):
    bevestig(browser, stuur(browser, bestand(ingevuld(w))))
    uit = stuur(browser, bestand(ingevuld_weer(w)))
    tekst = keur(uit).tekst
    assert "Dit bestand wijzigt niets: alles staat al zo in het loket." in tekst
    with ongewijzigd():
        uit = browser.post(uit.request["PATH_INFO"], {"gezien": "x"})
    assert uit.status_code == 409 and handelingen.INTUSSEN in keur(uit).tekst


def ingevuld_weer(w: Any) -> list[list[str]]:
    rij = eerste()[0]
    return [["Dossier", "Schijf", "Uitbetaald op"], [rij.dossier.nummer, "Eerste schijf", "2022-03-03"]]


def test_problems_stand_first_and_nothing_can_be_confirmed(w, browser):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "03-03-22")
    uit = stuur(browser, bestand(regels))
    p = keur(uit)
    zin = "Cel M3: de datum '03-03-22' kan niet op één manier gelezen worden. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd."
    assert zin in p.tekst and p.tekst.index("Rij 3") < p.tekst.index("Rij 2")
    assert "Eén rij wordt geweigerd. Verbeter ze in uw bestand en lees het opnieuw in." in p.tekst
    assert [e for e in p.alle("input") if e.attrs.get("name") == "gezien"] == []


def test_what_changed_in_between_shows_the_new_preview(w, browser):
    uit = stuur(browser, bestand(ingevuld(w)))
    services.meld_uitbetaald(eerste()[0], datum=klok.vandaag(), door=w.bo)
    (knop,) = [e for e in keur(uit).alle("input") if e.attrs.get("name") == "gezien"]
    with ongewijzigd():
        nu = browser.post(uit.request["PATH_INFO"], {"gezien": knop.attrs["value"]})
    tekst = keur(nu).tekst
    assert nu.status_code == 409 and handelingen.INTUSSEN in tekst
    assert "deze betaling is al uitbetaald gemeld op 4 maart 2022" in tekst


def test_a_file_that_is_refused_is_not_kept(w, browser):
    groot = SimpleUploadedFile("b.xlsx", b"x" * (lezer.MEESTE_BYTES + 1))
    slecht = {
        "Dit bestand is te groot: hoogstens 10 MB.": groot,
        "Dit bestand is geen rekenblad: kies .xlsx of .csv.": SimpleUploadedFile("b.xlsx", b"%PDF-1.7"),
        "De kolom 'Uitbetaald op' ontbreekt in dit bestand.": SimpleUploadedFile("b.csv", b"Dossier;Schijf\nx;y\n"),
    }
    for zin, upload in slecht.items():
        with ongewijzigd():
            uit = stuur(browser, upload)
        assert uit.status_code == 422 and uit.context["form"].errors == {"bestand": [zin]}
        assert zin in keur(uit).tekst
    with ongewijzigd():
        assert browser.post(reverse("inlezen"), {"soort": "betaaldata"}).status_code == 422
        assert stuur(browser, bestand(betalingen(w)), "kredieten").status_code == 422


def test_a_file_that_is_gone_says_so(w, browser):
    uit = stuur(browser, bestand(ingevuld(w)))
    default_storage.delete(Inlezing.objects.get().bestand.pad)
    uit = browser.get(uit.request["PATH_INFO"])
    assert "Het bestand is niet meer in het loket. Kies het opnieuw." in keur(uit).tekst


def test_a_sheet_without_rows(w, browser):
    uit = stuur(browser, bestand(betalingen(w)[:1]))
    assert "Onder de koppen staat niets." in keur(uit).tekst


def test_the_preview_asks_as_many_queries_for_one_row_as_for_many(w, browser):
    vragen = set()
    for aantal in (1, 2, 6):
        regels = betalingen(w)
        veel = [regels[0], *(regels[1 + i % 2] for i in range(aantal))]
        uit = stuur(browser, bestand(zet(veel, 2, "Uitbetaald op", "3/03/2022")))
        with CaptureQueriesContext(connection) as gevraagd:
            browser.get(uit.request["PATH_INFO"])
        vragen.add(len(gevraagd))
    assert vragen == {9}


def test_the_pages_lead_here_for_who_may(w, browser):
    adres = reverse("inlezen")
    for wie, pagina, ziet in (
        (w.bo, reverse("betalingen") + "?status=verstuurd", True),
        (w.bea, reverse("betalingen") + "?status=verstuurd", False),
        (w.bart, reverse("kredieten"), True),
        (w.bo, reverse("kredieten"), False),
        (w.beheer, reverse("beheer"), True),
    ):
        hrefs = {a.attrs.get("href", "").split("?")[0] for a in keur(formulieren.browser(wie).get(pagina)).alle("a")}
        assert (adres in hrefs) == ziet


# --- the command ---


def lees_in(*woorden: Any) -> str:
    uit = StringIO()
    call_command("lees_in", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def bewaar(map_: Path, regels: list[list[str]]) -> Path:
    pad = map_ / "blad.csv"
    pad.write_bytes(bestand(regels).read())
    return pad


def test_the_command_shows_and_then_does(w, tmp_path):
    pad = bewaar(tmp_path, ingevuld(w))
    nummer = eerste()[0].dossier.nummer
    zin = "Uitbetaald op 3 maart 2022: 50.000,00 euro naar BE68 5390 0754 7034."
    tellingen = "0 geweigerd, 0 nieuw, 1 gewijzigd, 1 ongewijzigd, samen 50.000,00 euro"
    toont = f"rij 2: gewijzigd: {nummer}, Eerste schijf: {zin}\n{tellingen}\n"
    with ongewijzigd():
        uit = lees_in("betaaldata", pad, "--door", w.bo.email)
    assert uit == f"{toont}Er is niets gewijzigd. Voeg --bevestig toe om dit in te lezen.\n"
    assert lees_in("betaaldata", pad, "--door", w.bo.email, "--bevestig") == f"{toont}Ingelezen.\n"
    assert [s for s, _ in standen()] == ["uitbetaald", "verstuurd"]
    uit = lees_in("betaaldata", bewaar(tmp_path, ingevuld_weer(w)), "--door", w.bo.email, "--bevestig")
    assert uit.endswith("Dit bestand wijzigt niets: alles staat al zo in het loket.\n")


def test_the_command_refuses_with_a_sentence(w, tmp_path):
    slecht = zet(betalingen(w), 2, "Uitbetaald op", "morgen")
    als_bo = ("--door", w.bo.email)
    systeem = "systeem@oproepenloket.invalid mag geen betaaldata inlezen; noem met --door wie dat wel mag."
    gevallen = [
        ("Eén rij wordt geweigerd. Verbeter ze in uw bestand en lees het opnieuw in.", slecht, als_bo),
        (systeem, slecht, ()),
        ("Er is niemand met e-mailadres x@voorbeeld.test.", slecht, ("--door", "x@voorbeeld.test")),
        ("De kolom 'Uitbetaald op' ontbreekt in dit bestand.", [["Dossier", "Schijf"]], als_bo),
    ]
    for zin, regels, woorden in gevallen:
        pad = bewaar(tmp_path, regels)
        with pytest.raises(CommandError) as gevangen, ongewijzigd():
            lees_in("betaaldata", pad, *woorden, "--bevestig")
        assert str(gevangen.value) == zin
    with pytest.raises(CommandError, match="kan niet gelezen worden"):
        lees_in("betaaldata", tmp_path / "weg.csv", *als_bo)


def test_the_command_without_a_person_acts_as_the_system(w, tmp_path):
    regels = zet(zet(kredieten(), 2, "Betaalkrediet", "9.500.000,00"), 2, "Kenmerk", "BVR 9")
    assert "Ingelezen." in lees_in("kredieten", bewaar(tmp_path, regels), "--bevestig")
    assert Inlezing.objects.get().door.email == "systeem@oproepenloket.invalid"
