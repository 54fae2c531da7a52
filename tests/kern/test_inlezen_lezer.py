"""Reading a sheet that comes back: limits first, every refusal a sentence, every cell with its place."""

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.handlers.wsgi import WSGIRequest

from kern import klok, werkblad
from kern.inlezen import lezer
from kern.inlezen.lezer import Tabel, lees
from kern.inlezen.rijen import Celfout
from kern.resources import CentWidget, DagWidget, Kolom, Rekenblad
from tests.hulp import weigering

UUR = datetime.fromisoformat("2022-02-28T09:00:00")
ONLEESBAAR = "Dit bestand kan niet gelezen worden. Bewaar het als .xlsx of .csv en probeer opnieuw."
GEEN_BLAD = "Dit bestand is geen rekenblad: kies .xlsx of .csv."
BOM = "Uitgepakt is dit bestand te groot om veilig te lezen. Splits het, of bewaar het als .csv."


def xlsx(*rijen: list[Any], maak: Callable[[Any], Any] | None = None) -> bytes:
    boek = openpyxl.Workbook()
    tab = boek.active
    for rij in rijen:
        tab.append(rij)
    if maak is not None:
        maak(tab)
    uit = BytesIO()
    boek.save(uit)
    return uit.getvalue()


def gelezen(inhoud: bytes) -> Tabel:
    return lees(BytesIO(inhoud))


def een(waarde: Any) -> Any:
    """Return the one cell under a heading, as a row."""

    def zet(tab: Any) -> None:
        tab["A2"] = waarde
        if isinstance(waarde, str):
            tab["A2"].data_type = "s"

    return gelezen(xlsx(["Waarde"], maak=zet)).rijen[0]


