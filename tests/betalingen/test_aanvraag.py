"""Before an instalment is put forward: its day, the condition, the request with its term, the schuldvordering."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import grootboek, queries, services
from betalingen.models import Betaalaanvraag, Betaling
from betalingen.schuldvordering import schuldvordering_bestand
from betalingen.services.aanvraag import reden_niet_aan_te_vragen
from kern import klok
from oproepen.models import Betaalschijf
from tests import bouw
from tests.betalingen import schema
from tests.betalingen.schema import SALDO, TWEEDE, VOORSCHOT, betaal, eerste_twee_betaald, nagekeken, stuk, vraag_aan
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert
from tests.pdflezer import Gelezen
from tests.portaal.pagina import Pagina

NIET_AFGEREKEND = "Het saldo is nog niet afgerekend. U krijgt bericht zodra het bedrag vaststaat."


@pytest.fixture
def spel(wereld):
    return schema.lopend(wereld)


@pytest.fixture
def saldo(spel):
    """The balance of 15.000 euro is settled whole: the beneficiary can ask for it."""
    eerste_twee_betaald(spel)
    nagekeken(spel, 50_000_00)
    services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=spel.w.bea)
    return spel.betaling(3)


def test_an_award_is_divided_by_amount_percentage_and_balance(spel):
    assert [spel.betaling(n).bedrag_cent for n in (1, 2, 3)] == [VOORSCHOT, TWEEDE, SALDO]


# A day, a condition.


def test_a_day_and_a_condition_hold_an_instalment_up(spel):
    with klok.op(klok.brussel(2023, 2, 28, 23, 59)):
        wat = "Deze schijf wordt betaald vanaf 1/3/2023."
        assert spel.betaling(2).wat_ontbreekt == [wat, "Nog te bevestigen: De stuurgroep kwam samen."]
        with weigert("aanleiding_ontbreekt", wat):
            services.stel_betaling_op(spel.betaling(2), door=spel.w.bea)
    with (
        klok.op(klok.brussel(2023, 3, 1, 0)),
        weigert("voorwaarde_open", "Nog te bevestigen: De stuurgroep kwam samen."),
    ):
        services.stel_betaling_op(spel.betaling(2), door=spel.w.bea)


def test_a_condition_is_confirmed_once_with_its_reason(spel):
    w = spel.w
    with geschiedenis() as nieuw:
        services.bevestig_voorwaarde(spel.betaling(2), motivering=" Verslag van 3 april. ", door=w.bea)
    rij = spel.betaling(2)
    inhoud = {"voorwaarde": "De stuurgroep kwam samen.", "motivering": "Verslag van 3 april."}
    assert nieuw.feiten == [feit(rij, "betaling.bevestig_voorwaarde", w.bea, inhoud=inhoud)]
    assert nieuw.mails == []
    assert (rij.voorwaarde_door, rij.voorwaarde_motivering) == (w.bea, "Verslag van 3 april.")
    with weigert("al_bevestigd", "De voorwaarde is al bevestigd."):
        services.bevestig_voorwaarde(rij, motivering="Nog eens.", door=w.bea)
    betaal(w, rij)
    alles_klopt()


def test_a_condition_that_cannot_be_confirmed(spel):
    with weigert("motivering_ontbreekt", "Schrijf hoe aan de voorwaarde voldaan is.", "motivering"):
        services.bevestig_voorwaarde(spel.betaling(2), motivering=" ", door=spel.w.bea)
    with weigert("geen_voorwaarde", "Deze schijf heeft geen voorwaarde."):
        services.bevestig_voorwaarde(spel.betaling(1), motivering="Ja.", door=spel.w.bea)
    services.zet_stop(spel.dossier, reden="Het project stopt.", door=spel.w.bart)
    with weigert("verkeerde_status", "Dit kan niet: de betaling heeft de status 'vervallen'."):
        services.bevestig_voorwaarde(spel.betaling(2), motivering="Ja.", door=spel.w.bea)


def test_only_the_handler_prepares(spel):
    mensen = {naam: spel.w.mensen[naam] for naam in ("bea", "bart", "bo", "an", "ben", "aude", "jef", "beheer")}
    tot = date(2024, 7, 31)
    daden = [
        lambda wie: services.bevestig_voorwaarde(spel.betaling(2), motivering="Ja.", door=wie),
        lambda wie: services.verleng_aanvraagtermijn(spel.betaling(3), tot=tot, reden="Ziekte.", door=wie),
    ]
    for daad in daden:
        eis_alleen(mensen, {"bea"}, daad)


# Asking for it.


def test_a_schuldvordering_is_handed_in_and_accepted(spel, saldo):
    w, document = spel.w, stuk(spel.w)
    nummer = queries.vastleggingsnummer(spel.dossier)
    with geschiedenis() as nieuw:
        aanvraag = vraag_aan(spel, saldo, document=document, toelichting="Dank u.")
    inhoud = {"bedrag_cent": SALDO, "iban": bouw.IBAN, "vastlegging": nummer, "toelichting": "Dank u."}
    inhoud["document"] = document.sha256
    assert nieuw.feiten == [feit(aanvraag, "betaling.vraag_aan", w.an, "", "ingediend", inhoud)]
    onderwerp = f"Aanvraag tot betaling: dossier {spel.dossier.nummer}"
    tekst = (
        f"Aartselaar diende een schuldvordering in voor saldo van dossier {spel.dossier.nummer}: 15.000,00 euro.\n\n"
        "Kijk ze na en stel daarna de betaling op."
    )
    assert nieuw.mails == [("bea@voorbeeld.test", onderwerp, tekst)]
    assert (aanvraag.ingediend_op, aanvraag.document, nummer[:6]) == (klok.nu(), document, "V2022-")
    with weigert("aanvraag_ontbreekt", "De schuldvordering is nog niet aanvaard."):
        services.stel_betaling_op(spel.betaling(3), door=w.bea)
    with geschiedenis() as nieuw:
        services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    assert nieuw.feiten == [feit(aanvraag, "betaling.aanvaard_aanvraag", w.bea, "ingediend", "aanvaard")]
    assert [(aan, wat) for aan, wat, _ in nieuw.mails] == [
        ("an@voorbeeld.test", f"Dossier {spel.dossier.nummer}: uw schuldvordering is aanvaard")
    ]
    betaal(w, spel.betaling(3))
    assert grootboek.stand_van(spel.dossier).uitbetaald_cent == 50_000_00
    alles_klopt()


def test_it_goes_back_with_a_reason_and_comes_again_also_after_the_term(spel, saldo):
    w = spel.w
    aanvraag = vraag_aan(spel, saldo)
    services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    with geschiedenis() as nieuw:
        services.stuur_aanvraag_terug(spel.betaling(3), reden="De handtekening ontbreekt.", door=w.bea)
    inhoud = {"reden": "De handtekening ontbreekt."}
    assert nieuw.feiten == [feit(aanvraag, "betaling.stuur_aanvraag_terug", w.bea, "aanvaard", "terug", inhoud)]
    tekst = (
        "Uw schuldvordering voor saldo moet u aanpassen.\n\nDe handtekening ontbreekt.\n\n"
        "Pas ze aan en dien ze opnieuw in."
    )
    onderwerp = f"Dossier {spel.dossier.nummer}: uw schuldvordering moet u aanpassen"
    assert nieuw.mails == [("an@voorbeeld.test", onderwerp, tekst)]
    with weigert("aanvraag_ontbreekt", "De aanvraag is teruggestuurd; de begunstigde past ze aan."):
        services.stel_betaling_op(spel.betaling(3), door=w.bea)
    with weigert("verkeerde_status", "Dit kan niet: de aanvraag tot betaling heeft de status 'terug voor aanvulling'."):
        services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    klok.zet(klok.brussel(2024, 7, 15, 9))
    with geschiedenis() as nieuw:
        vraag_aan(spel, spel.betaling(3))
    assert [f[2:6] for f in nieuw.feiten] == [("betaling.vraag_aan", w.an.pk, "terug", "ingediend")]
    assert Betaalaanvraag.objects.get().ingediend_op == klok.nu()


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        ({"document": None}, "document_ontbreekt", "Voeg de ondertekende schuldvordering toe.", "bestand"),
        (
            {"bedrag_cent": SALDO - 1},
            "bedrag_gewijzigd",
            "Het bedrag is nu 15.000,00 euro. Download de schuldvordering opnieuw en onderteken ze.",
            "bestand",
        ),
    ],
)
def test_what_is_handed_in_must_be_right(spel, saldo, anders, code, zin, veld):
    velden = {"document": stuk(spel.w)} | anders
    with weigert(code, zin, veld):
        vraag_aan(spel, saldo, **velden)


def test_who_asks_for_an_amount_that_changed_sees_the_new_one_and_can_go_on(spel, saldo):
    client = Client()
    client.force_login(spel.w.an)
    url = reverse("betaling_aanvragen", args=[saldo.pk])

    def vraag(cent):
        velden = {"bedrag_cent": cent, "toelichting": "Dank u.", "bestand": bouw.upload("schuldvordering.pdf")}
        return client.post(url, velden)

    with ongewijzigd():
        antwoord = vraag(SALDO - 1)
    pagina = Pagina(antwoord)
    assert antwoord.status_code == 422
    zin = "Het bedrag is nu 15.000,00 euro. Download de schuldvordering opnieuw en onderteken ze."
    assert zin in pagina.tekst
    assert (pagina.waarde("bedrag_cent"), pagina.waarde("toelichting")) == (str(SALDO), "Dank u.")
    assert vraag(pagina.waarde("bedrag_cent")).status_code == 302
    assert Betaalaanvraag.objects.get().bedrag_cent == SALDO


def test_only_a_pdf_is_signed(spel, saldo):
    from kern import uploads

    blad = uploads.bewaar(bouw.upload("cijfers.xlsx", bouw.xlsx()), door=spel.w.an)
    with weigert("document_soort", "Voeg de schuldvordering toe als pdf.", "bestand"):
        vraag_aan(spel, saldo, document=blad)


def test_only_who_binds_the_beneficiary_asks(spel, saldo):
    mensen = {naam: spel.w.mensen[naam] for naam in ("an", "ben", "stan", "bea", "bart", "bo", "aude", "beheer")}
    document = stuk(spel.w)
    daad = lambda wie: services.vraag_betaling_aan(  # noqa: E731
        spel.betaling(3), bedrag_cent=SALDO, document=document, toelichting="", door=wie
    )
    eis_alleen(mensen, {"an"}, daad)
    vraag_aan(spel, saldo)
    for daad in (
        lambda wie: services.aanvaard_aanvraag(spel.betaling(3), door=wie),
        lambda wie: services.stuur_aanvraag_terug(spel.betaling(3), reden="Fout.", door=wie),
    ):
        eis_alleen(mensen, {"bea"}, daad)


def test_the_term_and_what_else_stands_in_the_way(spel, saldo):
    vraag = lambda: vraag_aan(spel, spel.betaling(3), document=document)  # noqa: E731
    document = stuk(spel.w)
    klok.zet(klok.brussel(2024, 7, 1, 0))
    with weigert("niet_aan_te_vragen", "De termijn was tot en met 30/6/2024. Vraag de dienst om een verlenging."):
        vraag()
    klok.zet(klok.brussel(2024, 6, 30, 23, 59))
    vraag()
    with weigert("niet_aan_te_vragen", "U diende dit al in op 30/6/2024."):
        vraag()
    services.aanvaard_aanvraag(spel.betaling(3), door=spel.w.bea)
    services.stel_betaling_op(spel.betaling(3), door=spel.w.bea)
    with weigert("niet_aan_te_vragen", "Dit kan niet: de betaling heeft de status 'te controleren'."):
        vraag()
    with weigert("betaling_onderweg", "De betaling is al opgesteld. Laat ze eerst terugsturen."):
        services.stuur_aanvraag_terug(spel.betaling(3), reden="Fout.", door=spel.w.bea)


def test_an_instalment_that_nobody_has_to_ask_for(spel):
    with weigert("niet_aan_te_vragen", "Deze schijf vraagt u niet aan; ze wordt vanzelf betaald."):
        services.vraag_betaling_aan(spel.betaling(1), bedrag_cent=1, document=None, toelichting="", door=spel.w.an)
    for daad in (
        lambda: services.aanvaard_aanvraag(spel.betaling(1), door=spel.w.bea),
        lambda: services.stuur_aanvraag_terug(spel.betaling(1), reden="Fout.", door=spel.w.bea),
    ):
        with weigert("geen_aanvraag", "De begunstigde diende voor deze schijf niets in."):
            daad()


def test_nothing_is_asked_before_the_balance_is_settled(spel):
    assert reden_niet_aan_te_vragen(spel.betaling(3)) == NIET_AFGEREKEND
    with weigert("niet_aan_te_vragen", NIET_AFGEREKEND):
        services.vraag_betaling_aan(spel.betaling(3), bedrag_cent=SALDO, document=None, toelichting="", door=spel.w.an)
    ontbreekt = ["Het saldo is nog niet afgerekend.", "De begunstigde diende nog geen schuldvordering in."]
    assert spel.betaling(3).wat_ontbreekt == ontbreekt


def test_a_request_without_a_paper(spel):
    schijf = Betaalschijf.objects.filter(luik=spel.w.luik, volgorde=3)
    schijf.update(schuldvordering=False, soort="bedrag", bedrag_cent=SALDO)
    assert spel.betaling(3).wat_ontbreekt == ["De begunstigde vroeg deze schijf nog niet aan."]
    with geschiedenis() as nieuw:
        vraag_aan(spel, spel.betaling(3), document=None)
    assert "Aartselaar diende een aanvraag in voor saldo" in nieuw.mails[0][2]
    betaal(spel.w, spel.betaling(3))


def test_another_account_or_amount_asks_for_a_new_paper(spel, saldo):
    w = spel.w
    vraag_aan(spel, saldo)
    services.wijzig_rekening(spel.dossier, iban="BE71096123456769", reden="Andere bank.", door=w.bea)
    zin = "De aanvraag noemt een ander bedrag of een andere rekening dan de betaling nu heeft. Stuur ze terug."
    with weigert("bedrag_gewijzigd", zin):
        services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    services.stuur_aanvraag_terug(spel.betaling(3), reden="De rekening is anders.", door=w.bea)
    vraag_aan(spel, spel.betaling(3))
    services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    services.annuleer_vastlegging(spel.dossier, bedrag_cent=1_00, reden="Te veel.", door=w.bart)
    with weigert(
        "aanvraag_ontbreekt", "De schuldvordering noemt een ander bedrag of een andere rekening. Stuur ze terug."
    ):
        services.stel_betaling_op(spel.betaling(3), door=w.bea)


# A longer term.


def test_a_term_is_made_longer(spel):
    w, tot = spel.w, date(2024, 7, 31)
    with geschiedenis() as nieuw:
        services.verleng_aanvraagtermijn(spel.betaling(3), tot=tot, reden="De boekhouder is ziek.", door=w.bea)
    rij = spel.betaling(3)
    inhoud = {"van": "2024-06-30", "tot": "2024-07-31", "reden": "De boekhouder is ziek."}
    assert nieuw.feiten == [feit(rij, "betaling.verleng_aanvraagtermijn", w.bea, inhoud=inhoud)]
    tekst = (
        f"U kunt saldo van dossier {spel.dossier.nummer} nu aanvragen tot en met 31/7/2024.\n\n"
        "Reden: De boekhouder is ziek."
    )
    assert nieuw.mails == [("an@voorbeeld.test", f"Dossier {spel.dossier.nummer}: u krijgt langer de tijd", tekst)]
    assert rij.aanvraag_tot == tot
    with weigert("datum_onmogelijk", "De termijn loopt al tot en met 31/7/2024.", "tot"):
        services.verleng_aanvraagtermijn(rij, tot=tot, reden="Nog eens.", door=w.bea)


def test_a_term_that_cannot_be_made_longer(spel):
    w = spel.w
    with weigert("geen_termijn", "Voor deze betaling loopt geen termijn."):
        services.verleng_aanvraagtermijn(spel.betaling(1), tot=date(2024, 7, 1), reden="Ziek.", door=w.bea)
    zin = "Schrijf waarom u de termijn verlengt; de begunstigde leest dit."
    with weigert("reden_ontbreekt", zin, "reden"):
        services.verleng_aanvraagtermijn(spel.betaling(3), tot=date(2024, 7, 1), reden="", door=w.bea)
    klok.zet(klok.brussel(2024, 8, 2, 9))
    with weigert("datum_onmogelijk", "Die dag is al voorbij.", "tot"):
        services.verleng_aanvraagtermijn(spel.betaling(3), tot=date(2024, 8, 1), reden="Ziek.", door=w.bea)


# So much a year.


def test_no_more_than_the_maximum_of_a_year(spel):
    w = spel.w
    schema.Luik.objects.filter(pk=w.luik.pk).update(uitbetaling_max_per_jaar_cent=30_000_00)
    betaal(w, spel.betaling(1))
    services.bevestig_voorwaarde(spel.betaling(2), motivering="Ja.", door=w.bea)
    zin = (
        "Een project krijgt hoogstens 30.000,00 euro per jaar, en voor 2023 is al 25.000,00 euro betaald of onderweg. "
        "Dit kan vanaf 1/1/2024."
    )
    with weigert("boven_jaarmaximum", zin):
        services.stel_betaling_op(spel.betaling(2), door=w.bea)
    klok.zet(klok.brussel(2024, 1, 1, 9))
    services.stel_betaling_op(spel.betaling(2), door=w.bea)


# Lists say what the guards say.


def _gelijk():
    alle = Betaling.objects.select_related(
        "schijf__verslagmoment", "dossier__ronde__luik__kostenregeling", "aanvraag", "afrekening"
    )
    gepland = alle.filter(status="gepland")
    klaar = set(queries.opstelbaar(gepland).values_list("pk", flat=True))
    assert klaar == {rij.pk for rij in gepland if not rij.wat_ontbreekt}
    assert klaar == {rij.pk for rij in queries.met_stand_van_zaken(gepland) if not rij.wat_ontbreekt}
    te_vragen = set(queries.aan_te_vragen(alle).values_list("pk", flat=True))
    assert te_vragen == {rij.pk for rij in alle if reden_niet_aan_te_vragen(rij) is None}
    return len(klaar), len(te_vragen)


def test_the_queries_say_what_the_guards_say_step_by_step(spel):
    w = spel.w
    gezien = [_gelijk()]  # Aartselaar and Boom: the first instalment of each
    services.bevestig_voorwaarde(spel.betaling(2), motivering="Ja.", door=w.bea)
    gezien.append(_gelijk())
    betaal(w, spel.betaling(1))
    schema.Luik.objects.filter(pk=w.luik.pk).update(uitbetaling_max_per_jaar_cent=30_000_00)
    gezien.append(_gelijk())
    schema.Luik.objects.filter(pk=w.luik.pk).update(uitbetaling_max_per_jaar_cent=None)
    betaal(w, spel.betaling(2))
    nagekeken(spel, 50_000_00)
    gezien.append(_gelijk())
    services.reken_saldo_af(spel.dossier, saldo_cent=SALDO, door=w.bea)
    gezien.append(_gelijk())
    vraag_aan(spel, spel.betaling(3))
    gezien.append(_gelijk())
    services.aanvaard_aanvraag(spel.betaling(3), door=w.bea)
    gezien.append(_gelijk())
    services.stuur_aanvraag_terug(spel.betaling(3), reden="Fout.", door=w.bea)
    gezien.append(_gelijk())
    klok.zet(klok.brussel(2024, 7, 15, 9))
    gezien.append(_gelijk())
    assert gezien == [(2, 0), (3, 0), (1, 0), (1, 0), (1, 1), (1, 0), (2, 0), (1, 1), (1, 1)]


def test_the_paper_to_sign(spel, saldo):
    stuk_ = schuldvordering_bestand(saldo)
    tekst = Gelezen(stuk_.inhoud).tekst
    assert stuk_.naam == f"schuldvordering-{spel.dossier.nummer}-3.pdf"
    for deel in ("Schuldvordering", "15.000,00", "BE68 5390 0754 7034", queries.vastleggingsnummer(spel.dossier)):
        assert deel in tekst
    assert schuldvordering_bestand(spel.betaling(3)).inhoud == stuk_.inhoud
