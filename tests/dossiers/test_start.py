"""Starting a draft: in an open round, by a member, for an organisation that the track admits, once."""

from datetime import timedelta

import pytest
from django.db import transaction

from dossiers.models import Dossier
from dossiers.services import sluit_ronde, start_dossier
from kern import klok
from kern.weigering import beperkingen_als_weigering
from oproepen import laden
from oproepen.models import Formulierversie, Ronde
from organisaties.models import Categorie, Gebruiker, Organisatie, Rechtsvorm
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, oproepgegevens, weigert

NIET_BEGONNEN = "De indientermijn is nog niet begonnen."
VOORBIJ = "De indientermijn is voorbij. Wat u invulde blijft bewaard, maar kan niet meer ingediend worden."
GEEN_LID = "U bent geen lid van deze organisatie."
CATEGORIE = "Alleen een lokaal bestuur, een welzijns- of zorgorganisatie of een zorgraad kan aanvragen."
RECHTSVORM = (
    "Uw organisatie moet een lokaal bestuur, een private rechtspersoon, een autonome verzorgingsinstelling of een "
    "autonoom gemeentebedrijf zijn."
)
AL_GESTART = "Uw organisatie heeft in deze ronde al een dossier."
MICRO = timedelta(microseconds=1)


def start(w, organisatie, wie="an", op=None):
    return start_dossier(w.ronde, organisatie=organisatie, door=w.mensen[wie], ontvangen_op=op or klok.nu())


def test_starting_a_draft(wereld):
    with geschiedenis() as nieuw:
        dossier = start(wereld, wereld.aartselaar)
    assert Dossier.objects.values().get(pk=dossier.pk) == {
        "id": dossier.pk,
        "nummer": f"ZB-{dossier.pk:05d}",
        "ronde_id": wereld.ronde.pk,
        "organisatie_id": wereld.aartselaar.pk,
        "formulierversie_id": Formulierversie.objects.get(oproep=wereld.oproep).pk,
        "titel": "",
        "iban": "",
        "gevraagd_cent": None,
        "gegevens_versie": 0,
        "status": "concept",
        "gestart_door_id": wereld.an.pk,
        "gestart_op": bouw.OPEN,
        "ingediend_op": None,
        "ontvankelijkheid_motivering": "",
        "hoogstens_cent": None,
        "hoogstens_motivering": "",
        "toegekend_cent": None,
        "beslist_op": None,
        "reserve_gemeld_op": None,
        "kennisgegeven_op": None,
    }
    inhoud = {"organisatie": wereld.aartselaar.pk, "ronde": wereld.ronde.pk}
    assert nieuw.feiten == [feit(dossier, "dossier.start", wereld.an, "", "concept", inhoud)]
    assert nieuw.mails == []
    assert Ronde.objects.get(pk=wereld.ronde.pk).laatste_ontvangstnummer == 0
    alles_klopt()


def test_a_medewerker_may_start_too_and_each_organisation_and_track_has_its_own_draft(wereld):
    voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol="medewerker", door=wereld.an)
    brussel = Ronde.objects.get(luik__oproep=wereld.oproep, luik__slug="brussel")
    rijen = [
        start(wereld, wereld.aartselaar, "stan"),
        start(wereld, wereld.boom, "ben"),
        start(wereld, wereld.vzw),
        start_dossier(brussel, organisatie=wereld.aartselaar, door=wereld.an, ontvangen_op=klok.nu()),
    ]
    assert len({rij.nummer for rij in rijen}) == 4
    assert {rij.status for rij in rijen} == {"concept"}


@pytest.mark.parametrize("moment", [klok.brussel(2021, 6, 11) - MICRO, klok.brussel(2021, 6, 1)])
def test_before_the_opening_is_refused(wereld, moment):
    with klok.op(moment), weigert("ronde_niet_open", NIET_BEGONNEN):
        start(wereld, wereld.aartselaar)


def test_at_the_opening_it_works(wereld):
    with klok.op(klok.brussel(2021, 6, 11)):
        assert start(wereld, wereld.aartselaar).status == "concept"


