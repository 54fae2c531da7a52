"""Pages beside the six steps, and pages with more or longer data than one expects, on a phone and a desktop."""

import re

import pytest

from beoordeling.models import Besluit
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.models import Verslag
from kern import klok
from tests import bouw
from tests.browser.bezoeker import BUREAU, TELEFOON, Vorm
from tests.browser.conftest import Maak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

vormen = pytest.mark.parametrize("vorm", [TELEFOON, BUREAU], ids=str)
LANG = "Zorgzamebuurtontmoetingsplaatsenvrijwilligerswerking" * 3 + " en nog wat"


@vormen
def test_public_pages(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    gast = bezoeker(vorm)
    slug = w.oproep.slug
    for pad in ("/", f"/oproepen/{slug}/", "/over/", "/privacy/", "/toegankelijkheid/", "/account/signup/"):
        gast.ga(pad)
    gast.ga("/account/password/reset/")
    gast.ga("/bestaat-niet/", status=404)
    gast.ga("/dossiers/ZB-00001/", status=200)
    gast.ziet("Aanmelden")
    gast.vul("E-mailadres", "niemand@voorbeeld.test")
    gast.vul("Wachtwoord", "fout")
    gast.knop("Aanmelden")
    gast.ziet("Er is een probleem")
    # After the deadline, and before anything was published for this round.
    klok.zet(bouw.GESLOTEN)
    gast.ga(f"/oproepen/{slug}/")
    gast.ziet("deze ronde is voorbij")


@vormen
def test_pages_of_an_account(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    stan = bezoeker(vorm).aangemeld("stan")
    stan.ziet("Er wacht niets op u")
    for pad in ("/account/email/", "/account/password/change/", "/account/logout/", "/organisaties/nieuw/"):
        stan.ga(pad)
    stan.knop("Registreren", status=422)
    stan.ga(f"/oproepen/{w.oproep.slug}/vlaanderen/aanvragen/")
    stan.ziet("Registreer eerst uw organisatie")
    stan.ga("/budgetstand/", status=403)
    an = bezoeker(vorm).aangemeld("an")
    an.ga(f"/organisaties/{w.aartselaar.pk}/")
    an.knop("Toevoegen", status=422)


@vormen
def test_long_titles_and_forty_attachments(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    dossier = bouw.volledig(w, titel=LANG[:200])
    for nummer in range(39):
        naam = f"bijlage-{nummer}-{'met-een-lange-naam-' * 5}.pdf"
        opmaak.voeg_bijlage_toe(dossier, bouw.upload(naam, bouw.PDF + bytes([nummer])), door=w.an)
    an = bezoeker(vorm).aangemeld("an")
    for stap in ("vragen", "begroting", "bijlagen", "indienen"):
        an.ga(f"/dossiers/{dossier.nummer}/{stap}/")
    an.knop("Dossier indienen")
    for pad in ("/mijn-werk/", f"/dossiers/{dossier.nummer}/"):
        an.ga(pad)
    bea = bezoeker(vorm).aangemeld("bea")
    bouw.sluit(w)
    for pad in ("", "ontvankelijkheid/"):
        bea.ga(f"/dossiers/{dossier.nummer}/{pad}")
    for pad in ("/dossiers/", f"/rondes/{w.ronde.pk}/", f"/beheer/oproepen/{w.oproep.slug}/"):
        bea.ga(pad)


@vormen
def test_lists_that_are_empty_and_decisions_of_every_kind(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.wereld()
    bea = bezoeker(vorm).aangemeld("bea")
    for pad in ("/dossiers/", "/verslagen/", "/betalingen/", "/budgetstand/", f"/rondes/{w.ronde.pk}/"):
        bea.ga(pad)
    for status in ("gepland", "goedgekeurd", "verstuurd", "uitbetaald"):
        bea.ga(f"/betalingen/?status={status}")
        bea.ziet("Geen betalingen")
    # One is awarded, one refused; the first owes a report that is late.
    toegekend, geweigerd = bouw.gescoord(w, {"an": 8, "ben": 4})
    klok.zet(bouw.BESLIST)
    besluit = bouw.onderteken(
        w, bouw.beoordeling.leg_besluit_voor(bouw.beoordeling.stel_voor(w.ronde, door=w.bea), door=w.bea)
    )
    bouw.beoordeling.geef_kennis(besluit, door=w.bea)
    klok.zet(klok.brussel(2023, 6, 1, 9))
    bea.ga(f"/besluiten/{Besluit.objects.get().pk}/")
    bea.ga("/dossiers/?status=afgerond")
    bea.ziet("Geen dossiers gevonden")
    bea.ga("/verslagen/")
    bea.ziet("Te laat")
    an, ben = bezoeker(vorm).aangemeld("an"), bezoeker(vorm).aangemeld("ben")
    an.ga(f"/dossiers/{toegekend.nummer}/")
    an.ziet("Wat we nu van u vragen")
    verslag = Verslag.objects.filter(dossier=toegekend).earliest("uiterlijk")
    dossiers.dien_verslag_in(verslag, tekst="Kort.", kosten_cent=100, bestand=None, door=w.an)
    dossiers.stuur_verslag_terug(verslag, beoordeling="Vertel meer over de buurt.", door=w.bea)
    an.ga(f"/dossiers/{toegekend.nummer}/")
    an.ziet("Aan te vullen")
    an.link(re.compile("verslag indienen"))
    an.vul("Welke kosten", "veel")
    an.knop("Verslag indienen", status=422)
    ben.ga(f"/dossiers/{geweigerd.nummer}/")
    ben.ziet("Uw project krijgt geen subsidie")
    ben.ga(f"/dossiers/{toegekend.nummer}/", status=404)
