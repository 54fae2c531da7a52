"""The journal at 100,000 lines: its sheet beside bare openpyxl, and what the budget position asks of the database.

    .venv/bin/python benchmarks/grootboek.py [10000 100000]

Makes a scratch database on SQLite (DATABASE_URL chooses another, which must be empty) with one call, 500 dossiers and
so many lines; the lines are written straight into the table, for the ledger would take an hour. Each measurement runs
in a process of its own: seconds are those of the block alone, the best of three; peak memory is that of the process.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

os.environ |= {"DJANGO_SETTINGS_MODULE": "portaal.settings", "LOGNIVEAU": "ERROR"}
WORTEL = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WORTEL))
DOSSIERS, KEREN, DEEL = 500, 3, 2000
LAATST = date(2024, 12, 31)
# Who looks at the pages, signed in before the clock runs.
CLIENT: list[Any] = []
SOORTEN = ("vastlegging", "vereffening", "uitbetaling")


def vul(aantal: int) -> None:
    """Make the call, its dossiers and so many lines."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up in main

    from betalingen import grootboek  # noqa: PLC0415
    from betalingen.models import Journaalregel, Krediet  # noqa: PLC0415
    from kern import klok  # noqa: PLC0415
    from tests import bouw  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    w = bouw.wereld()
    dossiers = _dossiers(w)
    artikel = grootboek.artikel("WELZIJN-EENZAAMHEID", "")
    kredieten = [Krediet.objects.get_or_create(artikel=artikel, jaar=jaar)[0] for jaar in (2022, 2023, 2024)]
    from kern.models import Gebeurtenis  # noqa: PLC0415

    feit = Gebeurtenis.objects.order_by("pk")[0]

    def regels() -> Iterator[Journaalregel]:
        for i in range(aantal):
            dossier, krediet = dossiers[i % DOSSIERS], kredieten[i % 3]
            yield Journaalregel(
                soort=SOORTEN[i % len(SOORTEN)],
                bedrag_cent=100_000 + i,
                oproep=w.oproep,
                luik=w.luik,
                ronde=w.ronde,
                dossier=dossier,
                krediet=krediet,
                feitdatum=LAATST - timedelta(days=i % 1000),
                geboekt_op=klok.nu(),
                gebeurtenis=feit,
            )

    Journaalregel.objects.bulk_create(regels(), batch_size=DEEL)


def _dossiers(w: Any) -> list[Any]:
    from dossiers.models import Dossier  # noqa: PLC0415
    from organisaties.models import Organisatie  # noqa: PLC0415
    from tests import bouw  # noqa: PLC0415

    eerste = bouw.concept(w)
    namen = [Organisatie(naam=f"Organisatie {i}", categorie="andere", rechtsvorm="vzw") for i in range(DOSSIERS)]
    organisaties = Organisatie.objects.bulk_create(namen)
    velden = {veld.attname: getattr(eerste, veld.attname) for veld in Dossier._meta.concrete_fields}
    rijen = []
    for i, organisatie in enumerate(organisaties):
        eigen = {"id": None, "nummer": f"AL-{i:05d}", "organisatie_id": organisatie.pk, "titel": f"Een project {i}"}
        rijen.append(Dossier(**{**velden, **eigen}))
    return Dossier.objects.bulk_create(rijen)


def regels() -> Any:
    """Return the rows as the page and the command read them."""
    from betalingen import queries  # noqa: PLC0415
    from betalingen.models import Journaalregel  # noqa: PLC0415

    return queries.met_alles(Journaalregel.objects.order_by("pk"))


def kaal() -> None:
    """Write the same cells with openpyxl alone (write-only): no types, no styles, no totals."""
    from openpyxl import Workbook  # noqa: PLC0415

    from betalingen.resources import JournaalResource  # noqa: PLC0415

    resource_ = JournaalResource()
    kolommen = resource_.kolommen()
    boek = Workbook(write_only=True)
    tab = boek.create_sheet("Grootboek")
    tab.append([kolom.column_name for kolom in kolommen])
    for rij in resource_.iter_queryset(regels()):
        tab.append([kolom.export(rij, force_native_type=True) for kolom in kolommen])
    with tempfile.TemporaryFile() as bestand:
        boek.save(bestand)


