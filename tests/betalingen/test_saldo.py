"""The balance of a project that claims costs: what it is, who settles it and when, what becomes of the rest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from betalingen import grootboek, services
from betalingen.models import Betaling, Saldoafrekening, Terugvordering
from betalingen.saldo import Saldo, reden_niet_af_te_rekenen, saldo_van
from dossiers.kosten.afrekening import deel
from kern import klok
from kern.controles import CONTROLES
from tests.betalingen import schema
from tests.betalingen.schema import SALDO, betaal, eerste_twee_betaald, nagekeken
from tests.dossiers.kosten import hulp as kosten
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert
from tests.onthouden import onthoudt
from tests.portaal.pagina import Pagina

VASTGELEGD = 50_000_00
BETAALD = 35_000_00


@pytest.fixture
@onthoudt
def spel(wereld):
    spel = schema.lopend(wereld)
    eerste_twee_betaald(spel)
    return spel


def met_forfait(cent):
    """The rules of the call add five percent of overhead."""
    return cent + deel(cent, 5)


def vrijgegeven(spel):
    stand = grootboek.stand_van(spel.dossier)
    return stand.vastgelegd_cent, stand.vereffend_cent, stand.uitbetaald_cent, stand.vervallen_cent


@given(st.tuples(*[st.integers(0, 10**10)] * 5))
@settings(deadline=None)
def test_a_balance_is_the_smallest_term_less_what_was_paid(termen):
    saldo = Saldo(*termen)
    assert saldo.hoogstens_cent in termen[:4]
    assert all(saldo.saldo_cent <= term - termen[4] for term in termen[:4])


@pytest.mark.parametrize(
    ("kosten_cent", "hoogstens", "over"),
    [
        (60_000_00, VASTGELEGD, SALDO),  # more than the award: the award
        (40_000_00, met_forfait(40_000_00), met_forfait(40_000_00) - BETAALD),
    ],
)
def test_what_is_not_justified_is_cancelled(spel, kosten_cent, hoogstens, over):
    w = spel.w
    nagekeken(spel, kosten_cent)
    with geschiedenis() as nieuw:
        afrekening = services.reken_saldo_af(spel.dossier, saldo_cent=over, door=w.bea)
    termen = {
        "toegekend_cent": VASTGELEGD,
        "volgens_tarief_cent": met_forfait(kosten_cent),
        "na_inkomsten_cent": met_forfait(kosten_cent),
        "maxima_cent": 100_000_00,
        "betaald_cent": BETAALD,
    }
    assert nieuw.feiten[0] == feit(spel.dossier, "dossier.reken_saldo_af", w.bea, inhoud=termen | {"saldo_cent": over})
    rij = Saldoafrekening.objects.get()
    assert {naam: getattr(rij, naam) for naam in termen} == termen
    assert (rij.saldo_cent, rij.hoogstens_cent, rij.opgemaakt_door) == (over, hoogstens, w.bea)
    assert afrekening == rij
    assert (spel.betaling(3).bedrag_cent, spel.betaling(3).status) == (over, "gepland")
    assert vrijgegeven(spel) == (hoogstens, BETAALD, BETAALD, VASTGELEGD - hoogstens)
    (aan, onderwerp, tekst) = nieuw.mails[0]
    assert (aan, onderwerp) == ("an@voorbeeld.test", f"Dossier {spel.dossier.nummer}: het saldo is afgerekend")
    assert tekst.endswith("Dien daarvoor een ondertekende schuldvordering in.")
    alles_klopt()


def test_nothing_left_lapses(spel):
    nagekeken(spel, 33_333_33)
    over = met_forfait(33_333_33) - BETAALD
    assert over == 0
    with geschiedenis() as nieuw:
        services.reken_saldo_af(spel.dossier, saldo_cent=0, door=spel.w.bea)
    assert spel.betaling(3).status == "vervallen"
    assert vrijgegeven(spel) == (BETAALD, BETAALD, BETAALD, SALDO)
    assert nieuw.mails[0][2].endswith("Daarmee is alles betaald.")
    alles_klopt()


def test_too_much_was_paid_and_a_recovery_is_offered(spel):
    w = spel.w
    nagekeken(spel, 30_000_00)
    over = met_forfait(30_000_00) - BETAALD
    with geschiedenis() as nieuw:
        services.reken_saldo_af(spel.dossier, saldo_cent=over, door=w.bea)
    assert (over, spel.betaling(3).status) == (-3_500_00, "vervallen")
    assert nieuw.mails[0][2].endswith("U kreeg 3.500,00 euro te veel. Wij nemen daarover contact met u op.")
    assert Terugvordering.objects.count() == 0
    client = Client()
    client.force_login(w.bea)
    pagina = Pagina(client.get(reverse("betaling_voorbereiden", args=[spel.betaling(3).pk])))
    nieuw_url = reverse("terugvordering_nieuw", args=[spel.dossier.nummer])
    assert nieuw_url in [a.attrs["href"] for a in pagina.alle("a")]
    assert Pagina(client.get(nieuw_url)).waarde("bedrag") == "3.500,00"
    alles_klopt()


def test_who_confirms_a_balance_that_changed_sees_the_new_one_and_can_go_on(spel):
    nagekeken(spel, 60_000_00)
    client = Client()
    client.force_login(spel.w.bea)
    url = reverse("betaling_voorbereiden", args=[spel.betaling(3).pk])
    antwoord = client.post(url, {"form": "saldo", "saldo_cent": SALDO - 1})
    pagina = Pagina(antwoord)
    assert antwoord.status_code == 422
    assert "Het saldo is nu 15.000,00 euro. Kijk de afrekening opnieuw na." in pagina.tekst
    assert pagina.waarde("saldo_cent") == str(SALDO)
    assert client.post(url, {"form": "saldo", "saldo_cent": pagina.waarde("saldo_cent")}).status_code == 302
    assert Saldoafrekening.objects.get().saldo_cent == SALDO


def test_other_income_counts(spel):
    saldo = Saldo(VASTGELEGD, 60_000_00, 45_000_00, 100_000_00, BETAALD)
    assert (saldo.hoogstens_cent, saldo.saldo_cent) == (45_000_00, 10_000_00)


def test_only_the_handler_settles_and_only_once(spel):
    nagekeken(spel, 60_000_00)
    mensen = {naam: spel.w.mensen[naam] for naam in ("bea", "bart", "bo", "an", "aude", "jef", "vic", "beheer")}
    eis_alleen(mensen, {"bea"}, lambda wie: services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=wie))
    services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=spel.w.bea)
    with weigert("niet_af_te_rekenen", "Het saldo is al afgerekend."):
        services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=spel.w.bea)


def test_another_balance_than_was_shown_is_refused(spel):
    nagekeken(spel, 60_000_00)
    with weigert("saldo_gewijzigd", "Het saldo is nu 15.000,00 euro. Kijk de afrekening opnieuw na."):
        services.reken_saldo_af(spel.dossier, saldo_cent=SALDO - 1, door=spel.w.bea)


def test_what_stands_in_the_way(spel):
    rij = spel.betaling(3)
    assert reden_niet_af_te_rekenen(rij) == "Het project loopt nog, tot en met 29/2/2024."
    klok.zet(schema.NA_HET_PROJECT)
    assert reden_niet_af_te_rekenen(rij) == "Er is nog geen kostenstaat nagekeken."
    klok.zet(kosten.NU)
    kosten.ingediend(kosten.Spel(spel.w, spel.dossier), 10_00)
    klok.zet(schema.NA_HET_PROJECT)
    with weigert("niet_af_te_rekenen", "Nog niet alle kostenstaten zijn nagekeken."):
        services.reken_saldo_af(spel.dossier, saldo_cent=0, door=spel.w.bea)
    assert reden_niet_af_te_rekenen(spel.betaling(1)) == "Voor deze schijf is er niets af te rekenen."


def test_earlier_instalments_first(spel):
    boom = kosten.van(spel.w, "Boom")
    ander = schema.Schemaspel(spel.w, boom)
    klok.zet(schema.NA_HET_PROJECT)
    with weigert("niet_af_te_rekenen", "Nog niet alle eerdere schijven zijn uitbetaald."):
        services.reken_saldo_af(boom, saldo_cent=0, door=spel.w.bea)
    betaal(spel.w, ander.betaling(1))
    assert saldo_van(boom).betaald_cent == 25_000_00


def test_a_changed_settlement_is_found(spel):
    nagekeken(spel, 60_000_00)
    services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=spel.w.bea)
    controle = next(c for c in CONTROLES if c.naam == "afrekeningen van een saldo kloppen")
    assert list(controle.zoek()) == []
    Betaling.objects.filter(pk=spel.betaling(3).pk).update(bedrag_cent=SALDO + 1)
    zin = f"afrekening van Saldo van {spel.dossier}: saldo 15.000,00 euro, betaling 15.000,01 euro"
    assert list(controle.zoek()) == [zin]


# --- what was claimed back already ---


def neem_voor(spel, cent, door=None):
    return services.neem_terugvordering_voor(
        spel.dossier,
        bedrag_cent=cent,
        grond="voorwaarden",
        rechtsregel="artikel_13",
        motivering="Geweigerde kosten.",
        hoortermijn=klok.vandaag() + timedelta(days=30),
        door=door or spel.w.bea,
    )


@pytest.mark.parametrize(
    ("geclaimd", "rest", "slot"),
    [
        (2_000_00, 1_500_00, "Wij vorderden al 2.000,00 euro terug. Over 1.500,00 euro nemen wij contact met u op."),
        (3_500_00, 0, "Wij vorderden al 3.500,00 euro terug. Meer vragen wij niet."),
        (5_000_00, 0, "Wij vorderden al 5.000,00 euro terug. Meer vragen wij niet."),
    ],
)
def test_what_was_claimed_back_already_is_not_asked_twice(spel, geclaimd, rest, slot):
    nagekeken(spel, 30_000_00)
    neem_voor(spel, geclaimd)
    with geschiedenis() as nieuw:
        services.reken_saldo_af(spel.dossier, saldo_cent=-3_500_00, door=spel.w.bea)
    assert nieuw.mails[0][2].endswith(f"U kreeg 3.500,00 euro te veel. {slot}")
    assert services.terug_te_vorderen(spel.dossier) == (geclaimd, rest)
    client = Client()
    client.force_login(spel.w.bea)
    pagina = Pagina(client.get(reverse("betaling_voorbereiden", args=[spel.betaling(3).pk])))
    nieuw_url = reverse("terugvordering_nieuw", args=[spel.dossier.nummer])
    assert (nieuw_url in [a.attrs["href"] for a in pagina.alle("a")]) is bool(rest)
    assert "Al teruggevorderd" in pagina.tekst
    assert Pagina(client.get(nieuw_url)).waarde("bedrag") == ("1.500,00" if rest else "")
