"""The writer of sheets: what stands in a cell, of which type, and that nothing typed becomes a formula."""

import gc
import os
import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kern import geld, klok, werkblad
from kern.resources import (
    CentWidget,
    DagWidget,
    GetalWidget,
    HonderdstenWidget,
    Kolom,
    MomentWidget,
    Rekenblad,
)
from kern.werkblad import Blad
from tests.hulp import weigering

NU = klok.brussel(2022, 2, 1, 14, 5)
# Straight after the end of summer time: 02.30 in Brussels for the second time, 01.30 in UTC.
WINTERUUR = datetime(2021, 10, 31, 1, 30, 45, 999_999, tzinfo=UTC)
# What a person could type to make a sheet program do something.
FORMULES = [
    "=1+1",
    '=HYPERLINK("https://voorbeeld.test/?x="&A1,"klik")',
    "+32 2 123 45 67",
    "-2+3",
    "@SUM(A1:A9)",
    "=cmd|'/c calc'!A0",
    "\t=1+1",
    "#N/A",
    "=",
]


class Proefblad(Rekenblad):
    naam = Kolom("naam", "Naam")
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget(), uitleg="In euro.")
    extra_cent = Kolom("extra_cent", "Extra", CentWidget())
    dag = Kolom("dag", "Dag", DagWidget())
    moment = Kolom("moment", "Moment", MomentWidget())
    score = Kolom("score", "Score", HonderdstenWidget())
    rang = Kolom("rang", "Rang", GetalWidget())
    lang = Kolom("lang", "Lange tekst", breedte=60)


LEEG = dict.fromkeys(("naam", "bedrag_cent", "extra_cent", "dag", "moment", "score", "rang", "lang"))
RIJ = {
    "naam": "Aartselaar",
    "bedrag_cent": 123_456_789_01,
    "extra_cent": -5,
    "dag": date(2022, 2, 28),
    "moment": WINTERUUR,
    "score": 8333,
    "rang": 2,
    "lang": "Eén\ntwee",
}


class Rij:
    def __init__(self, **velden: Any) -> None:
        vars(self).update(velden)


def rij(**velden: Any) -> Rij:
    return Rij(**{**LEEG, **velden})


def blad(*rijen: Any, **opties: Any) -> Blad:
    return Blad("Proef", "Proef: alles", Proefblad(), iter(rijen), **opties)


def xlsx(van: Blad) -> bytes:
    bestand = BytesIO()
    werkblad.schrijf_xlsx(van, bestand)
    return bestand.getvalue()


def lees(van: Blad, **opties: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(xlsx(van)), **opties)


def csv(van: Blad) -> str:
    bestand = BytesIO()
    werkblad.schrijf_csv(van, bestand)
    ruw = bestand.getvalue()
    assert ruw.startswith(b"\xef\xbb\xbf")
    return ruw.decode("utf-8-sig")


@pytest.fixture(autouse=True)
def _op_1_februari() -> None:
    klok.zet(NU)


def test_cells_have_their_value_type_and_format():
    tab = lees(blad(rij(**RIJ)))["Proef"]
    assert [(c.value, c.data_type, c.number_format) for c in tab[2]] == [
        ("Aartselaar", "s", "@"),
        (123456789.01, "n", "[$€-813]\\ #,##0.00"),
        (-0.05, "n", "[$€-813]\\ #,##0.00"),
        (datetime(2022, 2, 28), "d", "dd/mm/yyyy"),  # noqa: DTZ001  a sheet knows no zones
        (datetime(2021, 10, 31, 2, 30, 45), "d", "dd/mm/yyyy\\ hh:mm"),  # noqa: DTZ001
        (83.33, "n", "0.00"),
        (2, "n", "0"),
        ("Eén\ntwee", "s", "@"),
    ]


def test_an_amount_is_written_to_the_cent_up_to_the_highest():
    for cent in (1, 10, 995, 100_10, 123_456_789_99, 10**13, -(10**13) + 1, 0):
        with zipfile.ZipFile(BytesIO(xlsx(blad(rij(bedrag_cent=cent))))) as archief:
            inhoud = archief.read("xl/worksheets/sheet1.xml").decode()
        geschreven = inhoud.split('r="B2"')[1].split("<v>")[1].split("</v>")[0]
        assert geschreven == str(geld.euro(cent))


def test_what_is_empty_stays_empty():
    tab = lees(blad(rij(naam=""), rij(naam="x")))["Proef"]
    assert [c.value for c in tab[2]] == [None] * 8
    assert tab.max_row == 3  # no amounts, so no totals


@pytest.mark.parametrize("tekst", FORMULES)
def test_text_is_never_a_formula(tekst: str):
    cel = lees(blad(rij(naam=tekst, lang=tekst)))["Proef"]["A2"]
    assert (cel.value, cel.data_type) == (tekst, "s")
    with zipfile.ZipFile(BytesIO(xlsx(blad(rij(naam=tekst), getoond=[("Zoek", tekst)])))) as archief:
        assert all(b"<f>" not in archief.read(naam) for naam in archief.namelist())


