"""The sheet of cost claims comes back: lines of the applicant, verdicts of the handler; all of it or nothing."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.inlezen import KOPPEN
from dossiers.kosten import opmaak, services
from dossiers.kosten.regels import MAX_REGELS
from dossiers.models import Kostenregel
from dossiers.resources import kostenblad
from kern import werkblad
from kern.inlezen import handelingen
from kern.models import Inlezing
from tests.dossiers.kosten.hulp import begonnen, ingediend, kost, met_regels, opnieuw
from tests.hulp import alles_klopt, feit, geschiedenis, ongewijzigd, weigering, weigert
from tests.portaal import formulieren
from tests.portaal.pagina import keur

NIEUW = {
    "Kostensoort": "Werkingskosten",
    "Omschrijving": "Affiches",
    "Leverancier": "Drukkerij",
    "Ondernemingsnummer": "0207.508.932",
    "Factuurnummer": "F-1",
    "Factuurdatum": "1/06/2022",
    "Betaald op": "9/06/2022",
    "Gevraagd": "12,50",
}


def blad():
    """Return our own sheet of all claims as rows of a csv, without its line of totals."""
    uit = BytesIO()
    werkblad.schrijf_csv(kostenblad(Kostenregel.objects.all()), uit)
    return list(csv.DictReader(StringIO(uit.getvalue().decode("utf-8-sig")), delimiter=";"))


def nieuw(staat, **anders):
    return {"Dossier": staat.dossier.nummer, "Kostenstaat": str(staat.volgnummer), "Regel": ""} | NIEUW | anders


def bestand(rijen):
    uit = StringIO()
    koppen = list(dict.fromkeys(kop for rij in rijen for kop in rij))
    schrijver = csv.DictWriter(uit, koppen, restval="", delimiter=";")
    schrijver.writeheader()
    schrijver.writerows(rijen)
    return SimpleUploadedFile("kosten.csv", uit.getvalue().encode())


def uitkomsten(rijen, door):
    with ongewijzigd():
        overzicht = handelingen.lees_bestand("kostenstaten", bestand(rijen), door=door)
    return [(v.rij, v.uitkomst.value, v.zin, v.cel) for v in overzicht.voorstellen]


def klaar(rijen, door):
    inlezing = handelingen.lees_upload("kostenstaten", bestand(rijen), door=door)
    return inlezing, handelingen.bekijk(inlezing, door=door).vingerafdruk


def lees_in(rijen, door):
    inlezing, gezien = klaar(rijen, door)
    handelingen.bevestig(inlezing, gezien=gezien, door=door)
    return Inlezing.objects.get(pk=inlezing.pk)


# --- lines, by the applicant ---


def test_lines_come_back_new_changed_and_as_they_were(spel):
    staat, an = met_regels(spel, 100_00, 50_00), spel.w.an
    een, twee = blad()
    assert uitkomsten([een, twee], an) == [(2, "ongewijzigd", "", "S2"), (3, "ongewijzigd", "", "S3")]
    een |= {"Gevraagd": "90,00", "Omschrijving": "Drukwerk en post"}
    rijen = [een, twee, nieuw(staat), nieuw(staat, Factuurnummer="F-2", Gevraagd="1")]
    zin = "Omschrijving: Drukwerk wordt Drukwerk en post; Gevraagd: 100,00 euro wordt 90,00 euro."
    assert uitkomsten(rijen, an) == [
        (2, "gewijzigd", zin, "K2"),
        (3, "ongewijzigd", "", "S3"),
        (4, "nieuw", "Nieuwe kost: Affiches, Drukkerij, 12,50 euro.", "K4"),
        (5, "nieuw", "Nieuwe kost: Affiches, Drukkerij, 1,00 euro.", "K5"),
    ]
    inlezing, gezien = klaar(rijen, an)
    with geschiedenis() as gebeurd:
        handelingen.bevestig(inlezing, gezien=gezien, door=an)
    aantallen = {"geweigerd": 0, "nieuw": 2, "gewijzigd": 1, "ongewijzigd": 1}
    inhoud = {"soort": "kostenstaten", "sha256": inlezing.bestand.sha256, "aantallen": aantallen}
    # Filling in is no act; that a file was read in is.
    assert gebeurd.feiten == [feit(inlezing, "inlezing.bevestig", an, "klaargezet", "ingelezen", inhoud)]
    regels = staat.regels.values_list("volgnummer", "omschrijving", "bedrag_cent", "leverancier_kbo", "versie")
    assert list(regels) == [
        (1, "Drukwerk en post", 90_00, "", 2),
        (2, "Drukwerk", 50_00, "", 1),
        (3, "Affiches", 12_50, "0207508932", 1),
        (4, "Affiches", 1_00, "0207508932", 1),
    ]
    # The same file again: its new lines are there already.
    dubbel = [u for u in uitkomsten(rijen, an) if u[1] == "geweigerd"]
    assert [(rij, z) for rij, _, z, _ in dubbel] == [
        (4, "Cel N4: deze factuur staat ook op regel 3 van deze kostenstaat."),
        (5, "Cel N5: deze factuur staat ook op regel 4 van deze kostenstaat."),
    ]
    assert [u[1] for u in uitkomsten(blad(), an)] == ["ongewijzigd"] * 4
    alles_klopt()


def test_all_of_it_or_nothing(spel):
    staat = met_regels(spel, 100_00)
    rijen = [nieuw(staat), nieuw(staat, Gevraagd="-1", Factuurnummer="F-2")]
    inlezing, gezien = klaar(rijen, spel.w.an)
    zin = "Eén rij wordt geweigerd. Verbeter ze in uw bestand en lees het opnieuw in."
    with weigert("rij_geweigerd", zin):
        handelingen.bevestig(inlezing, gezien=gezien, door=spel.w.an)


def test_a_line_that_was_changed_meanwhile_is_not_overwritten(spel):
    staat, an = met_regels(spel, 100_00), spel.w.an
    [rij] = blad()
    inlezing, gezien = klaar([rij | {"Gevraagd": "90,00"}], an)
    regel = staat.regels.get()
    opmaak.wijzig_regel(regel, kost(spel, 80_00), versie=regel.versie, door=an)
    with weigert("intussen_gewijzigd", handelingen.INTUSSEN):
        handelingen.bevestig(inlezing, gezien=gezien, door=an)
    assert staat.regels.get().bedrag_cent == 80_00


SOORT_ONBEKEND = "Cel D2: de kostensoort 'Reizen' bestaat niet; kies uit: Personeelskosten, Werkingskosten, Uitrusting."
FOUTEN = [
    ({"Dossier": "X"}, "Cel A2: er is geen kostenstaat 1 van dossier 'X', of u mag ze niet zien."),
    ({"Kostenstaat": "7"}, "Cel A2: er is geen kostenstaat 7 van dossier '{}', of u mag ze niet zien."),
    ({"Kostenstaat": ""}, "Cel B2: vul het nummer van de kostenstaat in."),
    ({"Regel": "9"}, "Cel C2: kostenstaat 1 van dossier {} heeft geen regel 9."),
    (
        {"Gevraagd": "1.234"},
        "Cel K2: het bedrag '1.234' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23.",
    ),
    (
        {"Kostensoort": "Reizen", "Omschrijving": ""},
        f"{SOORT_ONBEKEND} Cel E2: vul de kolom Omschrijving in.",
    ),
    ({"Factuurdatum": "1/06/2021"}, "Cel I2: deze kost is van 1 juni 2021. Kosten tellen pas vanaf 1 maart 2022."),
]


@pytest.mark.parametrize(("anders", "zin"), FOUTEN)
def test_a_row_that_is_refused_names_its_cell(spel, anders, zin):
    staat = begonnen(spel)
    [(_, uitkomst, gezegd, _)] = uitkomsten([nieuw(staat, **anders)], spel.w.an)
    assert (uitkomst, gezegd) == ("geweigerd", zin.format(staat.dossier.nummer))


def test_a_line_twice_and_an_invoice_twice(spel):
    staat = met_regels(spel, 100_00)
    [rij] = blad()
    twee = uitkomsten([rij | {"Gevraagd": "1"}, rij | {"Gevraagd": "2"}, nieuw(staat), nieuw(staat)], spel.w.an)
    assert [(u, z) for _, u, z, _ in twee] == [
        ("gewijzigd", "Gevraagd: 100,00 euro wordt 1,00 euro."),
        ("geweigerd", "Dit staat ook op rij 2. Laat één van beide staan."),
        ("nieuw", "Nieuwe kost: Affiches, Drukkerij, 12,50 euro."),
        ("geweigerd", "Cel N5: deze factuur staat ook op rij 4 van dit bestand."),
    ]


def test_a_claim_is_full(spel):
    staat = begonnen(spel)
    opmaak.voeg_regels_toe(staat, [kost(spel)] * (MAX_REGELS - 1), door=spel.w.an)
    uit = uitkomsten([nieuw(staat), nieuw(staat, Factuurnummer="F-2")], spel.w.an)
    assert [u[1:3] for u in uit] == [
        ("nieuw", "Nieuwe kost: Affiches, Drukkerij, 12,50 euro."),
        ("geweigerd", "Cel C3: een kostenstaat heeft hoogstens 500 regels."),
    ]


def test_what_was_handed_in_is_not_filled_in_any_more(spel):
    staat = ingediend(spel, 100_00)
    [rij] = blad()
    zin = "deze kostenstaat is ingediend en kan niet meer gewijzigd worden."
    assert [u[1:3] for u in uitkomsten([rij | {"Gevraagd": "1"}, nieuw(staat)], spel.w.an)] == [
        ("geweigerd", f"Cel Q2: {zin}"),
        ("geweigerd", f"Cel I3: {zin}"),
    ]
    assert [u[1:3] for u in uitkomsten([rij | {"Aanvaard": "100,00"}], spel.w.an)] == [
        ("geweigerd", "Cel S2: alleen de dossierbehandelaar beoordeelt kosten.")
    ]


# --- verdicts, by the handler ---


def test_verdicts_come_back(spel):
    staat, bea = ingediend(spel, 100_00, 50_00, 20_00), spel.w.bea
    een, twee, drie = blad()
    een |= {"Aanvaard": "100,00"}
    twee |= {"Aanvaard": "0", "Reden": "Geen kost van het project."}
    zinnen = ["Aanvaard: 100,00 euro van 100,00 euro.", "Aanvaard: 0,00 euro van 50,00 euro. Reden: "]
    assert uitkomsten([een, twee, drie], bea) == [
        (2, "gewijzigd", zinnen[0], "S2"),
        (3, "gewijzigd", zinnen[1] + "Geen kost van het project.", "S3"),
        (4, "ongewijzigd", "", "S4"),
    ]
    inlezing, gezien = klaar([een, twee, drie], bea)
    with geschiedenis() as gebeurd:
        handelingen.bevestig(inlezing, gezien=gezien, door=bea)
    naam, reden = "kostenstaat.beoordeel", "Geen kost van het project."
    assert gebeurd.feiten[:2] == [
        feit(staat, naam, bea, inhoud={"regels": [{"regel": 1, "aanvaard_cent": 100_00, "reden": ""}]}),
        feit(staat, naam, bea, inhoud={"regels": [{"regel": 2, "aanvaard_cent": 0, "reden": reden}]}),
    ]
    assert [f[2] for f in gebeurd.feiten[2:]] == ["inlezing.bevestig"] and gebeurd.mails == []
    oordelen = staat.regels.values_list("oordeel", "aanvaard_cent", "reden")
    assert list(oordelen) == [("aanvaard", 100_00, ""), ("verworpen", 0, reden), ("open", None, "")]
    assert [u[1] for u in uitkomsten(blad(), bea)] == ["ongewijzigd"] * 3
    alles_klopt()


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"Aanvaard": "90,00"}, "Cel T2: regel 1: schrijf waarom u niet alles aanvaardt."),
        ({"Aanvaard": "100,01"}, "Cel S2: regel 1: er is 100,00 euro gevraagd; meer kunt u niet aanvaarden."),
        ({"Aanvaard": "-1"}, "Cel S2: regel 1: het bedrag mag niet negatief zijn."),
        ({"Reden": "Zomaar."}, "Cel S2: vul in hoeveel u aanvaardt; niets is 0."),
        (
            {"Gevraagd": "90,00"},
            "Cel Q2: alleen de aanvrager vult kosten in; u wijzigt hier enkel 'Aanvaard' en 'Reden'.",
        ),
    ],
)
def test_a_verdict_that_is_refused(spel, anders, zin):
    ingediend(spel, 100_00)
    [rij] = blad()
    assert [u[1:3] for u in uitkomsten([rij | anders], spel.w.bea)] == [("geweigerd", zin)]


def test_no_verdict_on_a_line_of_the_sample_without_evidence(spel):
    ingediend(spel, 100_00, bewijs=False)
    [rij] = blad()
    zin = "regel 1 zit in de steekproef en heeft geen bewijsstuk. Verwerp ze, of wacht op het bewijsstuk."
    assert [u[1:3] for u in uitkomsten([rij | {"Aanvaard": "100,00"}], spel.w.bea)] == [("geweigerd", f"Cel S2: {zin}")]


def test_a_claim_that_was_sent_back_or_finished_gets_no_verdict(spel):
    staat = ingediend(spel, 100_00)
    [rij] = blad()
    services.stuur_kostenstaat_terug(staat, opmerking="Meer uitleg.", door=spel.w.bea)
    oordeel = [rij | {"Aanvaard": "100,00"}]
    zin = "Cel S2: deze kostenstaat heeft de status 'teruggestuurd'."
    assert [u[1:3] for u in uitkomsten(oordeel, spel.w.bea)] == [("geweigerd", zin)]
    services.dien_kostenstaat_in(opnieuw(staat), door=spel.w.an)
    lees_in(oordeel, spel.w.bea)
    services.rond_kostenstaat_af(opnieuw(staat), opmerking="", door=spel.w.bea)
    zin = "Cel S2: deze kostenstaat heeft de status 'nagekeken'."
    assert [u[1:3] for u in uitkomsten([rij | {"Aanvaard": "0", "Reden": "x"}], spel.w.bea)] == [("geweigerd", zin)]
    assert [u[1] for u in uitkomsten(blad(), spel.w.bea)] == ["ongewijzigd"]


# --- who, pages, command ---


def test_who_may_bring_claims_back(spel):
    staat, w = begonnen(spel), spel.w
    for wie in (w.ben, w.bo, w.bart):
        with weigering("geen_recht", "U mag deze handeling niet uitvoeren."):
            handelingen.lees_upload("kostenstaten", bestand([nieuw(staat)]), door=wie)
    # A draft is its applicant's own: for the handler it is not there.
    zin = f"Cel A2: er is geen kostenstaat 1 van dossier '{staat.dossier.nummer}', of u mag ze niet zien."
    assert [u[1:3] for u in uitkomsten([nieuw(staat)], w.bea)] == [("geweigerd", zin)]


def test_the_page_of_the_applicant(spel):
    staat = met_regels(spel, 100_00)
    browser = formulieren.browser(spel.w.an)
    p = keur(browser.get(reverse("kostenstaat_inlezen", args=[staat.pk])))
    assert "Neem ze als rekenblad" in p.tekst
    antwoord = browser.get(reverse("kostenstaat_blad", args=[staat.pk]), {"formaat": "xlsx"})
    upload = SimpleUploadedFile("kosten.xlsx", b"".join(antwoord.streaming_content))
    p = keur(browser.post(reverse("inlezen"), {"soort": "kostenstaten", "bestand": upload}, follow=True))
    assert "1 rij blijft zoals ze is" in p.tekst
    antwoord = browser.post(
        reverse("inlezen"), {"soort": "kostenstaten", "bestand": bestand([nieuw(staat)])}, follow=True
    )
    p = keur(antwoord)
    assert "Nieuwe kost: Affiches, Drukkerij, 12,50 euro." in p.tekst
    inlezing = Inlezing.objects.order_by("pk").last()
    gezien = handelingen.bekijk(inlezing, door=spel.w.an).vingerafdruk
    browser.post(reverse("inlezing", args=[inlezing.pk]), {"gezien": gezien})
    assert staat.regels.count() == 2


def test_the_command(spel, tmp_path):
    staat = begonnen(spel)
    pad, uit = tmp_path / "kosten.csv", StringIO()
    pad.write_bytes(bestand([nieuw(staat)]).read())
    with ongewijzigd():
        call_command("lees_in", "kostenstaten", str(pad), "--door", spel.w.an.email, stdout=uit)
    wat = f"{staat.dossier.nummer}, kostenstaat 1, nieuwe regel"
    assert uit.getvalue().splitlines()[:2] == [
        f"rij 2: nieuw: {wat}: Nieuwe kost: Affiches, Drukkerij, 12,50 euro.",
        "0 geweigerd, 1 nieuw, 0 gewijzigd, 0 ongewijzigd, samen 12,50 euro",
    ]
    call_command("lees_in", "kostenstaten", str(pad), "--door", spel.w.an.email, "--bevestig", stdout=uit)
    assert uit.getvalue().splitlines()[-1] == "Ingelezen." and staat.regels.count() == 1
    with ongewijzigd(), pytest.raises(CommandError, match="Eén rij wordt geweigerd"):
        call_command("lees_in", "kostenstaten", str(pad), "--door", spel.w.an.email, "--bevestig", stdout=uit)


def test_the_preview_asks_as_much_for_many_rows(spel):
    staat = begonnen(spel)
    aantallen = []
    for aantal in (1, 3, 60):
        rijen = [nieuw(staat, Factuurnummer=f"F-{i}") for i in range(aantal)]
        with CaptureQueriesContext(connection) as vragen:
            handelingen.lees_bestand("kostenstaten", bestand(rijen), door=spel.w.an)
        aantallen.append(len(vragen))
    assert aantallen[0] == aantallen[1] == aantallen[2], aantallen


def test_the_headings_are_those_of_the_sheet_that_goes_out():
    assert set(KOPPEN.values()) <= {
        kolom.column_name for kolom in kostenblad(Kostenregel.objects.none()).resource.kolommen()
    }
