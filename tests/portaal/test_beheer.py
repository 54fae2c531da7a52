"""The administrator gives a known organisation its first tekenbevoegde; nobody else can."""

import pytest
from django.test import Client
from django.urls import reverse

from organisaties.models import Gebruiker, Lidmaatschap, Organisatie
from tests import bouw

pytestmark = pytest.mark.django_db


def client_of(person: Gebruiker) -> Client:
    """Return a client that is signed in as this person."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def rumst(wereld: bouw.Wereld) -> Organisatie:
    """Give an organisation that was loaded and has no members."""
    return Organisatie.objects.create(
        naam="Rumst", kbo="0206460639", categorie="gemeente", rechtsvorm="lokaal_bestuur", gemeente="Rumst"
    )


def test_a_known_organisation_without_members_says_whom_to_ask(wereld: bouw.Wereld, rumst: Organisatie) -> None:
    form = {"naam": "Rumst", "kbo": "0206.460.639", "categorie": "gemeente", "juridische_vorm": "gemeente"}
    answer = client_of(wereld.stan).post(reverse("organisatie_nieuw"), {**form, "gemeente": "Rumst"})
    assert answer.status_code == 422
    assert "niemand tekent er nog voor" in answer.content.decode()


@pytest.mark.parametrize(("query", "found"), [("rum", 1), ("0206.460", 1), ("0206460639", 1), ("niets", 0), ("", 4)])
def test_search(wereld: bouw.Wereld, rumst: Organisatie, query: str, found: int) -> None:
    page = client_of(wereld.beheer).get(reverse("beheer"), {"zoek": query}).content.decode()
    assert f"{found} gevonden" in page


def test_the_administrator_appoints(wereld: bouw.Wereld, rumst: Organisatie) -> None:
    client = client_of(wereld.beheer)
    url = reverse("tekenbevoegde", args=[rumst.pk])
    answer = client.post(url, {"gebruiker": wereld.stan.email}, follow=True)
    assert "Stan Proef is tekenbevoegde van Rumst." in answer.content.decode()
    member = Lidmaatschap.objects.get(organisatie=rumst)
    assert (member.gebruiker, member.rol) == (wereld.stan, Lidmaatschap.Rol.TEKENBEVOEGDE)
    again = client.post(url, {"gebruiker": wereld.stan.email})
    assert again.status_code == 422
    assert "Deze persoon is al lid van de organisatie." in again.content.decode()


def test_an_unknown_address_is_refused(wereld: bouw.Wereld, rumst: Organisatie) -> None:
    url = reverse("tekenbevoegde", args=[rumst.pk])
    answer = client_of(wereld.beheer).post(url, {"gebruiker": "wie@voorbeeld.test"})
    assert answer.status_code == 422
    assert "Niemand heeft zich met dit e-mailadres geregistreerd." in answer.content.decode()
    assert "wie@voorbeeld.test" in answer.content.decode()
    assert not Lidmaatschap.objects.filter(organisatie=rumst).exists()