def deel_vervangen(inhoud: bytes, naam: str, nieuw: bytes, *, methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the same zip with another content for one part."""
    uit = BytesIO()
    with zipfile.ZipFile(BytesIO(inhoud)) as bron, zipfile.ZipFile(uit, "w", methode) as doel:
        for deel in bron.namelist():
            doel.writestr(deel, nieuw if deel == naam else bron.read(deel))
        if naam not in bron.namelist():
            doel.writestr(naam, nieuw)
    return uit.getvalue()


# --- what a cell says ---


@pytest.mark.parametrize(
    ("waarde", "cent"),
    [
        ("1.234,56", 123456),
        ("1234.56", 123456),
        ("1 234,56", 123456),
        ("1.234.567", 123456700),
        (1234.5, 123450),
        (0.1, 10),
        (-3, -300),
        (Decimal("9.95"), 995),
        ("", None),
        ("  ", None),
    ],
)
def test_an_amount_that_is_read_in_one_way(waarde: Any, cent: int | None):
    if waarde in {"", "  "}:
        assert gelezen(xlsx(["Waarde", "B"], [waarde, "x"])).rijen[0].cent("Waarde") == cent
    else:
        assert een(waarde).cent("waarde") == cent


TWEE = "Cel A2: het bedrag '{}' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."
FORMULE = "Cel A2: hier staat een formule (=1+1). Plak de uitkomst als waarde."
DATUMVORM = "Schrijf ze als dd/mm/jjjj of jjjj-mm-dd."


@pytest.mark.parametrize(
    ("waarde", "zin"),
    [
        ("1.234", TWEE.format("1.234")),
        ("1,234", TWEE.format("1,234")),
        ("-12,345", TWEE.format("-12,345")),
        ("1,234.56", "Cel A2: het bedrag '1,234.56' kan niet gelezen worden. Schrijf het als 1.234,56."),
        ("12,3456", "Cel A2: een bedrag heeft hoogstens twee cijfers na de komma."),
        (12.345, "Cel A2: een bedrag heeft hoogstens twee cijfers na de komma."),
        (True, "Cel A2: dit bedrag kan niet gelezen worden."),
        (date(2022, 2, 1), "Cel A2: dit bedrag kan niet gelezen worden."),
        (1e20, "Cel A2: dit bedrag is te groot."),
        ("=1+1", "Cel A2: het bedrag '=1+1' kan niet gelezen worden. Schrijf het als 1.234,56."),
        ("veel", "Cel A2: het bedrag 'veel' kan niet gelezen worden. Schrijf het als 1.234,56."),
    ],
)
def test_an_amount_that_is_not(waarde: Any, zin: str):
    with pytest.raises(Celfout) as gevangen:
        een(waarde).cent("Waarde")
    assert (gevangen.value.code, gevangen.value.zin, gevangen.value.cel) == ("cel_ongeldig", zin, "A2")


@pytest.mark.parametrize("waarde", ["28/02/2022", "2022-02-28", " 2022-02-28 ", date(2022, 2, 28), UUR.replace(hour=0)])
def test_a_day(waarde: Any):
    assert een(waarde).dag("Waarde") == date(2022, 2, 28)


def test_a_day_first_as_flemings_write_it():
    assert een("3/04/2022").dag("Waarde") == date(2022, 4, 3)


@pytest.mark.parametrize(
    ("waarde", "zin"),
    [
        ("03-04-2022", f"Cel A2: de datum '03-04-2022' kan niet op één manier gelezen worden. {DATUMVORM}"),
        ("03/04/22", f"Cel A2: de datum '03/04/22' kan niet op één manier gelezen worden. {DATUMVORM}"),
        ("2022/04/03", f"Cel A2: de datum '2022/04/03' kan niet op één manier gelezen worden. {DATUMVORM}"),
        ("1 maart", f"Cel A2: de datum '1 maart' kan niet op één manier gelezen worden. {DATUMVORM}"),
        ("02/28/2022", f"Cel A2: de datum '02/28/2022' bestaat niet. {DATUMVORM}"),
        ("2022-02-30", f"Cel A2: de datum '2022-02-30' bestaat niet. {DATUMVORM}"),
        (44620, f"Cel A2: 44620 is geen datum. {DATUMVORM}"),
        (UUR, "Cel A2: hier staat ook een uur: 28/02/2022 09:00. Vul alleen de dag in."),
    ],
)
def test_a_day_that_is_none(waarde: Any, zin: str):
    with pytest.raises(Celfout) as gevangen:
        een(waarde).dag("Waarde")
    assert gevangen.value.zin == zin


@pytest.mark.parametrize(("waarde", "getal"), [(2022, 2022), (2022.0, 2022), ("2022", 2022), ("-1", -1)])
def test_a_whole_number(waarde: Any, getal: int):
    assert een(waarde).heel("Waarde") == getal


@pytest.mark.parametrize("waarde", [2022.5, "tweeduizend", "２０２２", True, "1" * 19])
def test_a_number_that_is_not_whole(waarde: Any):
    with pytest.raises(Celfout, match=r"^Cel A2: '.+' is geen geheel getal\.$"):
        een(waarde).heel("Waarde")


GEVAARLIJK = ['=HYPERLINK("x")', "+32 2", "-2+3", "@SUM(A1)", "\t=1+1", "=", "_x0041_", "a_x005F_b"]


class Blad(Rekenblad):
    tekst = Kolom("tekst", "Tekst")
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget())
    dag = Kolom("dag", "Dag", DagWidget())


class Rij:
    def __init__(self, tekst: str) -> None:
        self.tekst, self.bedrag_cent, self.dag = tekst, 123456, date(2022, 2, 28)


@pytest.mark.parametrize("formaat", ["xlsx", "csv"])
@pytest.mark.parametrize("tekst", GEVAARLIJK)
def test_our_own_sheets_come_back_as_they_left(formaat: str, tekst: str):
    klok.zet(klok.brussel(2022, 3, 1))
    uit = BytesIO()
    werkblad.FORMATEN[formaat][0](werkblad.Blad("Blad", "Blad", Blad(), [Rij(tekst)]), uit)
    tabel = gelezen(uit.getvalue())
    rij, *rest = tabel.rijen
    assert (rij.tekst("Tekst"), rij.cent("Bedrag"), rij.dag("Dag")) == (tekst.strip(), 123456, date(2022, 2, 28))
    assert [r.is_totaal() for r in rest] == ([True] if formaat == "xlsx" else [])
    assert list(tabel.koppen.values()) == ["Tekst", "Bedrag", "Dag"] and tabel.kopregel == 1


def test_a_formula_is_refused_where_it_is_read_and_passed_over_elsewhere():
    rij = gelezen(xlsx(["Waarde", "Ander"], ["=1+1", "=A2"])).rijen[0]
    for lees_cel in (rij.tekst, rij.cent, rij.dag, rij.heel):
        with pytest.raises(Celfout) as gevangen:
            lees_cel("Waarde")
        assert gevangen.value.zin == FORMULE


def test_an_error_of_a_sheet_is_no_text():
    with pytest.raises(Celfout, match=r"^Cel A2: hier staat de foutwaarde #N/A\.$"):
        gelezen(xlsx(["Waarde"], ["#N/A"])).rijen[0].tekst("Waarde")


def test_a_number_in_a_column_of_text():
    assert een(207508932).tekst("Waarde") == "207508932" and een(12.0).tekst("Waarde") == "12"
    for waarde in (12.5, True, date(2022, 2, 1)):
        with pytest.raises(Celfout, match=r"^Cel A2: hier hoort een tekst\.$"):
            een(waarde).tekst("Waarde")


def test_a_cell_is_named_by_its_place_also_when_it_is_empty():
    rij = gelezen(xlsx([], ["A", "B"], [], ["x"])).rijen[0]
    assert (rij.nummer, rij.cel("b"), rij.cel("C"), rij.heeft("c")) == (4, "B4", "", False)


# --- csv ---


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("scheiding", [";", ","])
@pytest.mark.parametrize("einde", ["\n", "\r\n"])
def test_csv_as_programs_write_it(codering: str, scheiding: str, einde: str):
    regels = [["Naam", "Bedrag"], ["Café; de, Brug", "1.234,56"], ["", ""], ["Tweede\nregel", "7"]]
    tekst = einde.join(scheiding.join(f'"{cel}"' for cel in regel) for regel in regels)
    rijen = gelezen(tekst.encode(codering)).rijen
    assert [(r.nummer, r.tekst("Naam"), r.cent("Bedrag")) for r in rijen] == [
        (2, "Café; de, Brug", 123456),
        (4, "Tweede\nregel", 700),
    ]


# --- whole files that are refused ---


def _te_veel_delen() -> bytes:
    uit = BytesIO()
    with zipfile.ZipFile(uit, "w") as archief:
        for i in range(lezer.MEESTE_DELEN + 1):
            archief.writestr(f"{i}", b"")
    return uit.getvalue()


def _met_entiteit(naam: str) -> bytes:
    basis = xlsx(["Naam"], ["x"])
    with zipfile.ZipFile(BytesIO(basis)) as archief:
        tekst = archief.read(naam).decode()
    wortel = tekst.index("<", tekst.index("?>") + 2 if "?>" in tekst else 0)
    gevaar = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return deel_vervangen(basis, naam, (tekst[:wortel] + gevaar + tekst[wortel:]).encode())


def _xxe() -> bytes:
    blad = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row></sheetData></worksheet>'
    )
    return deel_vervangen(xlsx(["Naam"]), "xl/worksheets/sheet1.xml", blad.encode())


SLECHT: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "leeg": (lambda: b"", "bestand_leeg", "Dit bestand is leeg."),
    "pdf": (lambda: b"%PDF-1.7", "bestand_soort", GEEN_BLAD),
    "oude xls": (lambda: b"\xd0\xcf\x11\xe0 xls", "bestand_soort", GEEN_BLAD),
    "html": (lambda: b"<table></table>", "bestand_soort", GEEN_BLAD),
    "utf-16": (lambda: "Naam;Bedrag".encode("utf-16"), "bestand_soort", GEEN_BLAD),
    "NUL": (lambda: b"Naam\nx\x00y", "bestand_soort", GEEN_BLAD),
    "niet in cp1252": (lambda: b"Naam\n\x81", "bestand_onleesbaar", ONLEESBAAR),
    "aanhalingsteken": (
        lambda: b'Naam\n"x',
        "bestand_onleesbaar",
        "Regel 2 van dit bestand kan niet gelezen worden: kijk de aanhalingstekens na.",
    ),
    "te groot": (lambda: b"x" * (10 * 2**20 + 1), "bestand_te_groot", "Dit bestand is te groot: hoogstens 10 MB."),
    "geen zip": (lambda: b"PK\x03\x04" + b"x" * 50, "bestand_onleesbaar", ONLEESBAAR),
    "afgekapt": (lambda: xlsx(["Naam"], ["x"])[:-200], "bestand_onleesbaar", ONLEESBAAR),
    "andere zip": (
        lambda: deel_vervangen(xlsx(), "xl/workbook.xml", b"<x/>"),
        "bestand_onleesbaar",
        "In dit bestand staat geen rekenblad.",
    ),
    "te veel cellen": (
        lambda: deel_vervangen(
            xlsx(), "xl/worksheets/sheet1.xml", b"<x><row>" + b"<c/>" * lezer.MEESTE_ELEMENTEN + b"</row></x>"
        ),
        "bestand_te_groot",
        BOM,
    ),
    "te veel delen": (_te_veel_delen, "bestand_te_groot", BOM),
    "bom": (
        lambda: deel_vervangen(xlsx(["Naam"]), "xl/worksheets/sheet1.xml", b" " * (lezer.MEESTE_UITGEPAKT + 1)),
        "bestand_te_groot",
        BOM,
    ),
    "kleine bom": (
        lambda: deel_vervangen(xlsx(["Naam"]), "xl/worksheets/sheet1.xml", b" " * (lezer.ZONDER_KWAAD + 1)),
        "bestand_te_groot",
        BOM,
    ),
    **{
        f"entiteit in {naam}": (lambda naam=naam: _met_entiteit(naam), "bestand_onleesbaar", ONLEESBAAR)  # type: ignore[misc]
        for naam in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml")
    },
    "entiteit van buiten": (_xxe, "bestand_onleesbaar", ONLEESBAAR),
    "geen koppen": (lambda: xlsx([], [" "]), "kop_ontbreekt", "In dit bestand staan geen kolomkoppen."),
    "kop dubbel": (
        lambda: xlsx(["Naam", "Bedrag", "naam "]),
        "kop_dubbel",
        "Cel C1: de kolom 'naam' staat er meer dan één keer.",
    ),
    "zonder kop": (
        lambda: xlsx(["Naam"], ["x", None, "y"]),
        "cel_zonder_kop",
        "Cel C2: boven deze kolom staat geen kop. Maak de cel leeg of geef de kolom een kop.",
    ),
    "te veel kolommen": (
        lambda: xlsx([f"K{i}" for i in range(101)]),
        "te_veel_kolommen",
        "Dit bestand heeft meer dan 100 kolommen (cel CW1).",
    ),
    "cel te lang": (
        lambda: xlsx(["Naam"], ["x" * 5001]),
        "cel_te_lang",
        "Cel A2: deze tekst is langer dan 5.000 tekens.",
    ),
    "te veel rijen": (
        lambda: b"Naam\n" + b"x\n" * 5_001,
        "te_veel_rijen",
        "Dit bestand heeft meer dan 5.000 rijen. Splits het.",
    ),
}


@pytest.mark.parametrize("geval", SLECHT)
def test_a_file_that_cannot_be_taken_is_refused_whole(geval: str):
    maak, code, zin = SLECHT[geval]
    inhoud = maak()
    with weigering(code, zin, "bestand"):
        gelezen(inhoud)


def test_what_a_file_says_of_its_own_size_is_not_believed():
    tab = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    )
    cel = b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>'
    rijen = b'<row r="1">' + cel % (b"A1", b"Naam") + b'</row><row r="1048576">' + cel % (b"A1048576", b"x") + b"</row>"
    inhoud = deel_vervangen(
        xlsx(["Naam"]), "xl/worksheets/sheet1.xml", tab + b"<sheetData>" + rijen + b"</sheetData></worksheet>"
    )
    tracemalloc.start()
    try:
        (rij,) = gelezen(inhoud).rijen
        piek = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (rij.nummer, rij.tekst("Naam")) == (1_048_576, "x")
    assert piek < 20 * 2**20


def test_a_list_of_parts_that_lies_is_a_damaged_file():
    inhoud = bytearray(xlsx(["Naam"], *[["x" * 1000]] * 200))
    begin = bytes(inhoud).index(b"PK\x01\x02")
    plek = bytes(inhoud).index(b"xl/worksheets/sheet1.xml", begin) - 46
    inhoud[plek + 24 : plek + 28] = (100).to_bytes(4, "little")
    with weigering("bestand_onleesbaar", ONLEESBAAR, "bestand"):
        gelezen(bytes(inhoud))


# --- 200 MB ---


class Stroom:
    """A request body of 200 MB that nobody holds."""

    def __init__(self, grootte: int) -> None:
        self.kop = b'--x\r\nContent-Disposition: form-data; name="bestand"; filename="groot.xlsx"\r\n\r\n'
        self.over, self.staart = grootte, b"\r\n--x--\r\n"
        self.gelezen = 0

    @property
    def lengte(self) -> int:
        return len(self.kop) + self.over + len(self.staart)

    def readline(self, aantal: int = 65_536) -> bytes:
        return self.read(aantal)

    def read(self, aantal: int = 65_536) -> bytes:
        if self.kop:
            uit, self.kop = self.kop[:aantal], self.kop[aantal:]
        elif self.over:
            uit = b"y" * min(aantal, self.over)
            self.over -= len(uit)
        else:
            uit, self.staart = self.staart[:aantal], self.staart[aantal:]
        self.gelezen += len(uit)
        return uit


def test_of_a_file_of_200_mb_no_more_is_kept_than_any_page_takes(settings: Any):
    stroom = Stroom(200 * 2**20)
    tracemalloc.start()
    try:
        vraag = WSGIRequest(
            {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "multipart/form-data; boundary=x",
                "CONTENT_LENGTH": str(stroom.lengte),
                "wsgi.input": stroom,
            }
        )
        upload = vraag.FILES["bestand"]
        piek = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert upload.size == settings.GROOTSTE_UPLOAD_BYTES + 1
    assert piek < 30 * 2**20
    with weigering("bestand_te_groot", "Dit bestand is te groot: hoogstens 10 MB.", "bestand"):
        lees(upload)
    upload.close()
