"""A session that ends in the middle of a form: nothing typed is lost, and nothing is done unasked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kern import aanmelden, klok
from tests import bouw
from tests.bouw import Wereld
from tests.hulp import ongewijzigd
from tests.portaal.formulieren import (
    Geval,
    advies,
    begrenzing,
    begroting,
    browser,
    lid,
    onderteken,
    ontvankelijkheid,
    oordeel,
    organisatie,
    scoreblad,
    start,
    stuur_oproep_terug,
    terugsturen,
    toewijzen,
    uitbetaald,
    verslag,
    vragenlijst,
)
from tests.portaal.pagina import Pagina, keur

FORMULIEREN: list[Callable[[Wereld], Geval]] = [
    advies,
    begrenzing,
    begroting,
    lid,
    onderteken,
    ontvankelijkheid,
    oordeel,
    organisatie,
    scoreblad,
    start,
    stuur_oproep_terug,
    terugsturen,
    toewijzen,
    uitbetaald,
    verslag,
    vragenlijst,
]
GETYPT = "U was afgemeld. Meld u opnieuw aan; wat u typte, staat daarna nog in het formulier."
KNOP = "U was afgemeld en er is niets gewijzigd. Meld u opnieuw aan en probeer het nog eens."
TERUG = "U was afgemeld. Wat u typte staat hieronder; bewaar opnieuw."


@pytest.fixture
def wereld(gedeelde_wereld: Wereld) -> Wereld:
    return gedeelde_wereld


def _weg(client: Client) -> None:
    Session.objects.all().delete()


def _verlopen(client: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def _afgemeld_in_een_ander_tabblad(client: Client) -> None:
    assert client.post(reverse("account_logout")).status_code == 302


def meld_aan(client: Client, wie: Any, naar: str) -> str:
    """Sign in by the page that the browser was sent to; return where it goes on to."""
    p = keur(client.get(naar))
    assert p.hoofding == "Aanmelden"
    data = {"login": wie.email, "password": bouw.WACHTWOORD, "next": p.waarde("next")}
    antwoord = client.post(reverse("account_login"), data)
    assert antwoord.status_code == 302
    return str(antwoord["Location"])


@pytest.mark.parametrize("form", FORMULIEREN, ids=lambda form: form.__name__)
def test_what_was_typed_stands_in_the_form_after_signing_in(wereld: Wereld, form: Callable[[Wereld], Geval]):
    geval = form(wereld)
    wie = wereld.mensen[geval.wie]
    pagina = geval.pagina or geval.adres
    client = browser(wie)
    _weg(client)
    stuk = {geval.bestand: bouw.upload("besluit.pdf")} if geval.bestand else {}
    with ongewijzigd():
        antwoord = client.post(geval.adres, {**geval.goed, **stuk})
    assert (antwoord.status_code, antwoord["Location"]) == (302, f"{reverse('account_login')}?next={pagina}")
    erbij = " Bestanden konden we niet bewaren: kies ze na het aanmelden opnieuw." if stuk else ""
    assert keur(client.get(antwoord["Location"])).meldingen == [("warning", GETYPT + erbij)]
    assert meld_aan(client, wie, antwoord["Location"]) == pagina
    with ongewijzigd():
        p = keur(client.get(pagina))
        nog_eens = keur(client.get(pagina))  # reloading loses nothing either
    for bezoek in (p, nog_eens):
        erbij = " Bestanden moet u opnieuw kiezen." if stuk else ""
        assert bezoek.meldingen.count(("warning", TERUG + erbij)) == 1
        for sleutel, waarde in geval.goed.items():
            if bezoek.velden(sleutel):
                assert bezoek.waarde(sleutel) == str(waarde), sleutel
    assert [sleutel for sleutel in geval.goed if p.velden(sleutel)]
    # Sending it again does it, once, and then the page is its own again.
    stuk = {geval.bestand: bouw.upload("besluit.pdf")} if geval.bestand else {}
    assert client.post(geval.adres, {**geval.goed, **stuk}).status_code == 302
    client.get(reverse("mijn_werk"))
    opnieuw = client.get(pagina, follow=True)
    assert TERUG not in opnieuw.content.decode()


@pytest.mark.parametrize("einde", [_weg, _verlopen, _afgemeld_in_een_ander_tabblad])
def test_however_the_session_ended(wereld: Wereld, einde: Callable[[Client], None]):
    geval = begroting(wereld)
    client = browser(wereld.an)
    einde(client)
    antwoord = client.post(geval.adres, geval.goed)
    client.get(meld_aan(client, wereld.an, antwoord["Location"]))
    assert keur(client.get(geval.adres)).waarde("titel") == "Een andere titel"


def test_signing_in_lasts_as_long_as_ever(wereld: Wereld):
    # The session in which the form waits lives an hour; the one after signing in must not.
    geval = begroting(wereld)
    client = browser(wereld.an)
    _weg(client)
    antwoord = client.post(geval.adres, geval.goed)
    assert client.session.get_expiry_age() == 3600
    meld_aan(client, wereld.an, antwoord["Location"])
    assert client.session.get_expire_at_browser_close()


def test_after_an_hour_it_is_gone(wereld: Wereld):
    geval = begroting(wereld)
    client = browser(wereld.an)
    _weg(client)
    klok.zet(bouw.OPEN)
    antwoord = client.post(geval.adres, geval.goed)
    meld_aan(client, wereld.an, antwoord["Location"])
    klok.zet(bouw.OPEN + timedelta(seconds=3599))
    assert keur(client.get(geval.adres)).waarde("titel") == "Een andere titel"
    klok.zet(bouw.OPEN + timedelta(seconds=3600))
    p = keur(client.get(geval.adres))
    assert (p.waarde("titel"), p.meldingen) == ("De Warme Buurt", [])


def test_forms_in_five_tabs_are_kept_and_the_sixth_pushes_out_the_first(wereld: Wereld):
    client = Client()
    adressen = [reverse("dossier_vragen", args=[f"ZB-{nummer:05d}"]) for nummer in range(6)]
    for adres in adressen:
        client.post(adres, {"netwerk": f"Tekst van {adres}"})
    assert list(client.session["onderbroken"]) == adressen[1:]
    client.post(adressen[2], {"netwerk": "Nieuwer."})
    assert list(client.session["onderbroken"]) == [*adressen[1:2], *adressen[3:], adressen[2]]


def test_a_form_too_long_to_keep_stays_in_the_browser_and_the_page_says_so(wereld: Wereld):
    geval = begroting(wereld)
    tekst = "x" * (aanmelden.MAX_TEKENS + 1)
    antwoord = Client().post(geval.adres, {"titel": tekst})
    assert antwoord.status_code == 403
    assert "Uw tekst staat er nog." in keur(antwoord).tekst


def test_a_button_is_not_pressed_for_somebody_who_is_signed_out(wereld: Wereld):
    betaling = bouw.goedgekeurde_betaling(wereld)
    knoppen = {
        reverse("ronde_sluit", args=[wereld.ronde.pk]): reverse("ronde", args=[wereld.ronde.pk]),
        reverse("betaling_goedkeuren", args=[betaling.pk]): reverse("betaling", args=[betaling.pk]),
        reverse("betaalopdracht_versturen", args=[wereld.oproep.slug]): reverse("betalingen"),
        reverse("oproep_publiceer", args=[wereld.oproep.slug]): reverse("oproep_beheer", args=[wereld.oproep.slug]),
    }
    for adres, pagina in knoppen.items():
        client = browser(wereld.bo)
        _weg(client)
        with ongewijzigd():
            antwoord = client.post(adres, {"betalingen": [betaling.pk]})
        assert antwoord["Location"] == f"{reverse('account_login')}?next={pagina}"
        assert keur(client.get(antwoord["Location"])).meldingen == [("warning", KNOP)]
        assert "onderbroken" not in client.session


def test_files_only(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_bijlagen", args=[dossier.nummer])
    client = Client()
    with ongewijzigd():
        antwoord = client.post(adres, {"bestanden": [bouw.upload("plan.pdf")]})
    zin = f"{KNOP} Bestanden konden we niet bewaren: kies ze na het aanmelden opnieuw."
    assert keur(client.get(antwoord["Location"])).meldingen == [("warning", zin)]
    assert meld_aan(client, wereld.an, antwoord["Location"]) == adres


def test_somebody_else_who_signs_in_sees_nothing_of_it(wereld: Wereld):
    geval = begroting(wereld)
    client = browser(wereld.an)
    _weg(client)
    antwoord = client.post(geval.adres, geval.goed)
    naar = meld_aan(client, wereld.ben, antwoord["Location"])
    antwoord = client.get(naar)
    assert antwoord.status_code == 404
    assert "Een andere titel" not in antwoord.content.decode()


def test_a_mistake_in_what_was_kept_is_said_but_not_saved(wereld: Wereld):
    geval = begroting(wereld)
    client = browser(wereld.an)
    _weg(client)
    antwoord = client.post(geval.adres, geval.goed | {"gevraagd": "twaalf"})
    naar = meld_aan(client, wereld.an, antwoord["Location"])
    with ongewijzigd():
        p = keur(client.get(naar))
    assert p.waarde("gevraagd") == "twaalf"
    assert p.fouten("gevraagd") == ["Het bedrag 'twaalf' kan niet gelezen worden. Schrijf het als 1.234,56."]


def test_a_form_of_one_page_does_not_show_up_on_another(wereld: Wereld):
    # Two forms on the page of a payment post to addresses of their own.
    geval = terugsturen(wereld)
    client = browser(wereld.bart)
    _weg(client)
    antwoord = client.post(geval.adres, geval.goed)
    naar = meld_aan(client, wereld.bart, antwoord["Location"])
    ander = reverse("betaling", args=[int(naar.split("/")[2]) + 1])
    assert Pagina(client.get(ander)).meldingen[-1:] != [("warning", TERUG)]
    assert keur(client.get(naar)).waarde("reden") == "Kijk de rekening na."


def test_who_goes_to_a_page_first_signs_in_and_comes_back_with_the_filter(wereld: Wereld):
    adres = reverse("ronde", args=[wereld.ronde.pk]) + "?status=ingediend&pagina=2"
    client = Client()
    antwoord = client.get(adres)
    assert antwoord.status_code == 302
    assert meld_aan(client, wereld.bea, antwoord["Location"]) == adres
