"""Bringing back the sheets about money: what each row would do, and that all of it happens or nothing."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from betalingen import services
from betalingen.models import Betaling, Krediet, Limietregel
from betalingen.queries import betalingen_voor
from betalingen.resources import betalingenblad, kredietblad
from dossiers.models import Dossier
from kern import klok, werkblad
from kern.inlezen import handelingen
from kern.inlezen.blad import Overzicht
from kern.models import Inlezing
from organisaties.models import Gebruiker
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.hulp import alles_klopt, basis, feit, geschiedenis, ongewijzigd, weigering, weigert, wereld
from tests.onthouden import onthoudt
from tests.proef import cijfers, krediet, tweede_oproep, zet_krediet

__all__ = ["basis", "wereld"]
pytestmark = pytest.mark.django_db
K = 1_000_00


@pytest.fixture
@onthoudt
def w(wereld):
    """Two dossiers with their first instalments sent on 2 March 2022; it is 4 March."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    klok.zet(klok.brussel(2022, 3, 2, 10))
    for rij in eerste():
        services.stel_betaling_op(rij, door=wereld.bea)
        services.keur_betaling_goed(rij, door=wereld.bart)
    services.verstuur_betalingen(wereld.oproep, betalingen=[b.pk for b in eerste()], door=wereld.bo)
    klok.zet(klok.brussel(2022, 3, 4, 9))
    return wereld


def eerste():
    return Betaling.objects.filter(schijf__volgorde=1).order_by("pk")


def standen():
    return list(eerste().values_list("status", "uitbetaald_op"))


def blad(wat: Any, wie: Gebruiker) -> list[list[str]]:
    """Return our own sheet as the lines of a csv, heading first."""
    uit = BytesIO()
    werkblad.schrijf_csv(wat, uit)
    return list(csv.reader(StringIO(uit.getvalue().decode("utf-8-sig")), delimiter=";"))


def betalingen(w) -> list[list[str]]:
    """Return the sheet of the payments that were sent."""
    return blad(betalingenblad(betalingen_voor(w.bo).filter(status="verstuurd")), w.bo)


def kredieten() -> list[list[str]]:
    return blad(kredietblad(Krediet.objects.all()), None)


def zet(regels: list[list[str]], rij: int, kop: str, waarde: str) -> list[list[str]]:
    """Fill in a cell; rows from 1, as a sheet numbers them."""
    regels[rij - 1][regels[0].index(kop)] = waarde
    return regels


def bestand(regels: list[list[str]]) -> SimpleUploadedFile:
    uit = StringIO()
    csv.writer(uit, delimiter=";").writerows(regels)
    return SimpleUploadedFile("blad.csv", uit.getvalue().encode())


def bekijk(soort: str, regels: list[list[str]], door: Any) -> Overzicht:
    with ongewijzigd():
        return handelingen.lees_bestand(soort, bestand(regels), door=door)


def uitkomsten(soort: str, regels: list[list[str]], door: Any) -> list[tuple[int, str, str, str]]:
    return [(v.rij, v.uitkomst.value, v.zin, v.cel) for v in bekijk(soort, regels, door).voorstellen]


def lees_in(soort: str, regels: list[list[str]], door: Any) -> Inlezing:
    inlezing = handelingen.lees_upload(soort, bestand(regels), door=door)
    handelingen.bevestig(inlezing, gezien=handelingen.bekijk(inlezing, door=door).vingerafdruk, door=door)
    return Inlezing.objects.get(pk=inlezing.pk)


# --- days of payment ---


