"""Two people at the bank at once: one file, not two."""

import pytest

from betalingen import services
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import (
    Afschrift,
    Afschriftregel,
    Bankregel,
    Betaalbestand,
    Betaalopdracht,
    Journaalregel,
    Rekening,
)
from kern import klok
from tests import bouw
from tests.betalingen.bank.afschrift import Boeking, boekingen, schrijf
from tests.betalingen.test_afschriften import batch, eerste, lees, standen, w  # noqa: F401  the fixture
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_make_the_file_of_one_order(wereld):
    bouw.verstuurde_betaling(wereld)
    opdracht = Betaalopdracht.objects.get()
    services.stel_rekening_in(
        wereld.beheer,
        verstrekker=wereld.oproep.verstrekker,
        opdrachtgever=Opdrachtgever("Vlaamse overheid", bouw.IBAN),
        door=wereld.beheer,
    )
    daad = lambda: services.geef_betaalbestand(opdracht, door=wereld.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=opdracht))
    assert len(winnaars) == len(verliezers) == 1
    zin = (
        f"Het bestand van {opdracht.nummer} is al gemaakt, op 01/02/2022 om 14:00 door Bo Proef. "
        "Geef een reden om het opnieuw te maken."
    )
    assert verliezers[0].zin == ("al_gemaakt", zin)
    assert Betaalbestand.objects.get().sha256 == winnaars[0].waarde.sha256
    alles_klopt()


def test_two_people_read_one_statement(w):  # noqa: F811
    inhoud = schrijf(boekingen(batch()))
    daad = lambda: services.lees_afschrift(inhoud, door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=Rekening.objects.get()))
    assert len(winnaars) == len(verliezers) == 1
    zin = "Intussen is er iets aan deze betalingen of dit afschrift gewijzigd. Lees het afschrift opnieuw in."
    assert verliezers[0].zin == ("intussen_gewijzigd", zin)
    assert (Afschrift.objects.count(), Bankregel.objects.count()) == (1, 2)
    assert Journaalregel.objects.filter(soort=Journaalregel.Soort.UITBETALING).count() == 2
    assert standen() == ["uitbetaald", "uitbetaald"]
    alles_klopt()


def test_a_line_is_taken_back_while_the_payment_comes_back(w):  # noqa: F811
    een, _ = batch().overschrijvingen
    lees(w, [Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban)])
    uitkomst, rij = Afschriftregel.objects.get(), eerste()[0]
    services.bevestig_afschriftregel(uitkomst, betalingen=[rij.pk], door=w.bo)
    daden = (
        lambda: services.herroep_afschriftregel(uitkomst, reden="Dit is de huur.", door=w.bo),
        lambda: services.meld_geweigerd(rij, datum=klok.vandaag(), reden="AC04", door=w.bo),
    )
    winnaars, verliezers = verdeel(wedloop(*daden, slot=rij))
    # Taking back after the refusal is refused; a refusal after taking back is one of a payment on its way.
    assert {v.zin[0] for v in verliezers} <= {"intussen_verder"}
    assert Afschriftregel.objects.get().status == ("voorstel" if len(winnaars) == 2 else "verwerkt")
    assert standen() == ["te_controleren", "verstuurd"]
    assert sum(Journaalregel.objects.filter(soort="uitbetaling").values_list("bedrag_cent", flat=True)) == 0
    alles_klopt()
