"""A notified recovery: reminder, plan, receipts, set-off, write-off; what is due always adds up, no credit is freed."""

from datetime import timedelta

import pytest

from betalingen import grootboek, interest, queries, services, stukken
from betalingen.models import Afbetaling, Betaling, Journaalregel, Ontvangst, Terugvordering
from betalingen.services import Verjaring
from betalingen.services.terugvordering.inning import verdeel
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Taak
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.terug import BEKEND, UITERLIJK, K
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.pdflezer import Gelezen
from tests.proef import cijfers, geef_rol, krediet, tweede_oproep

pytestmark = pytest.mark.django_db

TE_LAAT = BEKEND + timedelta(days=31)


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def iedereen(w):
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


def geboekt(rij):
    regels = Journaalregel.objects.filter(terugvordering=rij).order_by("pk")
    return list(regels.values_list("soort", "bedrag_cent", "dossier__nummer", "krediet__jaar"))


def vrij(w):
    alles = (w.oproep, w.luik, w.ronde, terug.dossier(), krediet(2022), krediet(2023))
    return [(s.beschikbaar_cent, s.vastgelegd_cent, s.vereffend_cent) for s in grootboek.standen_van(alles)]


# --- terugvordering.maan_aan ---


def test_a_reminder_follows_the_due_date(w):
    rij = terug.bekend(w)
    eis = "De begunstigde heeft nog tijd, tot en met 12/04/2022."
    klok.zet(BEKEND + timedelta(days=30))
    with weigert("niet_vervallen", eis):
        services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    klok.zet(TE_LAAT)
    with geschiedenis() as nieuw:
        services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    tot = TE_LAAT.date() + timedelta(days=14)
    inhoud = {
        "verviel_op": UITERLIJK.isoformat(),
        "tot": tot.isoformat(),
        "open_cent": 20 * K,
        "interest_cent": 0,
    }
    assert nieuw.feiten == [feit(rij, "terugvordering.maan_aan", w.bea, "kennisgegeven", "aangemaand", inhoud)]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("an@voorbeeld.test", f"Dossier {rij.dossier.nummer}: herinnering om terug te betalen")
    ]
    rij = terug.vers_gelezen(rij)
    assert (rij.vervaldag, rij.uiterlijk) == (tot, UITERLIJK)
    brief = stukken.aanmaning_bestand(stukken.laatste_aanmaning(rij))
    tekst = Gelezen(brief.inhoud).tekst.replace("\xa0", " ")
    for wat in ("20.000,00", "12 april 2022", "27 april 2022", stukken.ogm(rij)):
        assert wat in tekst, wat
    # A second one when that day has passed too.
    with weigert("niet_vervallen", "De begunstigde heeft nog tijd, tot en met 27/04/2022."):
        services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    klok.zet(TE_LAAT + timedelta(days=15))
    services.maan_aan(rij, termijn_dagen=7, door=w.bea)
    assert stukken.aanmaning_bestand(stukken.laatste_aanmaning(rij)) != brief


def test_only_the_handler_reminds_and_with_a_term(w):
    rij = terug.bekend(w)
    klok.zet(TE_LAAT)
    eis_alleen(iedereen(w), {"bea"}, lambda wie: services.maan_aan(rij, termijn_dagen=14, door=wie))
    for dagen in (0, 366):
        with weigert("termijn_onmogelijk", "De termijn om te betalen is 1 tot 365 dagen.", "termijn"):
            services.maan_aan(rij, termijn_dagen=dagen, door=w.bea)


@pytest.mark.parametrize("stap", [terug.voornemen, terug.gehoord, terug.beslist])
def test_nothing_is_collected_before_the_notification(w, stap):
    rij = terug.vers_gelezen(stap(w))
    betaling = Betaling.objects.get(schijf__volgorde=2).pk
    for daad in (
        lambda: services.maan_aan(rij, termijn_dagen=14, door=w.bea),
        lambda: services.sta_afbetalingsplan_toe(
            rij, aantal=2, eerste=klok.vandaag() + timedelta(days=9), reden="Ja.", door=w.bart
        ),
        lambda: terug.ontvang(w, rij, K),
        lambda: services.verreken(rij, betaling=betaling, door=w.bart),
        lambda: services.stel_oninbaar_voor(rij, reden="Failliet.", door=w.bo),
        lambda: services.verklaar_oninbaar(rij, door=w.bart),
    ):
        with weigert("verkeerde_status", zin_status(rij)):
            daad()


