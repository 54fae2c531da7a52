"""Locks: inside an act only, and in one order."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from betalingen.models import Stand
from dossiers.models import Dossier
from kern import sloten, weg
from kern.models import Keten
from kern.sloten import VerkeerdeSlotvolgorde
from oproepen.models import Oproep, Ronde
from organisaties.models import Gebruiker
from tests import bouw
from tests.proef import proefhandeling

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers(wereld):
    return bouw.concept(wereld), bouw.concept(wereld, "ben")


def in_handeling(w, daad, *, sloten=None):
    """Run `daad` inside an act on the call, whose row is then locked already."""

    def neem(oproep, *, door):
        uit = daad()
        weg.noteer(oproep, door=door)
        return uit

    with proefhandeling(neem, sloten=sloten) as handeling:
        return handeling(w.oproep, door=w.bea)


def test_the_order_is_that_of_the_design():
    volgorde = settings.SLOTVOLGORDE
    plaats = {naam: volgorde.index(naam) for naam in volgorde}
    assert len(plaats) == len(volgorde)
    assert (
        plaats["oproepen.oproep"] < plaats["oproepen.ronde"] < plaats["betalingen.stand"] < plaats["dossiers.dossier"]
        < plaats["betalingen.betaling"] < plaats["kern.keten"] == len(volgorde) - 1
    )  # fmt: skip


def test_every_model_in_the_order_exists():
    assert [apps.get_model(naam)._meta.label_lower for naam in settings.SLOTVOLGORDE] == settings.SLOTVOLGORDE


def test_gives_the_rows_freshly_read_by_ascending_key(wereld, dossiers):
    een, twee = dossiers
    rijen = in_handeling(wereld, lambda: sloten.neem(Dossier, [twee.pk, een.pk, twee.pk]))
    assert [rij.pk for rij in rijen] == [een.pk, twee.pk]
    assert rijen[0] is not een


def test_gives_one_row(wereld):
    assert in_handeling(wereld, lambda: sloten.neem_een(Ronde, wereld.ronde.pk)) == wereld.ronde


def test_nothing_asked_is_nothing_taken(wereld):
    assert in_handeling(wereld, lambda: sloten.neem(Dossier, [])) == []


def test_a_row_that_is_missing_is_an_error(wereld, dossiers):
    weg_sleutel = dossiers[1].pk + 1000
    with pytest.raises(ObjectDoesNotExist):
        in_handeling(wereld, lambda: sloten.neem(Dossier, [dossiers[0].pk, weg_sleutel]))


def test_in_the_order_of_the_models(wereld, dossiers):
    stand = Stand.objects.order_by("pk").first()
    keten = Keten.objects.order_by("pk").first()

    def neem():
        sloten.neem_een(Ronde, wereld.ronde.pk)
        sloten.neem_een(Stand, stand.pk)
        sloten.neem_een(Dossier, dossiers[0].pk)
        return sloten.neem_een(Keten, keten.pk)

    assert in_handeling(wereld, neem) == keten


@pytest.mark.parametrize("terug", [Oproep, Ronde, Stand])
def test_refuses_a_model_that_comes_earlier(wereld, dossiers, terug):
    rij = terug.objects.exclude(pk=wereld.oproep.pk if terug is Oproep else 0).order_by("pk").first()
    sleutel = rij.pk if rij else wereld.oproep.pk + 1

    def neem():
        sloten.neem_een(Dossier, dossiers[0].pk)
        sloten.neem_een(terug, sleutel)

    with pytest.raises(VerkeerdeSlotvolgorde, match=rf"^{terug._meta.label_lower} {sleutel} na "):
        in_handeling(wereld, neem)


def test_refuses_a_lower_key_after_a_higher(wereld, dossiers):
    een, twee = dossiers

    def neem():
        sloten.neem_een(Dossier, twee.pk)
        sloten.neem_een(Dossier, een.pk)

    with pytest.raises(VerkeerdeSlotvolgorde, match=rf"^dossiers\.dossier {een.pk} na "):
        in_handeling(wereld, neem)


def test_what_is_held_already_may_be_taken_again(wereld, dossiers):
    een, twee = dossiers

    def neem():
        sloten.neem(Dossier, [een.pk, twee.pk])
        return sloten.neem_een(Dossier, een.pk), sloten.neem_een(Oproep, wereld.oproep.pk)

    assert in_handeling(wereld, neem) == (een, wereld.oproep)


def test_the_next_act_starts_with_no_locks_held(wereld, dossiers):
    in_handeling(wereld, lambda: sloten.neem_een(Dossier, dossiers[1].pk))
    assert in_handeling(wereld, lambda: sloten.neem_een(Dossier, dossiers[0].pk)) == dossiers[0]


def test_a_failed_act_leaves_no_locks_held(wereld, dossiers):
    def breek():
        sloten.neem_een(Dossier, dossiers[1].pk)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_handeling(wereld, breek)
    assert in_handeling(wereld, lambda: sloten.neem_een(Dossier, dossiers[0].pk)) == dossiers[0]


def test_outside_an_act_is_refused_even_in_a_transaction(wereld):
    with transaction.atomic(), pytest.raises(VerkeerdeSlotvolgorde, match=r"^Een slot wordt alleen binnen een"):
        sloten.neem_een(Oproep, wereld.oproep.pk)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_is_refused():
    assert not connection.in_atomic_block
    with sloten.nieuwe_transactie(), pytest.raises(VerkeerdeSlotvolgorde, match=r"^Een slot wordt alleen binnen een"):
        sloten.neem_een(Oproep, 1)


def test_a_model_without_a_place_in_the_order_is_refused(wereld):
    with pytest.raises(ValueError, match=r"organisaties\.gebruiker"):
        in_handeling(wereld, lambda: sloten.neem_een(Gebruiker, wereld.an.pk))


def test_reads_with_a_lock_where_the_database_has_row_locks(wereld):
    with transaction.atomic(), sloten.nieuwe_transactie(), CaptureQueriesContext(connection) as vragen:
        sloten.neem_een(Oproep, wereld.oproep.pk)
    (vraag,) = [vraag["sql"] for vraag in vragen if "oproepen_oproep" in vraag["sql"]]
    assert ("FOR NO KEY UPDATE" in vraag) == (connection.vendor == "postgresql")
