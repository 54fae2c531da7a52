"""Chains of events: linked by hash, and still right after a payload was erased."""

import hashlib
import json

import pytest

from kern import controles, ketens, klok, privacy, triggers
from kern.canoniek import NietCanoniek
from kern.models import Gebeurtenis, GebeurtenisInhoud, Keten
from kern.weg import noteer
from organisaties.models import Organisatie
from tests import bouw
from tests.hulp import feit, geschiedenis, ongewijzigd, weigert
from tests.proef import proefhandeling

pytestmark = pytest.mark.django_db

BEGIN = bytes(32)


@pytest.fixture
def an():
    klok.zet(klok.brussel(2021, 10, 4, 10))
    return bouw.mens("an")


@pytest.fixture
def beheer(an):
    return bouw.mens("beheer", is_staff=True)


@pytest.fixture
def organisatie(an):
    return bouw.organisatie("Aartselaar", "0207508932", "gemeente", "lokaal_bestuur", an)


def doe(obj, door, *inhouden):
    """Write one event per payload to the chain of `obj`."""

    def merk(obj, *, door):
        for inhoud in inhouden:
            noteer(obj, door=door, van="a", naar="b", inhoud=inhoud)

    with proefhandeling(merk) as handeling:
        handeling(obj, door=door)


def keten_van(obj):
    return Keten.objects.get(soort=obj._meta.model_name, object_id=obj.pk)


def verschillen():
    return [zin for zoek in (controles.ketens_kloppen, controles.inhoud_klopt) for zin in zoek()]


def test_every_event_covers_the_one_before(organisatie, an):
    doe(organisatie, an, {"n": 1}, {"n": 2})
    doe(organisatie, an, {"n": 3})
    rijen = list(ketens.gebeurtenissen_van(organisatie))
    keten = keten_van(organisatie)
    assert [rij.nummer for rij in rijen] == [1, 2, 3]
    assert [bytes(rij.vorige_hash) for rij in rijen] == [BEGIN, bytes(rijen[0].hash), bytes(rijen[1].hash)]
    assert (keten.laatste_nummer, bytes(keten.laatste_hash)) == (3, bytes(rijen[2].hash))
    assert [ketens.inhoud_van(rij) for rij in rijen] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert verschillen() == []


def test_the_hash_is_made_of_these_bytes_for_ever(organisatie, an):
    doe(organisatie, an, {"naam": "é", "cent": 5})
    rij = ketens.gebeurtenissen_van(organisatie).get()
    inhoud = bytes(rij.bewaarde_inhoud.inhoud)
    assert inhoud == '{"cent":5,"naam":"é"}'.encode()
    assert len(bytes(rij.bewaarde_inhoud.zout)) == 16
    assert bytes(rij.inhoud_hash) == hashlib.sha256(bytes(rij.bewaarde_inhoud.zout) + inhoud).digest()
    tekst = (
        f'{{"door":{an.pk},"handeling":"proef.merk","inhoud":"{bytes(rij.inhoud_hash).hex()}",'
        f'"moment":"2021-10-04T08:00:00.000000Z","naar":"b","nagespeeld":true,"nummer":1,"object":{organisatie.pk},'
        f'"soort":"organisatie","van":"a","vorige":"{BEGIN.hex()}"}}'
    )
    assert bytes(rij.hash) == hashlib.sha256(tekst.encode()).digest()


def test_the_same_payload_twice_has_another_hash(organisatie, an):
    doe(organisatie, an, {"geheim": 1}, {"geheim": 1})
    een, twee = ketens.gebeurtenissen_van(organisatie)
    assert bytes(een.inhoud_hash) != bytes(twee.inhoud_hash)


def test_every_object_has_a_chain_of_its_own(organisatie, an):
    ander = bouw.organisatie("Boom", None, "gemeente", "lokaal_bestuur", an)
    doe(organisatie, an, {}, {})
    doe(ander, an, {})
    assert [(k.soort, k.object_id, k.laatste_nummer) for k in Keten.objects.order_by("pk")] == [
        ("organisatie", organisatie.pk, 2),
        ("organisatie", ander.pk, 1),
    ]
    assert ketens.gebeurtenissen_van(ander).get().nummer == 1


