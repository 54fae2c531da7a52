"""Every sheet and file of `manage.py exporteer`: as many queries for 1, 3 and 12 rows, and a row for each of them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from beoordeling import services as beoordeling
from betalingen import services
from betalingen.models import Betaling
from betalingen.queries.buitenfeiten import Feit
from kern import klok
from oproepen.models import Luik
from portaal.management.commands.exporteer import BLADEN, INTERN, MET_DAG, PUBLIEK
from tests import bouw
from tests.betalingen.belemmerd import registreer
from tests.hulp import stel_vast, tel_de_rijen
from tests.portaal.test_matrix import ADRESSEN
from tests.portaal.veel import BEZOEK, LOPEND, TE_ADVISEREN, Veel, bouw_veel

pytestmark = pytest.mark.een_databank

# How many queries each of them asks, from the command to the last row.
VRAGEN = {
    "budget": 6,
    "kredieten": 3,
    "vastleggingen": 1,
    "encours": 1,
    "grootboek": 1,
    "dossiers": 1,
    "betalingen": 1,
    "kostenstaten": 1,
    "terugvorderingen": 4,
    "controlespoor": 6,
    "organisaties": 1,
    "deminimis": 1,
    "boekhouding-vastleggingen": 1,
    "boekhouding-betalingen": 1,
    "boekhouding-verschillen": 10,
    "belemmeringen": 1,
    "vooruitblik": 7,
    "scores": 1,
    "subsidieregister": 2,
    "360giving": 3,
    "oslo": 3,
}
# Of these there is one row, whatever the number of dossiers.
EEN_RIJ = {"kredieten", "vooruitblik"}
# Pages whose file is another sheet of the list, or has a command of its own.
ANDERS = {"ronde": "dossiers", "boekhouding": "boekhouding-verschillen", "budgetstand": "budget"}
EIGEN_OPDRACHT = {"betaalopdracht", "uitvoer"}


@pytest.fixture(scope="module", params=[1, 3, 12])
def gebouwd(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Veel]:
    with django_db_blocker.unblock(), transaction.atomic():
        veel = bouw_veel(request.param)
        tel_de_rijen()
        yield veel
        transaction.set_rollback(True)
    klok.laat_los()


def _vorder_terug(v: Veel) -> None:
    """Pay an instalment of every project, and intend to claim a part back."""
    _verstuur(v)
    for betaling in Betaling.objects.filter(status="verstuurd").order_by("pk"):
        betaald = services.meld_uitbetaald(betaling, datum=klok.vandaag(), door=v.mensen["bo"])
        services.neem_terugvordering_voor(
            bouw.opnieuw(betaald.dossier),
            bedrag_cent=1_00,
            grond="voorwaarden",
            rechtsregel="artikel_13",
            motivering="Niet uitgevoerd.",
            hoortermijn=klok.vandaag() + timedelta(days=30),
            door=v.mensen["bea"],
        )


def _verstuur(v: Veel) -> None:
    sleutels = Betaling.objects.filter(status="goedgekeurd").values_list("pk", flat=True)
    services.verstuur_betalingen(v.rondes[LOPEND].luik.oproep, betalingen=list(sleutels), door=v.mensen["bo"])


def _boekt_elders(v: Veel) -> None:
    oproep = v.rondes[LOPEND].luik.oproep
    velden = {"verstrekker": oproep.verstrekker, "wijze": "extern", "reden": "Orafin boekt."}
    services.stel_boekhouding_in(v.mensen["beheer"], **velden, door=v.mensen["beheer"])


def _beslis_en_boek_elders(v: Veel) -> None:
    """Decide on one round more, of which another system keeps the books."""
    _boekt_elders(v)
    for dossier in v.dossiers[TE_ADVISEREN]:
        stel_vast(dossier, door=v.mensen["vic"])
    besluit = beoordeling.stel_voor(v.rondes[TE_ADVISEREN], door=v.mensen["bea"])
    beoordeling.leg_besluit_voor(besluit, door=v.mensen["bea"])
    bouw.onderteken(SimpleNamespace(**v.mensen), besluit, klok.vandaag())  # type: ignore[arg-type]  people are all it asks for


def _verstuur_elders(v: Veel) -> None:
    _boekt_elders(v)
    _verstuur(v)


def _meld_een_ander_bedrag(v: Veel) -> None:
    """Report a commitment of one cent for every project."""
    _boekt_elders(v)
    bo, verstrekker = v.mensen["bo"], v.rondes[LOPEND].luik.oproep.verstrekker
    for i, dossier in enumerate(v.dossiers[LOPEND]):
        feit = Feit("vastlegging", dossier.nummer, 1, klok.vandaag(), vastleggingsnummer=f"V-{i}")
        services.neem_buitenfeit_op(bo, feit=feit, verstrekker=verstrekker, door=bo)


def _belemmer(v: Veel) -> None:
    for dossier in v.dossiers[LOPEND]:
        registreer(SimpleNamespace(**v.mensen), dossier=bouw.opnieuw(dossier))  # type: ignore[arg-type]  people are all


def _met_deminimis(v: Veel) -> None:
    Luik.objects.update(deminimis="algemeen")


# What the world of `bouw_veel` has none of.
EERST: dict[str, Callable[[Veel], None]] = {
    "terugvorderingen": _vorder_terug,
    "boekhouding-vastleggingen": _beslis_en_boek_elders,
    "boekhouding-betalingen": _verstuur_elders,
    "boekhouding-verschillen": _meld_een_ander_bedrag,
    "belemmeringen": _belemmer,
    "deminimis": _met_deminimis,
}


def test_every_list_that_a_page_gives_as_a_sheet_comes_from_the_command_too():
    paginas = {naam.removesuffix("_bestand") for naam in ADRESSEN if naam.endswith("_bestand")} - EIGEN_OPDRACHT
    assert {ANDERS.get(naam, naam) for naam in paginas} <= {*INTERN, *PUBLIEK}


def test_no_sheet_is_left_out():
    assert set(VRAGEN) == {*INTERN, *PUBLIEK} == {*BLADEN, *MET_DAG, "360giving", "oslo"}


@pytest.mark.parametrize("naam", [*INTERN, *PUBLIEK])
def test_a_sheet_asks_so_many_queries(gebouwd: Veel, db: None, naam: str, tmp_path: Path):
    klok.zet(BEZOEK)
    EERST.get(naam, lambda _: None)(gebouwd)
    assert connection.features.supports_json_field  # SQLite is asked once per process
    uit, pad = StringIO(), tmp_path / f"blad.{PUBLIEK.get(naam, ('xlsx',))[0]}"
    with CaptureQueriesContext(connection) as gevraagd:
        call_command("exporteer", naam, "--uit", str(pad), stdout=uit)
    aantal = int(re.match(r"\d+", uit.getvalue())[0])  # type: ignore[index]
    assert aantal >= (1 if naam in EEN_RIJ else gebouwd.n)
    assert len(gevraagd) == VRAGEN[naam], [vraag["sql"][:200] for vraag in gevraagd.captured_queries]