# --- terugvordering.ontvang ---


def test_money_comes_in_in_parts_until_nothing_is_due(w):
    rij = terug.bekend(w)
    voor = vrij(w)
    with geschiedenis() as nieuw:
        terug.ontvang(w, rij, 5 * K + 1)
    inhoud = {
        "datum": BEKEND.date().isoformat(),
        "bedrag_cent": 5 * K + 1,
        "hoofdsom_cent": 5 * K + 1,
        "interest_cent": 0,
        "referentie": "2022/0042",
        "betaling": None,
    }
    assert nieuw.feiten == [feit(rij, "terugvordering.ontvang", w.bo, "kennisgegeven", "kennisgegeven", inhoud)]
    [(aan, _, tekst)] = nieuw.mails
    assert aan == "an@voorbeeld.test" and "Er staat nog 14.999,99 euro open." in tekst
    rij = terug.ontvang(w, rij, 15 * K - 1, referentie="2022/0050")
    assert (rij.status, rij.hoofdsom_open_cent, rij.ontvangen_cent) == ("ontvangen", 0, 20 * K)
    nummer = rij.dossier.nummer
    assert geboekt(rij) == [
        ("terugvordering", 20 * K, nummer, 2022),
        ("ontvangst", 5 * K + 1, nummer, 2022),
        ("ontvangst", 15 * K - 1, nummer, 2022),
    ]
    assert vrij(w) == voor
    for obj in (w.oproep, w.luik, w.ronde, terug.dossier(), krediet(2022)):
        assert (cijfers(obj)["teruggevorderd"], cijfers(obj)["ontvangen"]) == (20 * K, 20 * K)
    with weigert("verkeerde_status", zin_status(rij)):
        terug.ontvang(w, rij, 1, referentie="2022/0051")
    alles_klopt()


def test_no_more_comes_in_than_is_due(w):
    rij = terug.bekend(w)
    zin = "Op 13/03/2022 staat nog 20.000,00 euro open; meer kan niet ontvangen worden."
    with weigert("boven_verschuldigd", zin, "bedrag"):
        terug.ontvang(w, rij, 20 * K + 1)
    with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag"):
        terug.ontvang(w, rij, 0)
    with weigert("referentie_ontbreekt", "Vul de referentie van de bank in.", "referentie"):
        terug.ontvang(w, rij, K, referentie=" ")
    with weigert("datum_onmogelijk", "De datum ligt in de toekomst.", "datum"):
        terug.ontvang(w, rij, K, datum=BEKEND.date() + timedelta(days=1))
    with weigert("datum_onmogelijk", "De datum ligt vóór de kennisgeving van 13/03/2022.", "datum"):
        terug.ontvang(w, rij, K, datum=BEKEND.date() - timedelta(days=1))
    terug.ontvang(w, rij, K)
    zin = "Deze ontvangst staat er al, met dezelfde dag, hetzelfde bedrag en dezelfde referentie."
    with weigert("al_ontvangen", zin, "referentie"):
        terug.ontvang(w, rij, K)
    terug.ontvang(w, rij, K, referentie="2022/0043")


def test_only_the_accountant_records_a_receipt(w):
    rij = terug.bekend(w)
    eis_alleen(iedereen(w), {"bo"}, lambda wie: terug.ontvang(w, rij, K, door=wie))


