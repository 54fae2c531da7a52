"""Handing in: in time to the microsecond, once, with a snapshot and a receipt that prove what and when."""

import hashlib
import json
from datetime import timedelta

import pytest

from dossiers import opmaak
from dossiers.models import Indiening, IndieningInhoud
from dossiers.ontvangstbewijs import als_json, ingediend
from dossiers.services import dien_in
from kern import klok, uploads
from oproepen.models import Ronde
from organisaties.models import Gebruiker, Organisatie
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, vul_in, weigert

NIET_BEGONNEN = "De indientermijn is nog niet begonnen."
VOORBIJ = "De indientermijn is voorbij. Wat u invulde blijft bewaard, maar kan niet meer ingediend worden."
MICRO = timedelta(microseconds=1)


@pytest.fixture
def volledig(wereld):
    return bouw.volledig(wereld)


def mailtekst(dossier, indiening):
    return (
        f"Wij hebben uw dossier {dossier.nummer}, 'De Warme Buurt', ontvangen.\n\n"
        f"Ontvangstnummer in de ronde: {indiening.ontvangstnummer}\n"
        f"Vingerafdruk van het ontvangstbewijs: {bytes(indiening.blad).hex()}\n\n"
        "Bewaar deze mail. Het volledige ontvangstbewijs vindt u bij uw dossier in het loket."
    )


def test_handing_in(wereld, volledig):
    ontvangen = klok.brussel(2021, 10, 4, 11, 30) + timedelta(microseconds=123456)
    with klok.op(ontvangen + timedelta(seconds=3)), geschiedenis() as nieuw:
        indiening = dien_in(volledig, door=wereld.an, ontvangen_op=ontvangen)
    dossier = bouw.opnieuw(volledig)
    assert (dossier.status, dossier.zichtbare_status, dossier.ingediend_op) == ("ingediend", "Ingediend", ontvangen)
    assert Ronde.objects.get(pk=wereld.ronde.pk).laatste_ontvangstnummer == 1
    rij = Indiening.objects.get(dossier=dossier)
    assert rij == indiening
    assert (rij.ronde, rij.volgnummer, rij.ontvangstnummer) == (wereld.ronde, 1, 1)
    assert (rij.ontvangen_op, rij.ingediend_door, rij.nagespeeld) == (ontvangen, wereld.an, True)
    assert nieuw.feiten == [
        feit(
            dossier,
            "dossier.dien_in",
            wereld.an,
            "concept",
            "ingediend",
            {"ontvangen_op": "2021-10-04T09:30:00.123456Z"},
        )
    ]
    onderwerp = f"Uw dossier {dossier.nummer} is ingediend"
    assert nieuw.mails == [("an@voorbeeld.test", onderwerp, mailtekst(dossier, rij))]
    alles_klopt()


def test_every_member_gets_the_mail_once_and_nobody_else(wereld, volledig):
    for naam in ("stan", "ben"):
        voeg_lid_toe(wereld.aartselaar, email=wereld.mensen[naam].email, rol="medewerker", door=wereld.an)
    Gebruiker.objects.filter(pk=wereld.ben.pk).update(is_active=False)
    with geschiedenis() as nieuw:
        indiening = dien_in(volledig, door=wereld.stan, ontvangen_op=klok.nu())
    onderwerp, tekst = f"Uw dossier {volledig.nummer} is ingediend", mailtekst(volledig, indiening)
    assert nieuw.mails == [("an@voorbeeld.test", onderwerp, tekst), ("stan@voorbeeld.test", onderwerp, tekst)]


def test_one_microsecond_before_the_deadline_is_in_time(wereld, volledig):
    klok.zet(bouw.DEADLINE - MICRO)
    indiening = dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    assert json.loads(bytes(indiening.ontvangst))["moment"] == "2021-11-08T07:59:59.999999Z"
    assert bouw.opnieuw(volledig).status == "ingediend"


@pytest.mark.parametrize("te_laat", [timedelta(0), MICRO, timedelta(minutes=1), timedelta(days=400)])
def test_at_the_deadline_and_later_is_too_late(wereld, volledig, te_laat):
    klok.zet(bouw.DEADLINE + te_laat)
    with weigert("ronde_niet_open", VOORBIJ):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())


def test_what_came_in_time_and_waited_is_in_time(wereld, volledig):
    """The moment of receipt counts, not the moment at which the lock was free."""
    klok.zet(bouw.DEADLINE + timedelta(seconds=100))
    indiening = dien_in(volledig, door=wereld.an, ontvangen_op=bouw.DEADLINE - MICRO)
    assert indiening.ontvangen_op == bouw.DEADLINE - MICRO
    assert bouw.opnieuw(volledig).ingediend_op == bouw.DEADLINE - MICRO


