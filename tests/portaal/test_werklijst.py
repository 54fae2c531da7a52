"""The number in the header: always the number of lines on Mijn werk, for everybody, on every page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisaties.models import Gebruiker
from portaal import werklijst
from tests.hulp import teruggedraaid
from tests.portaal.pagina import Pagina, keur
from tests.portaal.toneel import ROLLEN, Toneel


def teller(p: Pagina) -> int:
    """Return the number in the header; 0 when there is none."""
    links = p.met_klasse("wie__wacht")
    if not links:
        return 0
    assert links[0].attrs["href"] == reverse("mijn_werk")
    return int(links[0].tekst.removesuffix(" voor u"))


def regels(p: Pagina) -> int:
    """Return the number of lines of the work list."""
    return len(p.met_klasse("govuk-task-list__item"))


def test_everybody_sees_the_number_of_lines_of_mijn_werk(toneel: Toneel):
    gezien = {}
    for naam, wie in toneel.w.mensen.items():
        if not isinstance(wie, Gebruiker) or not wie.is_active:
            continue
        client = toneel.browser(wie)
        p = keur(client.get(reverse("mijn_werk")))
        elders = [keur(client.get(reverse(adres))) for adres in ("over", "home", "organisatie_nieuw")]
        assert {teller(e) for e in elders} == {teller(p)} == {regels(p)}, naam
        gezien[naam] = regels(p)
    # What the world holds for whom may grow; that it holds something for every role is what makes the test one.
    assert {naam for naam in ("stan", "aude", "an", "ben", "bea", "joke", "vic", "bart") if not gezien[naam]} == {
        "stan",
        "aude",
    }


@pytest.mark.parametrize("rol", ROLLEN[1:])
def test_the_dossier_page_counts_it_along(toneel: Toneel, rol: str):
    client = toneel.browser(toneel.speler(rol))
    aantal = regels(keur(client.get(reverse("mijn_werk"))))
    antwoord = client.get(reverse("dossier", args=[toneel.dossier(4).nummer]))
    # An error counts nothing.
    assert teller(keur(antwoord)) == (aantal if antwoord.status_code == 200 else 0)


def test_a_list_that_is_cut_off_counts_what_it_shows(toneel: Toneel, monkeypatch: pytest.MonkeyPatch):
    client = toneel.browser(toneel.w.vic)
    heel = regels(keur(client.get(reverse("mijn_werk"))))
    monkeypatch.setattr(werklijst, "MEESTE_ADVIEZEN", 1)
    assert regels(keur(client.get(reverse("mijn_werk")))) == teller(keur(client.get(reverse("over")))) == heel - 1


def test_what_is_done_is_no_longer_counted(toneel: Toneel):
    client = toneel.browser(toneel.w.bea)
    voor = teller(keur(client.get(reverse("over"))))
    with teruggedraaid():
        ronde = toneel.w.ronde("vlaanderen", 7)
        assert client.post(reverse("ronde_stel_voor", args=[ronde.pk])).status_code == 302
        # The round asks no more; its decision does.
        assert teller(keur(client.get(reverse("over")))) == voor
        besluit = ronde.besluiten.get()
        assert client.post(reverse("besluit_leg_voor", args=[besluit.pk])).status_code == 302
        assert teller(keur(client.get(reverse("over")))) == voor - 1


def test_a_visitor_costs_nothing(toneel: Toneel):
    with CaptureQueriesContext(connection) as gevraagd:
        p = keur(Client().get(reverse("over")))
    assert len(gevraagd) == 0
    assert p.met_klasse("wie__wacht") == []