def test_interest_comes_after_the_claim_and_is_booked_when_it_comes_in(w):
    rij = terug.met_interest(w)  # 20.000 euro at 3,65 percent: two euro a day from the due date on
    assert interest.nog_open(rij, UITERLIJK) == 20 * K
    klok.zet(klok.brussel(UITERLIJK.year, UITERLIJK.month, UITERLIJK.day, 9) + timedelta(days=10))
    assert interest.interest_open(rij, klok.vandaag()) == 20_00
    rij = terug.ontvang(w, rij, 20 * K, referentie="a")
    assert (rij.status, rij.hoofdsom_open_cent, rij.interest_ontvangen_cent) == ("kennisgegeven", 0, 0)
    klok.zet(klok.nu() + timedelta(days=30))
    assert interest.nog_open(rij, klok.vandaag()) == 20_00  # nothing is due any more that grows
    zin = f"Op {klok.vandaag():%d/%m/%Y} staat nog 20,00 euro open, waarvan 20,00 euro interest; "
    with weigert("boven_verschuldigd", zin + "meer kan niet ontvangen worden.", "bedrag"):
        terug.ontvang(w, rij, 20_01, referentie="b")
    rij = terug.ontvang(w, rij, 20_00, referentie="b")
    nummer = rij.dossier.nummer
    assert geboekt(rij) == [
        ("terugvordering", 20 * K, nummer, 2022),
        ("ontvangst", 20 * K, nummer, 2022),
        ("terugvordering", 20_00, nummer, 2022),
        ("ontvangst", 20_00, nummer, 2022),
    ]
    assert (rij.status, rij.interest_ontvangen_cent, rij.interest_cent) == ("ontvangen", 20_00, 20_00)
    alles_klopt()


# --- terugvordering.sta_afbetalingsplan_toe ---


def test_a_plan_adds_up_to_what_is_due_to_the_cent(w):
    rij = terug.bekend(w)
    terug.ontvang(w, rij, 1)
    eerste = BEKEND.date().replace(day=31, month=3)
    with geschiedenis() as nieuw:
        services.sta_afbetalingsplan_toe(rij, aantal=3, eerste=eerste, reden="Kleine kas.", door=w.bart)
    rij = terug.vers_gelezen(rij)
    plan = [(str(t.uiterlijk), t.bedrag_cent) for t in rij.termijnen()]
    assert plan == [("2022-03-31", 6_666_66), ("2022-04-30", 6_666_66), ("2022-05-31", 6_666_67)]
    assert sum(cent for _, cent in plan) == 20 * K - 1
    assert nieuw.feiten[0][2:6] == (
        "terugvordering.sta_afbetalingsplan_toe", w.bart.pk, "kennisgegeven", "afbetalingsplan",
    )  # fmt: skip
    assert "30 april 2022: 6.666,66 euro" in nieuw.mails[0][2]
    assert rij.vervaldag == eerste
    alles_klopt()


@pytest.mark.parametrize(("cent", "aantal"), [(100, 3), (7, 7), (1_000_01, 60), (99, 2)])
def test_equal_parts_and_the_rest_last(cent, aantal):
    delen = verdeel(cent, aantal, UITERLIJK)
    assert sum(bedrag for _, bedrag in delen) == cent
    assert len({bedrag for _, bedrag in delen[:-1]}) <= 1 and min(bedrag for _, bedrag in delen) > 0


def test_a_plan_that_is_not_kept_lapses_by_a_reminder(w):
    rij = terug.met_interest(w)
    eerste = UITERLIJK + timedelta(days=30)
    klok.zet(TE_LAAT)
    services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=eerste, reden="Kleine kas.", door=w.bart)
    rij = terug.vers_gelezen(rij)
    klok.zet(TE_LAAT + timedelta(days=29))
    # A plan that is kept stops the interest on its first day.
    assert interest.interest_open(rij, klok.vandaag()) == 2_00
    with weigert("niet_vervallen", f"De begunstigde heeft nog tijd, tot en met {eerste:%d/%m/%Y}."):
        services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    rij = terug.ontvang(w, rij, rij.termijnen()[0].bedrag_cent)
    assert rij.vervaldag == rij.termijnen()[1].uiterlijk
    klok.zet(TE_LAAT + timedelta(days=80))
    [punt] = queries.terugvorderingen_te_behandelen(type(w.luik).objects.all(), klok.vandaag())
    assert punt.te_laat
    rij = terug.vers_gelezen(services.maan_aan(rij, termijn_dagen=14, door=w.bea))
    assert rij.status == "aangemaand"
    assert interest.interest_open(rij, klok.vandaag()) > 2_00
    services.sta_afbetalingsplan_toe(
        rij, aantal=2, eerste=klok.vandaag() + timedelta(days=1), reden="Nog eens.", door=w.bart
    )
    rij = terug.vers_gelezen(rij)
    assert (rij.plan_nummer, len(rij.termijnen()), Afbetaling.objects.count()) == (2, 2, 4)
    for i, termijn in enumerate(rij.termijnen()):
        rij = terug.ontvang(w, rij, termijn.bedrag_cent, referentie=f"plan {i}")
    assert rij.status == "ontvangen"
    alles_klopt()


