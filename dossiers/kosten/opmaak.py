"""Filling in a claim: period, other income, lines, evidence. No acts: no events, no lock but the claim's own row.

Every line, and the head of the claim, carries the version it was read with; what was changed meanwhile by somebody else
is not overwritten (two tabs, two colleagues).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from dossiers import rechten
from dossiers.kosten.models import AndereInkomst, Kostenregel, Kostenstaat
from dossiers.kosten.regels import MAX_REGELS, Regelgegevens, gezuiverd, kader_van
from kern import klok, uploads
from kern.canoniek import tekst_fout
from kern.geld import HOOGSTE_CENT
from kern.weigering import GeenRecht, beperkingen_als_weigering, eis

MAX_INKOMSTEN = 20
GEWIJZIGD = (
    "Iemand anders heeft dit intussen gewijzigd. Uw invoer staat nog in de velden: vergelijk, en bewaar opnieuw als u "
    "die wilt houden."
)
LEZEN = ("dossier__ronde__luik__kostenregeling", "dossier__ronde__luik__oproep", "dossier__organisatie")


def eis_open(staat: Kostenstaat, *, door: Any) -> None:
    """Raise Weigering unless this person may fill in this claim now (GeenRecht, niet_open)."""
    if not rechten.mag_kostenstaat_indienen(door, staat):
        raise GeenRecht
    eis(
        staat.status in Kostenstaat.OPEN,
        "niet_open",
        "Deze kostenstaat is ingediend en kan niet meer gewijzigd worden.",
    )


@contextmanager
def _open(staat: Kostenstaat, *, door: Any) -> Iterator[Kostenstaat]:
    """Hold the row of a claim while it is changed: handing it in waits, or came first and wins."""
    with beperkingen_als_weigering(), transaction.atomic():
        vers = Kostenstaat.objects.select_for_update(no_key=True, of=("self",)).select_related(*LEZEN).get(pk=staat.pk)
        eis_open(vers, door=door)
        yield vers


def eis_periode(van: date, tot: date, *, vandaag: date) -> None:
    """Raise Weigering (periode_omgekeerd, periode_in_toekomst) unless a claim can be about these days."""
    eis(tot >= van, "periode_omgekeerd", "De laatste dag ligt voor de eerste.", "tot")
    eis(tot <= vandaag, "periode_in_toekomst", "De laatste dag ligt in de toekomst.", "tot")


def bewaar_kop(
    staat: Kostenstaat, *, van: date, tot: date, inkomsten: Sequence[tuple[str, int]], versie: int, door: Any
) -> Kostenstaat:
    """Save period and other income (text, cents) of a claim, all or nothing.

    Raises Weigering: GeenRecht, niet_open, periode_..., te_veel_inkomsten, veld_leeg, tekst_onbewaarbaar,
    bedrag_te_laag, bedrag_te_groot, gewijzigd.
    """
    eis(len(inkomsten) <= MAX_INKOMSTEN, "te_veel_inkomsten", f"Geef hoogstens {MAX_INKOMSTEN} inkomsten op.")
    for tekst, cent in inkomsten:
        fout = tekst_fout(tekst)
        eis(tekst.strip(), "veld_leeg", "Schrijf waar deze inkomst vandaan komt.")
        eis(fout is None, "tekst_onbewaarbaar", fout or "")
        eis(cent > 0, "bedrag_te_laag", "Het bedrag moet meer dan nul zijn.")
        eis(cent <= HOOGSTE_CENT, "bedrag_te_groot", "Dit bedrag is te groot.")
    with _open(staat, door=door) as vers:
        eis_periode(van, tot, vandaag=klok.vandaag())
        eis(vers.versie == versie, "gewijzigd", GEWIJZIGD)
        vers.van, vers.tot, vers.versie = van, tot, versie + 1
        vers.save(update_fields=["van", "tot", "versie"])
        AndereInkomst.objects.filter(kostenstaat=vers).delete()
        AndereInkomst.objects.bulk_create(
            AndereInkomst(kostenstaat=vers, volgorde=i, omschrijving=tekst.strip(), bedrag_cent=cent)
            for i, (tekst, cent) in enumerate(inkomsten, start=1)
        )
    return vers


def voeg_regels_toe(staat: Kostenstaat, gegevens: Sequence[Regelgegevens], *, door: Any) -> list[Kostenregel]:
    """Add lines behind the others, all or nothing; return them.

    Raises Weigering: GeenRecht, niet_open, te_veel_regels, and what `regels.gezuiverd` raises.
    """
    with _open(staat, door=door) as vers:
        aantal = vers.regels.count()
        eis(
            aantal + len(gegevens) <= MAX_REGELS,
            "te_veel_regels",
            f"Een kostenstaat heeft hoogstens {MAX_REGELS} regels; deze heeft er al {aantal}.",
        )
        kader = kader_van(vers)
        hoogste = vers.regels.aggregate(hoogste=Max("volgnummer"))["hoogste"] or 0
        return Kostenregel.objects.bulk_create(
            Kostenregel(kostenstaat=vers, volgnummer=hoogste + i, **gezuiverd(rij, kader).als_velden())
            for i, rij in enumerate(gegevens, start=1)
        )


def wijzig_regel(regel: Kostenregel, gegevens: Regelgegevens, *, versie: int, door: Any) -> Kostenregel:
    """Change a line when it is still at `versie`; what the handler decided about it lapses.

    Raises Weigering: GeenRecht, niet_open, weg, gewijzigd, and what `regels.gezuiverd` raises.
    """
    with _open(regel.kostenstaat, door=door) as staat:
        rij = _nog_daar(staat, regel)
        velden = gezuiverd(gegevens, kader_van(staat)).als_velden()
        anders = {naam: waarde for naam, waarde in velden.items() if getattr(rij, naam) != waarde}
        if not anders:
            return rij
        eis(rij.versie == versie, "gewijzigd", GEWIJZIGD)
        return _bewaar(rij, anders)


def verwijder_regel(regel: Kostenregel, *, door: Any) -> None:
    """Take a line out; one that is gone already is fine. Raises Weigering: GeenRecht, niet_open."""
    with _open(regel.kostenstaat, door=door) as staat:
        staat.regels.filter(pk=regel.pk).delete()


def zet_bewijs(regel: Kostenregel, upload: Any, *, door: Any) -> Kostenregel:
    """Put a file with a line, in the place of an earlier one.

    Raises Weigering: GeenRecht, niet_open, weg, bestand_...
    """
    with _open(regel.kostenstaat, door=door) as staat:
        _nog_daar(staat, regel)
    # Outside the lock: reading and hashing take long.
    with uploads.voorlopig(upload, door=door) as bestand, _open(regel.kostenstaat, door=door) as staat:
        return _bewaar(_nog_daar(staat, regel), {"bestand": bestand, "bewijs_sha256": bestand.sha256})


def _nog_daar(staat: Kostenstaat, regel: Kostenregel) -> Kostenregel:
    rij = staat.regels.filter(pk=regel.pk).first()
    eis(rij is not None, "weg", "Iemand anders heeft deze regel intussen verwijderd.")
    assert rij is not None  # noqa: S101  for the types
    rij.kostenstaat = staat
    return rij


def _bewaar(rij: Kostenregel, anders: dict[str, Any]) -> Kostenregel:
    for naam, waarde in anders.items():
        setattr(rij, naam, waarde)
    rij.versie += 1
    rij.oordeel, rij.aanvaard_cent, rij.reden, rij.ongezien = Kostenregel.Oordeel.OPEN, None, "", False
    rij.save()
    return rij
