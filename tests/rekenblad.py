"""The exported sheets, calculated by LibreOffice, say the same as `manage.py budgetstand`: `make test-rekenblad`.

Not among the other tests, because LibreOffice is big; its name does not start with test_, so only its path runs it.
"""

import csv
import json
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from betalingen import services as betalingen
from betalingen.models import Betaling
from betalingen.queries import BEDRAGEN
from tests import bouw

pytestmark = pytest.mark.django_db

BLADEN = ("budget", "dossiers", "betalingen")
TAB = "xl/worksheets/sheet1.xml"
UITKOMST = re.compile(r"(</f><v>)[^<]*")
ALTIJD_REKENEN = (
    '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item></oor:items>"
)
# Comma, double quotes, UTF-8, from the first line; the last ones: values as they are, not as shown, of the first tab.
ALS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,1"


@pytest.fixture(scope="module")
def soffice() -> str:
    """Give LibreOffice; without it the test fails, it does not skip."""
    pad = shutil.which("soffice") or shutil.which("libreoffice")
    if pad is None:
        zin = "LibreOffice ontbreekt. Installeer het, op Debian of Ubuntu met: sudo apt install libreoffice-calc"
        pytest.fail(zin, pytrace=False)
    return pad


def speel(w: bouw.Wereld) -> None:
    """Award two projects an amount with odd cents; of one the first instalment is paid, of the other only sent."""
    bouw.kennisgegeven(w, {"an": 9, "ben": 8}, gevraagd_cent=12_345_67)
    eersten = [Betaling.objects.filter(dossier=dossier).order_by("pk")[0] for dossier in w.ronde.dossiers.all()]
    for betaling in eersten:
        betalingen.stel_betaling_op(betaling, door=w.bea)
        betalingen.keur_betaling_goed(betaling, door=w.bart)
    betalingen.verstuur_betalingen(w.oproep, betalingen=[betaling.pk for betaling in eersten], door=w.bo)
    betalingen.meld_uitbetaald(eersten[0], datum=bouw.BESLIST.date(), door=w.bo)


def zonder_uitkomsten(pad: Path) -> None:
    """Make every outcome of a formula 0, so that what comes out of LibreOffice was calculated there."""
    with zipfile.ZipFile(pad) as boek:
        delen = {naam: boek.read(naam) for naam in boek.namelist()}
    tekst, aantal = UITKOMST.subn(r"\g<1>0", delen[TAB].decode())
    assert aantal > 0
    with zipfile.ZipFile(pad, "w") as boek:
        for naam, inhoud in (delen | {TAB: tekst.encode()}).items():
            boek.writestr(naam, inhoud)


def bereken(soffice: str, werkmap: Path) -> dict[str, list[dict[str, str]]]:
    """Let LibreOffice calculate the sheets in a folder; return their rows by heading."""
    profiel = werkmap / "profiel" / "user"
    profiel.mkdir(parents=True)
    (profiel / "registrymodifications.xcu").write_text(ALTIJD_REKENEN, encoding="utf-8")
    opdracht = [soffice, f"-env:UserInstallation={profiel.parent.as_uri()}", "--headless", "--convert-to", ALS_CSV]
    namen = [str(werkmap / f"{naam}.xlsx") for naam in BLADEN]
    subprocess.run([*opdracht, "--outdir", str(werkmap), *namen], check=True, capture_output=True, timeout=300)
    uit = {}
    for naam in BLADEN:
        (pad,) = werkmap.glob(f"{naam}*.csv")
        with pad.open(encoding="utf-8", newline="") as bestand:
            uit[naam] = list(csv.DictReader(bestand))
    return uit


def cent(tekst: str) -> Decimal | None:
    """Return an amount, which must be whole cents."""
    if not tekst:
        return None
    waarde = Decimal(tekst)
    assert waarde == round(waarde, 2), tekst
    return round(waarde, 2)


def bedragen(rij: dict[str, str]) -> dict[str, Decimal | None]:
    """Return the amounts of a row of the budget sheet, by their name in the budget position."""
    return {naam: cent(rij[naam.capitalize()]) for naam in BEDRAGEN}


def test_libreoffice_calculates_what_budgetstand_says(wereld: bouw.Wereld, soffice: str, tmp_path: Path) -> None:
    speel(wereld)
    uit = StringIO()
    call_command("budgetstand", "--formaat", "json", stdout=uit)
    stand = json.loads(uit.getvalue(), parse_float=Decimal)
    for naam in BLADEN:
        call_command("exporteer", naam, "--uit", str(tmp_path / f"{naam}.xlsx"), stdout=StringIO())
        zonder_uitkomsten(tmp_path / f"{naam}.xlsx")
    bladen = bereken(soffice, tmp_path)
    totaal = {naam: cent(str(stand["totaal"][naam] or "")) for naam in BEDRAGEN}
    assert totaal["vastgelegd"] == 2 * Decimal("12345.67")
    assert (totaal["vereffend"], totaal["uitbetaald"]) == (2 * Decimal("6172.83"), Decimal("6172.83"))

    *rijen, laatste = bladen["budget"]
    assert bedragen(laatste) == totaal
    per_oproep = [bedragen(rij) for rij in rijen if rij["Niveau"] == "Oproep"]
    assert per_oproep == [{naam: cent(str(rij[naam] or "")) for naam in BEDRAGEN} for rij in stand["oproepen"]]

    laatste = bladen["dossiers"][-1]
    for naam in ("toegekend", "vastgelegd", "vereffend", "uitbetaald"):
        assert cent(laatste[naam.capitalize()]) == totaal[naam], naam

    *rijen, laatste = bladen["betalingen"]
    assert cent(laatste["Bedrag"]) == totaal["vastgelegd"]
    uitbetaald = [cent(rij["Bedrag"]) for rij in rijen if rij["Status"] == "Uitbetaald"]
    assert uitbetaald == [totaal["uitbetaald"]]
