"""The one road: what every act gets, whatever it does."""

import pytest
from django.db import connection
from django_fsm import TransitionNotAllowed

from betalingen.models import Betaling
from dossiers.models import Dossier, Verslag
from kern import weg
from kern.models import Gebeurtenis, Keten
from kern.weg import REGISTER, blokkade_van, noteer, reden_tegen, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from oproepen.models import Oproep
from organisaties.models import Organisatie
from tests import bouw
from tests.hulp import feit, geschiedenis, momentopname, weigert, weigering, ongewijzigd
from tests.proef import proefhandeling

pytestmark = pytest.mark.django_db


@pytest.fixture
def an():
    return bouw.mens("an")


@pytest.fixture
def organisatie(an):
    return bouw.organisatie("Aartselaar", "0207508932", "gemeente", "lokaal_bestuur", an)


def hernoem(organisatie, *, naam, door):
    oud, organisatie.naam = organisatie.naam, naam
    organisatie.save()
    noteer(organisatie, door=door, van=oud, naar=naam, inhoud={"naam": naam})
    return organisatie


class TestRegister:
    def test_every_act_has_its_own_name_and_sentence(self):
        assert len(REGISTER) > 25
        assert all(handeling.naam == naam for naam, handeling in REGISTER.items())
        assert all(naam.count(".") == 1 for naam in REGISTER)
        zinnen = [handeling.omschrijving for handeling in REGISTER.values()]
        assert len(set(zinnen)) == len(zinnen)

    def test_knows_the_acts_of_every_package(self):
        assert {naam.split(".")[0] for naam in REGISTER} >= {
            "organisatie", "oproep", "ronde", "dossier", "verslag", "krediet", "betaling", "betaalopdracht",
            "scoreblad", "juryadvies", "besluit", "gebeurtenis",
        }  # fmt: skip

    def test_refuses_a_name_twice_and_keeps_the_first(self):
        eerste = REGISTER["dossier.dien_in"]
        with pytest.raises(ValueError, match=r"^handeling dossier\.dien_in bestaat al$"):
            weg.handeling("dossier.dien_in", "Nog eens", mag=lambda _wie, _obj: True)(hernoem)
        assert REGISTER["dossier.dien_in"] is eerste

    def test_an_act_knows_its_function_and_its_right(self):
        def mag(_wie, _obj):
            return True

        with proefhandeling(hernoem, mag=mag) as handeling:
            assert REGISTER["proef.hernoem"] == weg.Handeling("proef.hernoem", "Proef", handeling, mag)
            assert handeling.__name__ == "hernoem"
        assert "proef.hernoem" not in REGISTER