def test_a_plan_needs_parts_a_day_and_a_reason(w):
    rij = terug.bekend(w)
    dag = BEKEND.date() + timedelta(days=10)
    plan = lambda **k: services.sta_afbetalingsplan_toe(  # noqa: E731
        rij, **{"aantal": 3, "eerste": dag, "reden": "Kas.", "door": w.bart} | k
    )
    eis_alleen(iedereen(w), {"bart"}, lambda wie: plan(door=wie))
    for aantal in (0, 1, 61):
        with weigert("aantal_onmogelijk", "Een plan heeft 2 tot 60 afbetalingen van minstens één cent.", "aantal"):
            plan(aantal=aantal)
    zin = "De eerste afbetaling vervalt ten vroegste morgen en binnen een jaar."
    for eerste in (BEKEND.date(), BEKEND.date() + timedelta(days=366)):
        with weigert("termijn_onmogelijk", zin, "eerste"):
            plan(eerste=eerste)
    with weigert("reden_ontbreekt", "Schrijf waarom u het plan toestaat.", "reden"):
        plan(reden="")
    plan()
    with weigert("verkeerde_status", zin_status(terug.vers_gelezen(rij))):
        plan()


# --- terugvordering.verreken ---


def tweede(w):
    """Approve the first report, so that the second instalment (40.000 euro) is due; return it."""
    from dossiers import services as dossiers
    from dossiers.models import Verslag

    verslag = Verslag.objects.filter(dossier=terug.dossier()).order_by("uiterlijk")[0]
    dossiers.dien_verslag_in(verslag, tekst="Het werkt.", kosten_cent=1, bestand=None, door=w.an)
    dossiers.keur_verslag_goed(verslag, beoordeling="", door=w.bea)
    return Betaling.objects.get(dossier=terug.dossier(), schijf__volgorde=2)


def test_a_recovery_is_set_off_and_the_payment_leaves_for_the_rest(w):
    rij, betaling = terug.bekend(w), tweede(w)
    with geschiedenis() as nieuw:
        services.verreken(rij, betaling=betaling.pk, door=w.bart)
    rij, betaling = terug.vers_gelezen(rij), Betaling.objects.get(pk=betaling.pk)
    assert (rij.status, rij.ontvangen_cent, betaling.status, betaling.bedrag_cent) == (
        "verrekend", 20 * K, "gepland", 20 * K,
    )  # fmt: skip
    assert [f[:6] for f in nieuw.feiten] == [
        feit(betaling, "terugvordering.verreken", w.bart, "gepland", "gepland")[:6],
        feit(rij, "terugvordering.verreken", w.bart, "kennisgegeven", "verrekend")[:6],
    ]
    assert [onderwerp for _, onderwerp, _ in nieuw.mails] == [
        f"Dossier {rij.dossier.nummer}: wij verrekenden 20.000,00 euro"
    ]
    nummer = rij.dossier.nummer
    assert geboekt(rij)[1:] == [
        ("vereffening", 20 * K, nummer, 2022),
        ("uitbetaling", 20 * K, nummer, 2022),
        ("ontvangst", 20 * K, nummer, 2022),
    ]
    assert cijfers(w.oproep) == {
        "vastgelegd": 100 * K, "vereffend": 70 * K, "uitbetaald": 70 * K, "teruggevorderd": 20 * K, "ontvangen": 20 * K,
    }  # fmt: skip
    alles_klopt()
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    opdracht = services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    assert opdracht.totaal_cent == 20 * K
    services.meld_uitbetaald(Betaling.objects.get(pk=betaling.pk), datum=klok.vandaag(), door=w.bo)
    assert cijfers(w.oproep)["uitbetaald"] == 90 * K
    alles_klopt()


