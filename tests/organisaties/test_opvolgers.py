"""Municipalities that merged: their successor's members go on with their dossiers, but nobody starts a new one."""

import itertools
from datetime import date

import pytest
from django.urls import reverse

from beoordeling import rechten as leesrechten
from beoordeling import services as beoordeling
from dossiers import rechten as dossierrechten
from dossiers import services as dossiers
from dossiers.forms import StartForm
from dossiers.models import Dossier, Verslag
from kern import klok
from organisaties import rechten
from organisaties.models import Lidmaatschap, Organisatie
from organisaties.queries import geldig_op, reden_vervallen
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import feit, geschiedenis, weigert

DAG = date(2025, 1, 1)


def verdwijn(organisatie, opvolger, dag=DAG):
    Organisatie.objects.filter(pk=organisatie.pk).update(geldig_tot=dag, opvolger=opvolger)


@pytest.fixture
def fusie(wereld):
    """Aartselaar (An) goes up in Boom (Ben) on 1 January 2025."""
    verdwijn(wereld.aartselaar, wereld.boom)
    return wereld


def namen(qs):
    return sorted(qs.values_list("naam", flat=True))


def test_who_belongs_to_which(fusie):
    assert namen(rechten.organisaties_van(fusie.ben)) == ["Aartselaar", "Boom"]
    assert namen(rechten.organisaties_van(fusie.an)) == ["Aartselaar", "De Warme Straat"]
    assert namen(rechten.organisaties_van(fusie.stan)) == []
    for organisatie in Organisatie.objects.all():
        leden = set(rechten.leden_van(organisatie.pk))
        for mens in fusie.mensen.values():
            is_lid = rechten.is_lid(mens, organisatie)
            assert is_lid is (mens in leden)
            assert is_lid is rechten.organisaties_van(mens).filter(pk=organisatie.pk).exists()
            assert is_lid is rechten.mag_zien(mens, organisatie)
            assert is_lid is rechten.zichtbaar_voor(Organisatie.objects.filter(pk=organisatie.pk), mens).exists()


def test_a_chain_of_three_mergers(wereld):
    keten = [
        Organisatie.objects.create(naam=f"Deel {i}", categorie="gemeente", rechtsvorm="lokaal_bestuur")
        for i in range(5)
    ]
    for oud, nieuw in itertools.pairwise(keten):
        verdwijn(oud, nieuw)
    Lidmaatschap.objects.create(
        organisatie=keten[4], gebruiker=wereld.stan, rol=Lidmaatschap.Rol.MEDEWERKER, sinds=date(2025, 1, 1)
    )
    assert namen(rechten.organisaties_van(wereld.stan)) == ["Deel 1", "Deel 2", "Deel 3", "Deel 4"]
    assert [wereld.stan in rechten.leden_van(rij.pk) for rij in keten] == [False, True, True, True, True]


def test_membership_of_a_successor_is_no_membership(fusie):
    assert not rechten.mag_leden_beheren(fusie.ben, fusie.aartselaar)
    with weigert("geen_recht"):
        voeg_lid_toe(fusie.aartselaar, email=fusie.stan.email, rol="medewerker", door=fusie.ben)
    lid = voeg_lid_toe(fusie.aartselaar, email=fusie.ben.email, rol="medewerker", door=fusie.an)
    assert lid.gebruiker == fusie.ben
    assert namen(rechten.organisaties_van(fusie.ben)) == ["Aartselaar", "Boom"]


def test_a_member_of_the_successor_hands_in_the_draft(fusie):
    dossier = bouw.volledig(fusie, "an")
    for mag, zichtbaar in (
        (dossierrechten.mag_zien, dossierrechten.zichtbaar_voor),
        (leesrechten.mag_dossier_lezen, leesrechten.dossiers_leesbaar_voor),
    ):
        for mens in fusie.mensen.values():
            mag_het = mens in {fusie.an, fusie.ben}
            assert mag(mens, dossier) is mag_het
            assert zichtbaar(Dossier.objects.all(), mens).exists() is mag_het
    with geschiedenis() as nieuw:
        dossiers.dien_in(dossier, door=fusie.ben, ontvangen_op=klok.nu())
    assert nieuw.feiten[0][:4] == feit(dossier, "dossier.dien_in", fusie.ben)[:4]
    assert {aan for aan, _, _ in nieuw.mails} >= {fusie.an.email, fusie.ben.email}
    assert bouw.laatste_indiening(dossier).dossier.organisatie == fusie.aartselaar


def test_mail_goes_to_the_successor_too(fusie):
    dossier = bouw.concept(fusie, "an")
    assert dossiers.adressen(dossier) == [fusie.an.email, fusie.ben.email]
    fusie.ben.is_active = False
    fusie.ben.save()
    assert dossiers.adressen(dossier) == [fusie.an.email]


