"""Filling in the declaration in a draft (no act, as dossiers/opmaak.py), and what it is in a submission."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from dossiers.deminimis.verbonden import nummer_fout
from dossiers.models import Dossier, Steunregel, Steunverklaring
from dossiers.opmaak import eis_concept
from kern import klok
from kern.canoniek import tekst_fout
from kern.weigering import eis
from oproepen.deminimis import Verordening

Keuze = Steunverklaring.Keuze
GEWIJZIGD = (
    "Iemand anders heeft deze pagina intussen bewaard. Uw invoer staat nog in de velden; vergelijk, en bewaar opnieuw."
)


@dataclass(frozen=True)
class Steun:
    """One row of a declaration."""

    verstrekker: str
    datum: date
    bedrag_cent: int
    verordening: str


def verklaring_van(dossier: Dossier) -> Steunverklaring | None:
    """Return the declaration of a dossier, with its rows read along."""
    return Steunverklaring.objects.prefetch_related("regels").filter(dossier_id=dossier.pk).first()


def bewaar_verklaring(
    dossier: Dossier,
    *,
    keuze: str,
    verbonden: str,
    op_eer: bool,
    regels: Sequence[Steun],
    versie: int,
    door: Any,
) -> Steunverklaring:
    """Save the declaration of a draft, all or nothing; `versie` as it was read (0: none yet).

    Raises Weigering: GeenRecht, geen_concept, tekst_onbewaarbaar, kbo_ongeldig, bedrag_te_laag, datum_onmogelijk,
    waarde_ongeldig, gewijzigd.
    """
    with transaction.atomic():
        eis_concept(Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk), door=door)
        for tekst in (verbonden, *(regel.verstrekker for regel in regels)):
            fout = tekst_fout(tekst)
            eis(fout is None, "tekst_onbewaarbaar", fout or "")
        fout = nummer_fout(verbonden)
        eis(fout is None, "kbo_ongeldig", fout or "", "verbonden")
        zin = "De steun is in de toekomst toegekend."
        eis(all(regel.datum <= klok.vandaag() for regel in regels), "datum_onmogelijk", zin)
        eis(all(regel.bedrag_cent > 0 for regel in regels), "bedrag_te_laag", "Een bedrag is groter dan nul.")
        goed = {*Keuze.values, ""} >= {keuze} and all(regel.verordening in Verordening.values for regel in regels)
        eis(goed, "waarde_ongeldig", "Kies een antwoord uit de lijst.")
        rij = Steunverklaring.objects.filter(dossier_id=dossier.pk).first()
        eis((rij.versie if rij else 0) == versie, "gewijzigd", GEWIJZIGD)
        rij = rij or Steunverklaring(dossier_id=dossier.pk)
        rij.keuze, rij.verbonden, rij.op_eer, rij.versie = keuze, verbonden, op_eer, versie + 1
        rij.gewijzigd_door, rij.gewijzigd_op = door, klok.nu()
        rij.save()
        rij.regels.all().delete()
        Steunregel.objects.bulk_create(
            Steunregel(
                verklaring=rij,
                volgorde=nummer,
                verstrekker=regel.verstrekker,
                datum=regel.datum,
                bedrag_cent=regel.bedrag_cent,
                verordening=regel.verordening,
            )
            for nummer, regel in enumerate(regels, start=1)
        )
    return rij


def wat_ontbreekt(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Give (code, sentence, field) of what a declaration lacks to be handed in; nothing in a track without one."""
    if not dossier.ronde.luik.deminimis:
        return
    rij = verklaring_van(dossier)
    keuze, regels = (rij.keuze, list(rij.regels.all())) if rij else ("", [])
    if not keuze:
        yield "verklaring_ontbreekt", "Zeg of uw onderneming de voorbije drie jaar de-minimissteun kreeg.", "keuze"
    elif keuze == Keuze.WEL and not regels:
        yield "steun_ontbreekt", "Vul in welke steun uw onderneming kreeg.", "regels-0-verstrekker"
    elif keuze == Keuze.GEEN and regels:
        yield "verklaring_klopt_niet", "U koos dat er geen steun was, maar u vulde wel steun in.", "keuze"
    fout = nummer_fout(rij.verbonden) if rij else None
    if fout is not None:  # of a draft that was saved before numbers were checked
        yield "kbo_ongeldig", fout, "verbonden"
    if rij is None or not rij.op_eer:
        yield "niet_op_eer", "Verklaar op eer dat wat u over de-minimissteun invulde, juist en volledig is.", "op_eer"


def als_inhoud(dossier: Dossier) -> dict[str, Any]:
    """Return the part of a snapshot; empty in a track that asks for none, so that its snapshots stay as they were."""
    verordening = dossier.ronde.luik.deminimis
    rij = verklaring_van(dossier) if verordening else None
    if rij is None:
        return {}
    return {
        "deminimis": {
            "verordening": verordening,
            "keuze": rij.keuze,
            "verbonden": rij.verbonden,
            "op_eer": rij.op_eer,
            "steun": [
                {
                    "verstrekker": regel.verstrekker,
                    "datum": regel.datum.isoformat(),
                    "bedrag_cent": regel.bedrag_cent,
                    "verordening": regel.verordening,
                }
                for regel in rij.regels.all()
            ],
        }
    }
