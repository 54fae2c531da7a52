"""The end of a budget year: what is carried over, what closing refuses, what a closed year refuses, what is kept."""

import hashlib
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from betalingen import grootboek, queries, rechten, services
from betalingen.bank import pain
from betalingen.bank.pain import end_to_end_id
from betalingen.controles import afgesloten_jaren_kloppen
from betalingen.models import Afschriftregel, Begrotingsjaar, Betaling, Jaarrapport, Journaalregel, Krediet
from betalingen.queries.jaareinde import zin_onderweg
from dossiers.models import Dossier
from kern import ketens, klok
from portaal import jaareinde
from tests import bouw
from tests.betalingen.bank.afschrift import DAG, EIGEN_IBAN, Boeking, schrijf
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, teruggedraaid, weigert
from tests.proef import ARTIKEL, boeker, cijfers, krediet, tweede_oproep, zet_krediet

pytestmark = pytest.mark.django_db
K = 1_000_00
Soort = Journaalregel.Soort


def sluit(w, *jaren, wie="beheer"):
    for jaar in jaren:
        jaareinde.sluit_begrotingsjaar_af(jaar, door=w.mensen[wie])


def betaling(volgorde=1):
    return Betaling.objects.get(schijf__volgorde=volgorde)


def inhoud_van_afsluiting(jaar):
    rij = Begrotingsjaar.objects.get(jaar=jaar)
    return ketens.inhoud_van(ketens.gebeurtenissen_van(rij).last())


# --- what is carried over ---


def test_closing_a_year_keeps_what_is_open_and_its_report(wereld):
    bouw.kennisgegeven(wereld)
    laatste = Journaalregel.objects.latest("pk").pk
    klok.zet(klok.brussel(2023, 1, 2))
    with geschiedenis() as nieuw:
        sluit(wereld, 2022)
    rij = Begrotingsjaar.objects.get(jaar=2022)
    assert (rij.status, rij.afgesloten_door, rij.afgesloten_op) == ("afgesloten", wereld.beheer, klok.nu())
    rapport = Jaarrapport.objects.get()
    inhoud = {
        "jaar": 2022,
        "encours_cent": 100 * K,
        "laatste_boeking": laatste,
        "rapporten": [{"oproep": wereld.oproep.slug, "regels": 3, "sha256": rapport.bestand.sha256}],
    }
    assert nieuw.feiten == [feit(rij, "begrotingsjaar.sluit_af", wereld.beheer, "open", "afgesloten", inhoud)]
    assert cijfers(krediet(2022)) == {"vastgelegd": 100 * K}
    with weigert("verkeerde_status", "Dit kan niet: het begrotingsjaar heeft de status 'afgesloten'."):
        sluit(wereld, 2022)
    alles_klopt()


def test_three_years_in_a_row_carry_over_what_was_open_on_their_last_day(wereld):
    """Committed 100 in 2022; charged and paid 50 in 2023; cancelled 10 in 2024: each year what was open at its end."""
    w = wereld
    betaling_ = bouw.goedgekeurde_betaling(w)
    klok.zet(klok.brussel(2023, 6, 1))
    services.verstuur_betalingen(w.oproep, betalingen=[betaling_.pk], door=w.bo)
    klok.zet(klok.brussel(2024, 1, 4))
    services.meld_uitbetaald(betaling(), datum=date(2024, 1, 3), door=w.bo)
    sluit(w, 2022)
    zet_krediet(w, 2024, 0, 0)
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=10 * K, reden="Minder nodig", door=w.bart)
    klok.zet(klok.brussel(2025, 1, 4))
    sluit(w, 2023, 2024)
    assert [inhoud_van_afsluiting(jaar)["encours_cent"] for jaar in (2022, 2023, 2024)] == [100 * K, 50 * K, 40 * K]
    assert queries.encours_op(date(2021, 12, 31)) == 0
    # The payment of January stands in the report of the year of its charge, and in that of its own day.
    per_jaar = {
        jaar: list(queries.regels_van_jaar(jaar).filter(soort="uitbetaling").values_list("feitdatum", "krediet__jaar"))
        for jaar in (2022, 2023, 2024)
    }
    geboekt = [(date(2024, 1, 3), 2023)]
    assert per_jaar == {2022: [], 2023: geboekt, 2024: geboekt}
    assert cijfers(krediet(2023)) == {"vereffend": 50 * K, "uitbetaald": 50 * K}
    assert not list(afgesloten_jaren_kloppen())
    alles_klopt()