def werkblad() -> None:
    """Write our sheet."""
    from betalingen.models import Journaalregel  # noqa: PLC0415
    from betalingen.resources import journaalblad  # noqa: PLC0415
    from kern.werkblad import schrijf_xlsx  # noqa: PLC0415

    with tempfile.TemporaryFile() as bestand:
        schrijf_xlsx(journaalblad(Journaalregel.objects.order_by("pk")), bestand)


def achtergrond() -> None:
    """Write our sheet in the background, with its progress, through the storage."""
    from kern import uitvoer  # noqa: PLC0415
    from organisaties.models import Gebruiker  # noqa: PLC0415

    wie = Gebruiker.objects.get(email="bart@voorbeeld.test")
    rij = uitvoer.vraag_aan(wie, lijst="grootboek", vraag="", formaat="xlsx")
    uitvoer.maak({"uitvoer": rij.pk, "poging": 1})
    rij.refresh_from_db()
    if rij.status != "klaar":
        raise RuntimeError(rij.zin)


def stand() -> None:
    """Ask for the budget position."""
    from betalingen.queries import budgetstand  # noqa: PLC0415
    from oproepen.models import Oproep  # noqa: PLC0415

    budgetstand(Oproep.objects.all())


def pagina() -> None:
    """Show the page with the budget position."""
    _bezoek("/budgetstand/")


def dashboard() -> None:
    """Show the dashboard: every amount per year and article, paid against planned, the forecast."""
    _bezoek("/budgetstand/vooruitblik/")


def blad() -> None:
    """Download the sheet of the budget position."""
    _bezoek("/budgetstand/bestand/")


def _bezoek(adres: str) -> None:
    antwoord = CLIENT[0].get(adres)
    if antwoord.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(antwoord.status_code)
    if antwoord.streaming:
        antwoord.getvalue()


MANIEREN: dict[str, Callable[[], None]] = {
    "openpyxl kaal": kaal,
    "grootboek xlsx": werkblad,
    "in de achtergrond": achtergrond,
    "budgetstand": stand,
    "budgetstand, pagina": pagina,
    "budgetstand, rekenblad": blad,
    "vooruitblik": dashboard,
}


def meet(manier: str) -> None:
    """Do it once and print seconds, peak memory (kB) and queries."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from organisaties.models import Gebruiker  # noqa: PLC0415

    client = Client()
    client.force_login(Gebruiker.objects.get(email="bart@voorbeeld.test"))
    CLIENT.append(client)
    with CaptureQueriesContext(connection) as gevraagd:
        begin = time.perf_counter()
        MANIEREN[manier]()
        duur = time.perf_counter() - begin
    print(duur, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(gevraagd))


def main() -> None:
    """Print a table per number of lines."""
    for aantal in [int(deel) for deel in sys.argv[1:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as map_:
            omgeving = {"GEGEVENSMAP": map_, "DATABASE_URL": f"sqlite:///{map_}/db.sqlite3", **os.environ}
            subprocess.run([sys.executable, __file__, "--vul", str(aantal)], check=True, env=omgeving)
            print(f"\n{aantal} journaalregels".ljust(25), "seconden  piek MB  vragen  t.o.v. openpyxl kaal", sep="")
            eerste = 0.0
            for manier in MANIEREN:
                opdracht = [sys.executable, __file__, "--meet", manier]
                metingen = [subprocess.check_output(opdracht, text=True, env=omgeving).split() for _ in range(KEREN)]
                seconden, piek = min(float(m[0]) for m in metingen), max(int(m[1]) for m in metingen) / 1024
                eerste = eerste or seconden
                tegen = f"{seconden / eerste:9.2f}" if "stand" not in manier and "blik" not in manier else ""
                print(f"{manier:<24}{seconden:8.2f} {piek:8.0f} {metingen[0][2]:>7}{tegen}")


if __name__ == "__main__":
    if sys.argv[1:2] in (["--vul"], ["--meet"]):
        import django

        django.setup()
        vul(int(sys.argv[2])) if sys.argv[1] == "--vul" else meet(sys.argv[2])
    else:
        main()