def test_a_filter_that_looks_like_a_formula_is_shown_as_text():
    cel = lees(blad(getoond=[("=Zoek", "=1+1")]))["Toelichting"]["B4"]
    assert (cel.value, cel.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("tekst", "in_blad"),
    [
        ("bel\x07 en \x0b en \x1f", "bel\ufffd en \ufffd en \ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("half \ud800", "half \ufffd"),
        ("_x0041_ en _x_", "_x005F_x0041_ en _x_"),  # a sheet program reads _x0041_ as A
        ("  ruimte  ", "  ruimte  "),
        ("<a href='x'>&amp;</a>", "<a href='x'>&amp;</a>"),
        ("é 😀 ﬁ", "é 😀 ﬁ"),
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_763 + " […]"[-4:]),
    ],
)
def test_every_text_gives_a_file_that_opens(tekst: str, in_blad: str):
    assert lees(blad(rij(lang=tekst)))["Proef"]["H2"].value == in_blad


def test_heading_is_bold_frozen_and_filtered():
    tab = lees(blad(rij(**RIJ), rij(**RIJ)))["Proef"]
    koppen = ["Naam", "Bedrag", "Extra", "Dag", "Moment", "Score", "Rang", "Lange tekst"]
    assert [c.value for c in tab[1]] == koppen
    assert all(c.font.bold and c.font.name == "Calibri" for c in tab[1])
    assert (tab.freeze_panes, tab.auto_filter.ref, tab.print_title_rows) == ("A2", "A1:H3", "$1:$1")
    assert [tab.column_dimensions[k].width for k in "ABDH"] == [20, 17, 15, 60]
    assert tab["H2"].alignment.wrap_text and tab.row_dimensions[2].height == 30
    assert not tab["A2"].alignment.wrap_text


def test_totals_are_formulas_with_their_outcome():
    rijen = [rij(**{**RIJ, "bedrag_cent": cent, "extra_cent": None}) for cent in (10, 20, 5)]
    inhoud = xlsx(blad(*rijen))
    tab = openpyxl.load_workbook(BytesIO(inhoud))["Proef"]
    assert [(c.value, c.data_type) for c in tab[5]][:3] == [
        ("Totaal", "s"),
        ("=SUBTOTAL(109,B2:B4)", "f"),
        (None, "n"),  # nothing to add up
    ]
    assert tab["B5"].number_format == "[$€-813]\\ #,##0.00" and tab["B5"].font.bold
    # What a preview shows, that does not calculate itself.
    assert openpyxl.load_workbook(BytesIO(inhoud), data_only=True)["Proef"]["B5"].value == 0.35
    assert tab.auto_filter.ref == "A1:H4"


def test_only_some_rows_add_up():
    rijen = [rij(naam=naam, bedrag_cent=cent) for naam, cent in (("Oproep", 1000), ("Luik", 400), ("Oproep", 5))]
    inhoud = xlsx(blad(*rijen, telt=("Naam", "Oproep"), totaal="Alles", nadruk=lambda r: r.naam == "Oproep"))
    tab = openpyxl.load_workbook(BytesIO(inhoud))["Proef"]
    assert (tab["A5"].value, tab["B5"].value) == ("Alles", '=SUMIF(A2:A4,"Oproep",B2:B4)')
    assert openpyxl.load_workbook(BytesIO(inhoud), data_only=True)["Proef"]["B5"].value == 10.05
    assert [bool(tab[f"A{i}"].font.bold) for i in (2, 3, 4)] == [True, False, True]
    # A row that stands out does so over its whole width, and the next one does not.
    assert [tab[f"D{i}"].fill.fill_type for i in (2, 3, 4)] == ["solid", None, "solid"]


def test_a_sheet_without_rows_has_its_heading():
    boek = lees(blad())
    assert [[c.value for c in r] for r in boek["Proef"].rows][1:] == []
    assert boek["Proef"].auto_filter.ref == "A1:H1"
    assert boek["Toelichting"]["B5"].value == 0
    assert csv(blad()) == "Naam;Bedrag;Extra;Dag;Moment;Score;Rang;Lange tekst\r\n"


def test_the_second_sheet_tells_what_is_shown_and_when():
    boek = lees(blad(rij(**RIJ), getoond=[("Status", "Te controleren"), ("Jaar", "alle jaren")]))
    assert boek.sheetnames == ["Proef", "Toelichting"]
    assert [tuple(c.value for c in r) for r in boek["Toelichting"].iter_rows(max_col=2)] == [
        ("Proef: alles", None),
        (None, None),
        ("Gemaakt op", datetime(2022, 2, 1, 14, 5)),  # noqa: DTZ001
        ("Status", "Te controleren"),
        ("Jaar", "alle jaren"),
        ("Aantal rijen", 1),
        (None, None),
        ("Kolommen", None),
        ("Bedrag", "In euro."),
    ]
    assert lees(blad())["Toelichting"]["B4"].value == "alles"
    assert boek.properties.title == "Proef: alles"


def test_a_tab_gets_a_name_that_is_allowed():
    boek = lees(Blad("Scores: [a/b]? *en meer dan eenendertig tekens*", "Titel", Proefblad(), []))
    assert boek.sheetnames[0] == "Scores   a b    en meer dan een"