def test_a_payment_that_is_smaller_leaves_nothing(w):
    rij, betaling = terug.bekend(w, bedrag_cent=50 * K), tweede(w)
    services.stel_betaling_op(betaling, door=w.bea)
    services.verreken(rij, betaling=betaling.pk, door=w.bart)
    rij, betaling = terug.vers_gelezen(rij), Betaling.objects.get(pk=betaling.pk)
    assert (rij.status, rij.hoofdsom_open_cent, betaling.status) == ("kennisgegeven", 10 * K, "verrekend")
    [ontvangst] = Ontvangst.objects.all()
    assert (ontvangst.betaling, ontvangst.bedrag_cent, ontvangst.referentie) == (betaling, 40 * K, "")
    with weigert("verkeerde_status", zin_status(betaling)):
        services.keur_betaling_goed(betaling, door=w.bart)
    zin = "Deze betaling kan niet verrekend worden: ze is er niet meer, al goedgekeurd of nog niet verschuldigd."
    with weigert("geen_keuze", zin, "betaling"):
        services.verreken(rij, betaling=betaling.pk, door=w.bart)
    encours = grootboek.stand_van(terug.dossier()).encours_cent
    services.annuleer_vastlegging(Dossier.objects.get(pk=rij.dossier_id), bedrag_cent=encours, reden="Op", door=w.bart)
    alles_klopt()


def test_nothing_is_set_off_where_an_outside_system_charges(w):
    rij, betaling = terug.bekend(w), tweede(w)
    services.stel_boekhouding_in(
        w.beheer, verstrekker=w.oproep.verstrekker, wijze="extern", reden="Orafin.", door=w.beheer
    )
    zin = "Een ander boekhoudsysteem rekent de betalingen van deze verstrekker aan; verrekenen kan hier niet."
    with weigert("boekt_extern", zin, "betaling"):
        services.verreken(rij, betaling=betaling.pk, door=w.bart)


def test_only_what_could_leave_and_was_not_approved_is_set_off(w):
    rij = terug.bekend(w)
    zin = "Deze betaling kan niet verrekend worden: ze is er niet meer, al goedgekeurd of nog niet verschuldigd."
    nog_niet = Betaling.objects.get(dossier=terug.dossier(), schijf__volgorde=2)
    betaald = Betaling.objects.get(dossier=terug.dossier(), schijf__volgorde=1)
    for sleutel in (nog_niet.pk, betaald.pk, 999_999):
        with weigert("geen_keuze", zin, "betaling"):
            services.verreken(rij, betaling=sleutel, door=w.bart)
    betaling = tweede(w)
    assert services.te_verrekenen(rij) == [betaling]
    eis_alleen(iedereen(w), {"bart"}, lambda wie: services.verreken(rij, betaling=betaling.pk, door=wie))
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    with weigert("geen_keuze", zin, "betaling"):
        services.verreken(rij, betaling=betaling.pk, door=w.bart)


# --- terugvordering.stel_oninbaar_voor, terugvordering.verklaar_oninbaar ---


def test_writing_off_takes_two_people_and_a_counter_entry(w):
    rij = terug.ontvang(w, terug.met_interest(w), 5 * K)
    voor = vrij(w)
    with geschiedenis() as nieuw:
        services.stel_oninbaar_voor(rij, reden=" Ontbonden. ", door=w.bo)
    inhoud = {"reden": "Ontbonden."}
    assert nieuw.feiten == [
        feit(rij, "terugvordering.stel_oninbaar_voor", w.bo, "kennisgegeven", "kennisgegeven", inhoud)
    ]
    assert [aan for aan, _, _ in nieuw.mails] == ["bart@voorbeeld.test"]
    klok.zet(TE_LAAT)
    with geschiedenis() as nieuw:
        services.verklaar_oninbaar(rij, door=w.bart)
    inhoud = {"reden": "Ontbonden.", "afgeschreven_cent": 15 * K, "interest_cent": 1_50}
    assert nieuw.feiten == [feit(rij, "terugvordering.verklaar_oninbaar", w.bart, "kennisgegeven", "oninbaar", inhoud)]
    assert nieuw.mails == []
    rij = terug.vers_gelezen(rij)
    assert (rij.afgeschreven_cent, rij.hoofdsom_open_cent, interest.nog_open(rij, klok.vandaag())) == (15 * K, 0, 0)
    assert geboekt(rij)[-1] == ("terugvordering", -15 * K, rij.dossier.nummer, 2022)
    assert (cijfers(w.oproep)["teruggevorderd"], cijfers(w.oproep)["ontvangen"]) == (5 * K, 5 * K)
    assert vrij(w) == voor
    # It stays claimed: the same money is not asked a second time.
    assert services.hoogstens(terug.dossier()) == (50 * K, 20 * K)
    with weigert("verkeerde_status", zin_status(rij)):
        terug.ontvang(w, rij, K)
    alles_klopt()


