"""Books elsewhere on a phone and a desktop: out, back in, a difference, its explanation; every page looked over."""

import re
from pathlib import Path

import pytest

from beoordeling.models import Besluit
from betalingen import services
from betalingen.models import Betaling
from dossiers.models import Dossier
from tests import bouw
from tests.betalingen import elders
from tests.betalingen.elders import DAG
from tests.browser.bezoeker import BUREAU, TELEFOON, Bezoeker, Vorm
from tests.browser.conftest import Maak
from tests.hulp import alles_klopt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KOP = "Soort;Dossier;Vastleggingsnummer;Stuknummer;Referentie;Bedrag;Datum"


def download(wie: Bezoeker) -> list[str]:
    """Take the list on the page as a csv, and return its lines."""
    with wie.page.expect_download() as gekomen:
        wie.page.get_by_role("link", name="als csv").click()
    return Path(gekomen.value.path()).read_text(encoding="utf-8-sig").splitlines()


def lees_in(wie: Bezoeker, *regels: str) -> None:
    """Bring lines back, from the page of the books."""
    wie.ga("/boekhouding/")
    wie.link("Feiten uit de boekhouding inlezen")
    wie.kies("Feiten uit de boekhouding")
    inhoud = "\r\n".join([KOP, *regels]).encode()
    wie.page.get_by_label("Rekenblad").set_input_files({"name": "feiten.csv", "mimeType": "text/csv", "buffer": inhoud})
    wie.knop("Bekijk wat er zou gebeuren")
    wie.ziet("Er is nog niets gewijzigd.")
    wie.knop(re.compile("inlezen$"))


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_out_and_back_with_a_difference(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    beheer = bezoeker(vorm).aangemeld("beheer")
    beheer.ga("/beheer/")
    beheer.link("Boekhouding van verstrekkers")
    beheer.knop("Instellen", status=422)
    elders.getekend(w)
    beheer.ga("/beheer/boekhouding/")
    een, twee = [str(rij.nummer) for rij in Dossier.objects.order_by("pk")]
    bo = bezoeker(vorm).aangemeld("bo")
    bo.ga("/mijn-werk/")
    bo.link(re.compile("wacht op zijn vastlegging"))
    bo.ziet("Vast te leggen (2)")
    assert [regel.split(";")[2] for regel in download(bo)[1:3]] == [een, twee]
    lees_in(bo, f"vastlegging;{een};V-1;;;100000;{DAG}", f"vastlegging;{twee};V-2;;;90000;{DAG}")
    bo.ga("/mijn-werk/")
    bo.link("Verschillen met de boekhouding nakijken")
    bo.ziet("Het bedrag van de vastlegging is hier 100.000,00 euro.")
    bo.page.get_by_text("Verklaren").first.click()
    bo.knop("Verklaren", status=422)
    bo.vul("Waarom mag dit verschil blijven?", "Een tikfout; ze wordt verbeterd.")
    bo.knop("Verklaren")
    bo.link("Verklaard (1)")
    bo.ziet("Een tikfout; ze wordt verbeterd.")
    bo.link("Vast te leggen (1)")
    bo.link(f"Vastlegging registreren van {twee}")
    bo.knop("Registreren", status=422)
    bo.vul("Vastleggingsnummer", "V-2")
    bo.knop("Registreren")
    bo.ziet("Er wacht geen toekenning op haar vastlegging.")
    betaal(w, bo)
    aude = bezoeker(vorm).aangemeld("aude")
    for pad in ("/boekhouding/?lijst=betalingen", "/boekhouding/?lijst=verschillen", "/encours/", "/grootboek/"):
        aude.ga(pad)
    alles_klopt()


def betaal(w: bouw.Wereld, bo: Bezoeker) -> None:
    """Send both first instalments; report the charge and the payment of one, by hand."""
    bouw.beoordeling.geef_kennis(Besluit.objects.get(), door=w.bea)
    rijen = list(Betaling.objects.filter(schijf__volgorde=1).order_by("pk"))
    for rij in rijen:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    bo.ga("/betalingen/?status=goedgekeurd")
    bo.knop("Gekozen betalingen versturen")
    bo.ziet("Geef ze nu door aan het boekhoudsysteem van de verstrekker.")
    bo.ga("/betalingen/")
    bo.link("boekhouding")
    bo.link("Te betalen (2)")
    bo.ziet("Totaal, alle bladzijden")
    assert len(download(bo)) >= 3
    bo.ga(f"/betalingen/{rijen[0].pk}/")
    bo.link("Vereffening registreren")
    bo.knop("Registreren", status=422)
    bo.vul("Stuknummer", "19-0001")
    bo.knop("Registreren")
    bo.ziet("Uitbetaald melden")
    bo.knop("Melden")
    bo.ga("/boekhouding/?lijst=betalingen")
    bo.ziet("Te betalen (1)")