def test_what_came_late_is_late_even_when_the_clock_says_otherwise(wereld, volledig):
    klok.zet(bouw.DEADLINE - timedelta(hours=1))
    with weigert("ronde_niet_open", VOORBIJ):
        dien_in(volledig, door=wereld.an, ontvangen_op=bouw.DEADLINE)


def test_before_the_opening_is_refused(wereld, volledig):
    with weigert("ronde_niet_open", NIET_BEGONNEN):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.brussel(2021, 6, 11) - MICRO)


def test_an_incomplete_draft_that_comes_too_late_reads_that_it_is_too_late(wereld):
    dossier = bouw.concept(wereld)
    klok.zet(bouw.DEADLINE)
    with weigert("ronde_niet_open", VOORBIJ):
        dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())


def test_handing_in_twice_is_refused(wereld, volledig):
    dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    assert volledig.status == "concept"  # as a second click has it
    for dossier in (volledig, bouw.opnieuw(volledig)):
        with weigert("verkeerde_status", "Dit kan niet: het dossier heeft de status 'ingediend'."):
            dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    assert Indiening.objects.count() == 1


def test_a_lapsed_draft_cannot_be_handed_in(wereld, volledig):
    bouw.sluit(wereld)
    with weigert("verkeerde_status", "Dit kan niet: het dossier heeft de status 'niet ingediend'."):
        dien_in(volledig, door=wereld.an, ontvangen_op=bouw.DEADLINE - MICRO)


def test_receipt_numbers_are_consecutive_in_a_round(wereld):
    rijen = [bouw.volledig(wereld, "an"), bouw.volledig(wereld, "ben")]
    vzw = bouw.concept(wereld, organisatie=wereld.vzw)
    vul_in(vzw, 1_000_00, wereld.an)
    leeg = bouw.concept(
        wereld, organisatie=bouw.organisatie("Niel", None, "gemeente", "lokaal_bestuur", wereld.stan), wie="stan"
    )
    brussel = Ronde.objects.get(luik__oproep=wereld.oproep, luik__slug="brussel")
    ander = bouw.dossiers.start_dossier(brussel, organisatie=wereld.vzw, door=wereld.an, ontvangen_op=klok.nu())
    vul_in(ander, 1_000_00, wereld.an)
    dien_in(rijen[1], door=wereld.ben, ontvangen_op=klok.nu())
    with weigert(
        "antwoord_ontbreekt",
        "Beantwoord de vraag 'Welke buurt kiest u, en wat blijkt uit uw buurtanalyse?'.",
        "buurtanalyse",
    ):
        dien_in(leeg, door=wereld.stan, ontvangen_op=klok.nu())
    dien_in(ander, door=wereld.an, ontvangen_op=klok.nu())
    dien_in(vzw, door=wereld.an, ontvangen_op=klok.nu())
    dien_in(rijen[0], door=wereld.an, ontvangen_op=klok.nu())
    nummers = Indiening.objects.order_by("ronde", "ontvangstnummer").values_list("ronde", "ontvangstnummer", "dossier")
    assert list(nummers) == [
        (wereld.ronde.pk, 1, rijen[1].pk),
        (wereld.ronde.pk, 2, vzw.pk),
        (wereld.ronde.pk, 3, rijen[0].pk),
        (brussel.pk, 1, ander.pk),
    ]
    assert list(Ronde.objects.order_by("pk").values_list("laatste_ontvangstnummer", flat=True)) == [3, 1]
    alles_klopt()


# Snapshot and receipt