def test_real_time_is_not_marked_as_replayed(organisatie, an):
    klok.laat_los()
    doe(organisatie, an, {})
    assert ketens.gebeurtenissen_van(organisatie).get().nagespeeld is False
    assert verschillen() == []


def test_a_payload_without_canonical_form_is_refused_and_nothing_is_kept(organisatie, an):
    with ongewijzigd(), pytest.raises(NietCanoniek):
        doe(organisatie, an, {"bedrag": 1.5})


def wijzig(rij, **velden):
    """Change a row past the triggers, as somebody with the keys of the database would."""
    triggers.verwijder_alle()
    type(rij).objects.filter(pk=rij.pk).update(**velden)
    triggers.maak(triggers.modellen())


@pytest.mark.parametrize(
    ("kolom", "waarde"),
    [
        ("handeling", "proef.anders"),
        ("moment", klok.brussel(2021, 10, 4, 10, 0, 1)),
        ("van", "x"),
        ("naar", ""),
        ("nagespeeld", False),
        ("inhoud_hash", b"\x01" * 32),
        ("hash", b"\x01" * 32),
    ],
)
def test_every_column_of_an_event_is_covered(organisatie, an, kolom, waarde):
    doe(organisatie, an, {}, {"n": 2}, {})
    rij = ketens.gebeurtenissen_van(organisatie).get(nummer=2)
    wijzig(rij, **{kolom: waarde})
    assert f"{keten_van(organisatie)}: gebeurtenis 2 is gewijzigd" in verschillen()


def test_another_actor_is_found(organisatie, an, beheer):
    doe(organisatie, an, {})
    rij = ketens.gebeurtenissen_van(organisatie).get()
    wijzig(rij, door=beheer)
    assert verschillen() == [f"{keten_van(organisatie)}: gebeurtenis 1 is gewijzigd"]


def test_a_whole_chain_moved_to_another_object_is_found(organisatie, an):
    doe(organisatie, an, {})
    Keten.objects.update(object_id=organisatie.pk + 1)
    assert verschillen() == [f"organisatie {organisatie.pk + 1}: gebeurtenis 1 is gewijzigd"]


def test_a_changed_payload_is_found(organisatie, an):
    doe(organisatie, an, {"n": 1})
    rij = ketens.gebeurtenissen_van(organisatie).get()
    wijzig(rij.bewaarde_inhoud, inhoud=b'{"n":2}')
    assert verschillen() == [f"{keten_van(organisatie)}: de inhoud van gebeurtenis 1 is gewijzigd"]


@pytest.mark.parametrize(
    ("weg", "zinnen"),
    [
        (1, ["{k}: gebeurtenis 2 staat waar 1 hoort", "{k}: gebeurtenis 2 sluit niet aan op de vorige"]),
        (2, ["{k}: gebeurtenis 3 staat waar 2 hoort", "{k}: gebeurtenis 3 sluit niet aan op de vorige"]),
        (3, ["{k}: laatste nummer 3, gevonden 2"]),
    ],
)
def test_an_event_that_is_gone_is_found(organisatie, an, weg, zinnen):
    doe(organisatie, an, {}, {}, {})
    triggers.verwijder_alle()
    GebeurtenisInhoud.objects.filter(gebeurtenis__nummer=weg).delete()
    Gebeurtenis.objects.filter(nummer=weg).delete()
    triggers.maak(triggers.modellen())
    assert verschillen() == [zin.format(k=keten_van(organisatie)) for zin in zinnen]


def test_a_changed_end_of_the_chain_is_found(organisatie, an):
    doe(organisatie, an, {}, {})
    Keten.objects.update(laatste_hash=b"\x01" * 32)
    zin = f"{keten_van(organisatie)}: de laatste vingerafdruk is niet die van gebeurtenis 2"
    assert verschillen() == [zin]


