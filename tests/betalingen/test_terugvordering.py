"""A recovery up to its notification: every act works, is refused, and frees no credit."""

from datetime import timedelta

import pytest

from betalingen import grootboek, queries, rechten, services, stukken
from betalingen.models import Betaling, Journaalregel, Terugvordering
from betalingen.services import Interest, Verjaring
from betalingen.services.terugkeer import meld_geweigerd
from kern import klok, outbox
from kern.models import VerstuurdStuk
from oproepen.models import Taak
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.terug import BEKEND, GEHOORD, REDEN, TERMIJN, UITERLIJK, VANDAAG, VERJAART, K
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.pdflezer import Gelezen
from tests.proef import cijfers, geef_rol, krediet, tweede_oproep

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def iedereen(w):
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


def vrij(w):
    """Return what is available and committed of everything that has totals."""
    alles = (w.oproep, w.luik, w.ronde, terug.dossier(), krediet(2022), krediet(2023))
    standen = grootboek.standen_van(alles)
    return [(s.beschikbaar_cent, s.vastgelegd_cent, s.vereffend_cent, s.uitbetaald_cent) for s in standen]


# --- terugvordering.neem_voor ---


def test_an_intention_is_sent_with_its_letter_and_books_nothing(w):
    voor = vrij(w)
    with geschiedenis() as nieuw:
        rij = terug.voornemen(w)
    assert rij.nummer == f"TV-2022-{rij.pk:05d}"
    inhoud = {
        "dossier": rij.dossier.nummer,
        "nummer": rij.nummer,
        "bedrag_cent": 20 * K,
        "grond": "voorwaarden",
        "rechtsregel": "artikel 13 van de wet van 16 mei 2003",
        "motivering": REDEN,
        "hoortermijn": TERMIJN.isoformat(),
    }
    assert nieuw.feiten == [feit(rij, "terugvordering.neem_voor", w.bea, "", "voornemen", inhoud)]
    [(aan, onderwerp, tekst)] = nieuw.mails
    assert (aan, onderwerp) == (
        "an@voorbeeld.test",
        f"Dossier {rij.dossier.nummer}: wij willen subsidie terugvorderen",
    )
    assert "Reageer uiterlijk op 3 maart 2022" in tekst and "U moet nu niets betalen." in tekst
    assert vrij(w) == voor
    assert not Journaalregel.objects.exclude(terugvordering=None).exists()
    alles_klopt()


def test_the_letter_of_an_intention_is_kept_by_its_hash(w):
    rij = terug.voornemen(w)
    brief = stukken.voornemen_bestand(rij.pk)
    assert brief == stukken.voornemen_bestand(rij.pk)
    tekst = Gelezen(brief.inhoud).tekst
    for wat in ("Wij willen subsidie terugvorderen", "20.000,00", REDEN, "artikel 13", "3 maart 2022", rij.nummer):
        assert wat in tekst, wat
    assert "Raad van State" not in tekst
    outbox.werk_alles_af()
    assert brief.naam in set(VerstuurdStuk.objects.values_list("naam", flat=True))


def test_only_the_handler_of_the_track_intends(w):
    eis_alleen(iedereen(w), {"bea"}, lambda wie: terug.voornemen(w, door=wie))


def test_no_more_than_was_paid_and_not_claimed_yet(w):
    zin = (
        "Op dit dossier is 50.000,00 euro betaald en al {} euro teruggevorderd. Hoogstens {} euro kan nog "
        "teruggevorderd worden."
    )
    with weigert("boven_betaald", zin.format("0,00", "50.000,00"), "bedrag"):
        terug.voornemen(w, bedrag_cent=50 * K + 1)
    eerste = terug.voornemen(w, bedrag_cent=30 * K)
    with weigert("boven_betaald", zin.format("30.000,00", "20.000,00"), "bedrag"):
        terug.voornemen(w, bedrag_cent=20 * K + 1)
    tweede = terug.voornemen(w, bedrag_cent=20 * K)
    services.trek_terugvordering_in(tweede, reden="Toch niet.", door=w.bea)
    assert services.hoogstens(terug.dossier()) == (50 * K, 30 * K)
    assert services.hoogstens(terug.dossier(), eerste) == (50 * K, 0)