def test_the_report_that_is_kept_is_that_of_the_moment(wereld):
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    rapport = Jaarrapport.objects.get()
    with default_storage.open(rapport.bestand.pad) as bestand:
        bytes_ = bestand.read()
    assert hashlib.sha256(bytes_).hexdigest() == rapport.bestand.sha256
    assert (rapport.bestand.naam, rapport.regels) == ("controlespoor-2022-zorgzame-buurten.xlsx", 3)
    boek = openpyxl.load_workbook(BytesIO(bytes_), data_only=True)
    koppen, *rijen = boek["Controlespoor"].iter_rows(values_only=True)
    soort, bedrag = koppen.index("Soort"), koppen.index("Bedrag")
    assert [(rij[soort], rij[bedrag]) for rij in rijen if rij[soort]] == [
        ("Reservering", 100_000),
        ("Vrijgave", -100_000),
        ("Vastlegging", 100_000),
    ]
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=K, reden="Minder nodig", door=wereld.bart)
    assert Jaarrapport.objects.get().regels == 3


def test_each_call_with_bookings_has_its_own_report(wereld):
    bouw.kennisgegeven(wereld)
    tweede_oproep(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    assert list(Jaarrapport.objects.values_list("oproep__slug", flat=True)) == [wereld.oproep.slug]


def test_who_may_have_the_report(wereld):
    bouw.kennisgegeven(wereld)
    ander = tweede_oproep(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    rapport = Jaarrapport.objects.get()
    mag = {
        mens
        for mens in (*wereld.mensen.values(), *ander.mensen.values())
        if rechten.mag_jaarrapport_zien(mens, rapport)
    }
    zichtbaar = {
        mens
        for mens in (*wereld.mensen.values(), *ander.mensen.values())
        if rechten.jaarrapporten_zichtbaar_voor(Jaarrapport.objects.all(), mens).exists()
    }
    assert mag == zichtbaar == {wereld.bart, wereld.aude}


# --- what closing refuses ---


def test_closing_is_for_an_administrator(wereld):
    klok.zet(klok.brussel(2023, 1, 2))

    def daad(wie):
        with teruggedraaid():
            jaareinde.sluit_begrotingsjaar_af(2022, door=wie)

    grootboek.begrotingsjaar(2022)
    eis_alleen(wereld.mensen, {"beheer"}, daad)
    with weigert("geen_recht"):
        services.sluit_begrotingsjaar_af(grootboek.begrotingsjaar(2022), rapporten=[], door=wereld.bart)


def test_a_year_ends_first_and_the_oldest_first(wereld):
    for jaar in (2022, 2023):
        grootboek.begrotingsjaar(jaar)
    klok.zet(klok.brussel(2022, 12, 31, 23, 59))
    with weigert("jaar_loopt_nog", "Het jaar 2022 is nog niet voorbij."):
        sluit(wereld, 2022)
    klok.zet(klok.brussel(2024, 1, 1))
    with weigert("eerder_jaar_open", "Sluit eerst het jaar 2022 af."):
        sluit(wereld, 2023)
    sluit(wereld, 2022, 2023)
    assert grootboek.laatst_afgesloten() == 2023


def test_a_year_with_a_proposal_on_it_is_not_closed(wereld):
    besluit = bouw.voorgesteld(wereld)
    grootboek.begrotingsjaar(2022)
    klok.zet(klok.brussel(2023, 1, 2))
    zin = (
        "Op het krediet van 2022 is nog 100.000,00 euro gereserveerd. Registreer het besluit, of stuur het voorstel "
        "terug."
    )
    with weigert("reserveringen_open", zin):
        sluit(wereld, 2022)
    bouw.beoordeling.stuur_besluit_terug(besluit, reden="Te laat.", door=wereld.bart)
    sluit(wereld, 2022)


def verstuurd(w, *wie):
    """Send the first instalment of these applicants in 2022."""
    bouw.kennisgegeven(w, dict.fromkeys(wie, 8))
    rijen = list(Betaling.objects.filter(schijf__volgorde=1).order_by("pk"))
    for rij in rijen:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[rij.pk for rij in rijen], door=w.bo)
    return rijen


ONDERWEG = (
    "waarvan niet gemeld is of ze uitbetaald of teruggekomen {}: {}. Laat de boekhouder het rekeningafschrift of het "
    "bestand van de boekhouding inlezen, of het bij de betaling zelf melden."
)


def test_a_year_is_not_closed_while_a_payment_of_it_is_on_its_way(wereld):
    w = wereld
    een, twee = verstuurd(w, "an", "ben")
    grootboek.begrotingsjaar(2022)
    klok.zet(klok.brussel(2023, 1, 5))
    namen = [f"{rij.dossier.nummer}, {rij.schijf.naam.lower()} (50.000,00 euro)" for rij in (een, twee)]
    zin = "In 2022 zijn 2 betalingen verstuurd " + ONDERWEG.format("zijn", "; ".join(namen))
    with weigert("betalingen_onderweg", zin):
        sluit(w, 2022)
    services.meld_geweigerd(een, datum=date(2022, 12, 30), reden="AC04", door=w.bo)
    with weigert("betalingen_onderweg", "In 2022 is 1 betaling verstuurd " + ONDERWEG.format("is", namen[1])):
        sluit(w, 2022)
    # It left in December and the bank says so in January: that settles it.
    services.meld_uitbetaald(twee, datum=date(2023, 1, 3), door=w.bo)
    sluit(w, 2022)
    # What came back is charged; it leaves again, in another year, on the credit of its charge.
    services.keur_betaling_goed(Betaling.objects.get(pk=een.pk), door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[een.pk], door=w.bo)
    services.meld_uitbetaald(een, datum=date(2023, 1, 5), door=w.bo)
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 100 * K, "uitbetaald": 100 * K}
    alles_klopt()


