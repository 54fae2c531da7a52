"""Cost claims on a phone and a desktop: filled in, handed in, judged; every page looked over."""

import pytest

from dossiers.kosten.models import Kostenregel, Kostenstaat
from tests import bouw
from tests.browser.bezoeker import BUREAU, TELEFOON, Vorm
from tests.browser.conftest import Maak
from tests.dossiers.kosten.hulp import lopend

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_a_claim_from_begin_to_end(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    spel = lopend(w, verdeel=False)
    an = bezoeker(vorm).aangemeld("an")
    an.ga(f"/dossiers/{spel.dossier.nummer}/kosten/")
    an.ziet("Nog geen kostenstaten")
    an.vul("Kosten van", "2022-03-01")
    an.vul("Tot en met", "2023-02-28")
    an.knop("Kostenstaat beginnen")
    an.ziet("Nog geen kosten")
    an.link("Een kost toevoegen")
    an.knop("Bewaren", status=422)
    an.kies("Kostensoort", "Werkingskosten")
    an.vul("Waarvoor diende het?", "Affiches voor de buurttafel")
    an.vul("Bedrag", "123,45")
    an.vul("Datum van de factuur", "2022-06-01")
    an.vul("Betaald op", "2022-06-09")
    an.knop("Bewaren")
    staat = Kostenstaat.objects.get()
    an.ga(f"/kostenstaten/{staat.pk}/inlezen/")
    an.ga(f"/kostenstaten/{staat.pk}/gegevens/")
    an.ga(f"/kostenstaten/{staat.pk}/")
    an.link("De begroting verdelen")
    for rij in spel.dossier.begrotingsregels.filter(soort="kost"):
        an.kies(rij.omschrijving, "Werkingskosten")
    an.knop("Bewaren")
    an.ga(f"/kostenstaten/{staat.pk}/")
    an.knop("Kostenstaat indienen")
    an.ziet("Wat we nu van u vragen")
    an.ga(f"/kostenregels/{Kostenregel.objects.get().pk}/")
    an.bestand("Bewijsstuk", "factuur.pdf")
    an.knop("Bewijsstuk toevoegen")
    bea = bezoeker(vorm).aangemeld("bea")
    bea.taak("Kostenstaat 1 van")
    bea.knop("Oordeel bewaren", status=422)
    bea.page.locator("input[name=regels]").check()
    bea.kies("Helemaal aanvaarden")
    bea.knop("Oordeel bewaren")
    bea.knop("Nazicht afronden")
    bea.ziet("Nagekeken")
    bea.ga("/kostenstaten/")
    bea.ga(f"/kostenregels/{Kostenregel.objects.get().pk}/")
    an.ga(f"/dossiers/{spel.dossier.nummer}/kosten/")
    an.ziet("129,62")