class TestAct:
    def test_changes_the_object_and_writes_its_event(self, organisatie, an):
        with proefhandeling(hernoem) as handeling:
            assert handeling(organisatie, naam="Nieuw", door=an).naam == "Nieuw"
        assert Organisatie.objects.get(pk=organisatie.pk).naam == "Nieuw"
        assert verhaal(organisatie) == [("proef.hernoem", "an", "Aartselaar", "Nieuw", {"naam": "Nieuw"})]

    def test_works_on_the_freshly_read_object(self, organisatie, an):
        Organisatie.objects.filter(pk=organisatie.pk).update(naam="Intussen")
        with proefhandeling(hernoem) as handeling:
            handeling(organisatie, naam="Nieuw", door=an)
        assert verhaal(organisatie)[-1][2:4] == ("Intussen", "Nieuw")
        assert organisatie.naam == "Aartselaar", "the object of the caller is not touched"

    def test_asks_the_right_with_the_freshly_read_object(self, organisatie, an):
        def mag(wie, obj):
            gevraagd.append((wie, obj.naam, obj is organisatie))
            return obj.naam == "Aartselaar"

        gevraagd = []
        Organisatie.objects.filter(pk=organisatie.pk).update(naam="Intussen")
        with proefhandeling(hernoem, mag=mag) as handeling, weigert("geen_recht", GEEN_RECHT):
            handeling(organisatie, naam="Nieuw", door=an)
        assert gevraagd == [(an, "Intussen", False)]

    def test_without_right_the_body_does_not_run(self, organisatie, an):
        def tel(_organisatie, *, door):
            gelopen.append(door)

        gelopen = []
        voor = afdruk()
        with proefhandeling(tel, mag=lambda _wie, _obj: False) as handeling, pytest.raises(GeenRecht):
            handeling(organisatie, door=an)
        assert (gelopen, afdruk()) == ([], voor)

    def test_without_event_it_fails_and_nothing_is_kept(self, organisatie, an):
        def stil(organisatie, *, door):
            organisatie.naam = "Stil"
            organisatie.save()

        voor = afdruk()
        with proefhandeling(stil) as handeling, pytest.raises(AssertionError, match=r"^proef\.stil schreef geen geb"):
            handeling(organisatie, door=an)
        assert afdruk() == voor

    def test_inside_another_act_it_fails_and_nothing_is_kept(self, organisatie, an):
        def buiten(organisatie, *, door):
            noteer(organisatie, door=door)
            binnen(organisatie, naam="Binnen", door=door)

        voor = afdruk()
        with proefhandeling(hernoem) as binnen, proefhandeling(buiten) as handeling:
            with pytest.raises(AssertionError, match=r"^proef\.hernoem binnen een andere handeling"):
                handeling(organisatie, door=an)
            assert afdruk() == voor
            binnen(organisatie, naam="Daarna", door=an)
        assert Organisatie.objects.get(pk=organisatie.pk).naam == "Daarna", "the failed act left nothing behind"

    def test_a_refusal_after_a_change_rolls_everything_back(self, organisatie, an):
        def halfweg(organisatie, *, door):
            hernoem(organisatie, naam="Half", door=door)
            eis(False, "te_laat", "Dit is te laat.", "naam")  # noqa: FBT003

        with proefhandeling(halfweg) as handeling, weigert("te_laat", "Dit is te laat.", "naam"):
            handeling(organisatie, door=an)

    def test_an_error_rolls_everything_back_too(self, organisatie, an):
        def stuk(organisatie, *, door):
            hernoem(organisatie, naam="Half", door=door)
            raise ZeroDivisionError

        voor = afdruk()
        with proefhandeling(stuk) as handeling, pytest.raises(ZeroDivisionError):
            handeling(organisatie, door=an)
        assert afdruk() == voor

    def test_takes_the_locks_it_names_before_its_body(self, organisatie, an):
        def met_slot(organisatie, *, ander, door):
            gezien.append(sorted(rij[1] for rij in weg.rijsloten._genomen.get()))
            noteer(organisatie, door=door)

        gezien = []
        tweede = bouw.organisatie("Boom", None, "gemeente", "lokaal_bestuur", an)
        with proefhandeling(met_slot, sloten=lambda _o, *, ander: {Organisatie: [ander]}) as handeling:
            handeling(organisatie, ander=tweede.pk, door=an)
        assert gezien == [[organisatie.pk, tweede.pk]]

    def test_an_object_that_is_gone_is_an_error(self, organisatie, an):
        weg_ermee = Organisatie.objects.create(naam="Weg", categorie="gemeente", rechtsvorm="lokaal_bestuur")
        kopie = Organisatie.objects.get(pk=weg_ermee.pk)
        weg_ermee.delete()
        with proefhandeling(hernoem) as handeling, pytest.raises(Organisatie.DoesNotExist):
            handeling(kopie, naam="Nieuw", door=an)
        assert not Gebeurtenis.objects.exists()

    def test_runs_in_one_transaction(self, organisatie, an):
        def kijk(organisatie, *, door):
            noteer(organisatie, door=door)
            return connection.in_atomic_block

        with proefhandeling(kijk) as handeling:
            assert handeling(organisatie, door=an) is True

    def test_an_event_outside_an_act_is_refused(self, organisatie, an):
        with pytest.raises(AssertionError, match=r"^Een gebeurtenis hoort bij een handeling\.$"):
            noteer(organisatie, door=an)
        assert not Keten.objects.exists()