def test_the_snapshot_is_exactly_what_was_handed_in(wereld, volledig):
    opmaak.bewaar_antwoord(volledig, "acties", 'Cafe\u0301 en \U0001f91d "wij" \\ \n', 1, door=wereld.an)
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(nis="11001")
    dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    som = hashlib.sha256(bouw.PDF).hexdigest()
    verwacht = {
        "dossier": volledig.nummer,
        "oproep": "zorgzame-buurten",
        "luik": "vlaanderen",
        "ronde": 1,
        "formulierversie": 1,
        "organisatie": {
            "naam": "Aartselaar",
            "kbo": "0207508932",
            "nis": "11001",
            "categorie": "gemeente",
            "rechtsvorm": "lokaal_bestuur",
            "gemeente": "Aartselaar",
        },
        "titel": "De Warme Buurt",
        "iban": "BE68539007547034",
        "gevraagd_cent": 10_000_000,
        "antwoorden": {
            "acties": {"waarde": 'Café en \U0001f91d "wij" \\ \n', "versie": 2},
            "bewoners": {"waarde": "1200", "versie": 1},
            "buurtanalyse": {"waarde": "Antwoord over buurtanalyse.", "versie": 1},
            "doelgroep": {"waarde": "Antwoord over doelgroep.", "versie": 1},
            "netwerk": {"waarde": "Antwoord over netwerk.", "versie": 1},
            "soort_buurt": {"waarde": "Dorpskern", "versie": 1},
        },
        "begroting": [
            {"soort": "kost", "omschrijving": "Buurtwerker", "bedrag_cent": 10_000_000},
            {"soort": "kost", "omschrijving": "Lokaal", "bedrag_cent": 500_000},
            {"soort": "inbreng", "omschrijving": "Gemeente", "bedrag_cent": 500_000},
        ],
        "bijlagen": [{"naam": "netwerk.pdf", "sha256": som, "grootte": len(bouw.PDF), "mime": "application/pdf"}],
    }
    canoniek = json.dumps(verwacht, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert bytes(IndieningInhoud.objects.get().snapshot) == canoniek
    assert ingediend(volledig) == verwacht


def test_the_snapshot_does_not_change_when_the_organisation_does(wereld, volledig):
    dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    voor = ingediend(volledig)
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(naam="Antwerpen", kbo="0207500123")
    assert ingediend(bouw.opnieuw(volledig)) == voor
    assert voor["organisatie"]["naam"] == "Aartselaar"


def test_an_organisation_without_kbo_has_null_in_the_snapshot(wereld):
    dossier = bouw.concept(wereld, organisatie=wereld.vzw)
    vul_in(dossier, 1_000_00, wereld.an)
    dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    assert ingediend(dossier)["organisatie"]["kbo"] is None


def test_a_draft_has_no_snapshot(volledig):
    assert ingediend(volledig) is None


def test_the_receipt_can_be_checked_with_hashlib_and_json_only(wereld, volledig):
    """What the applicant downloads is enough: leaf of the receipt, snapshot in the receipt, content in the snapshot."""
    indiening = dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    bewijs = json.loads(json.dumps(als_json(Indiening.objects.get(pk=indiening.pk))))
    assert bewijs.keys() == {"ontvangst", "blad", "dossier", "indiening", "zout", "inhoud"}
    assert (bewijs["dossier"], bewijs["indiening"]) == (volledig.nummer, 1)
    assert hashlib.sha256(b"\x00" + bewijs["ontvangst"].encode()).hexdigest() == bewijs["blad"]
    ontvangst = json.loads(bewijs["ontvangst"])
    som = hashlib.sha256(bytes.fromhex(bewijs["zout"]) + bewijs["inhoud"].encode()).hexdigest()
    assert ontvangst == {
        "nummer": 1,
        "moment": "2021-10-04T08:00:00.000000Z",
        "ronde": wereld.ronde.pk,
        "formulierversie": 1,
        "snapshot": som,
        "nonce": bytes(indiening.nonce).hex(),
    }
    assert (len(bytes.fromhex(ontvangst["nonce"])), len(bytes.fromhex(bewijs["zout"]))) == (16, 16)
    assert json.loads(bewijs["inhoud"])["titel"] == "De Warme Buurt"
    canoniek = json.dumps(ontvangst, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert bewijs["ontvangst"] == canoniek


def test_two_receipts_differ_in_nonce_and_salt(wereld):
    eerste, tweede = (bouw.laatste_indiening(bouw.ingediend(wereld, wie)) for wie in ("an", "ben"))
    for veld in ("nonce", "blad", "snapshot_hash"):
        assert bytes(getattr(eerste, veld)) != bytes(getattr(tweede, veld))
    assert als_json(eerste)["zout"] != als_json(tweede)["zout"]


def test_an_erased_snapshot_leaves_a_receipt_that_still_holds(wereld, volledig):
    indiening = dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    IndieningInhoud.objects.filter(indiening=indiening).delete()
    bewijs = als_json(Indiening.objects.get(pk=indiening.pk))
    assert bewijs.keys() == {"ontvangst", "blad", "dossier", "indiening"}
    assert hashlib.sha256(b"\x00" + bewijs["ontvangst"].encode()).hexdigest() == bewijs["blad"]
    assert ingediend(volledig) is None
    alles_klopt()


def test_the_attachment_is_stored_under_its_hash(wereld, volledig):
    dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    (regel,) = ingediend(volledig)["bijlagen"]
    bestand = volledig.bijlagen.get().bestand
    assert bestand.pad == f"{regel['sha256'][:2]}/{regel['sha256']}"
    antwoord = uploads.als_bijlage(bestand)
    assert b"".join(antwoord.streaming_content) == bouw.PDF
    antwoord.close()
