"""How fast and how large reading a sheet back is, and applying it.

    .venv/bin/python benchmarks/inlezen.py

On a scratch SQLite database. Reads sheets of 13 columns as our own exports have them, then brings 1,000 new
organisations back (the most in one go). Each measurement runs in a process of its own; peak memory is that of the
process.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

os.environ |= {"DJANGO_SETTINGS_MODULE": "portaal.settings", "LOGNIVEAU": "ERROR"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
KOLOMMEN, NIEUW = 13, 1000
LEZEN = (("xlsx", 1000), ("xlsx", 5000), ("csv", 5000))


def _blad(formaat: str, aantal: int) -> BytesIO:
    from kern import werkblad  # noqa: PLC0415  Django is set up in main
    from kern.resources import CentWidget, Kolom, Rekenblad  # noqa: PLC0415

    velden = {f"k{i}": Kolom(f"k{i}", f"Kolom {i}") for i in range(KOLOMMEN - 1)}
    soort = type(Rekenblad)("Proef", (Rekenblad,), velden | {"a_cent": Kolom("a_cent", "Bedrag", CentWidget())})
    rijen = ({**{f"k{i}": f"Een cel {r} {i}" for i in range(KOLOMMEN - 1)}, "a_cent": r} for r in range(aantal - 1))
    uit = BytesIO()
    werkblad.FORMATEN[formaat][0](werkblad.Blad("Proef", "Proef", soort(), rijen), uit)
    return uit


def lezen(formaat: str, aantal: int) -> float:
    """Read a sheet of so many rows and return the seconds."""
    from kern.inlezen.lezer import lees  # noqa: PLC0415

    blad = _blad(formaat, aantal)
    begin = time.perf_counter()
    rijen = lees(blad).rijen
    sum(rij.cent("Bedrag") or 0 for rij in rijen[:-1])
    return time.perf_counter() - begin


def toepassen() -> tuple[float, float]:
    """Preview and apply new organisations and return the seconds of each."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from kern.inlezen import handelingen  # noqa: PLC0415
    from organisaties.models import Gebruiker  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    regels = ["Nummer;Naam;Categorie;Rechtsvorm;Ondernemingsnummer;Gemeente"]
    regels += [f";Vereniging {i};Andere organisatie;vzw;;Mol" for i in range(NIEUW)]
    upload = SimpleUploadedFile("o.csv", "\n".join(regels).encode())
    wie = Gebruiker.objects.systeem()
    inlezing = handelingen.lees_upload("organisaties", upload, door=wie)
    begin = time.perf_counter()
    overzicht = handelingen.bekijk(inlezing, door=wie)
    midden = time.perf_counter()
    handelingen.bevestig(inlezing, gezien=overzicht.vingerafdruk, door=wie)
    return midden - begin, time.perf_counter() - midden


def main() -> None:
    """Print what each took."""
    with tempfile.TemporaryDirectory() as map_:
        omgeving = {**os.environ, "GEGEVENSMAP": map_, "DATABASE_URL": f"sqlite:///{map_}/db.sqlite3"}

        def meet(*woorden: str) -> list[str]:
            return subprocess.check_output([sys.executable, __file__, *woorden], text=True, env=omgeving).split()

        for formaat, aantal in LEZEN:
            seconden, piek = meet("--lees", formaat, str(aantal))
            print(f"{formaat} van {aantal} rijen lezen: {float(seconden):.2f} s, piek {int(piek) / 1024:.0f} MB")
        overzicht, bevestigd, piek = meet("--doe")
        print(f"{NIEUW} nieuwe organisaties: overzicht {float(overzicht):.2f} s, inlezen {float(bevestigd):.2f} s")
        print(f"piek {int(piek) / 1024:.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        import django

        django.setup()
        uit = toepassen() if sys.argv[1] == "--doe" else (lezen(sys.argv[2], int(sys.argv[3])),)
        print(*uit, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