def test_days_of_payment_come_back(w):
    een, twee = eerste()
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "2022-03-04")
    zin = "Uitbetaald op {} maart 2022: 50.000,00 euro naar BE68 5390 0754 7034."
    assert uitkomsten("betaaldata", regels, w.bo) == [
        (2, "gewijzigd", zin.format(3), "M2"),
        (3, "gewijzigd", zin.format(4), "M3"),
    ]
    inlezing = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    gezien = handelingen.bekijk(inlezing, door=w.bo).vingerafdruk
    with geschiedenis() as nieuw:
        handelingen.bevestig(inlezing, gezien=gezien, door=w.bo)
    naam = "betaling.meld_uitbetaald"
    aantallen = {"geweigerd": 0, "nieuw": 0, "gewijzigd": 2, "ongewijzigd": 0}
    inhoud = {"soort": "betaaldata", "sha256": inlezing.bestand.sha256, "aantallen": aantallen}
    assert nieuw.feiten == [
        feit(een, naam, w.bo, "verstuurd", "uitbetaald", {"datum": "2022-03-03"}),
        feit(twee, naam, w.bo, "verstuurd", "uitbetaald", {"datum": "2022-03-04"}),
        feit(inlezing, "inlezing.bevestig", w.bo, "klaargezet", "ingelezen", inhoud),
    ]
    assert len(nieuw.mails) == 2
    assert [(s, str(d)) for s, d in standen()] == [("uitbetaald", "2022-03-03"), ("uitbetaald", "2022-03-04")]
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 100 * K, "uitbetaald": 100 * K}
    inlezing = Inlezing.objects.get()
    assert (inlezing.nieuw, inlezing.gewijzigd, inlezing.ongewijzigd) == (0, 2, 0)
    assert inlezing.ingelezen_op == klok.nu()
    alles_klopt()


def test_putting_a_file_ready_leaves_an_event_and_nothing_else(w):
    with geschiedenis() as nieuw:
        inlezing = handelingen.lees_upload("betaaldata", bestand(betalingen(w)), door=w.bo)
    inhoud = {"soort": "betaaldata", "sha256": inlezing.bestand.sha256, "naam": "blad.csv"}
    assert nieuw.feiten == [feit(inlezing, "inlezing.zet_klaar", w.bo, inhoud=inhoud)] and nieuw.mails == []


def test_the_same_file_twice_changes_nothing_the_second_time(w):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "2022-03-04")
    eerste_keer = lees_in("betaaldata", regels, w.bo)
    assert [u for _, u, _, _ in uitkomsten("betaaldata", regels, w.bo)] == ["ongewijzigd"] * 2
    niets = "Dit bestand wijzigt niets: alles staat al zo in het loket."
    nog_eens = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    gezien = handelingen.bekijk(nog_eens, door=w.bo).vingerafdruk
    with weigert("niets_te_doen", niets):
        handelingen.bevestig(nog_eens, gezien=gezien, door=w.bo)
    with weigert("verkeerde_status", "Dit kan niet: de inlezing heeft de status 'ingelezen'."):
        handelingen.bevestig(eerste_keer, gezien=gezien, door=w.bo)


def test_an_empty_day_is_not_reported_and_a_sheet_that_grew_old_says_nothing_of_a_payment(w):
    regels = betalingen(w)
    services.meld_uitbetaald(eerste()[0], datum=klok.vandaag(), door=w.bo)
    assert uitkomsten("betaaldata", regels, w.bo) == [
        (2, "ongewijzigd", "Al uitbetaald gemeld op 4 maart 2022.", "M2"),
        (3, "ongewijzigd", "Er is geen dag ingevuld.", "M3"),
    ]


FOUT = {
    "toekomst": ("Uitbetaald op", "5/03/2022", "de betaaldatum ligt in de toekomst.", "M2"),
    "voor de opdracht": ("Uitbetaald op", "1/03/2022", "de betaaldatum ligt vóór de betaalopdracht.", "M2"),
    "geen datum": (
        "Uitbetaald op",
        "03-03-22",
        "de datum '03-03-22' kan niet op één manier gelezen worden. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd.",
        "M2",
    ),
    "formule als tekst": (
        "Uitbetaald op",
        "=VANDAAG()",
        "de datum '=VANDAAG()' kan niet op één manier gelezen worden. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd.",
        "M2",
    ),
    "bedrag anders": ("Bedrag", "50.000,01", "het bedrag is in het loket 50.000,00 euro.", "G2"),
    "bedrag dubbelzinnig": (
        "Bedrag",
        "50.000",
        "het bedrag '50.000' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23.",
        "G2",
    ),
    "drie decimalen": (
        "Bedrag",
        "50.000,001",
        "een bedrag heeft hoogstens twee cijfers na de komma.",
        "G2",
    ),
    "onbekende iban": ("IBAN", "BE49999000000171", "het rekeningnummer is in het loket BE68 5390 0754 7034.", "H2"),
    "andere opdracht": ("Opdracht", "BO-2022-99999", "de betaalopdracht is in het loket BO-2022-{opdracht:05d}.", "L2"),
    "ander dossier": (
        "Dossier",
        "ZB-99999",
        "er is geen betaling 'Eerste schijf' van dossier 'ZB-99999', of u mag ze niet zien.",
        "A2",
    ),
    "ontbrekend": (
        "Dossier",
        "",
        "er is geen betaling 'Eerste schijf' van dossier '', of u mag ze niet zien.",
        "A2",
    ),
}