def test_an_intention_needs_its_clause_its_reason_and_a_term(w):
    with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag"):
        terug.voornemen(w, bedrag_cent=0)
    with weigert("motivering_ontbreekt", "Schrijf waarom u wilt terugvorderen.", "motivering"):
        terug.voornemen(w, motivering=" \n")
    with weigert("grond_ontbreekt", "Kies waarom u terugvordert.", "grond"):
        terug.voornemen(w, grond="zomaar")
    with weigert("rechtsregel_ontbreekt", "Kies de rechtsregel.", "rechtsregel"):
        terug.voornemen(w, rechtsregel="")
    zin = (
        "Artikel 13 van de wet van 16 mei 2003 gaat over voorwaarden die niet nageleefd zijn en over geld dat niet "
        "voor het doel gebruikt is. Noem voor deze grond de bepaling zelf."
    )
    with weigert("rechtsregel_past_niet", zin, "rechtsregel"):
        terug.voornemen(w, grond="te_veel")
    with weigert("rechtsregel_ontbreekt", "Schrijf welke bepaling het is.", "bepaling"):
        terug.voornemen(w, grond="te_veel", rechtsregel="andere", bepaling=" ")
    with weigert("rechtsregel_dubbel", "Laat dit leeg bij artikel 13, of kies een andere bepaling.", "bepaling"):
        terug.voornemen(w, bepaling="artikel 7")
    zin = "De termijn om te reageren begint ten vroegste morgen en duurt hoogstens een jaar."
    for dagen in (-1, 0, 366):
        with weigert("termijn_onmogelijk", zin, "hoortermijn"):
            terug.voornemen(w, hoortermijn=VANDAAG + timedelta(days=dagen))
    rij = terug.voornemen(w, grond="te_veel", rechtsregel="andere", bepaling="artikel 7 van de oproep")
    assert rij.bepaling == "artikel 7 van de oproep"


# --- terugvordering.reageer, terugvordering.hoor ---


def test_the_beneficiary_answers_online(w):
    rij = terug.voornemen(w)
    with geschiedenis() as nieuw:
        services.reageer_op_terugvordering(rij, reactie=" Wij vonden niemand. ", door=w.an)
    inhoud = {"reactie": "Wij vonden niemand."}
    assert nieuw.feiten == [feit(rij, "terugvordering.reageer", w.an, "voornemen", "gehoord", inhoud)]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("bart@voorbeeld.test", f"Dossier {rij.dossier.nummer}: beslissen over een terugvordering"),
        ("bea@voorbeeld.test", f"Dossier {rij.dossier.nummer}: reactie op een terugvordering"),
    ]
    rij = terug.vers_gelezen(rij)
    assert (rij.reactie, rij.gehoord_door, rij.gehoord_op) == ("Wij vonden niemand.", w.an, klok.nu())
    with weigert("verkeerde_status", zin_status(rij)):
        services.reageer_op_terugvordering(rij, reactie="Nog iets.", door=w.an)
    with weigert("verkeerde_status", zin_status(rij)):
        services.hoor_over_terugvordering(rij, reactie="", door=w.bea)


def test_only_the_beneficiary_answers_and_not_with_nothing(w):
    rij = terug.voornemen(w)
    daad = lambda wie: services.reageer_op_terugvordering(rij, reactie="Ja.", door=wie)  # noqa: E731
    eis_alleen(iedereen(w), {"an"}, daad)
    with weigert("reactie_ontbreekt", "Schrijf uw reactie.", "reactie"):
        services.reageer_op_terugvordering(rij, reactie=" ", door=w.an)


def test_the_handler_closes_the_hearing_once_the_term_has_passed(w):
    rij = terug.voornemen(w)
    zin = "De begunstigde kan nog reageren tot en met 03/03/2022. Schrijf wat zij antwoordde, of wacht tot daarna."
    klok.zet(GEHOORD - timedelta(days=1))
    with weigert("termijn_loopt", zin, "reactie"):
        services.hoor_over_terugvordering(rij, reactie=" ", door=w.bea)
    klok.zet(GEHOORD)
    with geschiedenis() as nieuw:
        services.hoor_over_terugvordering(rij, reactie="", door=w.bea)
    assert nieuw.feiten == [feit(rij, "terugvordering.hoor", w.bea, "voornemen", "gehoord", {"reactie": ""})]
    assert [aan for aan, _, _ in nieuw.mails] == ["bart@voorbeeld.test"]


