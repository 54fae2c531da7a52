"""Payment orders: the account that is paid from, the file that leaves once, the sheet, the pages and the commands."""

import hashlib
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen import queries, services
from betalingen.bank import mededeling, pain
from betalingen.controles import bestanden_kloppen
from betalingen.models import Betaalbestand, Betaalopdracht, Betaling, Opdrachtregel, Rekening
from betalingen.services import verzending
from dossiers.models import Dossier
from kern import klok
from kern.geld import decimaal_tekst
from oproepen import services as oproepservices
from oproepen.models import Taak
from organisaties.models import Gebruiker
from tests import bouw
from tests.betalingen.bank.afschrift import iban
from tests.bladen import csv_rijen
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert
from tests.onthouden import onthoudt
from tests.portaal.pagina import keur
from tests.proef import tweede_oproep, zet_krediet

pytestmark = pytest.mark.django_db

K = 1_000_00
EIGEN = iban(0)
OPDRACHTGEVER = pain.Opdrachtgever("Vlaamse overheid", EIGEN, "KREDBEBB", "0316380841", pain.Adres("Brussel"))
ONTBREEKT = (
    "De rekening waarvan Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin betaalt, is nog niet "
    "ingevuld. Een beheerder doet dat bij Beheer, Rekeningen van verstrekkers."
)
BRAZILIE = "BR1800360305000010009795493C1"
BUITEN = f"rekening {BRAZILIE} ligt buiten het SEPA-gebied en kan niet met dit bestand betaald worden."