@pytest.mark.parametrize("geval", FOUT)
def test_a_row_that_cannot_be_taken_says_why_and_holds_back_all_others(w, geval):
    kop, waarde, zin, cel = FOUT[geval]
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "3/03/2022")
    zet(regels, 2, kop, waarde)
    zin = f"Cel {cel}: {zin.format(opdracht=eerste()[0].opdracht_id)}"
    gevonden = uitkomsten("betaaldata", regels, w.bo)
    assert gevonden[0] == (2, "geweigerd", zin, cel)
    assert gevonden[1][1] == "gewijzigd"
    inlezing = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    gezien = handelingen.bekijk(inlezing, door=w.bo).vingerafdruk
    met = "Eén rij wordt geweigerd. Verbeter ze in uw bestand en lees het opnieuw in."
    with weigert("rij_geweigerd", met):
        handelingen.bevestig(inlezing, gezien=gezien, door=w.bo)


def test_another_day_for_what_was_paid_already(w):
    regels = zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022")
    services.meld_uitbetaald(eerste()[0], datum=klok.vandaag(), door=w.bo)
    zin = "Cel M2: deze betaling is al uitbetaald gemeld op 4 maart 2022; die dag wijzigt u hier niet."
    assert uitkomsten("betaaldata", regels, w.bo)[0] == (2, "geweigerd", zin, "M2")


def test_a_payment_that_was_not_sent(w):
    regels = blad(betalingenblad(betalingen_voor(w.bo).filter(schijf__volgorde=2)), w.bo)
    zet(regels, 2, "Uitbetaald op", "3/03/2022")
    zin = "Cel M2: dit kan niet: de betaling heeft de status 'gepland'."
    assert uitkomsten("betaaldata", regels, w.bo)[0] == (2, "geweigerd", zin, "M2")


def test_a_year_without_credit_takes_a_payment_that_was_charged_before(w):
    klok.zet(klok.brussel(2024, 3, 4, 9))
    regels = zet(betalingen(w), 2, "Uitbetaald op", "2024-03-01")
    assert uitkomsten("betaaldata", regels, w.bo)[0][1] == "gewijzigd"


def test_the_same_row_twice(w):
    regels = zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022")
    regels.append(list(regels[1]))
    assert [(r, u, z) for r, u, z, _ in uitkomsten("betaaldata", regels, w.bo)][2] == (
        4,
        "geweigerd",
        "Dit staat ook op rij 2. Laat één van beide staan.",
    )


def test_columns_that_are_unknown_or_missing_refuse_the_file(w):
    regels = [[*rij, extra] for rij, extra in zip(betalingen(w), ["Opmerking", "x", "y"], strict=True)]
    zin = "Cel Q1: de kolom 'Opmerking' is niet bekend. Verwijder ze, of neem de kop over uit het rekenblad van het "
    zin += "loket."
    with weigert("kolom_onbekend", zin, "bestand"):
        handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    zonder = [[*rij[:12], *rij[13:]] for rij in betalingen(w)]
    with weigert("kolom_ontbreekt", "De kolom 'Uitbetaald op' ontbreekt in dit bestand.", "bestand"):
        handelingen.lees_upload("betaaldata", bestand(zonder), door=w.bo)
    # Columns that are only there to read may go.
    assert len(uitkomsten("betaaldata", [[rij[0], rij[5], rij[12]] for rij in betalingen(w)], w.bo)) == 2