def test_what_was_said_by_telephone_closes_the_hearing_at_once(w):
    rij = terug.voornemen(w)
    eis_alleen(iedereen(w), {"bea"}, lambda wie: services.hoor_over_terugvordering(rij, reactie="Belde.", door=wie))
    services.hoor_over_terugvordering(rij, reactie="Belde.", door=w.bea)
    assert terug.vers_gelezen(rij).reactie == "Belde."


# --- terugvordering.beslis ---


def test_a_decision_may_be_lower_and_nobody_outside_hears_of_it(w):
    rij = terug.gehoord(w)
    interest = Interest(325, None, "Subsidiebesluit.")
    with geschiedenis() as nieuw:
        terug.beslis(w, rij, bedrag_cent=15 * K, interest=interest)
    inhoud = {
        "bedrag_cent": 15 * K,
        "motivering": "De voorwaarde van aanwerving is niet nageleefd.",
        "nummer": "TB-2022-4",
        "datum": GEHOORD.date().isoformat(),
        "termijn_dagen": 30,
        "verjaart_op": VERJAART.isoformat(),
        "verjaring_reden": "Tien jaar na de betaling (aanname).",
        "interest_honderdsten": 325,
        "interest_vanaf": None,
        "interest_reden": "Subsidiebesluit.",
    }
    assert nieuw.feiten == [feit(rij, "terugvordering.beslis", w.bart, "gehoord", "beslist", inhoud)]
    assert [aan for aan, _, _ in nieuw.mails] == ["bea@voorbeeld.test"]
    rij = terug.vers_gelezen(rij)
    assert (rij.zichtbare_status, rij.begrotingsjaar, rij.hoofdsom_open_cent) == ("Gehoord", 2022, 0)
    assert services.hoogstens(rij.dossier) == (50 * K, 15 * K)
    assert not Journaalregel.objects.exclude(terugvordering=None).exists()
    alles_klopt()


def test_only_the_budget_holder_decides_and_not_on_his_own_intention(w):
    rij = terug.gehoord(w)
    eis_alleen(iedereen(w), {"bart"}, lambda wie: terug.beslis(w, rij, door=wie))
    geef_rol(w, "bea", Taak.Rol.BUDGETHOUDER)
    with weigert("zelfde_persoon", "Over een terugvordering beslist een andere persoon dan wie ze voornam."):
        terug.beslis(w, rij, door=w.bea)


def test_a_decision_without_what_it_needs_is_refused(w):
    rij = terug.gehoord(w)
    zin = "Het voornemen ging over 20.000,00 euro; de beslissing kan niet hoger zijn."
    with weigert("boven_voornemen", zin, "bedrag"):
        terug.beslis(w, rij, bedrag_cent=20 * K + 1)
    with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag"):
        terug.beslis(w, rij, bedrag_cent=0)
    with weigert("motivering_ontbreekt", "Schrijf waarom u terugvordert.", "motivering"):
        terug.beslis(w, rij, motivering=" ")
    with weigert("nummer_ontbreekt", "Vul het nummer van de beslissing in.", "nummer"):
        terug.beslis(w, rij, nummer="")
    with weigert("datum_onmogelijk", "De datum van de beslissing ligt in de toekomst.", "datum"):
        terug.beslis(w, rij, datum=GEHOORD.date() + timedelta(days=1))
    zin = "De begunstigde is pas op 04/03/2022 gehoord; de beslissing komt daarna."
    with weigert("datum_onmogelijk", zin, "datum"):
        terug.beslis(w, rij, datum=TERMIJN)
    for dagen in (0, 366):
        with weigert("termijn_onmogelijk", "De termijn om te betalen is 1 tot 365 dagen.", "termijn"):
            terug.beslis(w, rij, termijn_dagen=dagen)
    with weigert("verjaring_onmogelijk", "De verjaringsdatum ligt na vandaag.", "verjaart_op"):
        terug.beslis(w, rij, verjaring=Verjaring(klok.vandaag(), "Zo."))
    with weigert("reden_ontbreekt", "Schrijf hoe u die datum vond.", "verjaring_reden"):
        terug.beslis(w, rij, verjaring=Verjaring(VERJAART, " "))


