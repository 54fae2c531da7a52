"""Filling in a draft: autosave, budget rows, attachments. No acts: no events, no lock but the draft's own row.

Two people or two tabs may work on one draft. Every answer carries the version it was read with; when it was
changed meanwhile nothing is overwritten and both texts are shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from dossiers import rechten
from dossiers.models import Antwoord, Begrotingsregel, Bijlage, Dossier
from kern import klok, uploads
from kern.canoniek import tekst_fout
from kern.weigering import GeenRecht, eis
from oproepen.models import Vraag

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


@contextmanager
def _concept(dossier: Dossier, *, door: Any) -> Iterator[None]:
    """Hold the row of a draft while it is changed: a submission that came in between wins, one that comes waits."""
    with transaction.atomic():
        eis_concept(Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk), door=door)
        yield


def bewaar_antwoord(dossier: Dossier, sleutel: str, waarde: str, versie: int, *, door: Any) -> Bewaard:
    """Save one answer if its version is still `versie` (0: not answered yet); return what became of it.

    A conflict saves nothing and gives the other text. Raises Weigering: GeenRecht, geen_concept, onbekende_vraag,
    tekst_onbewaarbaar, tekst_te_lang.
    """
    with _concept(dossier, door=door):
        vragen = Vraag.objects.filter(versie_id=dossier.formulierversie_id, sleutel=sleutel)
        eis(vragen.exists(), "onbekende_vraag", "Deze vraag hoort niet bij dit formulier.")
        fout = tekst_fout(waarde)
        eis(fout is None, "tekst_onbewaarbaar", fout or "", sleutel)
        eis(len(waarde) <= MAX_TEKENS, "tekst_te_lang", f"Deze tekst is langer dan {MAX_TEKENS} tekens.", sleutel)
        huidig = Antwoord.objects.filter(dossier_id=dossier.pk, sleutel=sleutel).first()
        if huidig is not None and huidig.versie != versie:
            return Bewaard(huidig.versie, conflict=None if huidig.waarde == waarde else huidig.waarde)
        if huidig is not None and huidig.waarde == waarde:
            return Bewaard(huidig.versie)  # nothing new: another person's version stays good
        antwoord = huidig or Antwoord(dossier_id=dossier.pk, sleutel=sleutel, versie=0)
        antwoord.versie += 1
        antwoord.waarde, antwoord.gewijzigd_door, antwoord.gewijzigd_op = waarde, door, klok.nu()
        antwoord.save()
        return Bewaard(antwoord.versie)


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
    Raises Weigering: GeenRecht, geen_concept, tekst_onbewaarbaar, bedrag_te_laag, gewijzigd (somebody else saved
    in between).
    """
    with _concept(dossier, door=door):
        for tekst in (titel, iban, *(omschrijving for _, omschrijving, _ in regels)):
            fout = tekst_fout(tekst)
            eis(fout is None, "tekst_onbewaarbaar", fout or "")
        bedragen = [gevraagd_cent or 0, *(cent for _, _, cent in regels)]
        eis(min(bedragen) >= 0, "bedrag_te_laag", "Het bedrag mag niet negatief zijn.")
        gewijzigd = Dossier.objects.filter(pk=dossier.pk, gegevens_versie=versie).update(
            titel=titel, iban=iban, gevraagd_cent=gevraagd_cent, gegevens_versie=F("gegevens_versie") + 1
        )
        eis(
            gewijzigd,
            "gewijzigd",
            "Iemand anders heeft deze pagina intussen bewaard. Hieronder ziet u wat; uw invoer staat nog in de velden. "
            "Vergelijk, en bewaar opnieuw.",
        )
        Begrotingsregel.objects.filter(dossier_id=dossier.pk).delete()
        Begrotingsregel.objects.bulk_create(
            Begrotingsregel(dossier_id=dossier.pk, volgorde=i, soort=soort, omschrijving=tekst, bedrag_cent=cent)
            for i, (soort, tekst, cent) in enumerate(regels, start=1)
        )
    return Dossier.objects.get(pk=dossier.pk)


def voeg_bijlage_toe(dossier: Dossier, upload: Any, *, door: Any) -> Bijlage:
    """Store an attachment with a draft; the same file again (a second click) gives the one that is there.

    Raises Weigering: GeenRecht, geen_concept, bestand_..., te_veel_bijlagen.
    """
    with _concept(dossier, door=door):
        _eis_plaats(dossier, upload.name)
    # Outside the lock: reading and hashing take long.
    with uploads.voorlopig(upload, door=door) as bestand, _concept(dossier, door=door):
        zelfde = dossier.bijlagen.filter(bestand__sha256=bestand.sha256, bestand__naam=bestand.naam).first()
        if zelfde is not None:
            bestand.delete()
            return zelfde
        _eis_plaats(dossier, bestand.naam)
        return Bijlage.objects.create(dossier=dossier, bestand=bestand)


def _eis_plaats(dossier: Dossier, naam: str) -> None:
    eis(
        dossier.bijlagen.count() < MAX_BIJLAGEN,
        "te_veel_bijlagen",
        f"Het bestand '{naam}' kan er niet meer bij: een dossier heeft hoogstens {MAX_BIJLAGEN} bijlagen.",
        "bestand",
    )


def verwijder_bijlage(bijlage: Bijlage, *, door: Any) -> None:
    """Take an attachment out of a draft; the stored content stays. Raises Weigering: GeenRecht, geen_concept."""
    with _concept(bijlage.dossier, door=door):
        bijlage.delete()
