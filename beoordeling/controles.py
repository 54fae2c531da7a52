"""Checks of `manage.py controleer` on decisions."""

from collections.abc import Iterator

from beoordeling.models import Besluit, Besluitregel, Juryadvies, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten
from kern.controles import controle


@controle("besluiten komen overeen met de dossiers")
def besluiten_kloppen() -> Iterator[str]:
    """Every line of a signed decision is the award of its dossier, and a draft awards nothing."""
    getekend = {Besluit.Status.ONDERTEKEND, Besluit.Status.KENNISGEGEVEN}
    for regel in Besluitregel.objects.select_related("besluit", "dossier").iterator(chunk_size=2000):
        toegekend = regel.bedrag_cent if regel.besluit.status in getekend and regel.bedrag_cent else None
        if regel.dossier.toegekend_cent != toegekend:
            yield f"{regel.dossier}: toegekend {regel.dossier.toegekend_cent} cent, het besluit zegt {toegekend} cent"


@controle("juryadviezen komen overeen met de scorebladen")
def adviezen_kloppen() -> Iterator[str]:
    """The score of every advice is the mean of its sheets."""
    adviezen = Juryadvies.objects.select_related("dossier").prefetch_related("dossier__scorebladen__scores__criterium")
    for advies in adviezen.iterator(chunk_size=500):
        bladen = [b for b in advies.dossier.scorebladen.all() if b.status == Scoreblad.Status.INGEDIEND]
        if not bladen or gemiddelde_honderdsten(bladen) != advies.score_honderdsten:
            yield f"{advies}: de score is niet het gemiddelde van de scorebladen"
