"""The one road: what every act gets, whatever it does."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django_fsm import TransitionNotAllowed

from betalingen.models import Betaling
from dossiers.models import Dossier, Verslag
from kern import klok, sloten, weg
from kern.models import Gebeurtenis, Keten
from kern.weg import REGISTER, blokkade_van, noteer, reden_tegen, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from oproepen.models import Oproep, Ronde
from organisaties.models import Organisatie
from tests import bouw
from tests.hulp import GEEN_RECHT, feit, geschiedenis, ongewijzigd, weigert
from tests.proef import proefhandeling

pytestmark = pytest.mark.django_db


@pytest.fixture
def an():
    klok.zet(bouw.OPEN)
    return bouw.mens("an")


@pytest.fixture
def organisatie(an):
    return bouw.organisatie("Aartselaar", "0207508932", "gemeente", "lokaal_bestuur", an)


def hernoem(organisatie, *, naam, door):
    oud, organisatie.naam = organisatie.naam, naam
    organisatie.save()
    noteer(organisatie, door=door, van=oud, naar=naam, inhoud={"naam": naam})
    return organisatie


# --- the register ---


def test_every_act_has_its_own_name_and_sentence():
    assert len(REGISTER) > 25
    assert all(handeling.naam == naam and naam.count(".") == 1 for naam, handeling in REGISTER.items())
    zinnen = [handeling.omschrijving for handeling in REGISTER.values()]
    assert len(set(zinnen)) == len(zinnen)


def test_the_register_knows_the_acts_of_every_package():
    soorten = "organisatie oproep ronde dossier verslag krediet betaling betaalopdracht scoreblad juryadvies besluit"
    assert {naam.split(".")[0] for naam in REGISTER} >= {*soorten.split(), "gebeurtenis"}


def test_refuses_a_name_twice_and_keeps_the_first():
    eerste = REGISTER["dossier.dien_in"]
    with pytest.raises(ValueError, match=r"^handeling dossier\.dien_in bestaat al$"):
        weg.handeling("dossier.dien_in", "Nog eens", mag=lambda _wie, _obj: True)(hernoem)
    assert REGISTER["dossier.dien_in"] is eerste


def test_an_act_stands_in_the_register_with_its_right():
    def mag(_wie, _obj):
        return True

    with proefhandeling(hernoem, mag=mag) as handeling:
        assert REGISTER["proef.hernoem"] == weg.Handeling("proef.hernoem", "Proef", handeling, mag)
        assert handeling.__name__ == "hernoem"
    assert "proef.hernoem" not in REGISTER


# --- an act ---


def test_changes_the_object_and_writes_its_event(organisatie, an):
    with proefhandeling(hernoem) as handeling, geschiedenis() as nieuw:
        assert handeling(organisatie, naam="Nieuw", door=an).naam == "Nieuw"
    assert Organisatie.objects.get(pk=organisatie.pk).naam == "Nieuw"
    assert nieuw.feiten == [feit(organisatie, "proef.hernoem", an, "Aartselaar", "Nieuw", {"naam": "Nieuw"})]


def test_works_on_the_freshly_read_object(organisatie, an):
    Organisatie.objects.filter(pk=organisatie.pk).update(naam="Intussen")
    with proefhandeling(hernoem) as handeling, geschiedenis() as nieuw:
        handeling(organisatie, naam="Nieuw", door=an)
    assert nieuw.feiten == [feit(organisatie, "proef.hernoem", an, "Intussen", "Nieuw", {"naam": "Nieuw"})]
    assert organisatie.naam == "Aartselaar", "the object of the caller is not touched"


def test_asks_the_right_with_the_freshly_read_object(organisatie, an):
    def mag(wie, obj):
        gevraagd.append((wie, obj.naam, obj is organisatie))
        return obj.naam == "Aartselaar"

    gevraagd = []
    Organisatie.objects.filter(pk=organisatie.pk).update(naam="Intussen")
    with proefhandeling(hernoem, mag=mag) as handeling, weigert("geen_recht", GEEN_RECHT):
        handeling(organisatie, naam="Nieuw", door=an)
    assert gevraagd == [(an, "Intussen", False)]


def test_without_right_the_body_does_not_run(organisatie, an):
    def tel(_organisatie, *, door):
        gelopen.append(door)

    gelopen = []
    with proefhandeling(tel, mag=lambda _wie, _obj: False) as handeling, ongewijzigd(), pytest.raises(GeenRecht):
        handeling(organisatie, door=an)
    assert gelopen == []


def test_without_event_it_fails_and_nothing_is_kept(organisatie, an):
    def stil(organisatie, *, door):
        organisatie.naam = "Stil"
        organisatie.save()

    zin = r"^proef\.stil schreef geen gebeurtenis\.$"
    with proefhandeling(stil) as handeling, ongewijzigd(), pytest.raises(AssertionError, match=zin):
        handeling(organisatie, door=an)


def test_inside_another_act_it_fails_and_nothing_is_kept(organisatie, an):
    def buiten(organisatie, *, door):
        noteer(organisatie, door=door)
        binnen(organisatie, naam="Binnen", door=door)

    with proefhandeling(hernoem) as binnen, proefhandeling(buiten) as handeling:
        with ongewijzigd(), pytest.raises(AssertionError, match=r"^proef\.hernoem binnen een andere handeling"):
            handeling(organisatie, door=an)
        binnen(organisatie, naam="Daarna", door=an)
    assert Organisatie.objects.get(pk=organisatie.pk).naam == "Daarna", "the failed act does not hinder the next"


def test_a_refusal_after_a_change_rolls_everything_back(organisatie, an):
    def halfweg(organisatie, *, door):
        hernoem(organisatie, naam="Half", door=door)
        eis(None, "te_laat", "Dit is te laat.", "naam")

    with proefhandeling(halfweg) as handeling, weigert("te_laat", "Dit is te laat.", "naam"):
        handeling(organisatie, door=an)


def test_an_error_after_a_change_rolls_everything_back(organisatie, an):
    def stuk(organisatie, *, door):
        hernoem(organisatie, naam="Half", door=door)
        raise ZeroDivisionError

    with proefhandeling(stuk) as handeling, ongewijzigd(), pytest.raises(ZeroDivisionError):
        handeling(organisatie, door=an)


def test_takes_the_locks_it_names_and_its_own_before_the_body(organisatie, an):
    def met_slot(organisatie, *, ander, door):
        gezien.extend(sorted(sleutel for _, sleutel in sloten._genomen.get()))
        noteer(organisatie, door=door)

    gezien = []
    tweede = bouw.organisatie("Boom", None, "gemeente", "lokaal_bestuur", an)
    with proefhandeling(met_slot, sloten=lambda _o, *, ander: {Organisatie: [ander]}) as handeling:
        handeling(organisatie, ander=tweede.pk, door=an)
    assert gezien == [organisatie.pk, tweede.pk]


def test_takes_its_locks_in_the_fixed_order_however_they_are_named(wereld):
    def met_sloten(oproep, *, door):
        noteer(oproep, door=door)

    dossier = bouw.concept(wereld)
    namen = {Dossier: [dossier.pk], Ronde: [wereld.ronde.pk]}
    with proefhandeling(met_sloten, sloten=lambda _o: namen) as handeling, geschiedenis() as nieuw:
        handeling(wereld.oproep, door=wereld.bea)
    assert len(nieuw.feiten) == 1


def test_an_object_that_is_gone_is_an_error(organisatie, an):
    rij = Organisatie.objects.create(naam="Weg", categorie="gemeente", rechtsvorm="lokaal_bestuur")
    kopie = Organisatie.objects.get(pk=rij.pk)
    rij.delete()
    with proefhandeling(hernoem) as handeling, ongewijzigd(), pytest.raises(ObjectDoesNotExist):
        handeling(kopie, naam="Nieuw", door=an)


@pytest.mark.django_db(transaction=True)
def test_runs_in_one_transaction_of_its_own(organisatie, an):
    def kijk(organisatie, *, door):
        noteer(organisatie, door=door)
        return connection.in_atomic_block

    assert not connection.in_atomic_block
    with proefhandeling(kijk) as handeling:
        assert handeling(organisatie, door=an) is True
    assert not connection.in_atomic_block
    assert Gebeurtenis.objects.count() == 1


def test_an_event_outside_an_act_is_refused(organisatie, an):
    with pytest.raises(AssertionError, match=r"^Een gebeurtenis hoort bij een handeling\.$"):
        noteer(organisatie, door=an)
    assert not Keten.objects.exists()


# --- a transition ---


def test_saves_the_state_and_writes_before_and_after(wereld):
    def sluit(ronde, *, door):
        return voer_uit(ronde, "sluit", door=door, inhoud={"reden": "proef"})

    klok.zet(bouw.GESLOTEN)
    with proefhandeling(sluit) as handeling, geschiedenis() as nieuw:
        gebeurtenis = handeling(wereld.ronde, door=wereld.bea)
    assert nieuw.feiten == [feit(wereld.ronde, "proef.sluit", wereld.bea, "gepland", "gesloten", {"reden": "proef"})]
    assert (gebeurtenis.nummer, gebeurtenis.nagespeeld) == (1, True)
    assert bouw.vers(wereld).ronde.status == "gesloten"


def test_from_the_wrong_state_says_which_state_it_is(wereld):
    def doe(oproep, *, overgang, door):
        voer_uit(oproep, overgang, door=door)

    zin = "Dit kan niet: de oproep heeft de status 'gepubliceerd'."
    with proefhandeling(doe) as handeling:
        for overgang in ("leg_voor", "publiceer", "stuur_terug"):
            assert reden_tegen(wereld.oproep, overgang) == zin
            with weigert("verkeerde_status", zin):
                handeling(wereld.oproep, overgang=overgang, door=wereld.bea)


def test_blocked_by_a_guard_says_its_reason(wereld):
    def doe(ronde, *, door):
        voer_uit(ronde, "sluit", door=door)

    zin = "De ronde is nog open, of er kunnen nog dossiers onderweg zijn."
    assert reden_tegen(wereld.ronde, "sluit") == zin
    with proefhandeling(doe) as handeling, weigert("ronde_nog_open", zin):
        handeling(wereld.ronde, door=wereld.bea)
    with bouw.op(bouw.GESLOTEN):
        assert blokkade_van(wereld.ronde, "sluit") is None
        assert reden_tegen(wereld.ronde, "sluit") is None


@pytest.mark.parametrize(
    ("model", "mogelijk"),
    [
        (Oproep, set()),
        (Dossier, {"rond_af"}),
        (Betaling, {"laat_vervallen"}),
        (Verslag, set()),
    ],
)
def test_what_the_button_says_is_what_the_act_meets(wereld, model, mogelijk):
    def doe(obj, *, overgang, door):
        voer_uit(obj, overgang, door=door)

    bouw.kennisgegeven(wereld)
    obj = model.objects.order_by("pk").first()
    gelukt = set()
    with proefhandeling(doe) as handeling:
        for overgang in sorted({stap.name for stap in obj.get_all_status_transitions()}):
            blokkade = blokkade_van(obj, overgang)
            if blokkade is None:
                handeling(obj, overgang=overgang, door=wereld.bea)
                gelukt.add(overgang)
                obj = model.objects.get(pk=obj.pk)
            else:
                with weigert(blokkade.code, blokkade.zin, blokkade.veld):
                    handeling(obj, overgang=overgang, door=wereld.bea)
    assert gelukt >= mogelijk


def test_the_state_cannot_be_set_past_the_road(wereld):
    with pytest.raises(AttributeError):
        wereld.oproep.status = Oproep.Status.ONTWERP
    with pytest.raises(TransitionNotAllowed):
        wereld.oproep.leg_voor()
    assert Oproep.objects.get(pk=wereld.oproep.pk).status == "gepubliceerd"


def test_the_refusal_of_the_database_itself_becomes_a_sentence(wereld):
    def dubbel(ronde, *, door):
        velden = {"organisatie": eerste.organisatie, "formulierversie": eerste.formulierversie}
        Dossier.objects.create(ronde=ronde, gestart_door=door, gestart_op=klok.nu(), **velden)

    eerste = bouw.concept(wereld)
    zin = "Uw organisatie heeft in deze ronde al een dossier in opmaak."
    with proefhandeling(dubbel) as handeling, weigert("al_gestart", zin):
        handeling(wereld.ronde, door=wereld.an)


def test_no_right_is_a_refusal_like_the_others():
    fout = GeenRecht()
    assert isinstance(fout, Weigering)
    assert (fout.code, fout.zin, fout.veld, str(fout)) == ("geen_recht", GEEN_RECHT, None, GEEN_RECHT)


# --- several acts together ---


def test_acts_together_are_all_done_or_none(an, organisatie):
    ander = bouw.organisatie("Boom", "0207506952", "gemeente", "lokaal_bestuur", an)

    def weiger(rij, *, door):
        noteer(rij, door=door)
        raise Weigering("nee", "Dit kan niet.")

    sloten_van = lambda: {Organisatie: [ander.pk, organisatie.pk]}  # noqa: E731
    with proefhandeling(hernoem) as doe, proefhandeling(weiger) as nee:
        with weigert("nee", "Dit kan niet."), weg.samen(sloten_van):
            doe(organisatie, naam="Anders", door=an)
            nee(ander, door=an)
        with geschiedenis() as nieuw, weg.samen(sloten_van):
            # Each act asks its locks by itself: the other way round is no mistake here.
            doe(ander, naam="Bomen", door=an)
            doe(organisatie, naam="Anders", door=an)
    naam = "proef.hernoem"
    assert nieuw.feiten == [
        feit(ander, naam, an, "Boom", "Bomen", {"naam": "Bomen"}),
        feit(organisatie, naam, an, "Aartselaar", "Anders", {"naam": "Anders"}),
    ]


def test_acts_are_not_put_together_inside_an_act(an, organisatie):
    def binnen(rij, *, door):
        with weg.samen(dict):
            pass

    with proefhandeling(binnen) as doe, ongewijzigd(), pytest.raises(AssertionError, match="kan niet binnen"):
        doe(organisatie, door=an)
