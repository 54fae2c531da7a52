"""The end of a budget year on a phone and a desktop: seen why not, closed, and its report found again."""

import pytest

from betalingen import services
from betalingen.models import Betaling
from kern import klok
from tests import bouw
from tests.browser.bezoeker import BUREAU, TELEFOON, Vorm
from tests.browser.conftest import Maak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
def test_a_year_is_closed_when_nothing_of_it_is_on_its_way(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    betaling = bouw.verstuurde_betaling(w)
    klok.zet(klok.brussel(2023, 1, 9, 10))
    beheer = bezoeker(vorm).aangemeld("beheer")
    beheer.ga("/kredieten/")
    beheer.link("2022 afsluiten")
    beheer.ziet("Dit jaar kan nog niet afgesloten worden")
    services.meld_uitbetaald(Betaling.objects.get(pk=betaling.pk), datum=klok.vandaag(), door=w.bo)
    beheer.ga("/begrotingsjaren/2022/")
    beheer.knop("Begrotingsjaar 2022 definitief afsluiten")
    beheer.ziet("Het begrotingsjaar 2022 is afgesloten.")
    aude = bezoeker(vorm).aangemeld("aude")
    aude.ga("/kredieten/?op=gisteren")
    aude.ziet("Deze dag kan niet.")
    aude.ga("/begrotingsjaren/2022/")
    aude.ziet("Controlespoor bij het afsluiten")
    aude.ga("/encours/?op=2022-12-31")
    aude.ziet("Wat op te kuisen is, staat bij de lijst van vandaag")
    bart = bezoeker(vorm).aangemeld("bart")
    bart.ga("/kredieten/")
    bart.link("2023 WELZIJN-EENZAAMHEID")
    bart.ziet("Er is in 2023 geen krediet van een ander artikel")
