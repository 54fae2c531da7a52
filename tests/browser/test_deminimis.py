"""De-minimis aid on a phone and a desktop: declared, above the ceiling, limited, proposed, awarded, reported."""

import pytest

from beoordeling.models import Besluit
from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests import deminimis as proef
from tests.browser.bezoeker import BUREAU, TELEFOON, Bezoeker, Vorm
from tests.browser.conftest import Maak
from tests.hulp import alles_klopt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def verklaart(an: Bezoeker, dossier: Dossier) -> None:
    """Fill in the declaration, with a wrong number first, and hand in."""
    an.ga(f"/dossiers/{dossier.nummer}/deminimis/")
    an.kies("Ja")
    for label, waarde in (
        ("Wie gaf de steun?", "Stad Antwerpen"),
        ("Toegekend op", "2021-03-01"),
        ("Bedrag", "250.000"),
        ("Met welke ondernemingen vormt u samen één onderneming?", "Boom 0207.506.953"),
    ):
        an.vul(label, waarde)
    an.page.get_by_label("Verordening").first.select_option(label="Algemeen: Verordening (EU) 2023/2831")
    an.kies("Ik verklaar op eer dat dit juist en volledig is.")
    an.knop("Bewaren en verder", status=422)
    an.ziet("Regel 1: '0207.506.953' is geen geldig ondernemingsnummer.")
    an.vul("Met welke ondernemingen vormt u samen één onderneming?", "Boom 0207.506.952\nZuster nv")
    an.knop("Bewaren en verder")
    an.knop("Dossier indienen")
    an.ga(f"/dossiers/{dossier.nummer}/")
    an.ziet("Zuster nv")


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_from_the_declaration_to_the_register(vorm: Vorm, bezoeker: Maak) -> None:
    w = proef.wereld(bouw.wereld())
    dossier = bouw.volledig(w)
    an = bezoeker(vorm).aangemeld("an")
    verklaart(an, dossier)
    proef.beoordeeld(w, bouw.opnieuw(dossier))
    klok.zet(bouw.BESLIST)
    bea = bezoeker(vorm).aangemeld("bea2")
    bea.ga(f"/rondes/{w.ronde.pk}/")
    bea.ziet("Boven het plafond van de de-minimissteun")
    bea.knop("Rangschikking opmaken")
    bea.ziet("Begrens eerst het bedrag")
    bea.link("Bedrag begrenzen")
    bea.ziet("350.000,00 euro in drie jaar")
    bea.vul("Hoogstens toe te kennen", "100.000")
    bea.knop("Bedrag begrenzen", status=422)
    bea.ziet("Vul een lager bedrag in dan wat gevraagd is: 100.000,00 euro.")
    bea.vul("Hoogstens toe te kennen", "50.000")
    bea.knop("Bedrag begrenzen")
    bea.ziet("Het bedrag is begrensd.")
    bea.ga(f"/dossiers/{dossier.nummer}/begrenzing/")
    bea.ziet("Begrenzing opheffen")
    bea.ga(f"/rondes/{w.ronde.pk}/")
    bea.ziet_niet("Boven het plafond")
    bea.knop("Rangschikking opmaken")
    bea.link("Rangschikking en besluit")
    bea.ziet("hoogstens € 50.000,00: Eén onderneming mag in drie jaar")
    bea.knop("Ter ondertekening voorleggen")
    bea.ga(f"/dossiers/{dossier.nummer}/begrenzing/")
    bea.ziet("De ronde is al voorgedragen.")
    bouw.onderteken(w, Besluit.objects.get())
    bea.ga(f"/besluiten/{Besluit.objects.get().pk}/")
    bea.knop("Aanvragers kennis geven")
    an.ga(f"/dossiers/{dossier.nummer}/")
    an.ziet("Waarom minder dan gevraagd: Eén onderneming mag in drie jaar")
    bea.ga("/deminimis/")
    bea.link("Melding noteren")
    bea.knop("Noteren", status=422)
    bea.vul("Referentie van het register", "SA-1")
    bea.knop("Noteren")
    bea.ziet("Gemeld op 1 februari 2022 (SA-1)")
    bea.ga("/deminimis/?melding=te-melden")
    bea.ziet("Niets te melden")
    for naam in ("bart2", "bo2", "aude2"):
        ander = bezoeker(vorm).aangemeld(naam)
        ander.ga(f"/dossiers/{dossier.nummer}/")
        ander.ziet("Hoogstens")
        ander.ga("/deminimis/")
        ander.ga(f"/dossiers/{dossier.nummer}/begrenzing/", status=403)
    alles_klopt()
