"""Make kredieten.xlsx and betalingen.xlsx of this folder again, with LibreOffice; see README.md.

.venv/bin/python -m tests.gegevens.inlezen.maak
"""

import os
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

HIER = Path(__file__).parent


def _zet_op() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portaal.settings"
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    import django

    django.setup()


def _kredieten(pad: Path) -> None:
    from betalingen.resources import KredietResource
    from kern import werkblad

    leeg = dict.fromkeys(KredietResource().fields)
    rijen = [
        {**leeg, "jaar": 2022, "vastleggingskrediet_cent": 13_500_000_00, "betaalkrediet_cent": 7_000_000_00},
        {**leeg, "jaar": 2023, "vastleggingskrediet_cent": 500_000_00, "betaalkrediet_cent": 5_000_000_00},
    ]
    vast = {"artikel": "WELZIJN-EENZAAMHEID", "aard": "vastleggingskrediet", "referentie": ""}
    blad = werkblad.Blad("Kredieten", "Kredieten", KredietResource(), [{**rij, **vast} for rij in rijen])
    werkblad.bewaar(blad, pad)


def _betalingen(pad: Path) -> None:
    from betalingen.resources import BetalingResource
    from kern import werkblad

    def betaling(nummer: str) -> SimpleNamespace:
        organisatie, luik = SimpleNamespace(naam="-"), SimpleNamespace(naam="-", oproep=SimpleNamespace(titel="-"))
        dossier = SimpleNamespace(
            nummer=nummer, titel="=1+1", organisatie=organisatie, ronde=SimpleNamespace(luik=luik)
        )
        return SimpleNamespace(
            dossier=dossier,
            schijf=SimpleNamespace(naam="Eerste schijf"),
            bedrag_cent=50_000_00,
            iban="BE68539007547034",
            get_status_display="Betaalopdracht verstuurd",
            opgesteld_door=None,
            goedgekeurd_door=None,
            opdracht=None,
            uitbetaald_op=None,
        )

    rijen = [betaling("EERSTE"), betaling("TWEEDE")]
    werkblad.bewaar(werkblad.Blad("Betalingen", "Betalingen", BetalingResource(), rijen), pad)


def _soffice(map_: Path, soort: str, bestand: Path) -> None:
    profiel = f"-env:UserInstallation=file://{map_}/profiel"
    opdracht = ["soffice", profiel, "--headless", "--convert-to", soort, "--outdir", str(map_), str(bestand)]
    subprocess.run(opdracht, check=True, capture_output=True, timeout=300)


def _bewerk(fods: Path, vervang: list[tuple[str, str]]) -> None:
    tekst = fods.read_text(encoding="utf-8")
    for oud, nieuw in vervang:
        assert oud in tekst, oud
        tekst = tekst.replace(oud, nieuw, 1)
    fods.write_text(tekst, encoding="utf-8")


LEEG = '<table:table-cell table:number-columns-repeated="16375"/>'


def _laatste_kolom(soort: str, inhoud: str) -> str:
    """Return the empty cells after the ninth column, with the thirteenth filled in."""
    cel = f"<table:table-cell {soort}>{inhoud}</table:table-cell>"
    return f'<table:table-cell table:number-columns-repeated="3"/>{cel}<table:table-cell/>'


def _tekst(tekst: str) -> str:
    return _laatste_kolom('office:value-type="string" calcext:value-type="string"', f"<text:p>{tekst}</text:p>")


VERVANG = {
    "kredieten": [('office:value="13500000"', 'office:value="14000000.5"'), (LEEG, _tekst("=BVR 12"))],
    "betalingen": [
        (LEEG, _laatste_kolom('office:value-type="date" office:date-value="2022-03-03"', "")),
        (LEEG, _tekst("4/03/2022")),
    ],
}


def main() -> None:
    """Write our sheet, open it in LibreOffice, fill in cells there, and save it as .xlsx."""
    _zet_op()
    with tempfile.TemporaryDirectory() as tijdelijk:
        werk, bron = Path(tijdelijk), Path(tijdelijk) / "bron"
        bron.mkdir()
        for naam, maak in (("kredieten", _kredieten), ("betalingen", _betalingen)):
            maak(bron / f"{naam}.xlsx")
            _soffice(werk, "fods", bron / f"{naam}.xlsx")
            _bewerk(werk / f"{naam}.fods", VERVANG[naam])
            _soffice(werk, "xlsx", werk / f"{naam}.fods")
            (HIER / f"{naam}.xlsx").write_bytes((werk / f"{naam}.xlsx").read_bytes())


if __name__ == "__main__":
    main()