@pytest.mark.parametrize("moment", [bouw.DEADLINE, bouw.DEADLINE + timedelta(days=1)])
def test_from_the_deadline_on_is_refused(wereld, moment):
    with klok.op(moment), weigert("ronde_niet_open", VOORBIJ):
        start(wereld, wereld.aartselaar)


def test_just_before_the_deadline_it_works_although_the_clock_is_past_it(wereld):
    with klok.op(bouw.DEADLINE + timedelta(seconds=5)):
        dossier = start(wereld, wereld.aartselaar, op=bouw.DEADLINE - MICRO)
        assert dossier.gestart_op == bouw.DEADLINE + timedelta(seconds=5)


def test_a_call_that_is_not_published_is_not_open(wereld):
    systeem = Gebruiker.objects.systeem()
    oproep = laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    ronde = Ronde.objects.filter(luik__oproep=oproep).first()
    with weigert("ronde_niet_open", VOORBIJ):
        start_dossier(ronde, organisatie=wereld.aartselaar, door=wereld.an, ontvangen_op=klok.nu())


@pytest.mark.parametrize("wie", ["ben", "stan", "bea", "jef", "bart", "beheer"])
def test_who_is_not_a_member_is_refused(wereld, wie):
    with weigert("geen_lid", GEEN_LID, "organisatie"):
        start(wereld, wereld.aartselaar, wie)


def test_a_person_who_was_deactivated_is_refused(wereld):
    Gebruiker.objects.filter(pk=wereld.an.pk).update(is_active=False)
    with weigert("geen_recht"):
        start_dossier(
            wereld.ronde,
            organisatie=wereld.aartselaar,
            door=Gebruiker.objects.get(pk=wereld.an.pk),
            ontvangen_op=klok.nu(),
        )


TOEGELATEN_CATEGORIEEN = {Categorie.GEMEENTE, Categorie.OCMW, Categorie.WELZIJN, Categorie.ZORGRAAD}
TOEGELATEN_RECHTSVORMEN = {
    Rechtsvorm.LOKAAL_BESTUUR,
    Rechtsvorm.PRIVAAT,
    Rechtsvorm.VERZORGINGSINSTELLING,
    Rechtsvorm.GEMEENTEBEDRIJF,
}


@pytest.mark.parametrize("categorie", Categorie.values)
def test_only_the_kinds_of_organisation_that_the_call_names_are_admitted(wereld, categorie):
    organisatie = bouw.organisatie("Proef", None, categorie, Rechtsvorm.PRIVAAT, wereld.an)
    if categorie in TOEGELATEN_CATEGORIEEN:
        assert start(wereld, organisatie).status == "concept"
        return
    with weigert("niet_toegelaten", CATEGORIE, "organisatie"):
        start(wereld, organisatie)


@pytest.mark.parametrize("rechtsvorm", Rechtsvorm.values)
def test_only_the_legal_forms_that_the_call_names_are_admitted(wereld, rechtsvorm):
    organisatie = bouw.organisatie("Proef", None, Categorie.WELZIJN, rechtsvorm, wereld.an)
    if rechtsvorm in TOEGELATEN_RECHTSVORMEN:
        assert start(wereld, organisatie).status == "concept"
        return
    with weigert("niet_toegelaten", RECHTSVORM, "organisatie"):
        start(wereld, organisatie)


def test_who_breaks_two_rules_reads_the_first(wereld):
    organisatie = bouw.organisatie("Proef", None, Categorie.ANDERE, Rechtsvorm.FEITELIJK, wereld.an)
    with weigert("niet_toegelaten", CATEGORIE, "organisatie"):
        start(wereld, organisatie)