@pytest.fixture
@onthoudt
def w(wereld):
    """Two awards of 100.000 euro with an approved first instalment, and the account that is paid from."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    for betaling in Betaling.objects.filter(schijf__volgorde=1):
        services.stel_betaling_op(betaling, door=wereld.bea)
        services.keur_betaling_goed(betaling, door=wereld.bart)
    stel_in(wereld)
    return wereld


def stel_in(w, **anders):
    velden = {"verstrekker": w.oproep.verstrekker, "opdrachtgever": OPDRACHTGEVER} | anders
    return services.stel_rekening_in(w.beheer, **velden, door=w.beheer)


def goedgekeurd():
    return Betaling.objects.filter(status="goedgekeurd").order_by("pk")


def verstuur(w, *betalingen):
    pks = [b.pk for b in betalingen] or [b.pk for b in goedgekeurd()]
    return services.verstuur_betalingen(w.oproep, betalingen=pks, door=w.bo)


def maak(opdracht, door, **keuze):
    return services.geef_betaalbestand(opdracht, **keuze, door=door)


def client_van(wie):
    client = Client()
    client.force_login(wie)
    return client


def iedereen(w):
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


# --- rekening.stel_in ---


def test_the_account_is_kept_and_the_last_one_counts(wereld):
    with geschiedenis() as nieuw:
        een = stel_in(wereld)
    velden = {
        "verstrekker": wereld.oproep.verstrekker,
        "naam": "Vlaamse overheid",
        "iban": EIGEN,
        "bic": "KREDBEBB",
        "kbo": "0316380841",
        "straat": "",
        "huisnummer": "",
        "postcode": "",
        "gemeente": "Brussel",
    }
    assert nieuw.feiten == [feit(een, "rekening.stel_in", wereld.beheer, inhoud=velden)]
    assert Rekening.objects.filter(pk=een.pk).values(*velden).get() == velden
    twee = stel_in(wereld, opdrachtgever=pain.Opdrachtgever(" VO ", f" {iban(5).lower()} "))
    assert (twee.iban, twee.bic, twee.kbo, twee.gemeente) == (iban(5), "", "", "")
    assert queries.rekeningen() == [(wereld.oproep.verstrekker, twee)]


def test_only_an_administrator_sets_an_account_and_as_herself(w):
    mensen = iedereen(w)
    velden = {"verstrekker": w.oproep.verstrekker, "opdrachtgever": OPDRACHTGEVER}
    eis_alleen(mensen, {"beheer"}, lambda wie: services.stel_rekening_in(wie, **velden, door=wie))
    with weigert("geen_recht"):
        services.stel_rekening_in(w.bo, **velden, door=w.beheer)


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        (
            {"verstrekker": "Niemand"},
            "onbekende_verstrekker",
            "Geen enkele oproep heeft 'Niemand' als verstrekker.",
            "verstrekker",
        ),
        (
            {"opdrachtgever": pain.Opdrachtgever("", EIGEN)},
            "opdrachtgever_ontbreekt",
            "De naam van de opdrachtgever ontbreekt.",
            "naam",
        ),
        (
            {"opdrachtgever": pain.Opdrachtgever("VO", "BE68539007547035")},
            "iban_ongeldig",
            "Rekening van de opdrachtgever: 'BE68539007547035' is geen geldig rekeningnummer.",
            "iban",
        ),
        (
            {"opdrachtgever": pain.Opdrachtgever("VO", BRAZILIE)},
            "iban_buiten_sepa",
            f"Rekening van de opdrachtgever: {BUITEN}",
            "iban",
        ),
        (
            {"opdrachtgever": pain.Opdrachtgever("VO", EIGEN, "X")},
            "bic_ongeldig",
            "Rekening van de opdrachtgever: 'X' is geen geldige BIC.",
            "bic",
        ),
        (
            {"opdrachtgever": pain.Opdrachtgever("VO", EIGEN, kbo="1")},
            "kbo_ongeldig",
            "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
            "kbo",
        ),
    ],
)
def test_a_wrong_account_is_refused_with_its_field(wereld, anders, code, zin, veld):
    with weigert(code, zin, veld):
        stel_in(wereld, **anders)


# --- the lines of an order, and what is looked at before ---


def test_an_order_keeps_what_left(w):
    opdracht = verstuur(w)
    een, twee = Betaling.objects.filter(opdracht=opdracht).order_by("pk")
    namen = ("opdracht_id", "betaling_id", "naam", "iban", "bedrag_cent")
    assert list(Opdrachtregel.objects.order_by("pk").values_list(*namen)) == [
        (opdracht.pk, een.pk, een.dossier.organisatie.naam, bouw.IBAN, 50 * K),
        (opdracht.pk, twee.pk, twee.dossier.organisatie.naam, bouw.IBAN, 50 * K),
    ]
    assert opdracht.oproep == w.oproep
    for daad in (lambda: Opdrachtregel.objects.update(iban=EIGEN), Opdrachtregel.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            daad()


def met_iban(betaling, nummer):
    Betaling.objects.filter(pk=betaling.pk).update(iban=nummer)
    Dossier.objects.filter(pk=betaling.dossier_id).update(iban=nummer)
    return Betaling.objects.get(pk=betaling.pk)


@pytest.mark.parametrize(
    ("nummer", "code", "zin"),
    [
        ("BE68539007547035", "iban_ongeldig", "{}: 'BE68539007547035' is geen geldig rekeningnummer."),
        (
            BRAZILIE,
            "iban_buiten_sepa",
            "{}: " + BUITEN,
        ),
    ],
)
def test_an_account_that_a_bank_does_not_take_stops_the_order(w, nummer, code, zin):
    betaling = met_iban(goedgekeurd()[0], nummer)
    with weigert(code, zin.format(betaling.dossier.nummer), "betalingen"):
        verstuur(w)
    assert [b.code for b in verzending.bevindingen(list(goedgekeurd()))] == [code]


def gelijke_schijven(w):
    """Approve a second instalment of the first dossier, of the same amount."""
    een = goedgekeurd()[0]
    twee = Betaling.objects.get(dossier=een.dossier, schijf__volgorde=2)
    Betaling.objects.filter(pk=twee.pk).update(bedrag_cent=een.bedrag_cent, status="goedgekeurd")
    return een, Betaling.objects.get(pk=twee.pk)


def test_the_same_amount_to_the_same_account_twice_is_not_one_order(w):
    een, twee = gelijke_schijven(w)
    zin = (
        f"{een.dossier.nummer}: 2 betalingen van 50.000,00 euro naar BE68 5390 0754 7034. "
        "Klopt dat, verstuur ze dan in aparte opdrachten."
    )
    with weigert("betaling_dubbel", zin, "betalingen"):
        verstuur(w, een, twee)
    assert verstuur(w, een).aantal == verstuur(w, twee).aantal == 1


def test_what_waits_is_held_against_state_and_credit(w):
    rijen = list(goedgekeurd())
    assert verzending.met_krediet([rijen, []]) == [[], []]
    zet_krediet(w, 2022, 200 * K, 99_999_99)
    zin = (
        "Alles samen is 100.000,00 euro, en het betaalkrediet 2022 van artikel WELZIJN-EENZAAMHEID heeft nog "
        "99.999,99 euro vrij. Verstuur er minder."
    )
    assert verzending.met_krediet([rijen]) == [[verzending.Bevinding("boven_betaalkrediet", zin, weigert=False)]]
    assert verzending.met_krediet([rijen[:1], rijen[1:]]) == [[], []]
    with klok.op(klok.brussel(2030, 1, 5)):
        zin = "Voor begrotingsartikel WELZIJN-EENZAAMHEID is in 2030 geen krediet ingeschreven."
        assert verzending.met_krediet([rijen]) == [[verzending.Bevinding("geen_krediet", zin)]]
    dossier = rijen[0].dossier
    type(dossier).objects.filter(pk=dossier.pk).update(status="stopgezet")
    geblokkeerd = verzending.bevindingen(list(goedgekeurd()))
    zin = f"{dossier.nummer}: Het dossier is stopgezet; er wordt niets meer op betaald."
    assert geblokkeerd == [verzending.Bevinding("geblokkeerd", zin)]


def test_the_page_that_chooses_says_what_to_look_at(w):
    gelijke_schijven(w)
    tekst = keur(client_van(w.bo).get(reverse("betalingen") + "?status=goedgekeurd")).tekst
    assert "Kijk eerst dit na:" in tekst
    assert "Kan zo niet weg." in tekst and "verstuur ze dan in aparte opdrachten." in tekst
    assert "Kijk eerst dit na:" not in keur(client_van(w.aude).get(reverse("betalingen") + "?status=goedgekeurd")).tekst


# --- betaalopdracht.maak_bestand ---


def test_the_file_holds_the_order_and_its_making_is_kept(w):
    opdracht = verstuur(w)
    with geschiedenis() as nieuw:
        bestand = maak(opdracht, w.bo)
    rij = Betaalbestand.objects.get()
    inhoud = {"bestand": 1, "versie": "09", "sha256": rij.sha256, "rekening": Rekening.objects.get().pk}
    assert nieuw.feiten == [feit(opdracht, "betaalopdracht.maak_bestand", w.bo, inhoud=inhoud)]
    assert rij.sha256 == hashlib.sha256(bestand.inhoud).hexdigest()
    assert (rij.opdracht, rij.versie, rij.grootte, rij.reden) == (opdracht, "09", len(bestand.inhoud), "")
    assert (rij.gemaakt_door, rij.gemaakt_op, bestand.naam) == (w.bo, klok.nu(), f"{opdracht.nummer}.xml")
    assert list(pain.fouten(bestand.inhoud, "09")) == []
    tekst = bestand.inhoud.decode()
    for deel in (
        f"<MsgId>{opdracht.nummer}</MsgId>",
        "<CtrlSum>100000.00</CtrlSum>",
        "<CreDtTm>2022-02-01T14:00:00</CreDtTm>",
        "<Dt>2022-02-01</Dt>",
        f"<IBAN>{EIGEN}</IBAN>",
        *(f"<EndToEndId>{opdracht.nummer}-{r.betaling_id}</EndToEndId>" for r in opdracht.regels.all()),
        *(f"<Ref>{mededeling.maak(r.betaling_id)}</Ref>" for r in opdracht.regels.all()),
    ):
        assert deel in tekst
    alles_klopt()


def test_once_and_again_only_with_a_reason(w):
    opdracht = verstuur(w)
    eerste = maak(opdracht, w.bo)
    zin = (
        f"Het bestand van {opdracht.nummer} is al gemaakt, op 01/02/2022 om 14:00 door Bo Proef. "
        "Geef een reden om het opnieuw te maken."
    )
    for leeg in ("", "  \n"):
        with weigert("al_gemaakt", zin, "opnieuw"):
            maak(opdracht, w.bo, opnieuw=leeg)
    with klok.op(klok.brussel(2022, 3, 1)), geschiedenis() as nieuw:
        tweede = maak(opdracht, w.bo, opnieuw=" De bank kreeg niets. ")
    assert tweede.inhoud == eerste.inhoud
    rij = Betaalbestand.objects.get(nummer=2)
    assert (rij.sha256, rij.reden) == (eerste.sha256, "De bank kreeg niets.")
    inhoud = {"bestand": 2, "versie": "09", "sha256": rij.sha256, "rekening": rij.rekening_id}
    inhoud["reden"] = "De bank kreeg niets."
    with klok.op(klok.brussel(2022, 3, 1)):
        assert nieuw.feiten == [feit(opdracht, "betaalopdracht.maak_bestand", w.bo, inhoud=inhoud)]


def test_a_reason_with_the_first_file_is_no_reason(w):
    maak(verstuur(w), w.bo, opnieuw="Zomaar")
    assert Betaalbestand.objects.get().reden == ""


def test_the_other_version_tells_the_bank_the_same(w):
    opdracht = verstuur(w)
    nieuw, oud = maak(opdracht, w.bo), maak(opdracht, w.bo, versie="03", opnieuw="De bank leest 09 niet.")
    assert list(pain.fouten(oud.inhoud, "03")) == []
    for bestand in (nieuw, oud):
        assert bestand.inhoud.count(b"<EndToEndId>") == 2
        assert f"<MsgId>{opdracht.nummer}</MsgId>".encode() in bestand.inhoud


def test_a_later_account_or_name_changes_no_file(w):
    opdracht = verstuur(w)
    eerste = maak(opdracht, w.bo)
    stel_in(w, opdrachtgever=pain.Opdrachtgever("Een ander", iban(7)))
    w.aartselaar.naam = "Aartselaar na de fusie"
    w.aartselaar.save()
    assert maak(opdracht, w.bo, opnieuw="Nog eens").inhoud == eerste.inhoud
    twee = goedgekeurd().first() or gelijke_schijven_na(w)
    assert f"<IBAN>{iban(7)}</IBAN>".encode() in maak(verstuur(w, twee), w.bo).inhoud


def gelijke_schijven_na(w):
    rij = Betaling.objects.filter(schijf__volgorde=2).order_by("pk")[0]
    Betaling.objects.filter(pk=rij.pk).update(status="goedgekeurd")
    return rij


def test_an_account_that_changes_meanwhile_is_asked_again(w):
    opdracht = verstuur(w)
    bestand = services.stel_bestand_op(opdracht, "09")
    stel_in(w, opdrachtgever=pain.Opdrachtgever("Een ander", iban(7)))
    with weigert("rekening_gewijzigd", "De rekening is intussen gewijzigd. Maak het bestand nog eens."):
        services.maak_bestand(opdracht, bestand=bestand, opnieuw="", door=w.bo)


def test_other_bytes_of_the_same_order_do_not_leave(w, monkeypatch):
    opdracht = verstuur(w)
    maak(opdracht, w.bo)
    echt = pain.maak_bestand
    monkeypatch.setattr(pain, "maak_bestand", lambda *a, **k: echt(*a, **k) + b"\n")
    zin = f"Dit bestand is een ander dan bestand 1 van {opdracht.nummer}; het mag niet naar de bank."
    with weigert("bestand_verschilt", zin):
        maak(opdracht, w.bo, opnieuw="Nog eens")
    assert list(bestanden_kloppen()) == [f"{opdracht.nummer}, bestand 1: het bestand van nu heeft een andere SHA-256"]


def test_without_an_account_there_is_no_file(wereld):
    bouw.verstuurde_betaling(wereld)
    opdracht = Betaalopdracht.objects.get()
    with weigert("rekening_ontbreekt", ONTBREEKT):
        maak(opdracht, wereld.bo)
    stel_in(wereld)
    maak(opdracht, wereld.bo)


def test_an_unknown_version_is_refused(w):
    opdracht = verstuur(w)
    zin = "Versie 08 van het betaalbestand bestaat hier niet. Kies 09 of 03."
    with weigert("versie_onbekend", zin, "versie"):
        maak(opdracht, w.bo, versie="08")


def test_only_the_accountant_of_the_whole_call_makes_the_file(w):
    mensen = iedereen(w) | {"systeem": Gebruiker.objects.systeem()}
    oproepservices.geef_taak(
        w.oproep, gebruiker=w.stan, rol=Taak.Rol.BOEKHOUDER, luik=w.luik, door=Gebruiker.objects.systeem()
    )
    opdracht = verstuur(w)
    bestand = services.stel_bestand_op(opdracht, "09")
    eis_alleen(mensen, {"bo", "systeem"}, lambda wie: maak(opdracht, wie))
    eis_alleen(
        mensen, {"bo", "systeem"}, lambda wie: services.maak_bestand(opdracht, bestand=bestand, opnieuw="", door=wie)
    )


# --- how far an order is ---


def test_the_state_of_an_order_follows_from_its_payments(w):
    opdracht = verstuur(w)
    standen = []
    for betaling in (None, *Betaling.objects.filter(opdracht=opdracht).order_by("pk")):
        if betaling:
            services.meld_uitbetaald(betaling, datum=klok.vandaag(), door=w.bo)
        standen.append(queries.opdracht_status(queries.opdrachten().get()))
    assert standen == [
        ("verstuurd", "Verstuurd"),
        ("deels_uitbetaald", "Deels uitbetaald"),
        ("uitbetaald", "Uitbetaald"),
    ]


# --- the pages ---


def test_the_list_and_the_order_show_what_left(w):
    opdracht = verstuur(w)
    client = client_van(w.aude)
    lijst = keur(client.get(reverse("betaalopdrachten"))).tekst.replace("\xa0", " ")
    assert f"{opdracht.nummer} 1 februari 2022 Zorgzame buurten 2 € 100.000,00 Verstuurd" in lijst
    p = keur(client.get(reverse("betaalopdracht", args=[opdracht.pk])))
    tekst = p.tekst.replace("\xa0", " ")
    assert "2 betalingen, € 100.000,00" in tekst and "BE68 5390 0754 7034" in tekst.replace("\u202f", " ")
    assert "Download betaalbestand" not in tekst
    assert "Download betaalbestand" in keur(client_van(w.bo).get(reverse("betaalopdracht", args=[opdracht.pk]))).tekst


def test_the_file_is_downloaded_once_and_then_asks_why(w):
    opdracht = verstuur(w)
    client = client_van(w.bo)
    adres = reverse("betaalopdracht_bestand", args=[opdracht.pk])
    antwoord = client.post(adres, {"versie": "09"})
    assert antwoord.status_code == 200
    assert antwoord["Content-Disposition"] == f'attachment; filename="{opdracht.nummer}.xml"'
    assert (antwoord["Cache-Control"], antwoord["Content-Type"]) == ("no-store", "application/xml")
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with ongewijzigd():
        p = keur(client.post(adres, {"versie": "09"}))
    zin = f"Het bestand van {opdracht.nummer} is al gemaakt, op 01/02/2022 om 14:00 door Bo Proef. "
    assert p.fouten("opnieuw") == [zin + "Geef een reden om het opnieuw te maken."]
    weer = client.post(adres, {"versie": "09", "opnieuw": "De bank kreeg niets."})
    assert weer.content == antwoord.content
    assert Betaalbestand.objects.count() == 2
    assert "De bank kreeg niets." in keur(client.get(reverse("betaalopdracht", args=[opdracht.pk]))).tekst


@pytest.mark.parametrize("slecht", [{}, {"versie": "08"}, {"versie": "\x00"}, {"versie": ["09", "x"]}])
def test_a_version_that_does_not_exist_makes_nothing(w, slecht):
    opdracht, client = verstuur(w), client_van(w.bo)
    with ongewijzigd():
        antwoord = client.post(reverse("betaalopdracht_bestand", args=[opdracht.pk]), slecht)
    assert antwoord.status_code == 422
    assert len(keur(antwoord).fouten("versie")) == 1


def test_without_an_account_the_page_says_where_to_set_it(wereld):
    bouw.verstuurde_betaling(wereld)
    opdracht, client = Betaalopdracht.objects.get(), client_van(wereld.bo)
    with ongewijzigd():
        antwoord = client.post(reverse("betaalopdracht_bestand", args=[opdracht.pk]), {"versie": "09"})
    assert antwoord.status_code == 422
    assert ONTBREEKT in keur(antwoord).tekst


def test_sending_leads_to_the_order(w):
    adres = reverse("betaalopdracht_versturen", args=[w.oproep.slug])
    antwoord = client_van(w.bo).post(adres, {"betalingen": [b.pk for b in goedgekeurd()]}, follow=True)
    opdracht = Betaalopdracht.objects.get()
    assert antwoord.redirect_chain == [(reverse("betaalopdracht", args=[opdracht.pk]), 302)]
    assert keur(antwoord).meldingen == [
        ("success", "De betaalopdracht is verstuurd. Download nu het bestand voor de bank.")
    ]


def test_a_payment_links_to_its_order_for_who_sees_it(w):
    systeem = Gebruiker.objects.systeem()
    oproepservices.geef_taak(w.oproep, gebruiker=w.stan, rol=Taak.Rol.BEHANDELAAR, luik=w.luik, door=systeem)
    opdracht = verstuur(w)
    betaling = Betaling.objects.filter(opdracht=opdracht)[0]
    naar = reverse("betaalopdracht", args=[opdracht.pk])
    for wie, status in ((w.bo, 200), (w.stan, 404)):
        client = client_van(wie)
        links = [e.attrs["href"] for e in keur(client.get(reverse("betaling", args=[betaling.pk]))).alle("a")]
        assert (naar in links, client.get(naar).status_code) == (status == 200, status)


def test_an_administrator_sets_the_account_on_a_page(wereld):
    client = client_van(wereld.beheer)
    goed = {"verstrekker": wereld.oproep.verstrekker, "naam": "Vlaamse overheid", "iban": EIGEN, "gemeente": "Brussel"}
    assert "Nog niet ingevuld" in keur(client.get(reverse("rekeningen"))).tekst
    p = keur(client.post(reverse("rekeningen"), goed | {"iban": "BE00"}))
    assert p.fouten("iban") == ["Rekening van de opdrachtgever: 'BE00' is geen geldig rekeningnummer."]
    assert p.waarde("naam") == "Vlaamse overheid"
    antwoord = client.post(reverse("rekeningen"), goed, follow=True)
    assert keur(antwoord).meldingen == [("success", f"{wereld.oproep.verstrekker} betaalt voortaan van deze rekening.")]
    rij = Rekening.objects.get()
    assert (rij.naam, rij.iban, rij.gemeente, rij.ingesteld_door) == (
        "Vlaamse overheid",
        EIGEN,
        "Brussel",
        wereld.beheer,
    )


def test_the_pages_ask_the_same_number_of_queries_for_more_orders(w):
    def vragen(adres):
        client = client_van(w.bo)
        with CaptureQueriesContext(connection) as gevraagd:
            keur(client.get(adres))
        return len(gevraagd)

    een, twee = goedgekeurd()
    opdracht = verstuur(w, een)
    lijst, pagina = reverse("betaalopdrachten"), reverse("betaalopdracht", args=[opdracht.pk])
    voor = (vragen(lijst), vragen(pagina))
    verstuur(w, twee)
    assert (vragen(lijst), vragen(pagina)) == voor == (7, 7)


# --- the sheet ---


def test_the_sheet_says_what_to_pay_and_is_kept_like_the_file(w):
    opdracht, client = verstuur(w), client_van(w.bo)
    adres = reverse("betaalopdracht_bestand", args=[opdracht.pk])
    antwoord = client.post(adres, {"versie": "csv"})
    assert antwoord["Content-Disposition"] == f'attachment; filename="{opdracht.nummer}.csv"'
    assert (antwoord["Cache-Control"], antwoord["Content-Type"]) == ("no-store", "text/csv; charset=utf-8")
    rijen = csv_rijen(antwoord.content)
    regels = list(opdracht.regels.order_by("betaling_id"))
    assert [(r["Kenmerk"], r["Begunstigde"], r["IBAN"], r["Bedrag"], r["Mededeling"]) for r in rijen[:2]] == [
        (
            f"{opdracht.nummer}-{r.betaling_id}",
            r.naam,
            bouw.IBAN,
            "50.000,00",
            mededeling.schrijf(mededeling.maak(r.betaling_id)).strip("+"),
        )
        for r in regels
    ]
    rij = Betaalbestand.objects.get()
    sha = hashlib.sha256(antwoord.content).hexdigest()
    assert (rij.nummer, rij.versie, rij.rekening, rij.sha256, rij.gemaakt_door) == (1, "csv", None, sha, w.bo)
    assert rij.soort == "rekenblad (.csv)"
    with ongewijzigd():
        for soort in ("csv", "09"):
            p = keur(client.post(adres, {"versie": soort}))
            assert p.fouten("opnieuw")[0].startswith(f"Het bestand van {opdracht.nummer} is al gemaakt")
    assert client.post(adres, {"versie": "09", "opnieuw": "Toch langs de bank."}).status_code == 200
    assert list(Betaalbestand.objects.order_by("pk").values_list("nummer", "versie")) == [(1, "csv"), (2, "09")]
    assert "Rekenblad (.csv)" in keur(client.get(reverse("betaalopdracht", args=[opdracht.pk]))).tekst
    alles_klopt()


def test_only_the_accountant_gets_the_accounts_as_a_sheet(w):
    opdracht = verstuur(w)
    for wie in (w.bea, w.bart, w.aude):
        client = client_van(wie)
        with ongewijzigd():
            assert (
                client.post(reverse("betaalopdracht_bestand", args=[opdracht.pk]), {"versie": "xlsx"}).status_code
                == 403
            )
        assert "ekenblad" not in keur(client.get(reverse("betaalopdracht", args=[opdracht.pk]))).tekst


NIET_ONDERWEG = (
    "Nog {} van de 2 betalingen van deze opdracht wachten op de bank; de andere zijn uitbetaald of teruggekomen, "
    "en kunnen met dit bestand nog eens betaald worden."
)
VOORBIJ = (
    "Het bestand vraagt uitvoering op 01/02/2022, de dag van de opdracht. Die is voorbij: een bank betaalt dan op haar "
    "volgende werkdag, of weigert het bestand."
)


def test_a_file_that_comes_late_or_after_the_money_is_warned_of(w, tmp_path: Path):
    opdracht, client = verstuur(w), client_van(w.bo)
    adres = reverse("betaalopdracht", args=[opdracht.pk])
    assert "Let op." not in keur(client.get(adres)).tekst
    een, twee = Betaling.objects.filter(opdracht=opdracht).order_by("pk")
    services.meld_geweigerd(een, datum=klok.vandaag(), reden="AC04", door=w.bo)
    assert f"Let op. {NIET_ONDERWEG.format(1)}" in keur(client.get(adres)).tekst
    services.meld_uitbetaald(twee, datum=klok.vandaag(), door=w.bo)
    klok.zet(klok.nu() + timedelta(days=1))
    tekst = keur(client.get(adres)).tekst
    assert f"Let op. {NIET_ONDERWEG.format(0)} Let op. {VOORBIJ}" in tekst
    assert "Let op." not in keur(client_van(w.aude).get(adres)).tekst
    uit = StringIO()
    call_command("betaalbestand", opdracht.nummer, uit=str(tmp_path / "a.xml"), stdout=StringIO(), stderr=uit)
    assert uit.getvalue() == f"Let op. {NIET_ONDERWEG.format(0)}\nLet op. {VOORBIJ}\n"


# --- the commands ---


def commando(naam, *woorden: Any):
    uit = StringIO()
    call_command(naam, *map(str, woorden), stdout=uit)
    return uit.getvalue()


def test_the_list_of_orders_as_json_and_as_a_table(w):
    assert json.loads(commando("betaalopdrachten", "--formaat", "json")) == []
    een, twee = (verstuur(w, b) for b in list(goedgekeurd()))
    services.meld_uitbetaald(Betaling.objects.get(opdracht=een), datum=klok.vandaag(), door=w.bo)
    assert json.loads(commando("betaalopdrachten", "--formaat", "json")) == [
        {"nummer": een.nummer, "status": "uitbetaald", "aantal": 1, "totaal": decimaal_tekst(50 * K)},
        {"nummer": twee.nummer, "status": "verstuurd", "aantal": 1, "totaal": "50000.00"},
    ]
    assert commando("betaalopdrachten").splitlines()[1].split() == [een.nummer, "uitbetaald", "1", "50000.00"]


def test_the_command_writes_the_file_once(w, tmp_path: Path):
    opdracht = verstuur(w)
    pad = tmp_path / "a.xml"
    uit = commando("betaalbestand", opdracht.nummer, "--uit", pad)
    sha = hashlib.sha256(pad.read_bytes()).hexdigest()
    assert uit == f"{opdracht.nummer}: pain.001.001.09 geschreven naar {pad}.\nSHA-256: {sha}\n"
    rij = Betaalbestand.objects.get()
    assert (rij.sha256, rij.gemaakt_door.email) == (sha, "systeem@oproepenloket.invalid")
    with ongewijzigd(), pytest.raises(CommandError) as fout:
        commando("betaalbestand", opdracht.nummer, "--uit", tmp_path / "b.xml")
    assert str(fout.value) == (
        f"Het bestand van {opdracht.nummer} is al gemaakt, op 01/02/2022 om 14:00 door Het loket. "
        'Geef een reden om het opnieuw te maken. Doe dat met --opnieuw "reden".'
    )
    commando("betaalbestand", opdracht.nummer, "--uit", tmp_path / "c.xml", "--opnieuw", "Verloren")
    commando("betaalbestand", opdracht.nummer, "--versie", "03", "--uit", tmp_path / "d.xml", "--opnieuw", "Oude bank")
    assert (tmp_path / "c.xml").read_bytes() == pad.read_bytes()
    assert list(pain.fouten((tmp_path / "d.xml").read_bytes(), "03")) == []
    assert {p.name for p in tmp_path.iterdir()} == {"a.xml", "c.xml", "d.xml"}
    alles_klopt()


def test_the_command_writes_the_sheet_by_its_extension(w, tmp_path: Path):
    opdracht = verstuur(w)
    pad = tmp_path / "a.csv"
    uit = commando("betaalbestand", opdracht.nummer, "--uit", pad)
    sha = hashlib.sha256(pad.read_bytes()).hexdigest()
    assert uit == f"{opdracht.nummer}: rekenblad geschreven naar {pad}.\nSHA-256: {sha}\n"
    assert len(csv_rijen(pad.read_bytes())) == 2
    assert (Betaalbestand.objects.get().versie, Betaalbestand.objects.get().sha256) == ("csv", sha)
    with ongewijzigd(), pytest.raises(CommandError, match="is al gemaakt"):
        commando("betaalbestand", opdracht.nummer, "--uit", tmp_path / "b.xlsx")
    commando("betaalbestand", opdracht.nummer, "--uit", tmp_path / "b.xlsx", "--opnieuw", "Ander formaat")


def test_the_command_says_what_is_wrong_and_makes_nothing(w, tmp_path: Path):
    opdracht = verstuur(w)
    gevallen = [
        ("BO-1", tmp_path / "a.xml", "Er is geen betaalopdracht 'BO-1'. Bekijk ze met manage.py betaalopdrachten."),
        (opdracht.nummer, tmp_path / "weg" / "a.xml", f"De map {tmp_path / 'weg'} bestaat niet."),
        (opdracht.nummer, tmp_path, f"{tmp_path} is een map."),
    ]
    for nummer, pad, zin in gevallen:
        with ongewijzigd(), pytest.raises(CommandError) as fout:
            commando("betaalbestand", nummer, "--uit", pad)
        assert str(fout.value) == zin


def test_a_file_that_cannot_be_written_was_not_made(w, tmp_path: Path, monkeypatch):
    opdracht = verstuur(w)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with ongewijzigd(), pytest.raises(CommandError) as fout:
        commando("betaalbestand", opdracht.nummer, "--uit", tmp_path / "a.xml")
    assert str(fout.value) == (f"Het bestand {tmp_path / 'a.xml'} kan niet geschreven worden: No space left on device.")
    assert list(tmp_path.iterdir()) == []
