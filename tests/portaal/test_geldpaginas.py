"""The pages about budgets, credits, open commitments, the journal, and the end of a commitment."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import grootboek, queries, services
from betalingen.models import Begrotingsjaar, Betaling, Jaarrapport, Journaalregel, Krediet
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Ronde
from tests import bouw
from tests.bladen import rijen
from tests.hulp import alles_klopt, ongewijzigd
from tests.portaal.pagina import keur
from tests.proef import krediet

pytestmark = pytest.mark.django_db
K = 1_000_00


def browser(wie: Any) -> Client:
    client = Client()
    client.force_login(wie)
    return client


@pytest.fixture
def w(wereld: bouw.Wereld) -> bouw.Wereld:
    """One award of 100.000 euro, notified on 1 February 2022."""
    bouw.kennisgegeven(wereld)
    return wereld


def pagina(wie: Any, naam: str, *args: Any, zoek: str = "") -> Any:
    return keur(browser(wie).get(reverse(naam, args=args) + zoek))


def stuur(wie: Any, data: dict[str, Any], naam: str, *args: Any) -> Any:
    return keur(browser(wie).post(reverse(naam, args=args), data, follow=True))


def blad(wie: Any, naam: str, zoek: str = "") -> list[dict[str, Any]]:
    antwoord = browser(wie).get(reverse(naam) + zoek)
    return rijen(b"".join(antwoord.streaming_content))


# --- the position as it was known ---


def test_the_position_of_an_earlier_day_on_screen_and_in_the_sheet(w: bouw.Wereld) -> None:
    zoek = "?op=2022-01-25"
    nu, toen = pagina(w.bart, "budgetstand"), pagina(w.bart, "budgetstand", zoek=zoek)
    assert "zoals bekend op 25 januari 2022" in toen.tekst
    assert "zoals bekend op" not in nu.tekst
    (rij,) = [r for r in blad(w.bart, "budgetstand_bestand", zoek) if r["Niveau"] == "Oproep"]
    assert (rij["Gereserveerd"], rij["Vastgelegd"], rij["Beschikbaar"]) == (100_000, 0, 13_400_000)
    (rij,) = [r for r in blad(w.bart, "budgetstand_bestand") if r["Niveau"] == "Oproep"]
    assert (rij["Gereserveerd"], rij["Vastgelegd"], rij["Beschikbaar"]) == (0, 100_000, 13_400_000)


@pytest.mark.parametrize("op", ["", "gisteren", "2022-13-01", "2022-02-30", "2032-01-01", "2022-02-01", "x" * 500])
def test_a_day_that_cannot_be_known_is_today(w: bouw.Wereld, op: str) -> None:
    for naam in ("budgetstand", "kredieten"):
        assert "zoals bekend op" not in pagina(w.bart, naam, zoek=f"?op={op}").tekst


def test_the_position_leads_to_the_bookings_of_its_calls_and_tracks_in_that_year_as_known_then(w: bouw.Wereld) -> None:
    def boekingen(zoek: str) -> list[tuple[str, str]]:
        links = [link for link in pagina(w.bart, "budgetstand", zoek=zoek).links if link.startswith("/grootboek/?")]
        client = browser(w.bart)
        return [(link.partition("?")[2], _som(keur(client.get(link)).tekst)) for link in links]

    oproep = f"oproep={w.oproep.slug}"
    alles = ["Som van 3 boekingen", "Geen boekingen", "Som van 3 boekingen"]  # the call, Brussels, Flanders
    for zoek, erbij, sommen in (
        ("", "", alles),
        ("?jaar=2022", "&van=2022-01-01&tot=2022-12-31", alles),
        ("?jaar=2021", "&van=2021-01-01&tot=2021-12-31", ["Geen boekingen"] * 3),
        ("?op=2022-01-25", "&op=2022-01-25", ["Som van 1 boeking", "Geen boekingen", "Som van 1 boeking"]),
    ):
        adressen = [oproep, f"{oproep}&luik=brussel", f"{oproep}&luik=vlaanderen"]
        assert boekingen(zoek) == [(adres + erbij, som) for adres, som in zip(adressen, sommen, strict=True)]
    assert "hoort bij geen jaar" in pagina(w.bart, "budgetstand", zoek="?jaar=2022").tekst


def _som(tekst: str) -> str:
    return next(zin for zin in ("Som van 3 boekingen", "Som van 1 boeking", "Geen boekingen") if zin in tekst)


# --- open commitments ---


def test_open_commitments_with_what_can_be_cleared(w: bouw.Wereld) -> None:
    dossier = Dossier.objects.get()
    tekst = pagina(w.bart, "encours").tekst
    assert dossier.nummer in tekst
    assert "€ 100.000,00" in tekst.replace("\xa0", " ")
    leeg = pagina(w.bart, "encours", zoek="?op_te_kuisen=1").tekst
    assert "Niets openstaand" in leeg
    klok.zet(klok.brussel(2030, 2, 1, 9))
    assert "De vastlegging is ouder dan 8 jaar." in pagina(w.bart, "encours", zoek="?op_te_kuisen=1").tekst
    (rij,) = blad(w.bart, "encours_bestand", "?op_te_kuisen=1&formaat=xlsx")
    assert (rij["Dossier"], rij["Jaren oud"], rij["Encours"]) == (dossier.nummer, 8, 100_000)
    assert rij["Op te kuisen"] == "De vastlegging is ouder dan 8 jaar."


# --- the journal ---


def test_the_journal_down_to_the_line(w: bouw.Wereld) -> None:
    dossier = Dossier.objects.get()
    (rij, *_) = queries.met_alles(Journaalregel.objects.order_by("-pk"))
    tekst = pagina(w.bart, "grootboek").tekst
    assert "Som van 3 boekingen" in tekst
    for zoek, aantal in (
        ("?soort=vastlegging", 1),
        ("?jaar=2022", 3),
        ("?jaar=2023", 0),
        (f"?dossier={dossier.nummer.lower()}", 3),
        ("?dossier=bestaat-niet", 0),
        ("?op=2022-01-31", 1),
        (f"?oproep={w.oproep.slug}&soort=reservering", 1),
        (f"?oproep={w.oproep.slug}&luik=Vlaanderen", 3),
        ("?luik=brussel", 0),
        ("?van=2022-02-01", 2),
        ("?van=2022-01-01&tot=2022-01-31", 1),
        ("?jaar=veel&soort=niets&oproep=geen&op=nooit", 3),
    ):
        gevonden = blad(w.bart, "grootboek_bestand", f"{zoek}&formaat=xlsx")
        assert (zoek, len(gevonden)) == (zoek, aantal)
        scherm = pagina(w.bart, "grootboek", zoek=zoek).tekst
        assert ("Geen boekingen" in scherm) == (aantal == 0)
    (vast,) = blad(w.bart, "grootboek_bestand", "?soort=vastlegging&formaat=xlsx")
    assert (vast["Soort"], vast["Bedrag"], vast["Dossier"], vast["Begrotingsjaar"], vast["Door"]) == (
        "Vastlegging",
        100_000,
        dossier.nummer,
        2022,
        "Bart Proef",
    )
    assert rij.soort == "vastlegging"


# --- credits ---


def test_a_credit_is_registered_once(wereld: bouw.Wereld) -> None:
    data = {
        "artikel": "WELZIJN-EENZAAMHEID", "jaar": "2024", "aard": "machtiging",
        "limiet": "1.250,50", "betaalkrediet": "1.000", "referentie": "Begroting 2024",
    }  # fmt: skip
    antwoord = stuur(wereld.bart, data, "kredieten")
    assert "Het krediet is ingeschreven." in antwoord.tekst
    nieuw = krediet(2024)
    stand = grootboek.stand_van(nieuw)
    assert (nieuw.aard, stand.limiet_cent, stand.betaalkrediet_cent) == ("machtiging", 1_250_50, 1_000_00)
    client = browser(wereld.bart)
    with ongewijzigd():
        antwoord = client.post(reverse("kredieten"), data)
    assert antwoord.status_code == 422
    assert "heeft in 2024 al een krediet. Kies het in de lijst." in keur(antwoord).tekst
    assert 'value="1.250,50"' in antwoord.content.decode()


def test_a_credit_is_set_and_redistributed(wereld: bouw.Wereld) -> None:
    rij = krediet(2022)
    ander = Krediet.objects.create(artikel=grootboek.artikel("ANDER", "Ander"), jaar=2022)
    beheer = wereld.mensen["beheer"]
    geen = "Er is in 2022 geen krediet van een ander artikel waarnaar u mag herverdelen."
    assert geen in pagina(wereld.bart, "krediet", rij.pk).tekst
    wereld.luik.begrotingsartikel = "ANDER"
    wereld.luik.save()
    data = {"form": "herverdelen", "naar": ander.pk, "vak": "500", "vek": "0", "referentie": "BVR 1"}
    assert "Het krediet is herverdeeld naar ANDER." in stuur(beheer, data, "krediet", rij.pk).tekst
    assert grootboek.stand_van(ander).limiet_cent == 500_00
    fout = browser(beheer).post(reverse("krediet", args=[rij.pk]), {**data, "vak": "99.000.000", "referentie": ""})
    assert fout.status_code == 422
    assert "99.000.000" in fout.content.decode()
    data = {"form": "instellen", "limiet": "12,345", "betaalkrediet": "-1"}
    fout = browser(beheer).post(reverse("krediet", args=[rij.pk]), data)
    assert fout.status_code == 422
    data = {"form": "instellen", "limiet": "14.000.000", "betaalkrediet": "8.000.000", "referentie": ""}
    zonder = browser(beheer).post(reverse("krediet", args=[rij.pk]), data)
    assert (zonder.status_code, "14.000.000" in zonder.content.decode()) == (422, True)
    data["referentie"] = "BVR 2"
    assert "Het krediet is ingesteld." in stuur(beheer, data, "krediet", rij.pk).tekst
    alles_klopt()


def test_a_credit_below_what_is_booked_says_so_at_the_field(w: bouw.Wereld) -> None:
    data = {"form": "instellen", "limiet": "99.999,99", "betaalkrediet": "0", "referentie": "BVR"}
    client = browser(w.bart)
    with ongewijzigd():
        antwoord = client.post(reverse("krediet", args=[krediet(2022).pk]), data)
    assert antwoord.status_code == 422
    assert "Er is al 100.000,00 euro gereserveerd of vastgelegd; lager kan niet." in keur(antwoord).tekst


def test_an_administrator_sees_what_is_open_and_closes_the_year(w: bouw.Wereld) -> None:
    beheer = w.mensen["beheer"]
    assert "2022 afsluiten" not in pagina(beheer, "kredieten").tekst
    klok.zet(klok.brussel(2023, 1, 9))
    assert "2022 afsluiten" in pagina(beheer, "kredieten").tekst
    vraag = pagina(beheer, "begrotingsjaar", 2022).tekst
    for zin in (
        "Encours op 31 december 2022 € 100.000,00",
        "Een afgesloten jaar gaat niet meer open.",
        "Het encours van € 100.000,00 gaat over naar 2023",
        "Begrotingsjaar 2022 definitief afsluiten",
    ):
        assert zin in vraag
    nog_niet = pagina(beheer, "begrotingsjaar", 2023).tekst
    assert "Dit jaar kan nog niet afgesloten worden: Het jaar 2023 is nog niet voorbij. Sluit eerst" in nog_niet
    dicht = stuur(beheer, {}, "jaar_afsluiten", 2022).tekst
    assert "Het begrotingsjaar 2022 is afgesloten." in dicht
    assert Begrotingsjaar.objects.get(jaar=2022).status == "afgesloten"
    assert "definitief afsluiten" not in pagina(beheer, "begrotingsjaar", 2022).tekst
    assert "2022: afgesloten" in pagina(beheer, "kredieten").tekst
    assert "Het jaar 2023 is nog niet voorbij." in stuur(beheer, {}, "jaar_afsluiten", 2023).tekst


def test_a_year_without_a_credit_between_two_others_is_closed_in_its_turn(w: bouw.Wereld) -> None:
    beheer = w.mensen["beheer"]
    Krediet.objects.create(artikel=krediet(2022).artikel, jaar=2025)
    klok.zet(klok.brussel(2026, 1, 9))
    assert "2024 afsluiten" in pagina(beheer, "kredieten").tekst
    for jaar in (2022, 2023, 2024, 2025):
        assert f"Het begrotingsjaar {jaar} is afgesloten." in stuur(beheer, {}, "jaar_afsluiten", jaar).tekst
    for jaar in (2021, 2026):
        assert browser(beheer).get(reverse("begrotingsjaar", args=[jaar])).status_code == 404


def test_a_payment_on_its_way_is_named_with_a_link(w: bouw.Wereld) -> None:
    betaling = Betaling.objects.order_by("schijf__volgorde").first()
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    klok.zet(klok.brussel(2023, 1, 9))
    zin = f"{betaling.dossier.nummer}, eerste schijf: € 50.000,00"
    assert zin in pagina(w.mensen["beheer"], "begrotingsjaar", 2022).tekst
    grootboek.begrotingsjaar(2022)
    antwoord = stuur(w.mensen["beheer"], {}, "jaar_afsluiten", 2022).tekst
    assert Begrotingsjaar.objects.get(jaar=2022).status == "open"
    assert "In 2022 is 1 betaling verstuurd waarvan niet gemeld is" in antwoord


def test_auditor_and_budget_holder_find_the_report_of_a_closed_year(w: bouw.Wereld) -> None:
    klok.zet(klok.brussel(2023, 1, 9))
    for wie in (w.bart, w.aude):
        assert browser(wie).get(reverse("begrotingsjaar", args=[2022])).status_code == 403
    stuur(w.mensen["beheer"], {}, "jaar_afsluiten", 2022)
    rapport = Jaarrapport.objects.get()
    for wie in (w.bart, w.aude):
        assert "2022: afgesloten" in pagina(wie, "kredieten").tekst
        tekst = pagina(wie, "begrotingsjaar", 2022).tekst
        assert "Zorgzame buurten (xlsx), 3 boekingen" in tekst and rapport.bestand.sha256 in tekst
        assert "Encours op" not in tekst
        antwoord = browser(wie).get(reverse("jaarrapport", args=[2022, w.oproep.slug]))
        bytes_ = b"".join(antwoord.streaming_content)
        assert hashlib.sha256(bytes_).hexdigest() == rapport.bestand.sha256
    for wie in (w.bea, w.bo, w.mensen["beheer"]):
        assert browser(wie).get(reverse("jaarrapport", args=[2022, w.oproep.slug])).status_code == 404


@pytest.mark.parametrize("op", ["gisteren", "2031-01-01", "2022-13-01"])
def test_a_day_that_cannot_be_shown_says_so(w: bouw.Wereld, op: str) -> None:
    zin = "Deze dag kan niet. Kies een dag tot en met vandaag; u ziet nu de stand van vandaag."
    for naam in ("budgetstand", "kredieten", "encours"):
        assert zin in pagina(w.bart, naam, zoek=f"?op={op}").tekst
        assert zin not in pagina(w.bart, naam, zoek=f"?op={klok.vandaag()}").tekst


def test_the_open_commitments_of_an_earlier_day(w: bouw.Wereld) -> None:
    dag = klok.vandaag()
    klok.zet(klok.nu() + timedelta(days=3))
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=K, reden="Minder nodig", door=w.bart)
    assert "€ 99.000,00" in pagina(w.bart, "encours").tekst
    toen = pagina(w.bart, "encours", zoek=f"?op={dag}&op_te_kuisen=1").tekst
    assert "Wat op te kuisen is, staat bij de lijst van vandaag" in toen and "€ 100.000,00" in toen
    (rij,) = blad(w.bart, "encours_bestand", f"?op={dag}&formaat=xlsx")
    assert (rij["Encours"], rij["Op te kuisen"]) == (100_000, None)
    assert "Niets openstaand" in pagina(w.bart, "encours", zoek="?op=2021-12-31").tekst


# --- the budget of a call ---


def test_the_budget_of_a_call_is_set_and_moved(wereld: bouw.Wereld) -> None:
    slug = wereld.oproep.slug
    data = {"form": "instellen", "limiet": "10.000.000", "luik_vlaanderen": "9.000.000", "luik_brussel": ""}
    assert "Het budget is ingesteld." in stuur(wereld.bart, data, "oproepbudget", slug).tekst
    brussel = Ronde.objects.get(luik__oproep=wereld.oproep, luik__slug="brussel")
    assert grootboek.stand_van(brussel).limiet_cent is None
    data["luik_brussel"] = "1.000.000"
    stuur(wereld.bart, data, "oproepbudget", slug)
    data = {"form": "verschuiven", "van": wereld.ronde.pk, "naar": brussel.pk, "bedrag": "500.000", "reden": "Vraag"}
    assert "Het budget is verschoven." in stuur(wereld.bart, data, "oproepbudget", slug).tekst
    assert grootboek.stand_van(brussel).limiet_cent == 1_500 * K
    fout = browser(wereld.bart).post(reverse("oproepbudget", args=[slug]), {**data, "naar": wereld.ronde.pk})
    assert fout.status_code == 422
    assert "Kies een andere ronde." in keur(fout).tekst


# --- the end of a commitment ---


def test_a_part_of_a_commitment_is_cancelled(w: bouw.Wereld) -> None:
    nummer = Dossier.objects.get().nummer
    assert "Vastlegging annuleren of project stopzetten" in pagina(w.bart, "dossier", nummer).tekst
    assert "Vastlegging annuleren" not in pagina(w.bea, "dossier", nummer).tekst
    data = {"form": "annuleer", "bedrag": "200.000", "reden": "Te veel"}
    fout = browser(w.bart).post(reverse("dossier_vastlegging", args=[nummer]), data)
    assert fout.status_code == 422
    assert "Op dit dossier staat nog 100.000,00 euro open; meer kan niet geannuleerd worden." in keur(fout).tekst
    assert "Te veel" in fout.content.decode()
    gedaan = stuur(w.bart, {**data, "bedrag": "10.000"}, "dossier_vastlegging", nummer)
    assert "Dat deel van de vastlegging is geannuleerd." in gedaan.tekst
    assert list(Betaling.objects.values_list("status", flat=True)) == ["gepland", "gepland", "vervallen"]


def test_the_signatory_gives_up_and_a_colleague_cannot(w: bouw.Wereld) -> None:
    nummer = Dossier.objects.get().nummer
    assert "Aan de subsidie verzaken" in pagina(w.an, "dossier", nummer).tekst
    antwoord = stuur(w.an, {"form": "verzaak", "reden": "Geen tijd"}, "dossier_vastlegging", nummer)
    assert "U verzaakte aan de subsidie." in antwoord.tekst
    assert Dossier.objects.get().status == "verzaakt"
    assert "Aan de subsidie verzaken" not in pagina(w.an, "dossier", nummer).tekst


def test_the_budget_holder_stops_a_project(w: bouw.Wereld) -> None:
    nummer = Dossier.objects.get().nummer
    antwoord = stuur(w.bart, {"form": "stop", "reden": "Niet gestart"}, "dossier_vastlegging", nummer)
    assert "Het project is stopgezet. De aanvrager krijgt bericht." in antwoord.tekst
    scherm = pagina(w.bart, "dossier_vastlegging", nummer).tekst
    assert "Dit kan niet: het dossier heeft de status 'stopgezet'." in scherm


def test_before_the_notification_the_page_does_not_exist(wereld: bouw.Wereld) -> None:
    bouw.beslist(wereld)
    nummer = Dossier.objects.get().nummer
    for wie in (wereld.an, wereld.bart):
        assert browser(wie).get(reverse("dossier_vastlegging", args=[nummer])).status_code == 404


# --- a proposal that goes back ---


def test_a_proposal_goes_back_with_its_reason(wereld: bouw.Wereld) -> None:
    besluit = bouw.voorgesteld(wereld)
    assert "Voorstel terugsturen" in pagina(wereld.bart, "besluit", besluit.pk).tekst
    assert "Voorstel terugsturen" not in pagina(wereld.aude, "besluit", besluit.pk).tekst
    leeg = browser(wereld.bart).post(reverse("besluit_stuur_terug", args=[besluit.pk]), {"reden": ""})
    assert leeg.status_code == 422
    antwoord = stuur(wereld.bart, {"reden": "Reken na"}, "besluit_stuur_terug", besluit.pk)
    assert "Het voorstel is teruggestuurd. Het kan opnieuw opgemaakt worden." in antwoord.tekst
    assert "Rangschikking opmaken" in pagina(wereld.bea, "ronde", wereld.ronde.pk).tekst
    assert "Voorstel terugsturen" not in pagina(wereld.bart, "besluit", besluit.pk).tekst


# --- the year of the reservation ---


def test_the_handler_chooses_the_year_of_the_decision(wereld: bouw.Wereld) -> None:
    bouw.gescoord(wereld, {"an": 8})
    klok.zet(klok.brussel(2022, 12, 12, 10))
    scherm = pagina(wereld.bea, "ronde", wereld.ronde.pk)
    assert "Reserveert de voorgestelde bedragen op het krediet van 2022." in scherm.tekst
    assert "Rangschikking voor een besluit in 2023" in scherm.tekst
    stuur(wereld.bea, {"begrotingsjaar": "2023"}, "ronde_stel_voor", wereld.ronde.pk)
    assert list(Journaalregel.objects.values_list("soort", "krediet__jaar")) == [("reservering", 2023)]


@pytest.mark.parametrize("jaar", ["", "veel", "1999", "2024"])
def test_a_year_that_cannot_be_is_refused_or_left_to_the_credits(wereld: bouw.Wereld, jaar: str) -> None:
    bouw.gescoord(wereld, {"an": 8})
    klok.zet(klok.brussel(2022, 12, 12, 10))
    antwoord = stuur(wereld.bea, {"begrotingsjaar": jaar}, "ronde_stel_voor", wereld.ronde.pk)
    if jaar == "2024":
        assert "Het besluit valt in 2022 of 2023." in antwoord.tekst
        assert not Journaalregel.objects.exists()
    else:
        assert list(Journaalregel.objects.values_list("krediet__jaar", flat=True)) == [2022]


# --- a payment that was approved and goes back ---


def test_an_approved_payment_can_still_go_back_from_its_page(wereld: bouw.Wereld) -> None:
    betaling = bouw.goedgekeurde_betaling(wereld)
    assert "Terugsturen" in pagina(wereld.bart, "betaling", betaling.pk).tekst
    assert "Terugsturen" not in pagina(wereld.bea, "betaling", betaling.pk).tekst
    antwoord = stuur(wereld.bart, {"reden": "Project stopt"}, "betaling_terugsturen", betaling.pk)
    assert "De betaling is teruggestuurd." in antwoord.tekst
    assert Betaling.objects.get(pk=betaling.pk).status == "gepland"
    assert "Terugsturen" not in pagina(wereld.bart, "betaling", betaling.pk).tekst