def test_the_sentence_names_three_payments_and_counts_the_others():
    class Rij:
        bedrag_cent = K

        class dossier:  # noqa: N801
            nummer = "ZB-00001"

        class schijf:  # noqa: N801
            naam = "Voorschot"

    naam = "ZB-00001, voorschot (1.000,00 euro)"
    zin = zin_onderweg(2024, [Rij] * 5)
    assert zin == "In 2024 zijn 5 betalingen verstuurd " + ONDERWEG.format(
        "zijn", f"{naam}; {naam}; {naam}; en nog 2 andere"
    )


def test_what_is_booked_between_the_report_and_the_closing_stops_it(wereld):
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    rij = grootboek.begrotingsjaar(2022)
    zin = "Intussen is er nog iets op 2022 geboekt. Kijk de cijfers na en sluit het jaar opnieuw af."
    with weigert("intussen_gewijzigd", zin):
        services.sluit_begrotingsjaar_af(rij, rapporten=[], door=wereld.beheer)


# --- what a closed year refuses ---

ZIN = "Het begrotingsjaar 2022 is afgesloten; er kan niets op geboekt worden."


def test_in_a_closed_year_nothing_is_booked_and_no_credit_set(wereld):
    bouw.goedgekeurde_betaling(wereld)
    betaling_ = Betaling.objects.get(status="goedgekeurd")
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    rij = krediet(2022)
    with weigert("jaar_afgesloten", ZIN):
        services.stel_krediet_in(
            rij, vastleggingskrediet_cent=K, betaalkrediet_cent=K, referentie="x", door=wereld.bart
        )
    naar = Krediet.objects.create(artikel=grootboek.artikel("ANDER", "Ander"), jaar=2022)
    with weigert("jaar_afgesloten", ZIN):
        services.herverdeel_krediet(
            rij, naar=naar, vastleggingskrediet_cent=K, betaalkrediet_cent=0, referentie="x", door=wereld.beheer
        )
    klok.zet(klok.brussel(2022, 12, 31, 23, 59))
    with weigert("jaar_afgesloten", ZIN):
        services.verstuur_betalingen(wereld.oproep, betalingen=[betaling_.pk], door=wereld.bo)
    klok.zet(klok.brussel(2023, 1, 2))
    services.verstuur_betalingen(wereld.oproep, betalingen=[betaling_.pk], door=wereld.bo)
    assert cijfers(krediet(2023)) == {"vereffend": 50 * K}