def test_nobody_writes_off_alone(w):
    rij = terug.bekend(w)
    zin = "De boekhouder stelt eerst voor om dit af te schrijven, met de reden."
    with weigert("niet_voorgesteld", zin):
        services.verklaar_oninbaar(rij, door=w.bart)
    mensen = iedereen(w)
    eis_alleen(mensen, {"bo"}, lambda wie: services.stel_oninbaar_voor(rij, reden="Ontbonden.", door=wie))
    with weigert("reden_ontbreekt", "Schrijf waarom dit niet meer betaald zal worden.", "reden"):
        services.stel_oninbaar_voor(rij, reden=" ", door=w.bo)
    geef_rol(w, "bo", Taak.Rol.BUDGETHOUDER)
    services.stel_oninbaar_voor(rij, reden="Ontbonden.", door=w.bo)
    with weigert("zelfde_persoon", "Een andere persoon schrijft af dan wie het voorstelde."):
        services.verklaar_oninbaar(rij, door=w.bo)
    del mensen["bo"]
    eis_alleen(mensen, {"bart"}, lambda wie: services.verklaar_oninbaar(rij, door=wie))


# --- what waits for whom ---


def test_what_waits_for_the_handler(w):
    def wacht():
        rijen = queries.terugvorderingen_te_behandelen(type(w.luik).objects.all(), klok.vandaag())
        return [(rij.pk, rij.te_laat) for rij in rijen]

    rij = terug.voornemen(w)
    assert wacht() == []
    klok.zet(terug.GEHOORD)
    assert wacht() == [(rij.pk, False)]
    rij = terug.vers_gelezen(services.hoor_over_terugvordering(rij, reactie="", door=w.bea))
    assert wacht() == []
    assert list(queries.terugvorderingen_te_beslissen(type(w.luik).objects.all())) == [rij]
    rij = terug.beslis(w, rij)
    assert wacht() == [(rij.pk, False)]
    services.geef_kennis_van_terugvordering(rij, door=w.bea)
    assert wacht() == []
    klok.zet(klok.nu() + timedelta(days=31))
    assert wacht() == [(rij.pk, True)]
    services.maan_aan(rij, termijn_dagen=365, door=w.bea)
    assert wacht() == []
    with klok.op(klok.brussel(2031, 3, 1)):
        services.sta_afbetalingsplan_toe(
            rij, aantal=2, eerste=klok.vandaag() + timedelta(days=60), reden="Ja.", door=w.bart
        )
        assert wacht() == [(rij.pk, False)]  # the limitation is within a year
    services.stel_oninbaar_voor(rij, reden="Weg.", door=w.bo)
    assert list(queries.terugvorderingen_te_beslissen(type(w.luik).objects.all())) == [rij]


def test_the_sums_of_the_list(w):
    terug.voornemen(w, bedrag_cent=K)
    klok.zet(bouw.BESLIST)
    rij = terug.bekend(w)
    terug.ontvang(w, rij, 5 * K)
    som = queries.som_van_terugvorderingen(Terugvordering.objects.all())
    assert som == {"aantal": 2, "geclaimd": 20 * K, "ontvangen": 5 * K, "open": 15 * K}
    alle = Terugvordering.objects.order_by("pk")
    kies = lambda **k: [r.pk for r in queries.terugvorderingen_gefilterd(alle, **k)]  # noqa: E731
    assert kies(status="kennisgegeven", oproep=w.oproep.slug, jaar=2022, dossier=rij.dossier.nummer.lower()) == [rij.pk]
    assert kies(jaar=2021) == kies(oproep="andere") == kies(dossier="x") == []


