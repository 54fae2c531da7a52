"""A project that is stopped or given up: everything that is not paid lapses, also what came back from the bank."""

import pytest
from django.urls import reverse

from betalingen import services
from betalingen.models import Betaling, Journaalregel
from dossiers.models import Dossier
from kern import klok
from kern.weg import redenen_tegen
from tests.betalingen.test_terugkeer import REDEN, VANDAAG, K, betaal, betaling, geboekt, meld, w  # noqa: F401
from tests.hulp import alles_klopt, feit, geschiedenis
from tests.portaal.pagina import keur
from tests.proef import cijfers, krediet

pytestmark = pytest.mark.django_db

BEIDE = pytest.mark.parametrize(
    ("daad", "wie", "status"), [(services.zet_stop, "bart", "stopgezet"), (services.verzaak, "an", "verzaakt")]
)
LATER = klok.brussel(2023, 3, 6, 10)


def stop(w, daad=services.zet_stop, wie="bart"):  # noqa: F811
    return daad(Dossier.objects.get(), reden="Geen buurtwerker", door=w.mensen[wie])


def schijven():
    return list(Betaling.objects.order_by("schijf__volgorde").values_list("status", flat=True))


@BEIDE
@pytest.mark.parametrize("stap", ["te_controleren", "gepland", "goedgekeurd"])
def test_what_came_back_lapses_with_its_project(w, daad, wie, status, stap):  # noqa: F811
    betaal(w)
    meld(w)
    if stap == "gepland":
        services.stuur_betaling_terug(betaling(), reden="Wacht op rekening", door=w.bart)
    if stap == "goedgekeurd":
        services.keur_betaling_goed(betaling(), door=w.bart)
    dossier, voor = Dossier.objects.get(), Journaalregel.objects.count()
    with geschiedenis() as nieuw:
        stop(w, daad, wie)
    inhoud = {"reden": "Geen buurtwerker", "geannuleerd_cent": 100 * K}
    naam = "dossier.zet_stop" if status == "stopgezet" else "dossier.verzaak"
    assert [nieuw.feiten[0], nieuw.feiten[-1]] == [
        feit(dossier, naam, w.mensen[wie], "in_uitvoering", status, inhoud),
        feit(betaling(), naam, w.mensen[wie], stap, "vervallen", {"tegenvereffening_cent": 50 * K}),
    ]
    assert len(nieuw.feiten) == 4
    assert schijven() == ["vervallen"] * 3
    regels = Journaalregel.objects.order_by("pk")[voor:]
    assert list(regels.values_list("soort", "bedrag_cent", "betaling", "feitdatum", "krediet__jaar")) == [
        ("tegenvereffening", -50 * K, betaling().pk, VANDAAG, 2022),
        ("annulering", -100 * K, None, VANDAAG, 2022),
    ]
    for onderwerp in (dossier, w.oproep, krediet(2022)):
        assert cijfers(onderwerp) == {}
    alles_klopt()


def test_in_a_later_year_the_charge_and_the_commitment_are_undone_on_their_own_credits(w):  # noqa: F811
    betaal(w)
    meld(w)
    klok.zet(LATER)
    stop(w)
    assert geboekt()[-1] == ("tegenvereffening", -50 * K, LATER.date(), 2022)
    assert cijfers(krediet(2022)) == {"vervallen": 100 * K}
    assert cijfers(krediet(2023)) == {}
    alles_klopt()


@pytest.mark.parametrize("eerst_betaald", [True, False])
def test_what_comes_back_after_its_project_ended_lapses_at_once(w, client, eerst_betaald):  # noqa: F811
    if eerst_betaald:
        betaal(w)
    stop(w)
    assert schijven()[1:] == ["vervallen", "vervallen"]
    assert cijfers(Dossier.objects.get())["vereffend"] == 50 * K
    alles_klopt()
    client.force_login(w.bo)
    klok.zet(LATER)
    with geschiedenis() as nieuw:
        antwoord = client.post(
            reverse("betaling_geweigerd", args=[betaling().pk]),
            {"geweigerd-datum": "2022-02-01", "geweigerd-reden": REDEN},
            follow=True,
        )
    zin = "Het project is gestopt: de betaling is vervallen, en haar vastlegging is geannuleerd. "
    assert keur(antwoord).meldingen == [("success", zin + "De aanvrager krijgt bericht.")]
    assert [(aan, tekst.split("\n\n")[-1]) for aan, _, tekst in nieuw.mails] == [
        ("an@voorbeeld.test", "Het project is stopgezet. Daarom betalen wij dit bedrag niet meer.")
    ]
    assert betaling().status == "vervallen"
    assert geboekt()[-1] == ("tegenvereffening", -50 * K, VANDAAG, 2022)
    assert cijfers(Dossier.objects.get()) == {}
    assert cijfers(krediet(2022)) == {}
    alles_klopt()


def test_stopping_says_what_is_cancelled(w, client):  # noqa: F811
    client.force_login(w.bart)
    adres = reverse("dossier_vastlegging", args=[Dossier.objects.get().nummer])
    zin = "Elke schijf die niet betaald is, vervalt. Daarvoor wordt € {} geannuleerd"
    assert zin.format("50.000,00") in keur(client.get(adres)).tekst
    meld(w)
    assert zin.format("100.000,00") in keur(client.get(adres)).tekst


def test_a_payment_lapses_with_its_project_only(w):  # noqa: F811
    meld(w)
    rij = betaling()
    assert redenen_tegen(rij, "verval_met_project") == ["Het project van deze betaling loopt nog."]