@pytest.mark.parametrize("soort", [Soort.RESERVERING, Soort.VASTLEGGING, Soort.VEREFFENING])
def test_the_credit_of_a_closed_year_is_not_used_with_a_later_date_either(wereld, soort):
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    with boeker(wereld) as boek, weigert("jaar_afgesloten", ZIN):
        boek((soort, K, Dossier.objects.get(), klok.vandaag(), 2022))


def test_what_undoes_a_booking_on_a_closed_year_is_booked_in_an_open_one(wereld):
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    with boeker(wereld) as boek:
        boek((Soort.ANNULERING, -K, Dossier.objects.get(), klok.vandaag(), 2022))
    assert cijfers(krediet(2022)) == {"vastgelegd": 99 * K, "vervallen": K}
    assert not list(afgesloten_jaren_kloppen())


def test_a_year_before_a_closed_one_takes_nothing_either(wereld):
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    rij = Krediet.objects.create(artikel=grootboek.artikel(ARTIKEL, ARTIKEL), jaar=2021)
    with weigert("jaar_afgesloten", "Het begrotingsjaar 2021 is afgesloten; er kan niets op geboekt worden."):
        services.stel_krediet_in(rij, vastleggingskrediet_cent=K, betaalkrediet_cent=K, door=wereld.bart)


# --- a line of the bank in a closed year ---


def zet_rekening(w):
    services.stel_rekening_in(
        w.beheer,
        verstrekker=w.oproep.verstrekker,
        opdrachtgever=pain.Opdrachtgever("Vlaamse overheid", EIGEN_IBAN),
        door=w.beheer,
    )


@pytest.fixture
def bank(wereld):
    """A payment that was sent in 2022 and paid in 2023, an account, and 2024 on the clock."""
    w = wereld
    zet_rekening(w)
    verstuurd(w, "an")
    klok.zet(klok.brussel(2023, 12, 27, 9))
    services.meld_uitbetaald(betaling(), datum=date(2023, 12, 27), door=w.bo)
    klok.zet(klok.brussel(2024, 1, 5, 9))
    return w


def regel_van(rij, teken, **anders):
    """Return the entry of the bank for a payment that left (-1) or came back (1)."""
    kenmerk = end_to_end_id(str(rij.opdracht), rij.pk)
    return Boeking(teken * rij.bedrag_cent, end_to_end_id=kenmerk, iban=rij.iban, **anders)


def terug(dag):
    regel = regel_van(betaling(), 1, omgekeerd=True, reden="AC04")
    return schrijf([regel], nummer=dag).replace(DAG.isoformat().encode(), dag.encode())


UITLEG = (
    "Het begrotingsjaar 2023 is afgesloten; deze regel kan daar niet meer op geboekt worden. Meld wat er gebeurde bij "
    "de betaling of terugvordering zelf, met een dag in een jaar dat nog open is, en sluit deze regel af."
)


def test_a_line_of_a_closed_year_stays_open_with_the_reason(bank):
    w = bank
    sluit(w, 2022, 2023)
    uit = services.lees_afschrift(terug("2023-12-29"), door=w.bo)
    assert uit.per_status == {"open": 1}
    regel = Afschriftregel.objects.get()
    assert (regel.status, regel.soort, regel.wordt, regel.uitleg) == ("open", "jaar_dicht", "", UITLEG)
    assert list(regel.betalingen.all()) == [betaling()]
    assert betaling().status == "uitbetaald"
    assert cijfers(krediet(2022)) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    # A later file does not book it after all, and the person that it names a way out can take that.
    services.lees_afschrift(schrijf([Boeking(-1)], nummer="later"), door=w.bo)
    assert (Afschriftregel.objects.first().status, betaling().status) == ("open", "uitbetaald")
    services.meld_geweigerd(betaling(), datum=date(2024, 1, 5), reden="AC04", door=w.bo)
    services.sluit_afschriftregel_af(regel, reden="Gemeld bij de betaling.", door=w.bo)
    assert cijfers(krediet(2022)) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    alles_klopt()


def test_in_an_open_year_it_is_booked(bank):
    w = bank
    sluit(w, 2022)
    uit = services.lees_afschrift(terug("2023-12-29"), door=w.bo)
    assert (uit.per_status, betaling().status) == ({"verwerkt": 1}, "te_controleren")