def test_rows_of_another_call_are_as_if_they_did_not_exist(w):
    regels = zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022")
    ander = tweede_oproep(w)
    zin = f"Cel A2: er is geen betaling 'Eerste schijf' van dossier '{regels[1][0]}', of u mag ze niet zien."
    assert uitkomsten("betaaldata", regels, ander.bo)[0] == (2, "geweigerd", zin, "A2")


def test_who_may_bring_back_days_of_payment(w):
    regels = zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022")
    for wie in (w.an, w.bea, w.bart, w.aude, w.beheer, Gebruiker.objects.systeem()):
        with weigert("geen_recht"):
            handelingen.lees_upload("betaaldata", bestand(regels), door=wie)
    inlezing = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    gezien = handelingen.bekijk(inlezing, door=w.bo).vingerafdruk
    bob = bouw.mens("bob")
    for wie in (w.bea, bob):  # nor may somebody else confirm it
        with weigert("geen_recht"):
            handelingen.bevestig(inlezing, gezien=gezien, door=wie)


def test_what_changed_since_the_preview_is_not_applied(w):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "3/03/2022")
    inlezing = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    gezien = handelingen.bekijk(inlezing, door=w.bo).vingerafdruk
    services.meld_uitbetaald(eerste()[0], datum=klok.vandaag(), door=w.bo)
    with weigert("intussen_gewijzigd", handelingen.INTUSSEN):
        handelingen.bevestig(inlezing, gezien=gezien, door=w.bo)


def test_one_act_that_refuses_undoes_the_ones_before_it(w, monkeypatch):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "5/03/2022")
    inlezing = handelingen.lees_upload("betaaldata", bestand(regels), door=w.bo)
    # As if the preview had missed it: the act is the one that decides.
    monkeypatch.setattr("betalingen.inlezen.eis_betaaldatum", lambda *_: None)
    gezien = handelingen.bekijk(inlezing, door=w.bo).vingerafdruk
    nummer = eerste()[1].dossier.nummer
    with weigert("datum_onmogelijk", f"Rij 3 ({nummer}, Eerste schijf): De betaaldatum ligt in de toekomst."):
        handelingen.bevestig(inlezing, gezien=gezien, door=w.bo)


# --- credits ---


def test_changed_and_new_credits_come_back(w):
    regels = kredieten()
    zet(zet(regels, 2, "Vastleggingskrediet", "14.000.000,00"), 2, "Kenmerk", "BVR 12")
    kop = regels[0]
    nieuw_rij = dict.fromkeys(kop, "") | {
        "Jaar": "2024",
        "Artikel": "WELZIJN-EENZAAMHEID",
        "Soort": "vastleggingsmachtiging",
        "Vastleggingskrediet": "100",
        "Betaalkrediet": "50,5",
        "Kenmerk": "BVR 13",
    }
    regels.append(list(nieuw_rij.values()))
    assert uitkomsten("kredieten", regels, w.bart) == [
        (2, "gewijzigd", "VAK 13.500.000,00 euro wordt 14.000.000,00 euro. Kenmerk: BVR 12.", "D2"),
        (3, "ongewijzigd", "VAK 500.000,00 euro, VEK 5.000.000,00 euro.", ""),
        (4, "nieuw", "Nieuw krediet: VAK 100,00 euro, VEK 50,50 euro, kenmerk BVR 13.", "D4"),
    ]
    with geschiedenis() as nieuw:
        inlezing = lees_in("kredieten", regels, w.bart)
    nieuw_krediet = krediet(2024)
    bedragen = {"vastleggingskrediet_cent": 14_000_000_00, "betaalkrediet_cent": 7_000_000_00, "referentie": "BVR 12"}
    tweede = {"vastleggingskrediet_cent": 100_00, "betaalkrediet_cent": 50_50, "referentie": "BVR 13"}
    assert [f[2] for f in nieuw.feiten] == [
        "inlezing.zet_klaar",
        "krediet.stel_in",
        "krediet.stel_in",
        "inlezing.bevestig",
    ]
    assert nieuw.feiten[1:3] == [
        feit(krediet(2022), "krediet.stel_in", w.bart, inhoud=bedragen),
        feit(nieuw_krediet, "krediet.stel_in", w.bart, inhoud=tweede),
    ]
    assert nieuw_krediet.aard == "machtiging"
    assert Limietregel.objects.filter(soort="krediet").order_by("-pk")[0].referentie == "BVR 13"
    assert (inlezing.nieuw, inlezing.gewijzigd, inlezing.ongewijzigd) == (1, 1, 1)
    assert [u for _, u, _, _ in uitkomsten("kredieten", regels, w.bart)] == ["ongewijzigd"] * 3
    assert [u for _, u, _, _ in uitkomsten("kredieten", kredieten(), w.bart)] == ["ongewijzigd"] * 3
    alles_klopt()