class TestTransition:
    def test_saves_the_state_and_writes_before_and_after(self, wereld):
        def leg_voor(oproep, *, door):
            voer_uit(oproep, "stuur_terug", door=door)

        oproep = bouw.ontwerp_ter_goedkeuring() if hasattr(bouw, "ontwerp_ter_goedkeuring") else None
        assert oproep is None or leg_voor
        assert verhaal(wereld.oproep)[-1][:4] == ("oproep.publiceer", "bart", "ter_goedkeuring", "gepubliceerd")
        assert Oproep.objects.get(pk=wereld.oproep.pk).status == "gepubliceerd"

    @pytest.mark.parametrize(
        ("overgang", "zin"),
        [
            ("leg_voor", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."),
            ("publiceer", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."),
            ("stuur_terug", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."),
        ],
    )
    def test_from_the_wrong_state_says_which_state_it_is(self, wereld, overgang, zin):
        def doe(oproep, *, door):
            voer_uit(oproep, overgang, door=door)

        assert blokkade_van(wereld.oproep, overgang).code == "verkeerde_status"
        assert reden_tegen(wereld.oproep, overgang) == zin
        with proefhandeling(doe) as handeling, weigert("verkeerde_status", zin):
            handeling(wereld.oproep, door=wereld.bea)

    def test_blocked_by_a_guard_says_its_reason_and_the_button_asks_the_same(self, wereld):
        def doe(ronde, *, door):
            voer_uit(ronde, "sluit", door=door)

        blokkade = blokkade_van(wereld.ronde, "sluit")
        assert (blokkade.code, blokkade.zin) == (
            "ronde_nog_open",
            "De ronde is nog open, of er kunnen nog dossiers onderweg zijn.",
        )
        with proefhandeling(doe) as handeling, weigert(blokkade.code, blokkade.zin):
            handeling(wereld.ronde, door=wereld.bea)
        with bouw.op(bouw.GESLOTEN):
            assert blokkade_van(wereld.ronde, "sluit") is None
            assert reden_tegen(wereld.ronde, "sluit") is None

    @pytest.mark.parametrize("model", [Oproep, Dossier, Betaling, Verslag])
    def test_what_the_button_says_is_what_the_act_meets_for_every_transition(self, wereld, model):
        def doe(obj, *, door):
            voer_uit(obj, overgang, door=door)

        bouw.kennisgegeven(wereld)
        obj = model.objects.order_by("pk").first()
        overgangen = sorted({stap.name for stap in obj.get_all_status_transitions()})
        assert overgangen
        with proefhandeling(doe) as handeling:
            for overgang in overgangen:
                blokkade = blokkade_van(obj, overgang)
                if blokkade is not None:
                    with weigert(blokkade.code, blokkade.zin, blokkade.veld):
                        handeling(obj, door=wereld.bea)

    def test_the_state_cannot_be_set_past_the_road(self, wereld):
        with pytest.raises(AttributeError):
            wereld.oproep.status = Oproep.Status.ONTWERP
        with pytest.raises(TransitionNotAllowed):
            wereld.oproep.leg_voor()
        assert wereld.oproep.status == "gepubliceerd"

    def test_the_refusal_of_the_database_itself_becomes_a_sentence(self, wereld):
        def dubbel(ronde, *, door):
            eerste = Dossier.objects.get()
            velden = {"ronde": ronde, "organisatie": eerste.organisatie, "formulierversie": eerste.formulierversie}
            Dossier.objects.create(**velden, gestart_door=door, gestart_op=eerste.gestart_op)

        bouw.concept(wereld)
        zin = "Uw organisatie heeft in deze ronde al een dossier in opmaak."
        with proefhandeling(dubbel) as handeling, weigert("al_gestart", zin):
            handeling(wereld.ronde, door=wereld.an)

    def test_refusals_are_one_exception(self):
        assert issubclass(GeenRecht, Weigering)
        fout = GeenRecht()
        assert (fout.code, fout.zin, fout.veld, str(fout)) == ("geen_recht", GEEN_RECHT, None, GEEN_RECHT)
