"""Filling in a draft: autosave, budget rows, attachments. No acts: no events, no lock but the own row.

Two people or two tabs may work on one draft. Every answer carries the version it was read with; when it was
changed meanwhile nothing is overwritten and both texts are shown.
"""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from dossiers import rechten
from dossiers.models import Antwoord, Begrotingsregel, Bijlage, Dossier
from kern import klok, uploads
from kern.canoniek import tekst_fout
from kern.models import Bestand
from kern.weigering import GeenRecht, Weigering, eis

MAX_BIJLAGEN = 40
# Twice the longest answer asked for in any call, so that a draft that is too long is kept, not cut.
MAX_TEKENS = 100_000


@dataclass(frozen=True)
class Bewaard:
    """What became of one saved answer: its version now, and the text of the other when there is a conflict."""

    versie: int
    conflict: str | None = None


def eis_concept(dossier: Dossier, *, door: Any) -> None:
    """Raise Weigering unless this person may fill in this draft now (GeenRecht, geen_concept)."""
    if not rechten.mag_bewerken(door, dossier):
        raise GeenRecht
    eis(
        dossier.status == Dossier.Status.CONCEPT,
        "geen_concept",
        "Dit dossier is geen concept meer en kan niet meer gewijzigd worden.",
    )


def bewaar_antwoord(dossier: Dossier, sleutel: str, waarde: str, versie: int, *, door: Any) -> Bewaard:
    """Save one answer if its version is still `versie` (0: not answered yet); return what became of it.

    A conflict saves nothing and gives the other text. Raises Weigering: GeenRecht, geen_concept,
    tekst_onbewaarbaar, tekst_te_lang.
    """
    eis_concept(dossier, door=door)
    fout = tekst_fout(waarde)
    eis(fout is None, "tekst_onbewaarbaar", fout or "", sleutel)
    eis(len(waarde) <= MAX_TEKENS, "tekst_te_lang", f"Deze tekst is langer dan {MAX_TEKENS} tekens.", sleutel)
    nieuw = {"waarde": waarde, "gewijzigd_door": door, "gewijzigd_op": klok.nu()}
    with transaction.atomic():
        if versie == 0 and _maak_antwoord(dossier, sleutel, nieuw):
            return Bewaard(1)
        # The draft state is part of the condition: a submission that comes in between wins.
        gewijzigd = Antwoord.objects.filter(
            dossier_id=dossier.pk, sleutel=sleutel, versie=versie, dossier__status=Dossier.Status.CONCEPT
        ).update(versie=F("versie") + 1, **nieuw)
        if gewijzigd:
            return Bewaard(versie + 1)
        huidig = Antwoord.objects.get(dossier_id=dossier.pk, sleutel=sleutel)
    if huidig.waarde == waarde:
        return Bewaard(huidig.versie)
    return Bewaard(huidig.versie, conflict=huidig.waarde)


def _maak_antwoord(dossier: Dossier, sleutel: str, nieuw: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            Antwoord.objects.create(dossier_id=dossier.pk, sleutel=sleutel, versie=1, **nieuw)
    except IntegrityError:
        return False
    return True


def bewaar_gegevens(
    dossier: Dossier,
    *,
    titel: str,
    iban: str,
    gevraagd_cent: int | None,
    regels: list[tuple[str, str, int]],
    versie: int,
    door: Any,
) -> Dossier:
    """Save title, account, amount asked and budget rows of a draft, all or nothing.

    regels: (soort, omschrijving, cents) in order; versie: `gegevens_versie` as it was read.
    Raises Weigering: GeenRecht, geen_concept, gewijzigd (somebody else saved in between).
    """
    eis_concept(dossier, door=door)
    with transaction.atomic():
        gewijzigd = Dossier.objects.filter(
            pk=dossier.pk, status=Dossier.Status.CONCEPT, gegevens_versie=versie
        ).update(titel=titel, iban=iban, gevraagd_cent=gevraagd_cent, gegevens_versie=F("gegevens_versie") + 1)
        if not gewijzigd:
            raise Weigering(
                "gewijzigd",
                "Iemand anders heeft deze pagina intussen bewaard. Uw invoer staat hieronder nog; "
                "open de pagina in een tweede venster, vergelijk, en bewaar opnieuw.",
            )
        Begrotingsregel.objects.filter(dossier_id=dossier.pk).delete()
        Begrotingsregel.objects.bulk_create(
            Begrotingsregel(dossier_id=dossier.pk, volgorde=i, soort=soort, omschrijving=tekst, bedrag_cent=cent)
            for i, (soort, tekst, cent) in enumerate(regels, start=1)
        )
    return Dossier.objects.get(pk=dossier.pk)


def voeg_bijlage_toe(dossier: Dossier, upload: Any, *, door: Any) -> Bijlage:
    """Store an attachment with a draft. Raises Weigering: GeenRecht, geen_concept, bestand_..., te_veel_bijlagen."""
    eis_concept(dossier, door=door)
    eis(
        dossier.bijlagen.count() < MAX_BIJLAGEN,
        "te_veel_bijlagen",
        f"Een dossier heeft hoogstens {MAX_BIJLAGEN} bijlagen.",
        "bestand",
    )
    bestand = uploads.bewaar(upload, door=door)
    return koppel_bijlage(dossier, bestand)


def koppel_bijlage(dossier: Dossier, bestand: Bestand) -> Bijlage:
    """Tie a stored file to a draft."""
    return Bijlage.objects.create(dossier=dossier, bestand=bestand)


def verwijder_bijlage(bijlage: Bijlage, *, door: Any) -> None:
    """Take an attachment out of a draft; the stored content stays. Raises Weigering: GeenRecht, geen_concept."""
    eis_concept(bijlage.dossier, door=door)
    bijlage.delete()