KREDIETFOUT = {
    "te laag": (
        {"Vastleggingskrediet": "100", "Kenmerk": "X"},
        "Cel D2: er is al 200.000,00 euro gereserveerd of vastgelegd; lager kan niet.",
    ),
    "betaalkrediet te laag": (
        {"Betaalkrediet": "100", "Kenmerk": "X"},
        "Cel I2: er is al 100.000,00 euro vereffend; lager kan niet.",
    ),
    "zonder kenmerk": (
        {"Betaalkrediet": "8.000.000,00"},
        "Cel M2: vul het kenmerk in van de beslissing die het krediet wijzigt.",
    ),
    "te lang kenmerk": (
        {"Betaalkrediet": "8.000.000,00", "Kenmerk": "x" * 201},
        "Cel M2: dit kenmerk is langer dan 200 tekens.",
    ),
    "negatief": ({"Betaalkrediet": "-1", "Kenmerk": "X"}, "Cel I2: het bedrag mag niet negatief zijn."),
    "leeg bedrag": (
        {"Betaalkrediet": "", "Kenmerk": "X"},
        "Cel I2: vul een bedrag in; is er geen krediet, vul dan 0 in.",
    ),
    "dubbelzinnig": (
        {"Betaalkrediet": "8.000", "Kenmerk": "X"},
        "Cel I2: het bedrag '8.000' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23.",
    ),
    "andere soort": (
        {"Soort": "vastleggingsmachtiging"},
        "Cel C2: dit krediet is in het loket een vastleggingskrediet.",
    ),
    "onbekende soort": ({"Soort": "krediet"}, "Cel C2: kies uit: vastleggingskrediet, vastleggingsmachtiging."),
    "geen jaar": ({"Jaar": "22"}, "Cel A2: vul een begrotingsjaar in."),
    "geen geheel jaar": ({"Jaar": "2022,5"}, "Cel A2: '2022,5' is geen geheel getal."),
    "geen artikel": ({"Artikel": ""}, "Cel B2: vul het begrotingsartikel in."),
    "onbekend artikel": (
        {"Artikel": "=ANDER"},
        "Cel B2: er is geen artikel '=ANDER', of u mag het krediet ervan niet wijzigen.",
    ),
}


@pytest.mark.parametrize("geval", KREDIETFOUT)
def test_a_credit_that_cannot_be_taken_says_why(w, geval):
    cellen, zin = KREDIETFOUT[geval]
    regels = kredieten()
    for kop, waarde in cellen.items():
        zet(regels, 2, kop, waarde)
    rij, uitkomst, gevonden, _ = uitkomsten("kredieten", regels, w.bart)[0]
    assert (rij, uitkomst, gevonden) == (2, "geweigerd", zin)


def test_the_reference_of_the_present_credit_is_not_that_of_a_change(w):
    services.stel_krediet_in(
        krediet(2022),
        vastleggingskrediet_cent=K * 14_000,
        betaalkrediet_cent=K * 9_000,
        referentie="BVR 1",
        door=w.bart,
    )
    regels = zet(kredieten(), 2, "Betaalkrediet", "9.500.000,00")
    zin = "Cel M2: vul het kenmerk in van de beslissing die het krediet wijzigt; 'BVR 1' hoort bij het huidige "
    zin += "krediet."
    assert uitkomsten("kredieten", regels, w.bart)[0][2] == zin
    zet(zet(regels, 2, "Betaalkrediet", "9.000.000,00"), 2, "Kenmerk", "BVR 2")
    zin = "Alleen het kenmerk wijzigt. Kenmerk: BVR 2."
    assert uitkomsten("kredieten", regels, w.bart)[0] == (2, "gewijzigd", zin, "M2")


