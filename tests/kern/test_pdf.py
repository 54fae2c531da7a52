"""The house style: tagged, with embedded fonts, whole, and the same bytes for the same document."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kern.pdf import Alinea, Bedrag, Feiten, Kolom, Kop, Melding, Stuk, Tabel, Vast, maak
from kern.pdf.letters import GEWOON, VAST, breedte, breek, letter, zichtbaar
from kern.pdf.zetter import LINKS, ONDER, RECHTS
from tests.pdflezer import SIER, Gelezen

STUK = Stuk(
    titel="U krijgt een subsidie",
    afzender="Vlaamse overheid, Departement Welzijn",
    kenmerk="ZB-00001",
    moment=datetime(2022, 2, 1, 13, 0, 5, tzinfo=UTC),
    aan=("Aartselaar", "Ondernemingsnummer 0207.508.932"),
    gegevens=(("Datum", "1 februari 2022"),),
    blokken=(
        Melding("Nog niet verstuurd."),
        Alinea("Eerste alinea.\nTweede regel.\n\nTweede alinea."),
        Bedrag("Toegekend", "€\u00a01.234,56"),
        Kop("De beslissing"),
        Feiten((("Besluit", "MB-1"), ("Genomen door", "de minister"))),
        Tabel(
            (Kolom("Post", 3), Kolom("Bedrag", 1, getal=True)),
            (("Kost A", "10,00"), ("Kost B", "2,50")),
            ("Samen", "12,50"),
        ),
        Kop("Bewijs"),
        Vast("Vingerafdruk", "ab" * 60),
        Alinea("Klein gedrukt.", klein=True),
    ),
)


def met(*blokken, **anders):
    return Gelezen(maak(replace(STUK, blokken=blokken, **anders)))


def test_everything_is_read_in_order_with_its_role():
    assert Gelezen(maak(STUK)).elementen() == [
        ("P", "Oproepenloket"),
        ("P", "Vlaamse overheid, Departement Welzijn"),
        ("P", "Aartselaar"),
        ("P", "Ondernemingsnummer 0207.508.932"),
        ("TH", "Kenmerk"),
        ("TD", "ZB-00001"),
        ("TH", "Datum"),
        ("TD", "1 februari 2022"),
        ("H1", "U krijgt een subsidie"),
        ("P", "Nog niet verstuurd."),
        ("P", "Eerste alinea. Tweede regel."),
        ("P", "Tweede alinea."),
        ("P", "Toegekend: € 1.234,56"),
        ("H2", "De beslissing"),
        ("TH", "Besluit"),
        ("TD", "MB-1"),
        ("TH", "Genomen door"),
        ("TD", "de minister"),
        ("TH", "Post"),
        ("TH", "Bedrag"),
        ("TH", "Kost A"),
        ("TD", "10,00"),
        ("TH", "Kost B"),
        ("TD", "2,50"),
        ("TH", "Samen"),
        ("TD", "12,50"),
        ("H2", "Bewijs"),
        ("P", "Vingerafdruk"),
        ("P", "ab" * 60),
        ("P", "Klein gedrukt."),
    ]


def test_the_tree_is_a_tree_that_the_pages_point_back_into():
    gelezen = Gelezen(maak(STUK))
    boom = gelezen.wortel["/StructTreeRoot"]
    assert (boom["/Type"], boom["/K"]["/S"], boom["/K"]["/Lang"]) == ("/StructTreeRoot", "/Document", "nl-BE")
    nummers = boom["/ParentTree"]["/Nums"]
    assert list(nummers[::2]) == list(range(len(gelezen.pdf.pages)))
    for blad, ouders in zip(gelezen.pdf.pages, nummers[1::2], strict=True):
        assert nummers[2 * int(blad["/StructParents"])] == blad["/StructParents"]
        merken = {iets.merk for iets in gelezen.getoond if iets.blad == blad.page_number and iets.merk != SIER}
        assert merken == set(range(len(ouders)))
        for nummer, element in enumerate(ouders):
            assert nummer in element.get_object()["/K"]
        assert blad["/Tabs"] == "/S"
        assert "/Trans" not in blad


def test_a_head_of_a_table_says_of_what():
    (tabel,) = [e for e in _alle(met(STUK.blokken[5]).wortel["/StructTreeRoot"]["/K"]) if len(e["/K"]) == 4]
    kop, rij = tabel["/K"][0].get_object(), tabel["/K"][1].get_object()
    assert [cel.get_object()["/A"]["/Scope"] for cel in kop["/K"]] == ["/Column", "/Column"]
    assert rij["/K"][0].get_object()["/A"] == {"/O": "/Table", "/Scope": "/Row"}
    assert "/A" not in rij["/K"][1].get_object()


def _alle(knoop):
    knoop = knoop.get_object()
    yield knoop
    for kind in knoop["/K"]:
        if not isinstance(kind.get_object(), int) and kind.get_object().get("/Type") == "/StructElem":
            yield from _alle(kind)


def test_nothing_is_drawn_that_is_neither_read_nor_decoration():
    gelezen = Gelezen(maak(STUK))
    assert {iets.merk for iets in gelezen.getoond if iets.tekst is None} == {SIER}
    assert None not in {iets.merk for iets in gelezen.getoond}


def test_every_font_is_embedded_and_ours():
    assert Gelezen(maak(STUK)).letters() == {
        "/AAAAAA+DejaVuSans": True,
        "/AAAAAA+DejaVuSans-Bold": True,
        "/AAAAAA+DejaVuSansMono": True,
    }
    assert b"Helvetica" not in maak(STUK)


def test_the_file_tells_title_language_sender_and_the_date_of_the_fact():
    gelezen = Gelezen(maak(STUK))
    gegevens = gelezen.pdf.metadata
    assert (gegevens.title, gegevens.author, gegevens.subject) == (STUK.titel, STUK.afzender, STUK.kenmerk)
    assert gegevens.creation_date == gegevens.modification_date == STUK.moment
    wortel = gelezen.wortel
    assert (wortel["/Lang"], wortel["/MarkInfo"]["/Marked"]) == ("nl-BE", True)
    assert wortel["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712  a PDF object
    xmp = wortel["/Metadata"].get_data().decode()
    assert "<rdf:li>nl-BE</rdf:li>" in xmp and STUK.titel in xmp and "2022-02-01T13:00:05Z" in xmp
    assert "pdfuaid" not in xmp, "conformance is not checked, so not claimed"


def test_the_outline_is_that_of_the_headings():
    titel, onder = Gelezen(maak(STUK)).pdf.outline
    assert (titel["/Title"], [kop["/Title"] for kop in onder]) == (STUK.titel, ["De beslissing", "Bewijs"])


def test_the_same_document_gives_the_same_bytes():
    assert maak(STUK) == maak(replace(STUK))
    anders = [replace(STUK, moment=datetime(2022, 2, 1, 13, 0, 6, tzinfo=UTC)), replace(STUK, kenmerk="ZB-00002")]
    assert len({maak(stuk) for stuk in (STUK, *anders)}) == 3


@pytest.mark.parametrize("omgeving", [{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"SOURCE_DATE_EPOCH": "1700000000"}])
def test_another_process_gives_the_same_bytes(omgeving):
    opdracht = (
        "import hashlib; from tests.kern.test_pdf import STUK, maak; print(hashlib.sha256(maak(STUK)).hexdigest())"
    )
    klaar = subprocess.run(
        [sys.executable, "-c", opdracht], env={**os.environ, **omgeving}, capture_output=True, text=True, check=True
    )
    assert klaar.stdout.strip() == hashlib.sha256(maak(STUK)).hexdigest()


def test_a_text_of_pages_is_one_paragraph_and_loses_nothing():
    woorden = [f"woord{i}" for i in range(3000)]
    gelezen = met(Kop("Lang"), Alinea(" ".join(woorden)), Kop("Slot"), Alinea("Einde."))
    assert ("P", " ".join(woorden)) in gelezen.elementen()
    aantal = len(gelezen.pdf.pages)
    assert aantal > 3
    for nummer in range(aantal):
        assert f"blz. {nummer + 1} van {aantal}" in gelezen.sier(nummer)
        if nummer:
            assert gelezen.sier(nummer)[:2] == [STUK.afzender, STUK.kenmerk]


@pytest.mark.parametrize("regels", range(1, 60, 3))
def test_no_heading_and_no_line_of_a_paragraph_stands_alone(regels):
    vul = Alinea("\n".join(f"vul {i}" for i in range(regels)))
    gelezen = met(vul, Kop("Kop onderaan"), Alinea("een\ntwee\ndrie\nvier"))
    waar = {iets.tekst.strip(): iets.blad for iets in gelezen.getoond if iets.tekst}
    assert waar["Kop onderaan"] == waar["een"] == waar["twee"]
    assert waar["drie"] == waar["vier"]


def test_a_table_of_pages_repeats_its_head_as_decoration_and_keeps_its_totals_company():
    rijen = tuple((f"Post {i}", f"{i},00") for i in range(100))
    gelezen = met(Tabel((Kolom("Omschrijving", 3), Kolom("Bedrag", 1, getal=True)), rijen, ("Totaal", "4950,00")))
    aantal = len(gelezen.pdf.pages)
    assert aantal > 2
    assert [t for s, t in gelezen.elementen("TH") if t == "Omschrijving"] == ["Omschrijving"]
    assert all("Omschrijving" in gelezen.sier(nummer) for nummer in range(1, aantal))
    laatste = [iets.tekst for iets in gelezen.getoond if iets.blad == aantal - 1 and isinstance(iets.merk, int)]
    assert "Post 99" in laatste and "Totaal" in laatste
    assert [t for s, t in gelezen.elementen("TD")][-1] == "4950,00"


def test_a_row_that_is_longer_than_a_page_is_not_cut_off():
    lang = "\n".join(f"regel {i}" for i in range(150))
    gelezen = met(Tabel((Kolom("Naam", 1), Kolom("Tekst", 1)), (("A", lang),)), Feiten((("Feit", lang),)))
    assert gelezen.tekst.count("regel 149") == 2
    eis_binnen_de_rand(gelezen)


def eis_binnen_de_rand(gelezen):
    for iets in gelezen.getoond:
        if iets.tekst and iets.tekst.strip() and iets.merk != SIER:
            einde = iets.x + breedte(iets.tekst.rstrip(), iets.letter, iets.grootte)
            assert iets.x >= LINKS - 0.1, iets
            assert einde <= RECHTS + 0.1, iets
            assert iets.y >= ONDER - 1, iets


@pytest.mark.parametrize("titel", ["W" * 200, "Een heel lange titel " * 10, "é" * 200])
def test_a_very_long_title_sender_and_address_stay_within_the_margins(titel):
    cel = (titel, titel)
    gelezen = met(
        Kop(titel), Bedrag("Bedrag", "€ 1"), Feiten((cel,)), Tabel((Kolom("A", 3), Kolom("B", 1, getal=True)), (cel,)),
        Vast(titel, titel), Melding(titel), titel=titel, aan=(titel, titel), gegevens=((titel, titel),),
    )  # fmt: skip
    eis_binnen_de_rand(gelezen)
    zonder = gelezen.tekst.replace(" ", "")
    assert zonder.count(titel.replace(" ", "")) == 13


@pytest.mark.parametrize(
    ("tekst", "gezien"),
    [
        ("é ë ç ș ł ğ Ω ж", "é ë ç ș ł ğ Ω ж"),
        ("e\u0301", "é"),
        ("€\u00a01 en \u202f2", "€\u00a01 en \u00a02"),
        ("“aan­hef” – ‘x’ …", "“aanhef” – ‘x’ …"),
        ("😀", "[U+1F600]"),
        ("👩‍👧", "[U+1F469][U+1F467]"),
        ("❤️", "❤"),
        ("𝐁𝐮𝐮𝐫𝐭", "Buurt"),
        ("中", "[U+4E2D]"),
        ("a\tb\u2003c\u200bd\u202ee\x07", "a b cde"),
        ("<b>&amp;</b> (\\)", "<b>&amp;</b> (\\)"),
        ("", ""),
    ],
)
def test_every_character_is_seen(tekst, gezien):
    assert zichtbaar(tekst, GEWOON) == gezien
    if gezien.strip():
        assert ("P", " ".join(gezien.replace("\u00a0", " ").split())) in met(Alinea(tekst)).elementen()


def test_the_font_of_hashes_replaces_what_it_does_not_have():
    assert 0x1F600 not in letter(VAST).face.charToGlyph
    assert zichtbaar("a中b", VAST) == "a[U+4E2D]b"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400), st.floats(20, 500))
def test_lines_hold_all_words_and_fit(tekst, ruimte):
    schoon = zichtbaar(tekst, GEWOON)
    regels = breek(schoon, GEWOON, 9.5, ruimte)
    terug = "".join(f"{regel} " if spatie else regel for regel, spatie in regels)
    assert terug == " ".join(woord for woord in schoon.split(" ") if woord)
    assert all(breedte(regel, GEWOON, 9.5) <= ruimte + 0.01 or len(regel) == 1 for regel, _ in regels)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_any_text_can_be_set_and_read_back(tekst):
    gelezen = met(Alinea(tekst), Tabel((Kolom("Naam", 1), Kolom("Tekst", 1)), (("A", tekst),)))
    regels = [zichtbaar(regel, GEWOON) for regel in tekst.splitlines()]
    verwacht = "".join("".join(regels).split())
    assert "".join(t for s, t in gelezen.elementen("TD")[2:]).replace(" ", "") == verwacht
    eis_binnen_de_rand(gelezen)


def test_an_empty_text_is_a_dash():
    assert ("P", "–") in met(Alinea(" \n\n ")).elementen()