def test_interest_needs_where_it_comes_from(w):
    rij = terug.gehoord(w)
    with weigert("reden_ontbreekt", "Schrijf waar het interestpercentage vandaan komt.", "interest_reden"):
        terug.beslis(w, rij, interest=Interest(325))
    zin = "Vul een percentage in van 0 tot 100, met hoogstens twee cijfers na de komma."
    for honderdsten in (-1, 10_001):
        with weigert("interest_onmogelijk", zin, "interest"):
            terug.beslis(w, rij, interest=Interest(honderdsten, None, "Zo."))
    zin = "De eerste betaling was op 01/02/2022; interest begint niet eerder."
    with weigert("interest_onmogelijk", zin, "interest_vanaf"):
        terug.beslis(w, rij, interest=Interest(325, VANDAAG - timedelta(days=1), "Zo."))
    assert terug.beslis(w, rij, interest=Interest(0, VANDAAG, "")).interest_vanaf is None


def test_only_what_was_heard_is_decided_and_once(w):
    rij = terug.voornemen(w)
    with weigert("verkeerde_status", zin_status(rij)):
        terug.beslis(w, rij)
    klok.zet(GEHOORD)
    services.hoor_over_terugvordering(rij, reactie="", door=w.bea)
    rij = terug.beslis(w, rij)
    with weigert("verkeerde_status", zin_status(rij)):
        terug.beslis(w, rij)


def test_what_the_bank_sent_back_since_is_not_claimed(w):
    rij = terug.gehoord(w, bedrag_cent=50 * K)
    meld_geweigerd(Betaling.objects.get(schijf__volgorde=1), datum=klok.vandaag(), reden="AC04", door=w.bo)
    zin = (
        "Op dit dossier is 0,00 euro betaald en al 0,00 euro teruggevorderd. Hoogstens 0,00 euro kan nog "
        "teruggevorderd worden."
    )
    with weigert("boven_betaald", zin, "bedrag"):
        terug.beslis(w, rij)


# --- terugvordering.geef_kennis ---


def test_a_notification_claims_the_money_and_frees_no_credit(w):
    rij = terug.beslist(w, interest=Interest(325, None, "Subsidiebesluit."))
    klok.zet(BEKEND)
    voor = vrij(w)
    with geschiedenis() as nieuw:
        services.geef_kennis_van_terugvordering(rij, door=w.bea)
    inhoud = {"bedrag_cent": 20 * K, "uiterlijk": UITERLIJK.isoformat(), "rekening": terug.EIGEN_IBAN}
    assert nieuw.feiten == [feit(rij, "terugvordering.geef_kennis", w.bea, "beslist", "kennisgegeven", inhoud)]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("an@voorbeeld.test", f"Dossier {rij.dossier.nummer}: wij vorderen subsidie terug")
    ]
    [regel] = Journaalregel.objects.filter(terugvordering=rij)
    assert (regel.soort, regel.bedrag_cent, regel.feitdatum, regel.krediet.jaar) == (
        "terugvordering", 20 * K, BEKEND.date(), 2022,
    )  # fmt: skip
    assert vrij(w) == voor
    for obj in (w.oproep, w.luik, w.ronde, terug.dossier(), krediet(2022)):
        assert cijfers(obj)["teruggevorderd"] == 20 * K
    rij = terug.vers_gelezen(rij)
    assert (rij.uiterlijk, rij.interest_vanaf, rij.vervaldag) == (UITERLIJK, UITERLIJK, UITERLIJK)
    assert rij.hoofdsom_open_cent == 20 * K
    alles_klopt()


def test_the_letter_of_the_decision_says_how_to_pay_and_to_appeal_and_stays_the_same(w):
    rij = terug.met_interest(w)
    brief = stukken.beslissing_bestand(rij.pk)
    tekst = Gelezen(brief.inhoud).tekst
    for wat in (
        "20.000,00", "TB-2022-4", "De voorwaarde van aanwerving is niet nageleefd.", "Wij vonden niemand.",
        "artikel 13", stukken.ogm(rij), "Raad van State", "3,65", "12 april 2022", "Vlaamse overheid",
    ):  # fmt: skip
        assert wat in tekst.replace("\xa0", " "), wat
    assert stukken.ogm(rij).startswith("+++2")
    klok.zet(BEKEND + timedelta(days=60))
    services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    terug.ontvang(w, rij, 5 * K)
    assert stukken.beslissing_bestand(rij.pk) == brief


def test_only_the_handler_notifies_and_once(w):
    rij = terug.beslist(w)
    eis_alleen(iedereen(w), {"bea"}, lambda wie: services.geef_kennis_van_terugvordering(rij, door=wie))
    services.geef_kennis_van_terugvordering(rij, door=w.bea)
    with weigert("verkeerde_status", zin_status(terug.vers_gelezen(rij))):
        services.geef_kennis_van_terugvordering(rij, door=w.bea)


