"""The reserve list: who stands on it, money that comes free, a later decision, its letters, and the end of the list."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from beoordeling import queries
from beoordeling.models import Besluit, Besluitregel
from beoordeling.services import (
    geef_kennis,
    leg_besluit_voor,
    registreer_ondertekening,
    stel_reserve_voor,
    stel_voor,
    stuur_besluit_terug,
)
from betalingen.models import Journaalregel, Stand
from betalingen.services import stel_budget_in, verzaak
from dossiers.models import Dossier
from kern import klok, outbox, uploads
from oproepen.models import Ronde
from tests import bouw
from tests.dossiers.test_stukken import lees
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert
from tests.onthouden import onthoudt
from tests.portaal.pagina import Pagina
from tests.proef import zet_krediet

from .test_besluit import drie, journaal, statussen

NA = "Het dossier haalt de minimumscore, maar het budget is opgebruikt door hoger gerangschikte dossiers."
LOOPT = ("besluit_loopt", "Er loopt al een besluit over deze ronde.")


def teken(w, besluit, nummer, dag):
    document = uploads.bewaar(bouw.upload(f"{nummer}.pdf"), door=w.bart)
    return registreer_ondertekening(besluit, nummer=nummer, datum=dag, document=document, door=w.bart)


def beslis(w, besluit, nummer):
    """Present, sign and notify on this day."""
    leg_besluit_voor(besluit, door=w.bea)
    teken(w, besluit, nummer, klok.vandaag())
    geef_kennis(besluit, door=w.bea)
    return Besluit.objects.get(pk=besluit.pk)


@onthoudt
def met_reserve(w, luik_cent=100_000_00, punten=(8, 9, 7)):
    """Decide: Boom (100.000) gets its money; Aartselaar (60.000) and the vzw (40.000) are on the reserve list."""
    Ronde.objects.filter(pk=w.ronde.pk).update(reservelijst=True)
    bouw.vers(w)
    rijen = drie(w, luik_cent=luik_cent, punten=punten)
    klok.zet(bouw.BESLIST)
    beslis(w, stel_voor(w.ronde, door=w.bea), "MB-2022-1")
    bouw.vers(w)
    return rijen


def maak_vrij(w, cent):
    stel_budget_in(w.oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": 100_000_00 + cent}, door=w.bart)
    klok.zet(klok.nu() + timedelta(days=30))


def stel(w, **keuze):
    return stel_reserve_voor(w.ronde, door=w.bea, **keuze)


def gereserveerd(ronde):
    return Stand.objects.get(soort="ronde", sleutel=ronde.pk).gereserveerd_cent


def past_niet(dossier, vraagt, vrij):
    eerste = f"Het eerste dossier op de reservelijst, {dossier.nummer}, vraagt {vraagt} euro."
    return f"{eerste} Er is {vrij} euro vrij."


def regels(besluit):
    velden = ("dossier", "rang", "uitkomst", "bedrag_cent", "reserveplaats")
    return [tuple(rij) for rij in Besluitregel.objects.filter(besluit=besluit).values_list(*velden)]


def staat(rijen):
    vers = [bouw.opnieuw(rij) for rij in rijen]
    return [(rij.status, rij.zichtbare_status, rij.zichtbaar_toegekend_cent) for rij in vers]


# On the list


def test_what_is_good_and_does_not_fit_is_put_on_the_list(wereld):
    Ronde.objects.filter(pk=wereld.ronde.pk).update(reservelijst=True)
    bouw.vers(wereld)
    (aartselaar, boom, vzw) = rijen = drie(wereld, luik_cent=100_000_00)
    klok.zet(bouw.BESLIST)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    assert regels(besluit) == [
        (boom.pk, 1, "toekenning", 100_000_00, None),
        (aartselaar.pk, 2, "reserve", 0, 1),
        (vzw.pk, 3, "reserve", 0, 2),
    ]
    assert staat(rijen) == [
        ("ontvankelijk", "In beoordeling", None),
        ("voorgedragen", "In beoordeling", None),
        ("ontvankelijk", "In beoordeling", None),
    ]
    with geschiedenis() as nieuw:
        teken(wereld, besluit, "MB-2022-1", bouw.BESLIST.date())
    naam = "besluit.registreer_ondertekening"
    assert [f for f in nieuw.feiten if f[0] == "dossier" and f[1] != boom.pk] == [
        feit(aartselaar, naam, wereld.bart, "ontvankelijk", "reserve", {"rang": 2}),
        feit(vzw, naam, wereld.bart, "ontvankelijk", "reserve", {"rang": 3}),
    ]
    assert staat(rijen)[0] == ("reserve", "In beoordeling", None)
    with geschiedenis() as nieuw:
        geef_kennis(besluit, door=wereld.bea)
    assert staat(rijen) == [
        ("reserve", "Op de reservelijst", None),
        ("in_uitvoering", "In uitvoering", 100_000_00),
        ("reserve", "Op de reservelijst", None),
    ]
    velden = ("kennisgegeven_op", "reserve_gemeld_op", "toegekend_cent", "beslist_op")
    assert Dossier.objects.values_list(*velden).get(pk=vzw.pk) == (None, klok.nu(), None, bouw.BESLIST.date())
    assert feit(vzw, "besluit.geef_kennis", wereld.bea, "reserve", "reserve") in nieuw.feiten
    onderwerp, tekst = nieuw.mails[2][1:]
    assert onderwerp == f"Beslissing over uw dossier {vzw.nummer}"
    assert "in de oproep Zorgzame buurten staat op plaats 2 van de reservelijst.\n\nDat besliste" in tekst
    assert f"Motivering\nDe jury gaf het dossier 70,00 op 100. {NA} Het staat daarom op de reservelijst." in tekst
    alles_klopt()


def test_without_a_list_they_are_refused(wereld):
    drie(wereld, luik_cent=100_000_00)
    besluit = stel_voor(wereld.ronde, door=wereld.bea, begrotingsjaar=2022)
    assert [rij[2] for rij in regels(besluit)] == ["toekenning", "weigering_krediet", "weigering_krediet"]


# From the list


def test_money_that_came_free_goes_to_the_first_that_fit_and_the_rest_stays(wereld):
    (aartselaar, _, _) = rijen = met_reserve(wereld)
    maak_vrij(wereld, 99_999_99)
    with geschiedenis() as nieuw:
        besluit = stel(wereld)
    assert (besluit.volgnummer, besluit.status, besluit.opgesteld_door) == (2, "ontwerp", wereld.bea)
    assert regels(besluit) == [(aartselaar.pk, 2, "toekenning", 60_000_00, None)]
    regel = {
        "dossier": aartselaar.pk,
        "rang": 2,
        "score_honderdsten": 8000,
        "uitkomst": "toekenning",
        "bedrag_cent": 60_000_00,
    }
    naam, van = "ronde.stel_reserve_voor", "kennisgegeven"
    keuze = {"beschikbaar_cent": 99_999_99, "afsluiten": False}
    assert nieuw.feiten == [
        feit(wereld.ronde, naam, wereld.bea, van, van, keuze),
        feit(besluit, naam, wereld.bea, "", "ontwerp", {"regels": [regel]}),
        feit(aartselaar, naam, wereld.bea, "reserve", "voorgedragen", {"bedrag_cent": 60_000_00}),
    ]
    assert nieuw.mails == []
    assert gereserveerd(wereld.ronde) == 60_000_00
    # The applicant sees nothing of it until she is told.
    geheim = [("Op de reservelijst", None), ("In uitvoering", 100_000_00), ("Op de reservelijst", None)]
    assert [rij[1:] for rij in staat(rijen)] == geheim
    leg_besluit_voor(besluit, door=wereld.bea)
    dag = klok.vandaag()
    teken(wereld, besluit, "MB-2022-2", dag)
    assert statussen(rijen) == ["toegekend", "in_uitvoering", "reserve"]
    assert [rij[1:] for rij in staat(rijen)] == geheim
    with geschiedenis() as nieuw:
        geef_kennis(besluit, door=wereld.bea)
    assert nieuw.feiten == [
        feit(besluit, "besluit.geef_kennis", wereld.bea, "ondertekend", "kennisgegeven"),
        feit(aartselaar, "besluit.geef_kennis", wereld.bea, "toegekend", "in_uitvoering"),
    ]
    ((aan, _, tekst),) = nieuw.mails
    assert aan == "an@voorbeeld.test"
    assert "stond op de reservelijst en krijgt nu een subsidie van 60.000,00 euro.\n\nDat besliste" in tekst
    assert (
        "De jury gaf het dossier 80,00 op 100. Het dossier haalt de minimumscore en stond op plaats 1 van de "
        "reservelijst. Er kwam genoeg budget vrij.\n\nJuryadvies:"
    ) in tekst
    assert [rij[1:] for rij in staat(rijen)] == [
        ("In uitvoering", 60_000_00),
        ("In uitvoering", 100_000_00),
        ("Op de reservelijst", None),
    ]
    rij = bouw.opnieuw(aartselaar)
    assert (rij.toegekend_cent, rij.beslist_op, rij.kennisgegeven_op) == (60_000_00, dag, klok.nu())
    assert rij.reserve_gemeld_op == bouw.BESLIST
    assert [b.bedrag_cent for b in rij.betalingen.all()] == [30_000_00, 24_000_00, 6_000_00]
    assert journaal()[3:] == [
        ("reservering", 60_000_00, aartselaar.pk, 2022, dag),
        ("vrijgave", -60_000_00, aartselaar.pk, 2022, dag),
        ("vastlegging", 60_000_00, aartselaar.pk, 2022, dag),
    ]
    assert Ronde.objects.get(pk=wereld.ronde.pk).status == "kennisgegeven"
    alles_klopt()


def test_an_award_that_is_given_up_in_its_year_makes_room(wereld):
    (aartselaar, boom, vzw) = rijen = met_reserve(wereld)
    with weigert("reserve_past_niet", past_niet(aartselaar, "60.000,00", "0,00")):
        stel(wereld)
    verzaak(bouw.opnieuw(boom), reden="Onze buurtwerker vertrok.", door=wereld.ben)
    besluit = beslis(wereld, stel(wereld), "MB-2022-2")
    assert [rij[0] for rij in regels(besluit)] == [aartselaar.pk, vzw.pk]
    assert statussen(rijen) == ["in_uitvoering", "verzaakt", "in_uitvoering"]
    assert Stand.objects.get(soort="ronde", sleutel=wereld.ronde.pk).vastgelegd_cent == 100_000_00
    with weigert("reserve_leeg", "Er staan geen dossiers op de reservelijst."):
        stel(wereld)
    alles_klopt()


def test_nobody_is_skipped_although_the_second_would_fit(wereld):
    (aartselaar, _, _) = met_reserve(wereld)
    maak_vrij(wereld, 59_999_99)
    with weigert("reserve_past_niet", past_niet(aartselaar, "60.000,00", "59.999,99")):
        stel(wereld)


def test_the_credit_of_the_year_is_a_limit_too(wereld):
    (aartselaar, _, _) = met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    zet_krediet(wereld, 2022, 100_000_00, 100_000_00)
    with weigert("reserve_past_niet", past_niet(aartselaar, "60.000,00", "0,00")):
        stel(wereld)
    besluit = stel(wereld, begrotingsjaar=2023)
    assert journaal()[-1][:4] == ("reservering", 60_000_00, besluit.regels.get().dossier_id, 2023)


def test_a_year_that_cannot_be_or_has_no_credit_is_refused(wereld):
    met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    with weigert("jaar_onmogelijk", "Het besluit valt in 2022 of 2023.", "begrotingsjaar"):
        stel(wereld, begrotingsjaar=2024)
    klok.zet(klok.brussel(2025, 3, 1))
    zin = "Voor begrotingsartikel WELZIJN-EENZAAMHEID is in 2025 geen krediet ingeschreven."
    with weigert("geen_krediet", zin):
        stel(wereld)


def test_before_the_first_notification_there_is_nothing_to_award_from(wereld):
    Ronde.objects.filter(pk=wereld.ronde.pk).update(reservelijst=True)
    bouw.vers(wereld)
    drie(wereld, luik_cent=100_000_00)
    zin = "Dit kan pas nadat de aanvragers kennis kregen van het besluit over de rangschikking."
    with weigert("verkeerde_status", zin):
        stel(wereld)
    klok.zet(bouw.BESLIST)
    besluit = leg_besluit_voor(stel_voor(wereld.ronde, door=wereld.bea), door=wereld.bea)
    teken(wereld, besluit, "MB-2022-1", bouw.BESLIST.date())
    with weigert("verkeerde_status", zin):
        stel(wereld)


def test_one_decision_at_a_time(wereld):
    (_, _, vzw) = met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    besluit = stel(wereld)
    for stap in (
        lambda: leg_besluit_voor(besluit, door=wereld.bea),
        lambda: teken(wereld, besluit, "MB-2022-2", klok.vandaag()),
        lambda: None,
    ):
        with weigert(*LOOPT):
            stel(wereld)
        stap()
    geef_kennis(besluit, door=wereld.bea)
    with weigert("reserve_past_niet", past_niet(vzw, "40.000,00", "0,00")):
        stel(wereld)


def test_only_a_handler_of_the_track_may(wereld):
    met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    eis_alleen(wereld.mensen, {"bea"}, lambda wie: stel_reserve_voor(wereld.ronde, door=wie))


def test_sent_back_it_frees_the_money_and_is_made_again(wereld):
    (aartselaar, _, vzw) = rijen = met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    besluit = stel(wereld)
    with geschiedenis() as nieuw:
        stuur_besluit_terug(besluit, reden="Wacht op de begroting.", door=wereld.bart)
    inhoud = {"reden": "Wacht op de begroting."}
    naam = "besluit.stuur_terug"
    assert nieuw.feiten == [
        feit(besluit, naam, wereld.bart, "ontwerp", "teruggestuurd", inhoud),
        feit(aartselaar, naam, wereld.bart, "voorgedragen", "reserve"),
    ]
    assert gereserveerd(wereld.ronde) == 0
    assert statussen(rijen) == ["reserve", "in_uitvoering", "reserve"]
    maak_vrij(wereld, 100_000_00)
    opnieuw = stel(wereld)
    assert (opnieuw.pk, opnieuw.volgnummer, opnieuw.status) == (besluit.pk, 2, "ontwerp")
    assert [rij[0] for rij in regels(opnieuw)] == [aartselaar.pk, vzw.pk]
    alles_klopt()


# The end of the list


def test_closing_awards_what_fits_and_refuses_the_rest(wereld):
    (aartselaar, _, vzw) = rijen = met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    besluit = stel(wereld, afsluiten=True)
    assert regels(besluit) == [
        (aartselaar.pk, 2, "toekenning", 60_000_00, None),
        (vzw.pk, 3, "weigering_krediet", 0, None),
    ]
    assert [rij[1] for rij in staat(rijen)] == ["Op de reservelijst", "In uitvoering", "Op de reservelijst"]
    leg_besluit_voor(besluit, door=wereld.bea)
    teken(wereld, besluit, "MB-2022-2", klok.vandaag())
    assert staat(rijen)[2] == ("geweigerd_krediet", "Op de reservelijst", None)
    with geschiedenis() as nieuw:
        geef_kennis(besluit, door=wereld.bea)
    assert staat(rijen)[2] == ("geweigerd_krediet", "Geweigerd (krediet)", None)
    tekst = nieuw.mails[1][2]
    assert "stond op de reservelijst en krijgt geen subsidie, omdat er niet genoeg budget vrijkwam.\n\n" in tekst
    assert (
        "stond op plaats 2 van de reservelijst. De reservelijst is afgesloten en er kwam niet genoeg budget vrij."
    ) in tekst
    assert queries.reservelijst(wereld.ronde) == []
    alles_klopt()


def test_a_list_can_be_closed_without_any_money_or_credit(wereld):
    rijen = met_reserve(wereld)
    klok.zet(klok.brussel(2025, 3, 1))
    besluit = beslis(wereld, stel(wereld, afsluiten=True), "MB-2025-1")
    assert [rij[2] for rij in regels(besluit)] == ["weigering_krediet"] * 2
    assert statussen(rijen) == ["geweigerd_krediet", "in_uitvoering", "geweigerd_krediet"]
    assert Journaalregel.objects.count() == 3
    alles_klopt()


# Letters


def test_each_decision_has_its_own_letter_and_the_applicant_reads_the_last_she_was_told_of(wereld):
    (aartselaar, _, vzw) = met_reserve(wereld)
    outbox.werk_alles_af()
    eerste = lees(wereld.an, "brief_pdf", aartselaar)
    assert ("H1", "U staat op de reservelijst") in eerste.elementen()
    for zin in (
        "maar het budget is opgebruikt door projecten die hoger gerangschikt zijn.",
        "Uw project staat op plaats 1 van de reservelijst.",
        "Wat de reservelijst betekent",
        "U hoeft zelf niets te doen. Een plaats op de reservelijst is nog geen subsidie.",
        "Beslissing Reservelijst",
        "MB-2022-1",
    ):
        assert zin in eerste.tekst
    assert "Toegekende subsidie" not in eerste.tekst
    maak_vrij(wereld, 60_000_00)
    besluit = leg_besluit_voor(stel(wereld, afsluiten=True), door=wereld.bea)
    teken(wereld, besluit, "MB-2022-2", klok.vandaag())
    assert lees(wereld.an, "brief_pdf", aartselaar).tekst == eerste.tekst
    personeel = lees(wereld.bea, "brief_pdf", aartselaar)
    assert "Deze brief is nog niet ter kennis gegeven." in personeel.tekst
    geef_kennis(besluit, door=wereld.bea)
    tweede = lees(wereld.an, "brief_pdf", aartselaar)
    assert ("H1", "U krijgt een subsidie") in tweede.elementen()
    assert "Er kwam budget vrij, en uw project krijgt nu een subsidie." in tweede.tekst
    assert "Toegekende subsidie: € 60.000,00" in tweede.tekst
    geweigerd = lees(wereld.an, "brief_pdf", vzw)
    assert ("H1", "U krijgt geen subsidie") in geweigerd.elementen()
    assert "en de reservelijst is nu afgesloten. Uw project krijgt dus geen subsidie." in geweigerd.tekst
    mail.outbox.clear()
    outbox.werk_alles_af()
    namen = {m.attachments[0][0] for m in mail.outbox if m.attachments}
    assert namen == {f"brief-{aartselaar.nummer}-2.pdf", f"brief-{vzw.nummer}-2.pdf"}


# Pages


def bezoek(client, wie, naam, *args):
    client.force_login(wie)
    return Pagina(client.get(reverse(naam, args=args)).content.decode())


def test_the_applicant_sees_that_she_is_on_the_list_and_nothing_of_what_comes(wereld, client):
    (aartselaar, _, _) = met_reserve(wereld)
    voor = bezoek(client, wereld.an, "dossier", aartselaar.nummer).tekst
    assert "Uw project staat op de reservelijst; u kreeg bericht op 1 februari 2022." in voor
    assert "Reservelijst, plaats 1 (besluit MB-2022-1 van 1 februari 2022)." in voor
    maak_vrij(wereld, 60_000_00)
    besluit = leg_besluit_voor(stel(wereld), door=wereld.bea)
    assert bezoek(client, wereld.an, "dossier", aartselaar.nummer).tekst == voor
    teken(wereld, besluit, "MB-2022-2", klok.vandaag())
    assert bezoek(client, wereld.an, "dossier", aartselaar.nummer).tekst == voor
    geef_kennis(besluit, door=wereld.bea)
    na = bezoek(client, wereld.an, "dossier", aartselaar.nummer).tekst
    assert "Toekenning: € 60.000,00 (besluit MB-2022-2 van 3 maart 2022)." in na


def test_the_handler_awards_from_the_list_on_the_page_of_the_round(wereld, client):
    (aartselaar, _, vzw) = met_reserve(wereld)
    url = reverse("ronde_stel_reserve_voor", args=[wereld.ronde.pk])
    scherm = bezoek(client, wereld.bea, "ronde", wereld.ronde.pk).tekst
    assert f"Het eerste dossier op de reservelijst, {aartselaar.nummer}, vraagt 60.000,00 euro." in scherm
    assert "Toekennen uit de reservelijst van" not in bezoek(client, wereld.bea, "mijn_werk").tekst
    maak_vrij(wereld, 60_000_00)
    assert "Toekennen uit de reservelijst van" in bezoek(client, wereld.bea, "mijn_werk").tekst
    antwoord = client.post(url, {"begrotingsjaar": "2022"}, follow=True)
    assert "Het voorstel uit de reservelijst is opgemaakt." in antwoord.content.decode()
    besluit = Besluit.objects.get(volgnummer=2)
    assert regels(besluit) == [(aartselaar.pk, 2, "toekenning", 60_000_00, None)]
    assert "Besluit 2, uit de reservelijst" in bezoek(client, wereld.bea, "ronde", wereld.ronde.pk).tekst
    assert "Toekennen uit de reservelijst van" not in bezoek(client, wereld.bea, "mijn_werk").tekst
    assert "komt er budget vrij" in bezoek(client, wereld.bea, "besluit", besluit.pk).tekst
    stuur_besluit_terug(besluit, reden="Toch afsluiten.", door=wereld.bea)
    client.post(url, {"begrotingsjaar": "2022", "afsluiten": "ja"})
    assert [rij[:3] for rij in regels(besluit)] == [
        (aartselaar.pk, 2, "toekenning"),
        (vzw.pk, 3, "weigering_krediet"),
    ]


def test_the_call_says_that_there_is_a_list(wereld, client):
    zin = "Wie dan overblijft, komt op een reservelijst."
    pad = reverse("oproep", args=[wereld.oproep.slug])
    assert zin not in client.get(pad).content.decode()
    Ronde.objects.filter(luik__oproep=wereld.oproep).update(reservelijst=True)
    assert zin in client.get(pad).content.decode()


def test_the_date_of_the_first_decision_does_not_count_as_that_of_the_award(wereld):
    """The register of subsidies counts an award in the year of its own decision."""
    (aartselaar, _, _) = met_reserve(wereld)
    klok.zet(klok.brussel(2023, 1, 10))
    stel_budget_in(wereld.oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": 160_000_00}, door=wereld.bart)
    besluit = beslis(wereld, stel(wereld), "MB-2023-1")
    assert bouw.opnieuw(aartselaar).beslist_op == date(2023, 1, 10)
    assert journaal()[-1] == ("vastlegging", 60_000_00, aartselaar.pk, 2023, date(2023, 1, 10))
    assert besluit.datum == date(2023, 1, 10)
    alles_klopt()


@pytest.mark.parametrize("luik_cent", [0, 160_000_00])
def test_the_page_of_the_round_asks_as_many_queries_however_long_the_list(
    wereld, client, luik_cent, django_assert_num_queries
):
    """Three on the list, or one."""
    met_reserve(wereld, luik_cent=luik_cent)
    assert len(queries.reservelijst(wereld.ronde)) == (1 if luik_cent else 3)
    client.force_login(wereld.bea)
    with django_assert_num_queries(13):
        client.get(reverse("ronde", args=[wereld.ronde.pk]))