# --- privacy ---


@pytest.fixture
def keten(organisatie, an):
    doe(organisatie, an, {"naam": "Jan"}, {"naam": "Piet"})
    return keten_van(organisatie)


def test_erasing_keeps_the_event_and_says_who_why_and_what(keten, organisatie, beheer):
    voor = ketens.gebeurtenissen_van(organisatie).get(nummer=1)
    with geschiedenis() as nieuw:
        privacy.wis_inhoud(keten, nummer=1, reden="Vraag van de betrokkene", door=beheer)
    inhoud = {"nummer": 1, "reden": "Vraag van de betrokkene"}
    assert nieuw.feiten == [feit(organisatie, "gebeurtenis.wis_inhoud", beheer, inhoud=inhoud)]
    rijen = list(ketens.gebeurtenissen_van(organisatie))
    assert [ketens.inhoud_van(rij) for rij in rijen] == [None, {"naam": "Piet"}, inhoud]
    assert bytes(rijen[0].hash) == bytes(voor.hash) and rijen[0].nummer == 1
    assert all(b"Jan" not in bytes(rij.inhoud) for rij in GebeurtenisInhoud.objects.all())
    assert verschillen() == []
    assert controles.aantal_gewist() == 1
    assert Keten.objects.count() == 1


def test_erasing_the_last_event_lets_the_chain_grow_on(keten, organisatie, an, beheer):
    privacy.wis_inhoud(keten, nummer=2, reden="Vraag", door=beheer)
    doe(organisatie, an, {"naam": "Mia"})
    assert [g.nummer for g in ketens.gebeurtenissen_van(organisatie)] == [1, 2, 3, 4]
    assert verschillen() == []


def test_only_an_administrator_who_is_active_erases(keten, an, beheer):
    with weigert("geen_recht"):
        privacy.wis_inhoud(keten, nummer=1, reden="Vraag", door=an)
    beheer.is_active = False
    with weigert("geen_recht"):
        privacy.wis_inhoud(keten, nummer=1, reden="Vraag", door=beheer)


@pytest.mark.parametrize("reden", ["", "  \n"])
def test_refuses_without_reason(keten, beheer, reden):
    with weigert("reden_ontbreekt", "Schrijf waarom u deze inhoud wist.", "reden"):
        privacy.wis_inhoud(keten, nummer=1, reden=reden, door=beheer)


@pytest.mark.parametrize("nummer", [0, 3, -1])
def test_refuses_an_event_that_does_not_exist(keten, beheer, nummer):
    with weigert("onbekende_gebeurtenis", f"Deze keten heeft geen gebeurtenis {nummer}.", "nummer"):
        privacy.wis_inhoud(keten, nummer=nummer, reden="Vraag", door=beheer)


def test_refuses_twice(keten, beheer):
    privacy.wis_inhoud(keten, nummer=1, reden="Vraag", door=beheer)
    with weigert("al_gewist", "De inhoud van gebeurtenis 1 is al gewist.", "nummer"):
        privacy.wis_inhoud(keten, nummer=1, reden="Vraag", door=beheer)


def test_refuses_to_erase_the_trace_of_an_erasure(keten, beheer):
    privacy.wis_inhoud(keten, nummer=1, reden="Vraag", door=beheer)
    with weigert("niet_wisbaar", "Het spoor van een wissing kan niet zelf gewist worden.", "nummer"):
        privacy.wis_inhoud(keten, nummer=3, reden="Sporen", door=beheer)


def test_the_payload_is_read_as_it_was_written(organisatie, an):
    inhoud = {"lijst": [1, None, True], "tekst": 'a"\\é\n', "diep": {"x": {}}}
    doe(organisatie, an, inhoud)
    rij = ketens.gebeurtenissen_van(organisatie).get()
    assert ketens.inhoud_van(rij) == inhoud == json.loads(bytes(rij.bewaarde_inhoud.inhoud))
    assert Organisatie.objects.count() == 1
