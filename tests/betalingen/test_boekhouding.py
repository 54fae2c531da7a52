"""Books kept in an outside system: the setting, commitment, charge and payment as it reports them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beoordeling import services as beoordeling
from beoordeling.models import Besluit
from betalingen import queries, services
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaalopdracht, Betaling, Boekhouding, Buitenfeit, Journaalregel, Vastleggingsnummer
from betalingen.queries.buitenfeiten import Feit
from dossiers.models import Dossier
from kern import klok
from kern.models import Uitgaand
from kern.weg import reden_tegen
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert
from tests.onthouden import onthoudt
from tests.portaal.pagina import keur
from tests.proef import cijfers, krediet, zet_krediet

pytestmark = pytest.mark.django_db

K = 1_000_00
DAG = bouw.BESLIST.date()
WACHT = "1 toekenning is nog niet vastgelegd in het boekhoudsysteem van de verstrekker."


def stel_in(w, wijze="extern", **anders):
    velden = {"verstrekker": w.oproep.verstrekker, "wijze": wijze, "reden": "Orafin boekt."} | anders
    return services.stel_boekhouding_in(w.beheer, **velden, door=w.beheer)


@pytest.fixture
def extern(wereld):
    """A granter that keeps its books elsewhere."""
    stel_in(wereld)
    return wereld


@pytest.fixture
@onthoudt
def getekend(extern):
    """... with a signed award of 100.000 euro that waits for its commitment."""
    bouw.beslist(extern)
    return extern


def leg_vast(w, nummer="V-1", datum=DAG):
    return services.registreer_vastlegging(Dossier.objects.get(), nummer=nummer, datum=datum, door=w.bo)


@pytest.fixture
@onthoudt
def verstuurd(getekend):
    """... with its commitment, told, and the first instalment sent."""
    w = getekend
    leg_vast(w)
    beoordeling.geef_kennis(beoordeling_van(), door=w.bea)
    betaling = Betaling.objects.order_by("pk")[0]
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    return w


def beoordeling_van():
    return Besluit.objects.get()


def soorten():
    return list(Journaalregel.objects.order_by("pk").values_list("soort", "bedrag_cent", "krediet__jaar"))


def test_setting_is_kept_with_its_reason_and_the_last_counts(wereld):
    w = wereld
    assert not services.boekt_extern(w.oproep.verstrekker)
    with geschiedenis() as nieuw:
        rij = stel_in(w)
    inhoud = {"verstrekker": w.oproep.verstrekker, "wijze": "extern", "reden": "Orafin boekt."}
    assert nieuw.feiten == [feit(rij, "boekhouding.stel_in", w.beheer, inhoud=inhoud)]
    assert services.boekt_extern(w.oproep.verstrekker)
    stel_in(w, "hier")
    assert not services.boekt_extern(w.oproep.verstrekker)
    assert Boekhouding.objects.count() == 2


def test_what_was_not_charged_yet_and_came_back_lapses_with_its_project(verstuurd):
    w, dossier = verstuurd, Dossier.objects.get()
    services.meld_geweigerd(Betaling.objects.order_by("pk")[0], datum=DAG, reden="Gesloten", door=w.bo)
    services.zet_stop(dossier, reden="Het project startte niet.", door=w.bart)
    assert set(Betaling.objects.values_list("status", flat=True)) == {"vervallen"}
    assert cijfers(dossier) == {}
    alles_klopt()


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        (
            {"verstrekker": "Niemand"},
            "onbekende_verstrekker",
            "Geen enkele oproep heeft 'Niemand' als verstrekker.",
            "verstrekker",
        ),
        ({"wijze": "elders"}, "onbekende_wijze", "Kies waar de boekhouding gebeurt.", "wijze"),
        ({"wijze": "hier"}, "zelfde_boekhouding", "Zo staat de boekhouding van deze verstrekker al.", "wijze"),
        ({"reden": "  "}, "reden_ontbreekt", "Schrijf waarom de boekhouding wijzigt.", "reden"),
    ],
)
def test_setting_refuses(wereld, anders, code, zin, veld):
    with ongewijzigd(), weigert(code, zin, veld):
        stel_in(wereld, **anders)


def test_only_an_administrator_sets_it(wereld):
    velden = {"verstrekker": wereld.oproep.verstrekker, "wijze": "extern", "reden": "Zo."}
    eis_alleen(wereld.mensen, {"beheer"}, lambda wie: services.stel_boekhouding_in(wie, **velden, door=wie))


def test_signing_elsewhere_keeps_the_reservation(getekend):
    w, dossier = getekend, Dossier.objects.get()
    assert dossier.status == "toegekend"
    assert soorten() == [("reservering", 100 * K, 2022)]
    assert cijfers(dossier) == cijfers(w.oproep) == cijfers(krediet(2022)) == {"gereserveerd": 100 * K}
    besluit = beoordeling_van()
    assert reden_tegen(besluit, "geef_kennis") == WACHT
    with ongewijzigd(), weigert("niet_vastgelegd", WACHT):
        beoordeling.geef_kennis(besluit, door=w.bea)
    zin = "De toekenning is nog niet vastgelegd in het boekhoudsysteem van de verstrekker."
    with ongewijzigd(), weigert("niet_vastgelegd", zin):
        services.stel_betaling_op(Betaling.objects.order_by("pk")[0], door=w.bea)
    zin = f"Dit kan nog niet: ondertekend maar niet vastgelegd is {dossier.nummer}."
    with ongewijzigd(), weigert("niet_vastgelegd", zin, "wijze"):
        stel_in(w, "hier")
    alles_klopt()


def test_commitment_is_registered_with_its_number(getekend):
    w, dossier = getekend, Dossier.objects.get()
    with geschiedenis() as nieuw:
        rij = leg_vast(w, " V-1 ")
    inhoud = {"nummer": "V-1", "datum": DAG.isoformat(), "bedrag_cent": 100 * K}
    assert nieuw.feiten == [
        feit(dossier, "dossier.registreer_vastlegging", w.bo, "toegekend", "toegekend", inhoud=inhoud)
    ]
    assert soorten()[1:] == [("vrijgave", -100 * K, 2022), ("vastlegging", 100 * K, 2022)]
    assert (rij.nummer, rij.verstrekker) == ("V-1", w.oproep.verstrekker)
    assert cijfers(dossier) == cijfers(krediet(2022)) == {"vastgelegd": 100 * K}
    assert list(Buitenfeit.objects.values_list("soort", "vastleggingsnummer", "bedrag_cent")) == [
        ("vastlegging", "V-1", 100 * K)
    ]
    with ongewijzigd(), weigert("al_vastgelegd", "De toekenning van dit dossier is al vastgelegd."):
        leg_vast(w, "V-2")
    assert beoordeling.geef_kennis(beoordeling_van(), door=w.bea).status == "kennisgegeven"
    alles_klopt()


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        ({"nummer": " "}, "nummer_ontbreekt", "Vul het vastleggingsnummer van de boekhouding in.", "nummer"),
        ({"nummer": "9" * 41}, "nummer_te_lang", "Dit nummer is langer dan 40 tekens.", "nummer"),
        (
            {"datum": DAG + timedelta(days=1)},
            "datum_onmogelijk",
            "De datum van de vastlegging ligt in de toekomst.",
            "datum",
        ),
        (
            {"datum": DAG - timedelta(days=1)},
            "datum_onmogelijk",
            "De datum van de vastlegging ligt vóór het besluit.",
            "datum",
        ),
    ],
)
def test_commitment_refuses(getekend, anders, code, zin, veld):
    with ongewijzigd(), weigert(code, zin, veld):
        leg_vast(getekend, **anders)


def test_only_the_accountant_registers_a_commitment(getekend):
    dossier = Dossier.objects.get()
    eis_alleen(
        getekend.mensen,
        {"bo"},
        lambda wie: services.registreer_vastlegging(dossier, nummer="V-1", datum=DAG, door=wie),
    )


def test_commitment_keeps_to_the_credit(getekend):
    dag = date(2023, 1, 10)
    klok.zet(klok.brussel(2023, 1, 10))
    zet_krediet(getekend, 2023, 99 * K, 0)
    zin = (
        "Dit gaat over het vastleggingskrediet 2023 van artikel WELZIJN-EENZAAMHEID: nog 99.000,00 euro vrij van "
        "99.000,00 euro, gevraagd 100.000,00 euro."
    )
    with ongewijzigd(), weigert("boven_vastleggingskrediet", zin):
        leg_vast(getekend, datum=dag)


def test_no_commitment_to_register_where_this_system_keeps_the_books(wereld):
    bouw.beslist(wereld)
    with ongewijzigd(), weigert("al_vastgelegd", "De toekenning van dit dossier is al vastgelegd."):
        leg_vast(wereld)


def test_number_is_unique_per_granter(extern):
    bouw.beslist(extern, {"an": 9, "ben": 8})
    een, twee = Dossier.objects.order_by("pk")
    services.registreer_vastlegging(een, nummer="V-1", datum=DAG, door=extern.bo)
    zin = "Dit vastleggingsnummer staat al bij een ander dossier van deze verstrekker."
    with ongewijzigd(), weigert("nummer_bestaat", zin, "nummer"):
        services.registreer_vastlegging(twee, nummer="V-1", datum=DAG, door=extern.bo)
    assert reden_tegen(beoordeling_van(), "geef_kennis") == WACHT
    assert Vastleggingsnummer.objects.count() == 1


def test_sending_charges_nothing_and_the_charge_comes_before_the_payment(verstuurd):
    w = verstuurd
    betaling, opdracht = Betaling.objects.order_by("pk")[0], Betaalopdracht.objects.get()
    assert opdracht.extern
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K}
    zin = "De vereffening van deze betaling is nog niet gemeld door het boekhoudsysteem van de verstrekker."
    with ongewijzigd(), weigert("niet_vereffend", zin):
        services.meld_uitbetaald(betaling, datum=DAG, door=w.bo)
    zin = "Deze opdracht wordt betaald door het boekhoudsysteem van de verstrekker; gebruik het rekenblad."
    with ongewijzigd(), weigert("betaalt_extern", zin):
        services.geef_betaalbestand(opdracht, door=w.bo)
    assert services.geef_betaalbestand(opdracht, versie="xlsx", door=w.bo).naam == f"{opdracht.nummer}.xlsx"
    schijf = f"{betaling.dossier.nummer} ({betaling.schijf.naam.lower()})"
    zin = f"Dit kan nog niet: verstuurd maar niet uitbetaald is {schijf}."
    with ongewijzigd(), weigert("betalingen_onderweg", zin, "wijze"):
        stel_in(w, "hier")
    cent = betaling.bedrag_cent
    with geschiedenis() as nieuw:
        services.meld_vereffend(betaling, stuknummer="ST-1", datum=DAG, door=w.bo)
    inhoud = {"stuknummer": "ST-1", "datum": DAG.isoformat(), "bedrag_cent": cent}
    assert nieuw.feiten == [feit(betaling, "betaling.meld_vereffend", w.bo, "verstuurd", "verstuurd", inhoud=inhoud)]
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K, "vereffend": cent}
    with ongewijzigd(), weigert("al_aangerekend", "De vereffening van deze betaling is al geregistreerd."):
        services.meld_vereffend(betaling, stuknummer="ST-1", datum=DAG, door=w.bo)
    services.meld_uitbetaald(betaling, datum=DAG, door=w.bo)
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K, "vereffend": cent, "uitbetaald": cent}
    alles_klopt()
    assert stel_in(w, "hier").wijze == "hier"


def test_what_was_sent_and_not_charged_yet_cannot_be_cancelled(verstuurd):
    w, dossier = verstuurd, Dossier.objects.get()
    zin = "Op dit dossier staat nog 50.000,00 euro open; meer kan niet geannuleerd worden."
    with ongewijzigd(), weigert("boven_encours", zin, "bedrag"):
        services.annuleer_vastlegging(dossier, bedrag_cent=50 * K + 1, reden="Te veel.", door=w.bart)
    services.zet_stop(dossier, reden="Het project startte niet.", door=w.bart)
    assert cijfers(dossier) == {"vastgelegd": 50 * K}
    betaling = Betaling.objects.order_by("pk")[0]
    services.meld_vereffend(betaling, stuknummer="ST-1", datum=DAG, door=w.bo)
    services.meld_uitbetaald(betaling, datum=DAG, door=w.bo)
    assert cijfers(dossier) == {"vastgelegd": 50 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        ({"stuknummer": ""}, "stuknummer_ontbreekt", "Vul het stuknummer van de boekhouding in.", "stuknummer"),
        (
            {"datum": DAG + timedelta(days=1)},
            "datum_onmogelijk",
            "De datum van de vereffening ligt in de toekomst.",
            "datum",
        ),
        (
            {"datum": DAG - timedelta(days=1)},
            "datum_onmogelijk",
            "De datum van de vereffening ligt vóór de betaalopdracht.",
            "datum",
        ),
    ],
)
def test_charge_refuses(verstuurd, anders, code, zin, veld):
    velden: dict[str, Any] = {"stuknummer": "ST-1", "datum": DAG} | anders
    with ongewijzigd(), weigert(code, zin, veld):
        services.meld_vereffend(Betaling.objects.order_by("pk")[0], **velden, door=verstuurd.bo)


def test_no_charge_to_report_where_this_system_keeps_the_books(wereld):
    betaling = bouw.verstuurde_betaling(wereld)
    with ongewijzigd(), weigert("verkeerde_status", "Deze betaling wacht niet op een vereffening van de boekhouding."):
        services.meld_vereffend(betaling, stuknummer="ST-1", datum=DAG, door=wereld.bo)


def neem_op(w, soort, cent, datum=DAG, dossier=None, **velden):
    nummer = dossier or Dossier.objects.order_by("pk")[0].nummer
    gegeven = Feit(soort, nummer, cent, datum, **velden)
    return services.neem_buitenfeit_op(w.bo, feit=gegeven, verstrekker=w.oproep.verstrekker, door=w.bo)


def referentie():
    betaling = Betaling.objects.order_by("pk")[0]
    return end_to_end_id(betaling.opdracht.nummer, betaling.pk)


def test_facts_that_agree_are_booked(getekend):
    w = getekend
    rij = neem_op(w, "vastlegging", 100 * K, vastleggingsnummer="V-9")
    dossier = Dossier.objects.get()
    assert (rij.dossier, rij.versie) == (dossier, 1)
    assert dossier.vastleggingsnummer.nummer == "V-9"
    assert cijfers(dossier) == {"vastgelegd": 100 * K}
    with ongewijzigd(), weigert("al_opgenomen", "Dit feit is al opgenomen."):
        neem_op(w, "vastlegging", 100 * K, vastleggingsnummer="V-9")
    alles_klopt()


def test_charge_and_payment_facts_are_booked(verstuurd):
    w, betaling = verstuurd, Betaling.objects.order_by("pk")[0]
    cent = betaling.bedrag_cent
    neem_op(w, "betaling", cent, referentie=referentie())
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K}  # kept, but its charge comes first
    neem_op(w, "vereffening", cent, stuknummer="ST-1", referentie=referentie())
    neem_op(w, "betaling", cent, referentie=referentie())
    assert cijfers(betaling.dossier) == {"vastgelegd": 100 * K, "vereffend": cent, "uitbetaald": cent}
    assert Betaling.objects.get(pk=betaling.pk).uitbetaald_op == DAG
    assert list(Buitenfeit.objects.values_list("soort", "versie").order_by("pk")) == [
        ("vastlegging", 1),
        ("betaling", 1),
        ("vereffening", 1),
    ]
    alles_klopt()


def test_facts_that_do_not_agree_are_kept_and_not_booked(getekend):
    w = getekend
    neem_op(w, "vastlegging", 90 * K, vastleggingsnummer="V-9")
    neem_op(w, "vastlegging", 100 * K, dossier="ZB-1999-1", vastleggingsnummer="V-8")
    assert soorten() == [("reservering", 100 * K, 2022)]
    neem_op(w, "vastlegging", 100 * K, vastleggingsnummer="V-9")  # corrected
    assert list(Buitenfeit.objects.values_list("vastleggingsnummer", "versie", "bedrag_cent").order_by("pk")) == [
        ("V-9", 1, 90 * K),
        ("V-8", 1, 100 * K),
        ("V-9", 2, 100 * K),
    ]
    assert cijfers(Dossier.objects.get()) == {"vastgelegd": 100 * K}
    alles_klopt()


def als(wie):
    client = Client()
    client.force_login(wie)
    return client


def test_the_setting_is_changed_on_its_page_and_a_refusal_keeps_what_was_typed(wereld):
    client, url = als(wereld.beheer), reverse("boekhouding_instellen")
    velden = {"verstrekker": wereld.oproep.verstrekker, "wijze": "hier", "reden": "Orafin boekt."}
    antwoord = client.post(url, velden)
    keur(antwoord)
    tekst = antwoord.content.decode()
    assert antwoord.status_code == 422
    assert "Zo staat de boekhouding van deze verstrekker al." in tekst
    assert "Orafin boekt." in tekst
    assert client.post(url, velden | {"wijze": "extern"}).status_code == 302
    assert "In een ander boekhoudsysteem" in client.get(url).content.decode()


def test_signing_on_the_page_says_that_the_awards_wait(extern):
    besluit = bouw.voorgesteld(extern)
    klok.zet(bouw.BESLIST)
    tekst = als(extern.bart).get(reverse("besluit", args=[besluit.pk])).content.decode()
    assert "De toekenningen blijven gereserveerd tot het boekhoudsysteem van de verstrekker ze vastlegt." in tekst
    assert "Registreren en vastleggen" not in tekst


def test_charge_and_payment_on_the_pages(verstuurd):
    client, betaling = als(verstuurd.bo), Betaling.objects.order_by("pk")[0]
    url = reverse("betaling", args=[betaling.pk])
    tekst = client.get(url).content.decode()
    assert "Vereffening registreren" in tekst
    assert "Uitbetaald melden" not in tekst
    opdracht = client.get(reverse("betaalopdracht", args=[betaling.opdracht_id])).content.decode()
    assert "Download betaalbestand" not in opdracht and "pain.001" not in opdracht
    assert "Download rekenblad" in opdracht
    assert "Het boekhoudsysteem van de verstrekker betaalt deze opdracht." in opdracht
    gegeven = {"stuknummer": "ST-1", "datum": DAG.isoformat()}
    assert client.post(reverse("betaling_vereffend", args=[betaling.pk]), gegeven).status_code == 302
    tekst = client.get(url).content.decode()
    assert "Vereffening registreren" not in tekst
    assert "Uitbetaald melden" in tekst


def test_the_mail_about_a_decision_to_sign_says_who_commits(extern):
    bouw.voorgesteld(extern)
    mail = Uitgaand.objects.filter(inhoud__onderwerp__startswith="Een besluit om te laten ondertekenen").get()
    assert mail.inhoud["tekst"].endswith("Daarna legt het boekhoudsysteem van de verstrekker de toekenningen vast.")


def test_our_own_number_is_the_year_and_the_row_and_is_never_cut_off(wereld):
    w = wereld
    ander = bouw.concept(w, "ben")
    bouw.beslist(w)
    dossier = Dossier.objects.get(toegekend_cent__isnull=False)
    regel = Journaalregel.objects.get(soort="vastlegging")
    assert queries.vastleggingsnummer(dossier) == f"V2022-{regel.pk:06d}"
    regel.pk, regel.dossier = 12_345_678, ander
    regel.save(force_insert=True)
    assert queries.vastleggingsnummer(ander) == "V2022-12345678"
