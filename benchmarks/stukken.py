"""How long a letter takes: `.venv/bin/python benchmarks/stukken.py`. Facts are made up; there is no database."""

import os
import statistics
import time
from datetime import UTC, date, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portaal.settings")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
django.setup()

from beoordeling.stukken import Beslissing, Uitkomst, brief  # noqa: E402  after the settings
from dossiers.stukken import Aanvraag, Ontvangst, ontvangstbewijs  # noqa: E402
from kern import pdf  # noqa: E402

AANTAL = 100
MOMENT = datetime(2022, 2, 1, 13, tzinfo=UTC)
WIE = Aanvraag(
    nummer="ZB-00001",
    titel="De Warme Buurt",
    oproep="Zorgzame buurten",
    luik="Vlaanderen",
    ronde=1,
    verstrekker="Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin",
    organisatie="Aartselaar",
    kbo="0207.508.932",
    gemeente="Aartselaar",
)
STUKKEN = {
    "ontvangstbewijs, 1 blz.": lambda: ontvangstbewijs(
        Ontvangst(WIE, 1, 12, MOMENT, "An Proef", 100_000_00, "ab" * 32, "cd" * 32, '{"nummer":12}' * 16)
    ),
    "toekenning, 3 blz.": lambda: brief(
        Beslissing(
            aanvraag=WIE,
            uitkomst=Uitkomst.TOEKENNING,
            bedrag_cent=100_000_00,
            gevraagd_cent=100_000_00,
            rang=1,
            score_honderdsten=8200,
            minimumscore=60,
            beslisser="de Vlaamse minister bevoegd voor Welzijn",
            nummer="MB-2022-1",
            datum=date(2022, 2, 1),
            kennisgegeven_op=MOMENT,
            motivering="\n\n".join(["De jury vindt het netwerk breed en de buurtanalyse sterk. " * 8] * 6),
            criteria=tuple((f"Criterium {i}", 20, 820, 10) for i in range(5)),
            project=(date(2022, 3, 1), date(2024, 2, 29)),
            rekening="BE68 5390 0754 7034",
            schijven=(
                ("Eerste schijf", 50, 50_000_00, "Na de vastlegging"),
                ("Saldo", 50, 50_000_00, "Na het verslag"),
            ),
            verslagen=(("Eindverslag", date(2024, 5, 31)),),
        )
    ),
}


def main() -> None:
    """Print the first and the median time per document."""
    for naam, maak in STUKKEN.items():
        tijden = []
        inhoud = b""
        for _ in range(AANTAL):
            begin = time.perf_counter()
            inhoud = pdf.maak(maak())
            tijden.append((time.perf_counter() - begin) * 1000)
        midden, eerste = statistics.median(tijden), tijden[0]
        print(f"{naam}: {midden:.0f} ms (eerste keer {eerste:.0f} ms), {len(inhoud) // 1024} kB")


if __name__ == "__main__":
    main()