# --- terugvordering.verleng_verjaring ---

VERJAARD = "Deze terugvordering verjaarde op 01/02/2032. Is de verjaring gestuit, verleng ze dan eerst."
LATER = Verjaring(terug.VERJAART.replace(year=2042), " De begunstigde erkende de schuld. ")


def verjaard(w):
    rij = terug.vers_gelezen(terug.bekend(w))
    klok.zet(klok.brussel(2032, 2, 2, 9))
    return rij


def test_a_claim_lapses_after_its_last_day_and_only_what_comes_in_is_taken(w):
    rij = terug.vers_gelezen(terug.bekend(w))
    klok.zet(klok.brussel(2032, 2, 1, 23, 59))
    assert not rij.is_verjaard
    klok.zet(klok.brussel(2032, 2, 2))
    assert rij.is_verjaard
    betaling = Betaling.objects.get(schijf__volgorde=2).pk
    morgen = klok.vandaag() + timedelta(days=1)
    for daad in (
        lambda: services.maan_aan(rij, termijn_dagen=14, door=w.bea),
        lambda: services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=morgen, reden="Ja.", door=w.bart),
        lambda: services.verreken(rij, betaling=betaling, door=w.bart),
    ):
        with weigert("verjaard", VERJAARD):
            daad()
    terug.ontvang(w, rij, 20 * K)
    rij = terug.vers_gelezen(rij)
    assert (rij.status, rij.is_verjaard) == ("ontvangen", False)
    alles_klopt()


def test_a_term_that_was_interrupted_is_longer_and_the_claim_is_asked_for_again(w):
    rij = verjaard(w)
    with geschiedenis() as nieuw:
        services.verleng_verjaring(rij, verjaring=LATER, door=w.bea)
    reden = "De begunstigde erkende de schuld."
    inhoud = {"verjaarde_op": "2032-02-01", "verjaart_op": "2042-02-01", "reden": reden}
    staat = ("kennisgegeven", "kennisgegeven", inhoud)
    assert nieuw.feiten == [feit(rij, "terugvordering.verleng_verjaring", w.bea, *staat)]
    assert nieuw.mails == []
    rij = terug.vers_gelezen(rij)
    assert (rij.verjaart_op, rij.verjaring_reden, rij.is_verjaard) == (LATER.op, reden, False)
    assert services.maan_aan(rij, termijn_dagen=14, door=w.bea).status == "aangemaand"
    with weigert(
        "verjaring_onmogelijk", "De verjaring ligt nu op 1 februari 2042; kies een latere dag.", "verjaart_op"
    ):
        services.verleng_verjaring(rij, verjaring=LATER, door=w.bea)
    alles_klopt()


def test_only_the_handler_records_a_longer_term_with_a_day_to_come_and_its_reason(w):
    rij = verjaard(w)
    eis_alleen(iedereen(w), {"bea"}, lambda wie: services.verleng_verjaring(rij, verjaring=LATER, door=wie))
    with weigert("verjaring_onmogelijk", "De verjaringsdatum ligt na vandaag.", "verjaart_op"):
        services.verleng_verjaring(rij, verjaring=Verjaring(klok.vandaag(), "Erkend."), door=w.bea)
    with weigert("reden_ontbreekt", "Schrijf hoe u die datum vond.", "verjaring_reden"):
        services.verleng_verjaring(rij, verjaring=Verjaring(LATER.op, "  "), door=w.bea)


@pytest.mark.parametrize("stap", [terug.voornemen, terug.gehoord, terug.beslist])
def test_no_term_is_longer_before_the_notification(w, stap):
    rij = terug.vers_gelezen(stap(w))
    with weigert("verkeerde_status", zin_status(rij)):
        services.verleng_verjaring(rij, verjaring=LATER, door=w.bea)