def test_csv_is_read_in_flanders():
    assert csv(blad(rij(**RIJ), rij(naam="Boom; Niel", bedrag_cent=-100_000_00))) == (
        "Naam;Bedrag;Extra;Dag;Moment;Score;Rang;Lange tekst\r\n"
        'Aartselaar;123.456.789,01;-0,05;2022-02-28;2021-10-31 02:30:45;83,33;2;"Eén\ntwee"\r\n'
        '"Boom; Niel";-100.000,00;;;;;;\r\n'
    )


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_text_that_could_run_gets_an_apostrophe(begin: str):
    import csv as lezer

    regels = list(lezer.reader(csv(blad(rij(naam=f"{begin}1+1", bedrag_cent=-1))).splitlines(True), delimiter=";"))
    assert regels[1][:2] == [f"'{begin}1+1", "-0,01"]


def test_csv_takes_a_half_character():
    assert csv(blad(rij(naam="half \ud800"))).splitlines()[1] == "half ?;;;;;;;"


@pytest.mark.parametrize("schrijf", [werkblad.schrijf_xlsx, werkblad.schrijf_csv])
def test_rows_are_not_kept(schrijf: Any):
    """At no moment more than a few rows of the source are alive."""
    levend: list[int] = []

    def bron() -> Iterator[Any]:
        verwijzingen = []
        for i in range(300):
            nieuw = rij(**{**RIJ, "rang": i})
            verwijzingen.append(weakref.ref(nieuw))
            levend.append(sum(r() is not None for r in verwijzingen))
            yield nieuw

    schrijf(Blad("Proef", "Proef", Proefblad(), bron()), BytesIO())
    assert max(levend) <= 3


def test_too_many_rows_for_a_sheet(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(werkblad, "MEESTE_RIJEN", 5)
    assert lees(blad(*[rij(bedrag_cent=1)] * 3))["Proef"].max_row == 5
    zin = "Dit zijn meer rijen dan een rekenblad kan bevatten. Neem ze als csv, of toon er minder."
    with weigering("te_veel_rijen", zin):
        xlsx(blad(*[rij(bedrag_cent=1)] * 4))
    assert csv(blad(*[rij()] * 4)).count("\r\n") == 5


@pytest.fixture
def tijdelijk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send temporary files to a folder that the test can look at."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def struikel() -> Iterator[Any]:
    yield rij(**RIJ)
    raise RuntimeError("databank weg")


@pytest.mark.parametrize("formaat", ["xlsx", "csv"])
def test_no_temporary_file_stays(tijdelijk: Path, formaat: str):
    antwoord = werkblad.als_antwoord(blad(rij(**RIJ)), formaat)
    antwoord.file_to_stream.close()
    with pytest.raises(RuntimeError, match="databank weg"):
        werkblad.als_antwoord(Blad("Proef", "Proef", Proefblad(), struikel()), formaat)
    gc.collect()
    assert list(tijdelijk.iterdir()) == []


@pytest.mark.parametrize(
    ("formaat", "naam", "soort"),
    [
        ("xlsx", "x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "x.csv", "text/csv; charset=utf-8"),
        ("", "x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("../../etc", "x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_response_is_a_download(formaat: str, naam: str, soort: str):
    antwoord = werkblad.als_antwoord(blad(rij(**RIJ)), formaat)
    inhoud = antwoord.getvalue()
    antwoord.file_to_stream.close()
    assert antwoord["Content-Disposition"] == f'attachment; filename="proef-alles-2022-02-01{naam[1:]}"'
    assert (antwoord["Content-Type"], antwoord["Content-Length"]) == (soort, str(len(inhoud)))
    assert antwoord["Cache-Control"] == "no-store"
    assert inhoud.startswith(b"PK" if naam == "x.xlsx" else b"\xef\xbb\xbfNaam;")


@pytest.mark.parametrize("naam", ["uit.xlsx", "uit.CSV"])
def test_a_file_is_kept_as_a_whole_or_not_at_all(tmp_path: Path, naam: str):
    pad = tmp_path / naam
    assert werkblad.bewaar(blad(rij(**RIJ), rij()), pad) == 2
    oud = pad.read_bytes()
    with pytest.raises(RuntimeError):
        werkblad.bewaar(Blad("Proef", "Proef", Proefblad(), struikel()), pad)
    assert pad.read_bytes() == oud
    werkblad.bewaar(blad(), pad)
    assert pad.read_bytes() != oud
    assert [p.name for p in tmp_path.iterdir()] == [naam]
    assert oct(pad.stat().st_mode & 0o777) == oct(0o666 & ~_umask())


def _umask() -> int:
    oud = os.umask(0o022)
    os.umask(oud)
    return oud


def test_a_moment_is_brussels_in_summer_and_winter():
    toon = MomentWidget().render
    assert toon(datetime(2022, 7, 1, 22, 0, tzinfo=UTC)) == "2022-07-02 00:00:00"
    assert toon(datetime(2022, 1, 1, 22, 0, tzinfo=UTC) + timedelta(hours=1)) == "2022-01-02 00:00:00"
