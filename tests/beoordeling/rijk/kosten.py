"""Cost claims in the rich world, which has none of its own: of the project of Boom that runs."""

from typing import Any

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import Kostenstaat
from dossiers.kosten.regels import Regelgegevens
from kern import klok
from oproepen.models import Kostencategorie
from tests import bouw


def geef_kosten_op(rijk: Any, luik: str, *, ingediend: bool = False, bewijs: bool = False) -> Kostenstaat:
    """Start a claim with one line; hand it in, with or without evidence."""
    dossier = rijk.dossier(luik, 1, "boom")
    soort = Kostencategorie.objects.filter(regeling__luik=dossier.ronde.luik)[0]
    dag = dossier.ronde.luik.project_van
    verdeling = {rij.pk: soort.pk for rij in dossier.begrotingsregels.filter(soort="kost")}
    services.verdeel_begroting(dossier, verdeling=verdeling, door=rijk.ben)
    staat = services.begin_kostenstaat(dossier, van=dag, tot=klok.vandaag(), door=rijk.ben)
    [regel] = opmaak.voeg_regels_toe(staat, [Regelgegevens(soort, "Loon", dag, dag, 100_00)], door=rijk.ben)
    if bewijs:
        opmaak.zet_bewijs(regel, bouw.upload("factuur.pdf"), door=rijk.ben)
    if ingediend:
        services.dien_kostenstaat_in(staat, door=rijk.ben)
    return Kostenstaat.objects.select_related(*opmaak.LEZEN).get(pk=staat.pk)