def test_an_organisation_that_ended_cannot_start_and_its_successor_can(wereld):
    """Boom merged on 1 October 2021; a member of the successor belongs to Boom too, but Boom itself is no more."""
    nieuw = bouw.organisatie("Rivierenland", None, "gemeente", "lokaal_bestuur", wereld.stan)
    Organisatie.objects.filter(pk=wereld.boom.pk).update(opvolger=nieuw, geldig_tot="2021-10-04")
    boom = Organisatie.objects.get(pk=wereld.boom.pk)
    zin = "Boom bestaat niet meer sinds 4 oktober 2021. De opvolger is Rivierenland."
    for wie in ("ben", "stan"):
        with weigert("organisatie_vervallen", zin, "organisatie"):
            start(wereld, boom, wie)
    with klok.op(klok.brussel(2021, 10, 3, 23, 59)):
        assert start(wereld, boom, "stan").organisatie == boom
    assert start(wereld, nieuw, "stan").status == "concept"


def test_an_organisation_that_does_not_exist_yet_cannot_start(wereld):
    Organisatie.objects.filter(pk=wereld.vzw.pk).update(geldig_van="2021-10-05")
    vzw = Organisatie.objects.get(pk=wereld.vzw.pk)
    zin = "De Warme Straat bestaat pas vanaf 5 oktober 2021."
    with weigert("organisatie_vervallen", zin, "organisatie"):
        start(wereld, vzw)
    with klok.op(klok.brussel(2021, 10, 5)):
        assert start(wereld, vzw).status == "concept"


def test_starting_twice_is_refused(wereld):
    start(wereld, wereld.aartselaar)
    with weigert("al_gestart", AL_GESTART, "organisatie"):
        start(wereld, wereld.aartselaar)


def test_starting_again_after_handing_in_is_refused(wereld):
    bouw.ingediend(wereld)
    with weigert("al_gestart", AL_GESTART, "organisatie"):
        start(wereld, wereld.aartselaar)


def test_the_database_itself_refuses_a_second_draft(wereld):
    """Two requests at the same time both see no dossier; the constraint gives the loser the same code."""
    dossier = start(wereld, wereld.aartselaar)
    zin = "Uw organisatie heeft in deze ronde al een dossier in opmaak."
    with weigert("al_gestart", zin), beperkingen_als_weigering(), transaction.atomic():
        Dossier.objects.create(
            ronde=wereld.ronde,
            organisatie=wereld.aartselaar,
            formulierversie=dossier.formulierversie,
            gestart_door=wereld.an,
            gestart_op=klok.nu(),
        )


def test_a_lapsed_draft_does_not_keep_an_organisation_from_a_later_round(wereld):
    """The rounds of the second call are consecutive: what lapsed in the first can be written anew in the second."""
    w = wereld
    systeem = Gebruiker.objects.systeem()
    ronde = oproepgegevens()["rondes"][0]
    tweede = {**ronde, "nr": 2, "opent": "2021-12-01T00:00:00+01:00", "sluit": "2022-02-01T09:00:00+01:00"}
    gegevens = oproepgegevens(slug="twee", code="TW", rondes=[ronde, tweede])
    w.oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    for naam, rol in bouw.ROLLEN.items():
        bouw.oproepen.geef_taak(w.oproep, gebruiker=w.mensen[naam], rol=rol, door=systeem)
    bouw.oproepen.leg_oproep_voor(w.oproep, door=w.bea)
    bouw.oproepen.publiceer(w.oproep, door=w.bart)
    eerste, volgende = Ronde.objects.filter(luik__oproep=w.oproep, luik__slug="vlaanderen").order_by("nummer")
    klok.zet(bouw.OPEN)
    oud = start_dossier(eerste, organisatie=w.aartselaar, door=w.an, ontvangen_op=klok.nu())
    with weigert("ronde_niet_open", NIET_BEGONNEN):
        start_dossier(volgende, organisatie=w.aartselaar, door=w.an, ontvangen_op=klok.nu())
    klok.zet(klok.brussel(2021, 12, 2))
    sluit_ronde(eerste, door=w.bea)
    nieuw = start_dossier(volgende, organisatie=w.aartselaar, door=w.an, ontvangen_op=klok.nu())
    assert (bouw.opnieuw(oud).status, nieuw.status) == ("niet_ingediend", "concept")
    assert Organisatie.objects.get(pk=w.aartselaar.pk).dossiers.count() == 2
