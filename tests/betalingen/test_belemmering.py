"""What blocks payments: registering, lifting, and every act on a payment that it stops."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from betalingen import rechten, services
from betalingen.models import Betaalbelemmering, Betaling
from betalingen.queries import belemmeringen_gefilterd, lang_open, met_belemmeringen
from betalingen.services import verzending
from dossiers.models import Dossier
from kern import klok, uploads
from oproepen.models import Luik
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.belemmerd import dossier, registreer, vers
from tests.betalingen.test_terugvordering_inning import tweede as verschuldigd
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.proef import geef_rol, tweede_oproep

pytestmark = pytest.mark.django_db
ZIN = "Op deze betaling rust een belemmering: derdenbeslag sinds 1 februari 2022 (ref. DB-2022-7)."


@pytest.fixture
def w(wereld):
    """Two awards of which the first instalment was paid."""
    return terug.betaald(wereld, {"an": 9, "ben": 8})


def iedereen(w):
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


def tweede(van=None):
    """Return the second instalment, freshly read; its report is not approved, the first one's guard that fails."""
    return Betaling.objects.get(dossier=van or dossier(), schijf__volgorde=2)


def teruggekomen(w):
    """Return the first instalment, which came back from the bank and can be approved again."""
    rij = Betaling.objects.get(dossier=dossier(), schijf__volgorde=1)
    return services.meld_geweigerd(rij, datum=klok.vandaag(), reden="Rekening geblokkeerd.", door=w.bo)


# --- belemmering.registreer ---


def test_a_seizure_is_recorded_with_its_document_and_others_hear_of_it(w):
    document = uploads.bewaar(bouw.upload("beslag.pdf"), door=w.bea)
    with geschiedenis() as nieuw:
        rij = registreer(w, document=document, kenmerk=" DB-2022-7 ")
    inhoud = {
        "dossier": dossier().nummer,
        "hele_organisatie": False,
        "soort": "derdenbeslag",
        "sinds": "2022-02-01",
        "kenmerk": "DB-2022-7",
        "document": document.sha256,
        "bedrag_cent": 12_000_00,
        "nota": "Beslag door een leverancier.",
    }
    assert nieuw.feiten == [feit(rij, "belemmering.registreer", w.bea, "", "open", inhoud)]
    tekst = (
        "Bea Proef registreerde een belemmering. Zolang ze er is, vertrekt er geen betaling.\n\n"
        f"Derdenbeslag sinds 1 februari 2022 (ref. DB-2022-7), op dossier {dossier().nummer} van Aartselaar."
    )
    assert nieuw.mails == [("bo@voorbeeld.test", "Belemmering op betalingen aan Aartselaar", tekst)]
    rij = vers(rij)
    assert (rij.organisatie, rij.dossier, rij.document, rij.geregistreerd_door, rij.geregistreerd_op) == (
        w.aartselaar, dossier(), document, w.bea, klok.nu(),
    )  # fmt: skip
    alles_klopt()


def test_handler_and_accountant_of_the_track_register_and_nobody_else(w):
    document = uploads.bewaar(bouw.upload("beslag.pdf"), door=w.bea)
    eis_alleen(iedereen(w), {"bea", "bo"}, lambda wie: registreer(w, document=document, door=wie))


def test_what_is_missing_is_asked_at_its_field(w):
    document = uploads.bewaar(bouw.upload("beslag.pdf"), door=w.bea)
    with weigert("soort_ontbreekt", "Kies wat de betaling belemmert.", "soort"):
        registreer(w, document=document, soort="zomaar")
    with weigert("datum_onmogelijk", "De datum ligt in de toekomst.", "sinds"):
        registreer(w, document=document, sinds=klok.vandaag() + timedelta(days=1))
    with weigert("kenmerk_ontbreekt", "Schrijf de referentie van het stuk.", "kenmerk"):
        registreer(w, document=document, kenmerk=" ")
    for cent in (0, -1):
        with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul, of laat het leeg.", "bedrag"):
            registreer(w, document=document, bedrag_cent=cent)


def test_two_on_one_payment_are_both_named_and_each_is_lifted_apart(w):
    een = registreer(w)
    registreer(w, soort="faillissement", kenmerk="VG-1", hele_organisatie=True, bedrag_cent=None)
    zin = ZIN[:-1] + "; faillissement sinds 1 februari 2022 (ref. VG-1)."
    with weigert("belemmerd", zin):
        services.stel_betaling_op(tweede(), door=w.bea)
    services.hef_belemmering_op(een, reden="Vrijgegeven.", door=w.bo)
    with weigert(
        "belemmerd", "Op deze betaling rust een belemmering: faillissement sinds 1 februari 2022 (ref. VG-1)."
    ):
        services.stel_betaling_op(tweede(), door=w.bea)