def test_nobody_is_asked_to_pay_without_an_account_to_pay_to(wereld_zonder_rekening):
    w = wereld_zonder_rekening
    rij = terug.beslist(w)
    zin = "Van andere is geen rekening bekend. Een beheerder vult ze in bij Beheer, Rekeningen van verstrekkers."
    with weigert("rekening_ontbreekt", zin):
        services.geef_kennis_van_terugvordering(rij, door=w.bea)


@pytest.fixture
def wereld_zonder_rekening(w):
    type(w.oproep).objects.filter(pk=w.oproep.pk).update(verstrekker="andere")
    return w


def test_nothing_is_claimed_in_a_closed_year(w):
    rij = terug.beslist(w)
    klok.zet(klok.brussel(2024, 1, 5))
    for jaar in (2022, 2023):
        sluit_begrotingsjaar_af(jaar, door=w.beheer)
    # The year of the fact counts, not that of the credit: 2022 is closed, 2024 is open.
    services.geef_kennis_van_terugvordering(rij, door=w.bea)
    [regel] = Journaalregel.objects.filter(terugvordering=rij)
    assert (regel.feitdatum.year, regel.krediet.jaar) == (2024, 2022)
    klok.zet(klok.brussel(2025, 1, 5))
    sluit_begrotingsjaar_af(2024, door=w.beheer)
    with weigert("jaar_afgesloten", "Het begrotingsjaar 2024 is afgesloten; er kan niets op geboekt worden."):
        terug.ontvang(w, rij, K, datum=klok.brussel(2024, 6, 1).date())
    terug.ontvang(w, rij, K)
    alles_klopt()


# --- terugvordering.trek_in ---


def test_an_intention_is_dropped_and_the_beneficiary_hears_why(w):
    rij = terug.gehoord(w)
    with geschiedenis() as nieuw:
        services.trek_terugvordering_in(rij, reden=" U hebt gelijk. ", door=w.bea)
    assert nieuw.feiten == [
        feit(rij, "terugvordering.trek_in", w.bea, "gehoord", "ingetrokken", {"reden": "U hebt gelijk."})
    ]
    [(aan, onderwerp, tekst)] = nieuw.mails
    assert (aan, onderwerp) == ("an@voorbeeld.test", f"Dossier {rij.dossier.nummer}: wij vorderen niets terug")
    assert "Reden: U hebt gelijk." in tekst
    assert services.hoogstens(terug.dossier()) == (50 * K, 0)
    with weigert("verkeerde_status", zin_status(terug.vers_gelezen(rij))):
        services.trek_terugvordering_in(rij, reden="Nog eens.", door=w.bea)
    alles_klopt()


def test_who_drops_it_depends_on_whose_it_is(w):
    daad = lambda rij: lambda wie: services.trek_terugvordering_in(rij, reden="Toch niet.", door=wie)  # noqa: E731
    rij = terug.gehoord(w)
    mensen = iedereen(w)
    eis_alleen(mensen, {"bea"}, daad(rij))
    rij = terug.beslis(w, rij)
    eis_alleen(mensen, {"bart"}, daad(rij))
    with weigert("reden_ontbreekt", "Schrijf waarom u niet terugvordert; de begunstigde leest dit.", "reden"):
        services.trek_terugvordering_in(rij, reden=" ", door=w.bart)
    rij = services.geef_kennis_van_terugvordering(rij, door=w.bea)
    with weigert("verkeerde_status", zin_status(rij)):
        services.trek_terugvordering_in(rij, reden="Toch niet.", door=w.bea)


# --- who sees it, and what ---


def test_the_rows_that_a_person_sees_are_those_she_may_see(w):
    rij = terug.beslist(w)
    ziet = {naam for naam, wie in iedereen(w).items() if rechten.ziet_terugvordering(wie, rij)}
    assert ziet == {"an", "bea", "bart", "bo", "aude"}
    rijen = Terugvordering.objects.all()
    assert ziet == {
        naam
        for naam, wie in w.mensen.items()
        if rechten.terugvorderingen_zichtbaar_voor(rijen, wie).filter(pk=rij.pk).exists()
    }
    op_de_lijst = {naam for naam, wie in w.mensen.items() if queries.terugvorderingen_voor(wie).exists()}
    assert op_de_lijst == ziet - {"an"}
