"""Checks of `manage.py controleer` on decisions."""

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from beoordeling.models import Besluit, Besluitregel, Juryadvies, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten
from dossiers.models import Dossier
from kern.controles import controle


@controle("besluiten komen overeen met de dossiers")
def besluiten_kloppen() -> Iterator[str]:
    """The award of every dossier is that of its line in a signed decision; a draft awards nothing."""
    getekend = [Besluit.Status.ONDERTEKEND, Besluit.Status.KENNISGEGEVEN]
    toekenning = Besluitregel.objects.filter(
        dossier=OuterRef("pk"), uitkomst=Besluitregel.Uitkomst.TOEKENNING, besluit__status__in=getekend
    )
    dossiers = Dossier.objects.annotate(besloten_cent=Subquery(toekenning.values("bedrag_cent")[:1]))
    for dossier in dossiers.iterator(chunk_size=2000):
        if dossier.toegekend_cent != dossier.besloten_cent:
            zegt = f"het besluit zegt {dossier.besloten_cent} cent"
            yield f"{dossier}: toegekend {dossier.toegekend_cent} cent, {zegt}"


@controle("voorgestelde bedragen zijn wat gevraagd is, of wat hoogstens toegekend kan worden")
def bedragen_kloppen() -> Iterator[str]:
    """A decision that was not sent back awards what was asked or the lesser amount set; nothing, where that is 0."""
    regels = Besluitregel.objects.exclude(besluit__status=Besluit.Status.TERUGGESTUURD)
    verwacht = Coalesce("dossier__hoogstens_cent", "dossier__gevraagd_cent")
    uitkomsten = [Besluitregel.Uitkomst.TOEKENNING, Besluitregel.Uitkomst.WEIGERING_BEDRAG]
    fout = regels.filter(uitkomst__in=uitkomsten).exclude(bedrag_cent=verwacht).annotate(verwacht_cent=verwacht)
    for regel in fout.select_related("dossier").iterator(chunk_size=2000):
        yield f"{regel}: het besluit zegt {regel.bedrag_cent} cent, verwacht was {regel.verwacht_cent} cent"


@controle("juryadviezen komen overeen met de scorebladen")
def adviezen_kloppen() -> Iterator[str]:
    """The score of every advice is the mean of its sheets."""
    adviezen = Juryadvies.objects.select_related("dossier").prefetch_related("dossier__scorebladen__scores__criterium")
    for advies in adviezen.iterator(chunk_size=500):
        bladen = [b for b in advies.dossier.scorebladen.all() if b.status == Scoreblad.Status.INGEDIEND]
        if not bladen or gemiddelde_honderdsten(bladen) != advies.score_honderdsten:
            yield f"{advies}: de score is niet het gemiddelde van de scorebladen"