# --- what it stops ---


def test_drafting_approving_and_sending_stop_and_go_on_when_it_is_lifted(w):
    rij = registreer(w)
    with weigert("belemmerd", ZIN):
        services.stel_betaling_op(tweede(), door=w.bea)
    betaling = teruggekomen(w)  # a payment that comes back is no payment that leaves
    assert betaling.status == "te_controleren"
    with weigert("belemmerd", ZIN):
        services.keur_betaling_goed(betaling, door=w.bart)
    services.hef_belemmering_op(rij, reden="Vrijgegeven.", door=w.bo)
    services.keur_betaling_goed(betaling, door=w.bart)
    nummer = dossier().nummer
    # Approved before it was known, not sent yet.
    rij = registreer(w)
    with weigert("belemmerd", f"{nummer}: {ZIN}", "betalingen"):
        services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    vast = Betaling.objects.select_related("dossier__ronde__luik", "dossier__organisatie").get(pk=betaling.pk)
    assert [(b.code, b.zin) for b in verzending.bevindingen([vast])] == [("geblokkeerd", f"{nummer}: {ZIN}")]
    services.stuur_betaling_terug(betaling, reden="Er ligt beslag.", door=geef_rol(w, "aude", "budgethouder"))
    services.hef_belemmering_op(rij, reden="Vrijgegeven.", door=w.bo)
    assert not Betaling.objects.get(pk=betaling.pk).belemmeringen


def test_the_first_of_two_approvals_stops_too(w):
    w.oproep.tweede_goedkeuring_vanaf_cent = 1
    w.oproep.save(update_fields=["tweede_goedkeuring_vanaf_cent"])
    betaling = teruggekomen(w)
    registreer(w)
    with weigert("belemmerd", ZIN):
        services.keur_betaling_goed(betaling, door=w.bart)


def test_one_blocked_payment_holds_the_whole_order(w):
    eigen = teruggekomen(w)
    ander = Betaling.objects.get(dossier__organisatie=w.boom, schijf__volgorde=1)
    ander = services.meld_geweigerd(ander, datum=klok.vandaag(), reden="Gesloten.", door=w.bo)
    for betaling in (eigen, ander):
        services.keur_betaling_goed(betaling, door=w.bart)
    registreer(w)
    with weigert("belemmerd", f"{dossier().nummer}: {ZIN}", "betalingen"):
        services.verstuur_betalingen(w.oproep, betalingen=[eigen.pk, ander.pk], door=w.bo)
    services.verstuur_betalingen(w.oproep, betalingen=[ander.pk], door=w.bo)


def test_nothing_is_set_off_against_a_blocked_payment(w):
    vordering = terug.bekend(w)
    betaling = verschuldigd(w)
    klok.zet(bouw.BESLIST)
    registreer(w)
    klok.zet(terug.BEKEND)
    with weigert("belemmerd", ZIN, "betaling"):
        services.verreken(vordering, betaling=betaling.pk, door=w.bart)


def test_it_rests_on_one_dossier_or_on_all_of_the_organisation_and_on_no_other(w):
    ander = Dossier.objects.get(organisatie=w.boom)
    rij = registreer(w)
    assert [bool(tweede(d).belemmeringen) for d in (dossier(), ander)] == [True, False]
    services.hef_belemmering_op(rij, reden="Weg.", door=w.bo)
    registreer(w, hele_organisatie=True)
    assert [bool(tweede(d).belemmeringen) for d in (dossier(), ander)] == [True, False]
    aantallen = dict(met_belemmeringen(Dossier.objects.all()).values_list("organisatie__naam", "belemmeringen_aantal"))
    assert aantallen == {"Aartselaar": 1, "Boom": 0}