def test_reports_pages_and_work_of_a_predecessor(fusie, client):
    bouw.kennisgegeven(fusie)
    verslag = bouw.eerste_verslag(fusie)
    assert dossierrechten.mag_verslag_indienen(fusie.ben, verslag)
    assert list(dossierrechten.verslagen_zichtbaar_voor(Verslag.objects.all(), fusie.ben)) == list(
        dossierrechten.verslagen_zichtbaar_voor(Verslag.objects.all(), fusie.an)
    )
    klok.zet(klok.brussel(2025, 2, 3, 9))
    client.force_login(fusie.ben, "allauth.account.auth_backends.AuthenticationBackend")
    assert reverse("verslag", args=[verslag.pk]) in client.get(reverse("mijn_werk")).content.decode()
    pagina = client.get(reverse("dossier", args=[verslag.dossier.nummer]))
    assert pagina.status_code == 200
    pagina = client.get(reverse("organisatie", args=[fusie.aartselaar.pk])).content.decode()
    assert "Aartselaar bestaat niet meer sinds 1 januari 2025. De opvolger is Boom." in pagina


def test_a_juror_of_the_successor_has_a_conflict(fusie):
    from oproepen import services as oproepen
    from oproepen.models import Taak

    [dossier] = bouw.ontvankelijk(fusie, "an")
    oproepen.start_beoordeling(fusie.ronde, door=fusie.bea)
    systeem = type(fusie.an).objects.systeem()
    oproepen.geef_taak(fusie.oproep, gebruiker=fusie.ben, rol=Taak.Rol.JURYLID, door=systeem)
    with pytest.raises(Exception, match=r"^Ben Proef hoort bij Aartselaar en kan dit dossier niet beoordelen\.$"):
        beoordeling.wijs_toe(dossier, jurylid=fusie.ben, door=fusie.bea)


@pytest.mark.parametrize(
    ("van", "tot", "dag", "zin"),
    [
        (None, None, date(1900, 1, 1), None),
        (None, DAG, date(2024, 12, 31), None),
        (None, DAG, DAG, "Aartselaar bestaat niet meer sinds 1 januari 2025. De opvolger is Boom."),
        (DAG, None, date(2024, 12, 31), "Aartselaar bestaat pas vanaf 1 januari 2025."),
        (DAG, None, DAG, None),
    ],
)
def test_when_an_organisation_exists(wereld, van, tot, dag, zin):
    rij = wereld.aartselaar
    rij.geldig_van, rij.geldig_tot, rij.opvolger = van, tot, wereld.boom if tot else None
    rij.save()
    assert reden_vervallen(rij, dag) == zin
    assert geldig_op(Organisatie.objects.filter(pk=rij.pk), dag).exists() is (zin is None)


def start_organisaties(mens):
    return namen(StartForm(gebruiker=mens).fields["organisatie"].queryset)


def test_a_dossier_is_started_only_for_an_organisation_that_exists(fusie):
    verdwijn(fusie.aartselaar, fusie.boom, date(2021, 10, 5))
    klok.zet(klok.brussel(2021, 10, 4, 23))
    assert start_organisaties(fusie.an) == ["Aartselaar", "De Warme Straat"]
    assert start_organisaties(fusie.ben) == ["Aartselaar", "Boom"]
    klok.zet(klok.brussel(2021, 10, 5, 0))
    assert start_organisaties(fusie.an) == ["De Warme Straat"]
    assert start_organisaties(fusie.ben) == ["Boom"]
    zin = "Aartselaar bestaat niet meer sinds 5 oktober 2021. De opvolger is Boom."
    for mens in (fusie.an, fusie.ben):
        with weigert("organisatie_vervallen", zin, "organisatie"):
            dossiers.start_dossier(
                fusie.ronde, organisatie=Organisatie.objects.get(naam="Aartselaar"), door=mens, ontvangen_op=klok.nu()
            )
    Organisatie.objects.filter(naam="Boom").update(geldig_van=date(2021, 10, 6))
    boom = Organisatie.objects.get(naam="Boom")
    with weigert("organisatie_vervallen", "Boom bestaat pas vanaf 6 oktober 2021.", "organisatie"):
        dossiers.start_dossier(fusie.ronde, organisatie=boom, door=fusie.ben, ontvangen_op=klok.nu())
    klok.zet(klok.brussel(2021, 10, 6, 0))
    assert dossiers.start_dossier(fusie.ronde, organisatie=boom, door=fusie.ben, ontvangen_op=klok.nu()).nummer
