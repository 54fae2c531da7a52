"""An instalment on a phone and a desktop: a condition, a balance settled, a schuldvordering; every page looked over."""

import pytest

from betalingen.models import Betaling
from tests import bouw
from tests.betalingen import schema
from tests.browser.bezoeker import BUREAU, TELEFOON, Vorm
from tests.browser.conftest import Maak
from tests.hulp import alles_klopt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_from_a_condition_to_the_last_instalment(vorm: Vorm, bezoeker: Maak) -> None:
    spel = schema.lopend(bouw.wereld())
    w, laatste = spel.w, spel.betaling(3)
    bea = bezoeker(vorm).aangemeld("bea")
    bea.ga("/betalingen/?status=gepland")
    bea.ziet("Nog te bevestigen: De stuurgroep kwam samen.")
    bea.ga(f"/betalingen/{spel.betaling(2).pk}/")
    bea.link("Voorbereiden: voorwaarde")
    bea.knop("Bevestigen dat eraan voldaan is", status=422)
    bea.vul("Hoe is eraan voldaan?", "Verslag van 3 april.")
    bea.knop("Bevestigen dat eraan voldaan is")
    bea.ziet("Alles is er.")
    schema.betaal(w, spel.betaling(1))
    schema.betaal(w, spel.betaling(2))
    schema.nagekeken(spel, 40_000_00)
    bea.ga("/betalingen/?status=gepland&gereed=nee")
    bea.ga(f"/betalingen/{laatste.pk}/voorbereiden/")
    bea.ziet("Hoe het saldo berekend is")
    bea.knop("Saldo afrekenen")
    bea.ziet("De begunstigde diende nog niets in.")
    an = bezoeker(vorm).aangemeld("an")
    an.ga(f"/dossiers/{spel.dossier.nummer}/")
    an.link("Schuldvordering indienen voor saldo")
    an.knop("Indienen", status=422)
    an.ziet("Voeg de ondertekende schuldvordering toe.")
    an.bestand("Ondertekende schuldvordering (pdf)", "schuldvordering.pdf")
    an.knop("Indienen")
    an.ziet("Wij hebben dit goed ontvangen.")
    an.ga(f"/betalingen/{laatste.pk}/aanvragen/")
    bea.ga(f"/betalingen/{laatste.pk}/voorbereiden/")
    bea.knop("Aanvaarden")
    bea.ziet("Alles is er.")
    schema.betaal(w, Betaling.objects.get(pk=laatste.pk))
    bea.ga(f"/betalingen/{laatste.pk}/voorbereiden/")
    alles_klopt()