def test_the_account_may_change_while_it_is_blocked_and_the_payment_leaves_for_it(w):
    betaling = teruggekomen(w)
    rij = registreer(w, soort="begunstigde", kenmerk="CUR-1")
    services.wijzig_rekening(dossier(), iban="BE49999000000171", reden="Aan de curator.", door=w.bea)
    services.hef_belemmering_op(rij, reden="De rekening is die van de curator.", door=w.bo)
    services.keur_betaling_goed(betaling, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    assert Betaling.objects.get(pk=betaling.pk).iban == "BE49999000000171"


# --- belemmering.hef_op ---


def test_another_person_lifts_it_once_with_a_reason(w):
    rij = registreer(w)
    with weigert("reden_ontbreekt", "Schrijf waarom de belemmering wegvalt.", "reden"):
        services.hef_belemmering_op(rij, reden=" ", door=w.bo)
    with weigert("zelfde_persoon", "U registreerde deze belemmering zelf; een andere persoon heft ze op."):
        services.hef_belemmering_op(rij, reden="Weg.", door=w.bea)
    klok.zet(klok.nu() + timedelta(days=2))
    with geschiedenis() as nieuw:
        services.hef_belemmering_op(rij, reden=" Vrijgegeven. ", door=w.bo)
    assert nieuw.feiten == [feit(rij, "belemmering.hef_op", w.bo, "open", "opgeheven", {"reden": "Vrijgegeven."})]
    tekst = (
        "Bo Proef hief een belemmering op. Reden: Vrijgegeven.\n\n"
        f"Derdenbeslag sinds 1 februari 2022 (ref. DB-2022-7), op dossier {dossier().nummer} van Aartselaar."
    )
    assert nieuw.mails == [("bea@voorbeeld.test", "Belemmering op betalingen aan Aartselaar", tekst)]
    rij = vers(rij)
    assert (rij.status, rij.opgeheven_door, rij.opgeheven_op) == ("opgeheven", w.bo, klok.nu())
    with weigert("verkeerde_status", zin_status(rij)):
        services.hef_belemmering_op(rij, reden="Nog eens.", door=w.bo)
    alles_klopt()


def test_handler_and_accountant_lift_and_nobody_else(w):
    mensen = iedereen(w)
    rij = registreer(w, door=geef_rol(w, "stan", "behandelaar"))
    eis_alleen(
        mensen | {"stan": w.bea},
        {"bea", "bo", "stan"},
        lambda wie: services.hef_belemmering_op(rij, reden="Weg.", door=wie),
    )


def test_the_database_refuses_the_same_person_and_a_lift_without_a_reason(w):
    rij = registreer(w)
    opgeheven = {"status": "opgeheven", "opgeheven_op": klok.nu(), "opheffing_reden": "Weg."}
    for velden in (
        opgeheven | {"opgeheven_door": w.bea},
        opgeheven | {"opgeheven_door": w.bo, "opheffing_reden": ""},
        {"opgeheven_door": w.bo},
        {"bedrag_cent": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Betaalbelemmering.objects.filter(pk=rij.pk).update(**velden)


# --- who sees it, and lists ---


@pytest.mark.parametrize("hele_organisatie", [False, True])
def test_the_two_ways_to_ask_who_sees_it_agree(w, hele_organisatie):
    mensen = iedereen(w)
    rij = registreer(w, hele_organisatie=hele_organisatie)
    ziet = set()
    for naam, wie in mensen.items():
        zichtbaar = rechten.belemmeringen_zichtbaar_voor(Betaalbelemmering.objects.all(), wie).exists()
        assert rechten.mag_belemmering_zien(wie, rij) == zichtbaar, naam
        ziet |= {naam} if zichtbaar else set()
    assert ziet == {"bea", "bart", "bo", "aude"}


def test_filters_and_what_is_open_for_long(w):
    een = registreer(w, sinds=klok.vandaag() - timedelta(days=91))
    ander = registreer(w, sinds=klok.vandaag() - timedelta(days=90), soort="faillissement", hele_organisatie=True)
    alle = Betaalbelemmering.objects.order_by("pk")
    filter_ = lambda **wat: list(belemmeringen_gefilterd(alle, **wat))  # noqa: E731
    assert filter_(soort="faillissement") == [ander]
    assert filter_(dossier=dossier().nummer.lower()) == [een, ander]
    assert filter_(dossier=Dossier.objects.get(organisatie=w.boom).nummer) == []
    luiken = Luik.objects.all()
    assert list(lang_open(luiken, klok.vandaag())) == [een]
    assert set(lang_open(luiken, klok.vandaag() + timedelta(days=1))) == {een, ander}
    services.hef_belemmering_op(een, reden="Weg.", door=w.bo)
    assert filter_(status="open") == [ander]
    assert filter_(status="opgeheven") == [vers(een)]
    assert list(lang_open(luiken, klok.vandaag())) == []
    assert not lang_open(Luik.objects.filter(slug="brussel"), klok.vandaag() + timedelta(days=9)).exists()