def test_a_closed_year_takes_no_credit(w):
    for rij in eerste():
        services.meld_uitbetaald(rij, datum=klok.vandaag(), door=w.bo)
    klok.zet(klok.brussel(2023, 1, 5, 9))
    sluit_begrotingsjaar_af(2022, door=w.beheer)
    regels = zet(zet(kredieten(), 2, "Betaalkrediet", "9.500.000,00"), 2, "Kenmerk", "X")
    zin = "Cel A2: het begrotingsjaar 2022 is afgesloten; er kan niets op geboekt worden."
    assert uitkomsten("kredieten", regels, w.bart)[0][2] == zin


def test_who_may_bring_back_credits(w):
    zet_krediet(w, 2025, K, K)
    regels = zet(zet(kredieten(), 2, "Betaalkrediet", "9.500.000,00"), 2, "Kenmerk", "X")
    for wie in (w.an, w.bea, w.bo, w.aude):
        with weigering("geen_recht"), ongewijzigd():
            handelingen.lees_upload("kredieten", bestand(regels), door=wie)
    for wie in (w.bart, w.beheer, Gebruiker.objects.systeem()):
        assert uitkomsten("kredieten", regels, wie)[0][1] == "gewijzigd"
    ander = tweede_oproep(w)
    zin = "Cel B2: er is geen artikel 'WELZIJN-EENZAAMHEID', of u mag het krediet ervan niet wijzigen."
    assert uitkomsten("kredieten", regels, ander.bart)[0][1:3] == ("geweigerd", zin)


# --- saved by LibreOffice (tests/gegevens/inlezen/README.md) ---

BEWAARD = Path(__file__).parents[1] / "gegevens" / "inlezen"


def van_libreoffice(soort: str, naam: str, door: Any) -> list[tuple[int, str, str, str]]:
    """Bring a file back, twice, and return what the first preview said."""
    upload = SimpleUploadedFile(naam, (BEWAARD / naam).read_bytes())
    inlezing = handelingen.lees_upload(soort, upload, door=door)
    overzicht = handelingen.bekijk(inlezing, door=door)
    handelingen.bevestig(inlezing, gezien=overzicht.vingerafdruk, door=door)
    weer = handelingen.lees_bestand(soort, upload, door=door)
    assert {v.uitkomst.value for v in weer.voorstellen} == {"ongewijzigd"}
    return [(v.rij, v.uitkomst.value, v.zin, v.cel) for v in overzicht.voorstellen]


def test_credits_saved_by_libreoffice(w):
    assert van_libreoffice("kredieten", "kredieten.xlsx", w.bart) == [
        (2, "gewijzigd", "VAK 13.500.000,00 euro wordt 14.000.000,50 euro. Kenmerk: =BVR 12.", "D2"),
        (3, "ongewijzigd", "VAK 500.000,00 euro, VEK 5.000.000,00 euro.", ""),
    ]
    assert Limietregel.objects.order_by("-pk")[0].referentie == "=BVR 12"
    alles_klopt()


def test_days_of_payment_saved_by_libreoffice(w):
    for rij, nummer in zip(eerste(), ("EERSTE", "TWEEDE"), strict=True):
        Dossier.objects.filter(pk=rij.dossier_id).update(nummer=nummer)
    zin = "Uitbetaald op {} maart 2022: 50.000,00 euro naar BE68 5390 0754 7034."
    assert van_libreoffice("betaaldata", "betalingen.xlsx", w.bo) == [
        (2, "gewijzigd", zin.format(3), "M2"),
        (3, "gewijzigd", zin.format(4), "M3"),
    ]
    assert [str(dag) for _, dag in standen()] == ["2022-03-03", "2022-03-04"]
