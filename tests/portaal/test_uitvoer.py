"""Long exports: asked for, made by the runner, shown, downloaded by who asked, gone after a week."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from betalingen.models import Journaalregel
from kern import klok, outbox, uitvoer
from kern.models import Uitgaand, Uitvoer
from kern.weigering import Weigering
from organisaties.models import Gebruiker
from tests import bouw
from tests.bladen import csv_rijen, inhoud, rijen, toelichting
from tests.hulp import basis, ongewijzigd, weigering, wereld
from tests.portaal import formulieren
from tests.portaal.pagina import keur

__all__ = ["basis", "wereld"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def w(wereld: bouw.Wereld, settings: Any) -> bouw.Wereld:
    """An award with its journal; one row is already long."""
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2022, 3, 4, 9))
    settings.UITVOER_DIRECT_RIJEN = 1
    outbox.sla_nagespeelde_over()
    return wereld


@pytest.fixture
def browser(w: bouw.Wereld) -> Any:
    return formulieren.browser(w.bart)


def vraag(browser: Any, lijst: str = "grootboek", zoek: str = "formaat=csv", formaat: str = "csv") -> Any:
    data = {"lijst": lijst, "vraag": zoek, "formaat": formaat}
    return browser.post(reverse("uitvoer_vragen"), data, follow=True)


def test_a_long_list_is_asked_for_made_mailed_and_downloaded(w, browser, settings):
    p = keur(browser.get(reverse("grootboek_bestand") + "?jaar=2022&formaat=csv"))
    velden = {
        e.attrs["name"]: e.attrs.get("value") for e in p.alle("input") if e.attrs.get("name") != "csrfmiddlewaretoken"
    }
    assert velden == {"lijst": "grootboek", "vraag": "jaar=2022&formaat=csv", "formaat": "csv"}
    uit = browser.post(reverse("uitvoer_vragen"), velden, follow=True)
    assert "Het bestand wordt zo dadelijk gemaakt." in keur(uit).tekst
    assert b'http-equiv="refresh"' in uit.content
    rij = Uitvoer.objects.get()
    assert browser.get(reverse("uitvoer_bestand", args=[rij.pk])).status_code == 404
    outbox.werk_alles_af()
    rij.refresh_from_db()
    assert (rij.status, rij.gedaan, rij.totaal, rij.procent) == ("klaar", 3, 3, 100)
    uit = browser.get(reverse("uitvoer", args=[rij.pk]))
    assert "grootboek-2022-03-04.csv, 3 rijen." in keur(uit).tekst and b"http-equiv" not in uit.content
    antwoord = browser.get(reverse("uitvoer_bestand", args=[rij.pk]))
    achtergrond = inhoud(antwoord)
    settings.UITVOER_DIRECT_RIJEN = 100
    meteen = browser.get(reverse("grootboek_bestand") + "?jaar=2022&formaat=csv")
    assert achtergrond == inhoud(meteen)
    for kop in ("Content-Disposition", "Content-Type", "Content-Security-Policy", "Cache-Control"):
        assert antwoord[kop] == meteen[kop]
    mail = Uitgaand.objects.get(soort="mail", sleutel__startswith=f"mail uitvoer {rij.pk} ")
    assert (mail.inhoud["aan"], mail.inhoud["pad"]) == (w.bart.email, f"/uitvoer/{rij.pk}/")
    assert mail.inhoud["onderwerp"] == "Uw bestand staat klaar: Grootboek"


@pytest.mark.parametrize(
    ("lijst", "zoek"),
    [
        ("betalingen", "status=gepland"),
        ("encours", ""),
        ("dossiers", "sorteer=titel"),
        ("grootboek", "soort=vastlegging"),
    ],
)
def test_the_sheet_is_the_one_of_the_page(w, browser, settings, lijst, zoek):
    vraag(browser, lijst, f"{zoek}&formaat=xlsx", "xlsx")
    outbox.werk_alles_af()
    achtergrond = inhoud(browser.get(reverse("uitvoer_bestand", args=[Uitvoer.objects.get().pk])))
    settings.UITVOER_DIRECT_RIJEN = 100
    meteen = inhoud(browser.get(f"{reverse(f'{lijst}_bestand')}?{zoek}&formaat=xlsx"))
    assert rijen(achtergrond) == rijen(meteen) != []
    assert toelichting(achtergrond) == toelichting(meteen)


def test_a_short_list_is_given_at_once(w, browser, settings):
    settings.UITVOER_DIRECT_RIJEN = 3
    with ongewijzigd():
        assert len(csv_rijen(inhoud(browser.get(reverse("grootboek_bestand") + "?formaat=csv")))) == 3
    settings.UITVOER_DIRECT_RIJEN = 2
    with ongewijzigd():
        assert "Deze lijst is lang." in keur(browser.get(reverse("grootboek_bestand") + "?formaat=csv")).tekst


def test_asking_twice_is_one_job(w, browser):
    vraag(browser)
    with ongewijzigd():
        vraag(browser)
    vraag(browser, zoek="jaar=2022")
    vraag(formulieren.browser(w.bo))
    assert Uitvoer.objects.count() == Uitgaand.objects.filter(soort="uitvoer").count() == 3
    outbox.werk_alles_af()
    with ongewijzigd():
        uitvoer.maak({"uitvoer": Uitvoer.objects.order_by("pk")[0].pk, "poging": 1})  # a runner that died after it
    vraag(browser)
    assert Uitvoer.objects.count() == 4


def test_only_who_asked_sees_it(w, browser):
    vraag(browser)
    outbox.werk_alles_af()
    rij = Uitvoer.objects.get()
    for wie in (w.bo, w.bea, w.beheer, w.an):
        ander = formulieren.browser(wie)
        for adres in ("uitvoer", "uitvoer_bestand"):
            assert ander.get(reverse(adres, args=[rij.pk])).status_code == 404


def test_who_lost_the_task_gets_nothing(w, browser):
    from oproepen.models import Taak

    vraag(browser)
    Taak.objects.filter(gebruiker=w.bart).delete()
    outbox.werk_alles_af()
    rij = Uitvoer.objects.get()
    assert (rij.status, rij.zin, rij.pad) == ("mislukt", "U hebt geen recht op deze handeling.", "")


def test_who_cannot_sign_in_any_more_gets_nothing(w, browser):
    vraag(browser)
    Gebruiker.objects.filter(pk=w.bart.pk).update(is_active=False)
    outbox.werk_alles_af()
    assert Uitvoer.objects.get().zin == "Deze gebruiker kan zich niet meer aanmelden."


@pytest.mark.parametrize(
    ("fout", "zin"),
    [
        (Weigering("te_veel_rijen", "Dit zijn te veel rijen."), "Dit zijn te veel rijen."),
        (OSError("vol"), uitvoer.MISLUKT),
    ],
)
def test_a_failure_says_so_and_can_be_tried_again(w, browser, monkeypatch, fout, zin):
    def kapot(*_: Any) -> int:
        raise fout

    uit = vraag(browser)
    with monkeypatch.context() as m:
        m.setitem(uitvoer.FORMATEN, "csv", (kapot, "text/csv"))
        outbox.werk_alles_af()
    rij = Uitvoer.objects.get()
    assert (rij.status, rij.zin) == ("mislukt", zin)
    adres = uit.request["PATH_INFO"]
    assert zin in keur(browser.get(adres)).tekst
    assert not Uitgaand.objects.filter(soort="mail", klaar_op=None).exists()
    uit = browser.post(adres, follow=True)
    assert "Het bestand wordt zo dadelijk gemaakt." in keur(uit).tekst
    with ongewijzigd():
        browser.post(adres)
    outbox.werk_alles_af()
    assert len(csv_rijen(inhoud(browser.get(reverse("uitvoer_bestand", args=[rij.pk]))))) == 3


def test_a_runner_that_dies_every_time_is_a_failure_too(w, browser):
    vraag(browser)
    rij = Uitvoer.objects.get()
    Uitvoer.objects.update(status="bezig")
    Uitgaand.objects.filter(soort="uitvoer").update(opgegeven_op=klok.nu())
    assert uitvoer.MISLUKT in keur(browser.get(reverse("uitvoer", args=[rij.pk]))).tekst
    browser.post(reverse("uitvoer", args=[rij.pk]))
    outbox.werk_alles_af()
    assert Uitvoer.objects.get().status == "klaar"


def test_after_a_week_it_is_gone_and_can_be_made_again(w, browser):
    vraag(browser)
    outbox.werk_alles_af()
    rij = Uitvoer.objects.get()
    pad = rij.pad
    adres = reverse("uitvoer", args=[rij.pk])
    klok.zet(klok.nu() + timedelta(days=7) - timedelta(seconds=1))
    outbox.werk_alles_af()
    assert default_storage.exists(pad)
    inhoud(browser.get(reverse("uitvoer_bestand", args=[rij.pk])))
    klok.zet(klok.nu() + timedelta(seconds=1))
    assert browser.get(reverse("uitvoer_bestand", args=[rij.pk])).status_code == 404
    outbox.werk_alles_af()
    assert not default_storage.exists(pad)
    assert "Dit bestand is verwijderd: wij bewaren het zeven dagen." in keur(browser.get(adres)).tekst
    browser.post(adres)
    outbox.werk_alles_af()
    assert len(csv_rijen(inhoud(browser.get(reverse("uitvoer_bestand", args=[rij.pk]))))) == 3


def test_the_page_hears_how_far_it_is_and_the_lease_is_kept(w, browser, monkeypatch):
    monkeypatch.setattr(uitvoer, "STAP", 1)
    gezien = []

    def traag(blad: Any, bestand: Any) -> int:
        for nummer, _ in enumerate(blad.rijen, 1):
            rij = Uitvoer.objects.get()
            uitgaand = Uitgaand.objects.get(soort="uitvoer")
            gezien.append((rij.status, rij.gedaan, rij.totaal, rij.procent, uitgaand.lease_tot - klok.nu()))
            if nummer == 2:
                assert "Het bestand wordt gemaakt: 66%, 2 van 3 rijen." in keur(browser.get(adres)).tekst
            klok.zet(klok.nu() + timedelta(minutes=4))
        return nummer

    adres = vraag(browser).request["PATH_INFO"]
    monkeypatch.setitem(uitvoer.FORMATEN, "csv", (traag, "text/csv"))
    outbox.werk_een_af()
    assert gezien == [("bezig", n, 3, n * 100 // 3, outbox.LEASE) for n in (1, 2, 3)]


def test_what_is_no_list_is_not_found(w, browser):
    for lijst, zoek in (("x", ""), ("grootboek", "x" * 2001), ("grootboek", "\x00")):
        with ongewijzigd():
            data = {"lijst": lijst, "vraag": zoek, "formaat": "csv"}
            assert browser.post(reverse("uitvoer_vragen"), data).status_code == 404
    with weigering("geen_recht"), ongewijzigd():
        uitvoer.vraag_aan(w.an, lijst="grootboek", vraag="", formaat="csv")
    assert Journaalregel.objects.count() == 3
