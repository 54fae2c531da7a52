"""The refusals of the database become sentences, and what is not ours to explain passes."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from betalingen.models import Stand
from kern.models import Gebeurtenis
from kern.weigering import Weigering, beperkingen_als_weigering, eis
from oproepen.models import Oproep, Taak
from organisaties.models import Lidmaatschap, Organisatie
from tests import bouw

pytestmark = pytest.mark.django_db


@contextmanager
def vertaald(code, zin):
    with pytest.raises(Weigering) as gevangen, beperkingen_als_weigering(), transaction.atomic():
        yield
    assert (gevangen.value.code, gevangen.value.zin, gevangen.value.veld) == (code, zin, None)
    assert isinstance(gevangen.value.__cause__, IntegrityError)


@contextmanager
def niet_van_ons():
    with pytest.raises(IntegrityError), beperkingen_als_weigering(), transaction.atomic():
        yield


def test_requirement():
    eis(1, "code", "Zin.")
    with pytest.raises(Weigering) as gevangen:
        eis([], "code", "Zin.", "veld")
    assert (gevangen.value.code, gevangen.value.zin, gevangen.value.veld) == ("code", "Zin.", "veld")


def test_check_constraint():
    with vertaald("boven_budget", "Dit gaat over het budget dat nog beschikbaar is."):
        Stand.objects.create(soort="oproep", sleutel=1, limiet_cent=100, vastgelegd_cent=101)


def test_check_constraint_on_an_update():
    stand = Stand.objects.create(soort="dossier", sleutel=1, limiet_cent=100, vastgelegd_cent=50)
    with vertaald("boven_vastlegging", "Dit gaat over het bedrag dat vastgelegd is."):
        Stand.objects.filter(pk=stand.pk).update(vereffend_cent=51)


def test_unique_constraint_of_one_column():
    Organisatie.objects.create(naam="A", categorie="gemeente", rechtsvorm="lokaal_bestuur", kbo="0207508932")
    with vertaald("kbo_bestaat", "Er is al een organisatie met dit ondernemingsnummer."):
        Organisatie.objects.create(naam="B", categorie="gemeente", rechtsvorm="lokaal_bestuur", kbo="0207508932")


def test_unique_constraint_of_two_columns():
    an = bouw.mens("an")
    organisatie = bouw.organisatie("A", None, "gemeente", "lokaal_bestuur", an)
    with vertaald("al_lid", "Deze persoon is al lid van de organisatie."):
        Lidmaatschap.objects.create(organisatie=organisatie, gebruiker=an, rol="medewerker", sinds="2021-01-01")


def test_a_constraint_without_a_code_gives_its_name(wereld):
    with pytest.raises(Weigering) as gevangen, beperkingen_als_weigering(), transaction.atomic():
        Taak.objects.create(gebruiker=wereld.bea, rol="behandelaar", oproep=wereld.oproep)
    assert gevangen.value.code == "taak_per_oproep"


def test_a_unique_field_without_constraint_of_ours_passes(wereld):
    with niet_van_ons():
        Oproep.objects.create(slug=wereld.oproep.slug, code="X", titel="X", opgesteld_door=wereld.bea)


def test_a_trigger_passes(wereld):
    with niet_van_ons():
        Gebeurtenis.objects.update(handeling="iets.anders")


def test_another_exception_passes():
    with pytest.raises(ZeroDivisionError), beperkingen_als_weigering():
        raise ZeroDivisionError
