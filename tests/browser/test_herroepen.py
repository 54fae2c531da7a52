"""Money on a phone and a desktop: a mistake taken back, and from a figure that looks ahead to what makes it."""

import re

import pytest

from betalingen import services
from betalingen.models import Afschriftregel
from kern import klok
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.bank.afschrift import ontvangst, schrijf
from tests.betalingen.terug import K
from tests.betalingen.test_terugvordering_afschrift import LEZEN, ogm
from tests.browser.bezoeker import BUREAU, TELEFOON, Vorm
from tests.browser.conftest import Maak
from tests.hulp import alles_klopt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_a_mistake_is_taken_back(vorm: Vorm, bezoeker: Maak) -> None:
    w = terug.betaald(bouw.wereld())
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    klok.zet(LEZEN)
    services.lees_afschrift(schrijf([ontvangst(2 * K, ogm=ogm(rij))]), door=w.bo)
    bo = bezoeker(vorm).aangemeld("bo")
    bo.ga(f"/terugvorderingen/{rij.pk}/")
    bo.page.locator("summary", has_text="Ontvangst herroepen").click()
    bo.knop("Ontvangst herroepen", status=422)
    bo.kies("13/03/2022, 5.000,00 euro, 2022/0042")
    bo.vul("Waarom klopt deze ontvangst niet?", "Dit was geld van Boom.")
    bo.knop("Ontvangst herroepen")
    bo.ziet("Herroepen: Dit was geld van Boom.")
    regel = Afschriftregel.objects.get()
    bo.ga(f"/afschriften/{regel.regel.afschrift_id}/")
    bo.page.locator("summary", has_text="Herroepen").click()
    bo.vul("Waarom hoort deze regel hier niet bij?", "Dit is van een ander dossier.")
    bo.knop(re.compile("^Herroepen$"))
    bo.ziet("De verwerking is herroepen.")
    assert terug.vers_gelezen(rij).ontvangen_cent == 0
    bo.ga("/budgetstand/vooruitblik/")
    bo.ga("/budgetstand/vooruitblik/schijven/")
    bo.ziet("Schijven: nog uit te betalen")
    alles_klopt()
