"""The pages of cost claims: the whole way, bad input with its sentence at the field, what nobody may see."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import AndereInkomst, Kostenregel, Kostenstaat
from dossiers.kosten.services import Besluit
from dossiers.rechten import kostenstaten_zichtbaar_voor
from tests import bouw
from tests.bladen import csv_rijen, inhoud
from tests.dossiers.kosten.hulp import (
    TOT,
    VAN,
    Spel,
    alles,
    begonnen,
    geef_bewijs,
    ingediend,
    kost,
    lopend,
    met_regels,
    nagekeken,
    nummers,
    opnieuw,
    van,
    verdeling,
)
from tests.dossiers.kosten.test_inlezen import GOED, als_csv, anders, blad
from tests.hulp import alles_klopt, ongewijzigd
from tests.portaal.formulieren import browser
from tests.portaal.pagina import keur

LEEG = {"inkomsten-TOTAL_FORMS": "0", "inkomsten-INITIAL_FORMS": "0"}


def url(naam, *args):
    return reverse(naam, args=args)


def invoer(spel, **anders_):
    return {
        "categorie": spel.soort().pk,
        "omschrijving": "Affiches",
        "bedrag": "1.234,56",
        "leverancier": "Drukkerij",
        "leverancier_kbo": "0207.508.932",
        "factuurnummer": "F1",
        "factuurdatum": "2022-06-01",
        "betaaldatum": "2022-06-09",
        "versie": "0",
    } | anders_


def test_the_whole_way_through_the_pages(wereld):
    spel = lopend(wereld, verdeel=False)
    nummer = spel.dossier.nummer
    an, bea = browser(wereld.an), browser(wereld.bea)
    assert url("dossier_kosten", nummer) in keur(an.get(url("dossier", nummer))).links
    p = keur(an.get(url("dossier_kosten", nummer)))
    assert "Nog geen kostenstaten" in p.tekst
    an.post(url("dossier_kosten", nummer), {"van": "2022-03-01", "tot": "2023-02-28"})
    staat = Kostenstaat.objects.get()
    pagina = url("kostenstaat", staat.pk)
    assert "Voeg minstens één kost toe voor u de kostenstaat indient." in keur(an.get(pagina)).tekst
    antwoord = an.post(url("kostenregel_nieuw", staat.pk), invoer(spel, bestand=bouw.upload("factuur.pdf"), nog="1"))
    assert antwoord.url == url("kostenregel_nieuw", staat.pk)
    an.post(url("kostenregel_nieuw", staat.pk), invoer(spel, factuurnummer="F2", bedrag="10"))
    kop = {"van": "2022-03-01", "tot": "2023-03-31", "versie": "0", **LEEG}
    kop |= {"inkomsten-TOTAL_FORMS": "1", "inkomsten-0-omschrijving": "Gemeente", "inkomsten-0-bedrag": "50"}
    assert an.post(url("kostenstaat_kop", staat.pk), kop).url == pagina
    assert AndereInkomst.objects.get().bedrag_cent == 50_00
    p = keur(an.get(pagina))
    assert "Zeg eerst bij welke kostensoort elke regel van uw begroting hoort." in p.tekst
    soorten = {f"regel_{rij.pk}": spel.soort().pk for rij in spel.dossier.begrotingsregels.filter(soort="kost")}
    an.post(url("dossier_kosten_begroting", nummer), soorten)
    p = keur(an.get(pagina))
    assert "Kostenstaat indienen" in p.knoppen and "€ 1.244,56" in p.tekst.replace("\xa0", " ")
    an.post(pagina, {"daad": "dien_in"})
    staat = opnieuw(staat)
    assert staat.status == "ingediend"
    # In the sample, and without evidence: she is asked for it.
    assert f"Bewijsstukken toevoegen bij kostenstaat 1 van {nummer}" in keur(an.get(url("mijn_werk"))).tekst
    tweede = staat.regels.get(volgnummer=2)
    p = keur(an.get(url("kostenregel", tweede.pk)))
    assert p.knoppen == ["Afmelden", "Bewijsstuk toevoegen"]
    an.post(url("kostenregel", tweede.pk), {"bestand": bouw.upload("kasbon.pdf", bouw.PDF + b"2")})
    assert f"Kostenstaat 1 van {nummer} nakijken" in keur(bea.get(url("mijn_werk"))).tekst
    p = keur(bea.get(pagina))
    assert "Afronden kan nog niet: Beoordeel eerst regels 1 en 2." in p.tekst
    bea.post(pagina, {"daad": "beoordeel", "regels": ["1"], "oordeel": "aanvaard"})
    delen = {"daad": "beoordeel", "regels": ["2"], "oordeel": "gedeeltelijk", "bedrag": "7,50", "reden": "Half."}
    bea.post(pagina, delen)
    p = keur(bea.get(pagina))
    assert "1 van 2 beoordeelde regels niet helemaal aanvaard" in p.tekst and "Nazicht afronden" in p.knoppen
    bea.post(pagina, {"daad": "rond_af", "opmerking": "Dank u."})
    p = keur(an.get(pagina))
    assert "Gedeeltelijk aanvaard: € 7,50. Half." in p.tekst.replace("\xa0", " ")
    p = keur(an.get(url("dossier_kosten", nummer)))
    # 1.242,06 accepted, 5% overhead on it, less 50 other income.
    for bedrag in ("1.242,06", "62,10", "1.304,16", "1.254,16"):
        assert bedrag in p.tekst
    alles_klopt()


VERPLICHT = "Dit veld is verplicht."


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("categorie", "", VERPLICHT),
        ("omschrijving", " ", VERPLICHT),
        ("bedrag", "0", "Het bedrag moet meer dan nul zijn."),
        ("bedrag", "-5", "Het bedrag mag niet negatief zijn."),
        ("bedrag", "1,234.56", "Het bedrag '1,234.56' kan niet gelezen worden. Schrijf het als 1.234,56."),
        ("factuurdatum", "2022-02-28", "Deze kost is van 28 februari 2022. Kosten tellen pas vanaf 1 maart 2022."),
        ("factuurdatum", "2023-05-03", "De factuurdatum, 3 mei 2023, ligt in de toekomst."),
        ("betaaldatum", "gisteren", "Voer een geldige datum in."),
        (
            "leverancier_kbo",
            "0207508933",
            "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
        ),
    ],
)
@pytest.mark.parametrize("bestaat", [True, False], ids=["wijzigen", "nieuw"])
def test_bad_input_keeps_what_was_typed(spel, veld, waarde, zin, bestaat):
    staat = met_regels(spel)
    regel = staat.regels.get()
    adres = url("kostenregel", regel.pk) if bestaat else url("kostenregel_nieuw", staat.pk)
    an = browser(spel.w.an)
    with ongewijzigd():
        antwoord = an.post(adres, invoer(spel, versie="1", **{veld: waarde}))
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.fouten(veld) == [zin]
    assert (p.waarde("leverancier"), p.waarde(veld)) == ("Drukkerij", waarde)


def test_a_refused_file_keeps_the_line_and_says_so(spel):
    staat = begonnen(spel)
    an = browser(spel.w.an)
    antwoord = an.post(
        url("kostenregel_nieuw", staat.pk), invoer(spel, bestand=bouw.upload("x.exe", b"MZ")), follow=True
    )
    zin = (
        "Regel 1 is bewaard, maar zonder bewijsstuk. Het bestand 'x.exe' is geen bruikbaar bestand: kies pdf, png, "
        "jpg, docx, xlsx, odt of ods."
    )
    assert keur(antwoord).meldingen == [("error", zin)]
    assert Kostenregel.objects.get().bestand is None


def test_two_tabs_on_one_line(spel):
    regel = met_regels(spel).regels.get()
    an = browser(spel.w.an)
    an.post(url("kostenregel", regel.pk), invoer(spel, versie="1", omschrijving="Van de eerste"))
    antwoord = an.post(url("kostenregel", regel.pk), invoer(spel, versie="1", omschrijving="Van de tweede"))
    p = keur(antwoord)
    assert (antwoord.status_code, p.overzicht[0][0]) == (422, opmaak.GEWIJZIGD)
    assert (p.waarde("omschrijving"), p.waarde("versie")) == ("Van de tweede", "2")
    an.post(url("kostenregel", regel.pk), invoer(spel, versie="2", omschrijving="Van de tweede"))
    regel.refresh_from_db()
    assert regel.omschrijving == "Van de tweede"


def test_taking_a_line_out(spel):
    staat = met_regels(spel)
    antwoord = browser(spel.w.an).post(url("kostenregel", staat.regels.get().pk), {"daad": "verwijder"})
    assert (antwoord.url, Kostenregel.objects.count()) == (url("kostenstaat", staat.pk), 0)


def test_a_sheet_is_shown_first_and_then_saved_whole(spel):
    staat = begonnen(spel)
    an, adres = browser(spel.w.an), url("kostenstaat_inlezen", staat.pk)
    sjabloon = an.get(url("kostenstaat_sjabloon", staat.pk))
    assert sjabloon["Content-Disposition"].startswith("attachment;") and sjabloon.getvalue().startswith(b"PK")
    with ongewijzigd():
        antwoord = an.post(adres, {"bestand": bestand(GOED, anders(factuurnummer="F-2", omschrijving="@som"))})
    p = keur(antwoord)
    assert antwoord.status_code == 200 and "2 regels, samen" in p.tekst
    assert an.post(adres, {"zegel": p.waarde("zegel")}).url == url("kostenstaat", staat.pk)
    assert nummers(staat) == [1, 2]
    with ongewijzigd():
        antwoord = an.post(
            adres, {"bestand": bestand(anders(bedrag="veel", factuurnummer="F-9"), anders(factuurnummer="F-8"))}
        )
    p = keur(antwoord)
    assert antwoord.status_code == 422 and not p.velden("zegel")
    assert "Cel H2: het bedrag 'veel' kan niet gelezen worden. Schrijf het als 1.234,56." in p.tekst
    assert "1 van 2 regels kan zo niet bewaard worden." in p.tekst


def bestand(*rijen):
    return SimpleUploadedFile("kosten.xlsx", blad(*rijen))


def test_csv_is_taken_too(spel):
    staat = begonnen(spel)
    an, adres = browser(spel.w.an), url("kostenstaat_inlezen", staat.pk)
    p = keur(an.get(adres))
    assert "Kies het ingevulde bestand, als .xlsx of .csv." in p.tekst
    p = keur(an.post(adres, {"bestand": SimpleUploadedFile("kosten.csv", als_csv(GOED))}))
    assert "1 regel, samen" in p.tekst
    assert an.post(adres, {"zegel": p.waarde("zegel")}).url == url("kostenstaat", staat.pk)
    assert [(r.omschrijving, r.bedrag_cent) for r in staat.regels.all()] == [("Affiches", 12_50)]


@pytest.mark.parametrize(
    ("wat", "zin"),
    [
        (b"%PDF-1.7", "Dit bestand is geen rekenblad: kies .xlsx of .csv."),
        (b"PK\x03\x04x", "Dit bestand kan niet gelezen worden. Bewaar het als .xlsx of .csv en probeer opnieuw."),
        (b"x", "De kolom 'Kostensoort' ontbreekt in dit bestand. Gebruik het sjabloon van deze pagina."),
        (b"", "Dit bestand is leeg."),
    ],
)
def test_a_file_that_is_no_sheet(spel, wat, zin):
    adres = url("kostenstaat_inlezen", begonnen(spel).pk)
    an = browser(spel.w.an)
    with ongewijzigd():
        antwoord = an.post(adres, {"bestand": SimpleUploadedFile("kosten.xlsx", wat)})
    assert antwoord.status_code == 422 and keur(antwoord).fouten("bestand") == [zin]


def test_a_seal_that_was_tampered_with(spel):
    staat = begonnen(spel)
    an = browser(spel.w.an)
    with ongewijzigd():
        antwoord = an.post(url("kostenstaat_inlezen", staat.pk), {"zegel": "x:y:z"}, follow=True)
    assert keur(antwoord).meldingen == [("error", "Kies het bestand opnieuw: dit voorbeeld is te oud.")]


def test_a_claim_that_is_in_shows_no_forms_to_its_applicant(spel):
    staat = ingediend(spel)
    an = browser(spel.w.an)
    for naam in ("kostenstaat_kop", "kostenregel_nieuw", "kostenstaat_inlezen"):
        for antwoord in (an.get(url(naam, staat.pk), follow=True), an.post(url(naam, staat.pk), follow=True)):
            zin = "Deze kostenstaat is ingediend en kan niet meer gewijzigd worden."
            assert keur(antwoord).meldingen == [("error", zin)]
    antwoord = an.post(url("kostenregel", staat.regels.get().pk), invoer(spel))
    assert antwoord.status_code == 409
    assert keur(antwoord).meldingen == [("error", "Deze regel kan niet meer gewijzigd worden.")]


@pytest.mark.parametrize(
    ("data", "veld", "zin"),
    [
        ({"oordeel": "verworpen", "regels": ["1"]}, "reden", "Regel 1: schrijf waarom u niet alles aanvaardt."),
        ({"oordeel": "gedeeltelijk", "regels": ["1"], "reden": "x"}, "bedrag", "Vul in welk bedrag u aanvaardt."),
        (
            {"oordeel": "gedeeltelijk", "regels": ["1", "2"], "bedrag": "1", "reden": "x"},
            "oordeel",
            "Kies één regel om er een deel van te aanvaarden.",
        ),
        ({"regels": ["1"], "reden": "Waarom."}, "oordeel", VERPLICHT),
        (
            {"oordeel": "gedeeltelijk", "regels": ["1"], "bedrag": "100,01", "reden": "x"},
            "bedrag",
            "Regel 1: er is 100,00 euro gevraagd; meer kunt u niet aanvaarden.",
        ),
    ],
)
def test_a_wrong_verdict_keeps_what_was_typed_and_ticked(spel, data, veld, zin):
    staat = ingediend(spel, 100_00, 50_00)
    bea = browser(spel.w.bea)
    with ongewijzigd():
        antwoord = bea.post(url("kostenstaat", staat.pk), {"daad": "beoordeel", **data})
    p = keur(antwoord)
    assert (antwoord.status_code, p.fouten(veld)) == (422, [zin])
    assert [v.attrs["value"] for v in p.velden("regels") if "checked" in v.attrs] == data["regels"]
    assert p.waarde("reden") == data.get("reden", "")


def test_nothing_ticked_and_an_unknown_act(spel):
    staat = ingediend(spel)
    bea = browser(spel.w.bea)
    antwoord = bea.post(url("kostenstaat", staat.pk), {"daad": "beoordeel", "oordeel": "aanvaard"})
    assert keur(antwoord).overzicht == [("Kies eerst minstens één regel.", "")]
    assert bea.post(url("kostenstaat", staat.pk), {"daad": "anders"}).status_code == 404
    antwoord = bea.post(url("kostenstaat", staat.pk), {"daad": "stuur_terug", "opmerking": ""})
    assert keur(antwoord).fouten("opmerking") == ["Schrijf wat de aanvrager moet verbeteren."]


def test_double_use_is_shown_as_far_as_one_may_see(spel):
    w = spel.w
    boom = Spel(w, van(w, "Boom"))
    verdeling(boom.dossier, w.ben)
    staten = []
    for s, wie in ((boom, w.ben), (spel, w.an)):
        staat = services.begin_kostenstaat(s.dossier, van=VAN, tot=TOT, door=wie)
        opmaak.voeg_regels_toe(staat, [kost(spel, factuurnummer="F-17")], door=wie)
        services.dien_kostenstaat_in(staat, door=wie)
        staten.append(opnieuw(staat))
    ander, eigen = staten
    zin = f"Dezelfde factuur staat op regel 1 van kostenstaat 1 van {boom.dossier.nummer}"
    p = keur(browser(w.bea).get(url("kostenstaat", eigen.pk)))
    assert zin in p.tekst and url("kostenregel", ander.regels.get().pk) in p.links
    p = keur(browser(w.an).get(url("kostenstaat", eigen.pk)))
    assert "Dubbel" not in p.tekst and boom.dossier.nummer not in p.tekst


def test_of_a_call_that_the_handler_does_not_see_there_is_no_link(spel, monkeypatch):
    test_double_use_is_shown_as_far_as_one_may_see(spel)
    eigen = Kostenstaat.objects.get(dossier=spel.dossier)

    def alleen_eigen(qs, gebruiker):
        return kostenstaten_zichtbaar_voor(qs, gebruiker).filter(dossier=spel.dossier)

    monkeypatch.setattr("dossiers.kosten.dubbel.kostenstaten_zichtbaar_voor", alleen_eigen)
    p = keur(browser(spel.w.bea).get(url("kostenstaat", eigen.pk)))
    assert "Dezelfde factuur staat op een dossier van een andere oproep." in p.tekst
    assert van(spel.w, "Boom").nummer not in p.tekst


def test_jurors_and_the_chair_see_no_claims(spel):
    staat = ingediend(spel)
    for naam in ("jef", "vic", "ben", "stan"):
        for adres in (
            url("kostenstaat", staat.pk),
            url("kostenregel", staat.regels.get().pk),
            url("kostenregel_bewijs", staat.regels.get().pk),
            url("dossier_kosten", staat.dossier.nummer),
        ):
            assert browser(spel.w.mensen[naam]).get(adres).status_code == 404, (naam, adres)


def test_evidence_is_a_download(spel):
    staat = met_regels(spel, 1_00, 2_00)
    een, twee = staat.regels.all()
    geef_bewijs(spel, een)
    an = browser(spel.w.an)
    antwoord = an.get(url("kostenregel_bewijs", een.pk))
    assert inhoud(antwoord).startswith(b"%PDF-")
    assert antwoord["Content-Disposition"] == 'attachment; filename="factuur-1.pdf"'
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert an.get(url("kostenregel_bewijs", twee.pk)).status_code == 404


def test_the_list_of_staff_and_its_sheet(spel):
    w = spel.w
    bea, adres = browser(w.bea), url("kostenstaten")
    assert "Geen kostenstaten" in keur(bea.get(adres)).tekst
    eerste = nagekeken(spel, 10_00)
    tweede = ingediend(spel, 20_00, 30_00)
    begonnen(spel)  # a draft is its applicant's own
    p = keur(bea.get(adres))
    assert "Alle (2)" in p.tekst and "Na te kijken (1)" in p.tekst
    plaatsen = [p.links.index(url("kostenstaat", s.pk)) for s in (tweede, eerste)]
    assert plaatsen == sorted(plaatsen)
    assert url("kostenstaat", eerste.pk) not in keur(bea.get(f"{adres}?status=ingediend")).links
    rijen = csv_rijen(inhoud(bea.get(url("kostenstaten_bestand") + "?formaat=csv")))
    assert [(r["Kostenstaat"], r["Regel"], r["Gevraagd"], r["Aanvaard"], r["Status"]) for r in rijen] == [
        ("1", "1", "10,00", "10,00", "Nagekeken"),
        ("2", "1", "20,00", "", "Ingediend"),
        ("2", "2", "30,00", "", "Ingediend"),
    ]
    rijen = csv_rijen(inhoud(bea.get(url("kostenstaten_bestand") + "?formaat=csv&status=nagekeken")))
    assert len(rijen) == 1


def test_exporting_from_the_command_line(spel, tmp_path):
    from django.core.management import call_command

    ingediend(spel, 10_00)
    begonnen(spel)
    uit = BytesIO()
    for jaar, aantal in ((2022, 1), (2023, 0), (None, 1)):
        pad = tmp_path / "k.csv"
        call_command("exporteer", "kostenstaten", uit=str(pad), **({"jaar": jaar} if jaar else {}))
        assert len(csv_rijen(pad.read_bytes())) == aantal
    assert not uit.getvalue()


def test_500_lines_are_paged(spel):
    staat = begonnen(spel)
    rijen = [kost(spel, 1_00, omschrijving=f"Kost nummer {i}") for i in range(500)]
    opmaak.voeg_regels_toe(staat, rijen, door=spel.w.an)
    an = browser(spel.w.an)
    eerste = keur(an.get(url("kostenstaat", staat.pk)))
    assert "Kost nummer 49 " in eerste.tekst and "Kost nummer 50 " not in eerste.tekst
    laatste = keur(an.get(url("kostenstaat", staat.pk) + "?pagina=10"))
    assert "Kost nummer 499 " in laatste.tekst
    services.dien_kostenstaat_in(staat, door=spel.w.an)
    bea = browser(spel.w.bea)
    nummers_ = nummers(opnieuw(staat), in_steekproef=True)
    assert len(nummers_) == 50
    data = {"daad": "beoordeel", "regels": [str(n) for n in nummers_], "oordeel": "verworpen", "reden": "Geen bewijs."}
    bea.post(url("kostenstaat", staat.pk) + "?toon=steekproef", data)
    services.rond_kostenstaat_af(staat, opmerking="", door=spel.w.bea)
    assert Kostenregel.objects.filter(ongezien=True).count() == 450


def test_the_applicant_reads_why_it_came_back(spel):
    staat = ingediend(spel)
    services.beoordeel_regels(staat, besluiten={1: Besluit(0, "Privé.")}, door=spel.w.bea)
    services.stuur_kostenstaat_terug(staat, opmerking="Kijk regel 1 na.", door=spel.w.bea)
    an = browser(spel.w.an)
    werk = keur(an.get(url("mijn_werk"))).tekst
    assert f"Kostenstaat 1 van {spel.dossier.nummer} verbeteren en opnieuw indienen" in werk
    p = keur(an.get(url("kostenstaat", staat.pk)))
    assert "Kijk regel 1 na." in p.tekst and "Verworpen. Privé." in p.tekst


def test_all_lines_of_a_page_at_once(spel):
    staat = ingediend(spel, 1_00, 2_00, 3_00)
    browser(spel.w.bea).post(
        url("kostenstaat", staat.pk), {"daad": "beoordeel", "regels": ["1", "2", "3"], "oordeel": "aanvaard"}
    )
    assert nummers(staat, oordeel="aanvaard") == [1, 2, 3]
    assert alles(staat).keys() == {1, 2, 3}
