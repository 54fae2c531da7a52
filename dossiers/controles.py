"""Checks of `manage.py controleer` on submissions and cost claims."""

import json
from collections.abc import Iterator

from django.db.models import Max

from dossiers.deminimis.opmaak import als_inhoud
from dossiers.kosten.opmaak import LEZEN
from dossiers.kosten.queries import laatste_inhoud
from dossiers.kosten.services import getrokken_regels
from dossiers.models import Indiening, IndieningInhoud, Kostenstaat, Steunverklaring
from dossiers.ontvangstbewijs import ingediend
from kern.canoniek import blad, canoniek, vingerafdruk
from kern.controles import controle
from oproepen.models import Ronde


@controle("snapshots van indieningen kloppen")
def snapshots_kloppen() -> Iterator[str]:
    """Every snapshot that was not erased has the hash of its receipt, and is in canonical form."""
    for rij in IndieningInhoud.objects.select_related("indiening__dossier").iterator(chunk_size=500):
        tekst = bytes(rij.snapshot)
        if vingerafdruk(bytes(rij.zout), tekst) != bytes(rij.indiening.snapshot_hash):
            yield f"{rij.indiening}: de snapshot is gewijzigd"
        elif canoniek(json.loads(tekst)) != tekst:
            yield f"{rij.indiening}: de snapshot is niet canoniek"


@controle("ontvangstbewijzen kloppen")
def ontvangstbewijzen_kloppen() -> Iterator[str]:
    """Every receipt says what its row says, and has the leaf hash of the row."""
    for rij in Indiening.objects.select_related("dossier").iterator(chunk_size=2000):
        bewijs = json.loads(bytes(rij.ontvangst))
        if blad(bytes(rij.ontvangst)) != bytes(rij.blad):
            yield f"{rij}: het ontvangstbewijs is gewijzigd"
        elif (bewijs["nummer"], bewijs["snapshot"]) != (rij.ontvangstnummer, bytes(rij.snapshot_hash).hex()):
            yield f"{rij}: het ontvangstbewijs hoort niet bij deze indiening"


@controle("ontvangstnummers volgen elkaar op")
def nummers_volgen() -> Iterator[str]:
    """The counter of every round is its highest receipt number."""
    for ronde in Ronde.objects.annotate(hoogste=Max("indieningen__ontvangstnummer")).select_related("luik__oproep"):
        if (ronde.hoogste or 0) != ronde.laatste_ontvangstnummer:
            yield f"{ronde}: teller {ronde.laatste_ontvangstnummer}, hoogste nummer {ronde.hoogste or 0}"


@controle("kostenstaten zijn wat ingediend werd")
def kostenstaten_kloppen() -> Iterator[str]:
    """Every claim that is in has its fingerprint, and the sample that follows from its seed."""
    binnen = Kostenstaat.objects.filter(status__in=[Kostenstaat.Status.INGEDIEND, Kostenstaat.Status.NAGEKEKEN])
    for staat in binnen.select_related(*LEZEN).iterator(chunk_size=500):
        if vingerafdruk(canoniek(laatste_inhoud(staat))).hex() != staat.vingerafdruk:
            yield f"{staat}: de regels zijn gewijzigd na het indienen"
        elif list(staat.regels.filter(in_steekproef=True).values_list("volgnummer", flat=True)) != getrokken_regels(
            staat
        ):
            yield f"{staat}: de steekproef is niet wat uit haar zaad volgt"


@controle("verklaringen van de-minimissteun zijn zoals ze ingediend zijn")
def verklaringen_kloppen() -> Iterator[str]:
    """What the ceiling is counted with is what the applicant handed in; an erased snapshot cannot tell."""
    verklaringen = Steunverklaring.objects.filter(dossier__ingediend_op__isnull=False)
    for rij in verklaringen.select_related("dossier__ronde__luik").iterator(chunk_size=2000):
        inhoud = ingediend(rij.dossier)
        if inhoud is not None and als_inhoud(rij.dossier) != {"deminimis": inhoud.get("deminimis")}:
            yield f"{rij.dossier}: de verklaring van de-minimissteun is niet die van de indiening"