def test_the_rest_of_the_file_is_booked(wereld):
    """One line comes back on a day in a closed year, the other one leaves in an open one."""
    w = wereld
    zet_rekening(w)
    bouw.kennisgegeven(w, {"an": 8, "ben": 8})
    een, twee = Betaling.objects.filter(schijf__volgorde=1).order_by("pk")
    for rij in (een, twee):
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[een.pk], door=w.bo)
    services.meld_uitbetaald(een, datum=klok.vandaag(), door=w.bo)
    klok.zet(klok.brussel(2023, 1, 5, 9))
    sluit(w, 2022)
    services.verstuur_betalingen(w.oproep, betalingen=[twee.pk], door=w.bo)
    een, twee = Betaling.objects.filter(schijf__volgorde=1).order_by("pk")
    bestand = schrijf([regel_van(een, 1, omgekeerd=True, reden="AC04"), regel_van(twee, -1)])
    kop, eerste, tweede = bestand.split(b"<Ntry>")
    dag = DAG.isoformat().encode()
    bestand = b"<Ntry>".join((kop, eerste.replace(dag, b"2022-12-29"), tweede))
    uit = services.lees_afschrift(bestand.replace(dag, b"2023-01-05"), door=w.bo)
    assert uit.per_status == {"open": 1, "verwerkt": 1}
    assert [Betaling.objects.get(pk=rij.pk).status for rij in (een, twee)] == ["uitbetaald", "uitbetaald"]
    assert cijfers(krediet(2023)) == {"vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()


def test_a_proposal_on_a_day_in_a_closed_year_is_none(bank):
    w = bank
    sluit(w, 2022, 2023)
    rij = betaling()
    los = schrijf([Boeking(rij.bedrag_cent, iban=rij.iban, naam="Aartselaar")], nummer="x")
    services.lees_afschrift(los.replace(DAG.isoformat().encode(), b"2023-12-29"), door=w.bo)
    regel = Afschriftregel.objects.get()
    assert regel.status == "open"


# --- the database itself, and the check ---


def zomaar(regel, **anders):
    """Copy a booking round the road."""
    velden = {f.attname: getattr(regel, f.attname) for f in Journaalregel._meta.fields if not f.primary_key}
    with transaction.atomic():
        return Journaalregel.objects.bulk_create([Journaalregel(**(velden | anders))])[0]


def test_the_database_refuses_what_goes_round_the_road(wereld):
    bouw.kennisgegeven(wereld)
    vast = Journaalregel.objects.get(soort="vastlegging")
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    aantal = Journaalregel.objects.count()
    for anders in (
        {},
        {"feitdatum": date(2021, 5, 1)},
        {"feitdatum": date(2023, 1, 2)},  # the credit of 2022
        {"soort": "annulering", "bedrag_cent": -1},
        {"soort": "terugvordering", "krediet_id": krediet(2023).pk, "feitdatum": date(2022, 12, 31)},
    ):
        with pytest.raises(IntegrityError, match="het begrotingsjaar is afgesloten"):
            zomaar(vast, **anders)
    assert Journaalregel.objects.count() == aantal
    zomaar(vast, soort="annulering", bedrag_cent=-1, feitdatum=date(2023, 1, 1))
    assert Journaalregel.objects.count() == aantal + 1


def test_the_check_names_what_changed_in_a_closed_year(wereld):
    bouw.kennisgegeven(wereld)
    vast = Journaalregel.objects.get(soort="vastlegging")
    klok.zet(klok.brussel(2023, 1, 2))
    sluit(wereld, 2022)
    assert not list(afgesloten_jaren_kloppen())
    # As if the trigger had not been there: the row came in while the year was open.
    Begrotingsjaar.objects.update(status="open")
    laat = zomaar(vast, feitdatum=date(2022, 12, 30))
    Begrotingsjaar.objects.update(status="afgesloten")
    rapport = Jaarrapport.objects.get()
    with default_storage.open(rapport.bestand.pad, "wb") as bestand:
        bestand.write(b"iets anders")
    assert list(afgesloten_jaren_kloppen()) == [
        f"begrotingsjaar 2022: boeking {laat.pk} (Vastlegging 10000000) is van na de afsluiting",
        "begrotingsjaar 2022: encours 200.000,00 euro, bij de afsluiting 100.000,00 euro",
        f"begrotingsjaar 2022: het rapport van {wereld.oproep.slug} heeft een andere SHA-256",
    ]
