"""The list of differences: what this system holds beside what an outside accounting system reported."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from betalingen import rechten
from betalingen.models import Boekhouding, Buitenfeit, Journaalregel, Verschilverklaring
from betalingen.queries.buitenfeiten import (
    Beeld,
    BetalingBeeld,
    Feit,
    FeitSoort,
    beelden,
    bezette_nummers,
    feit_van,
    laatste_feiten,
    oordeel,
)
from dossiers.models import Dossier
from kern.canoniek import canoniek, vingerafdruk
from organisaties.models import Gebruiker

NU_WEL = "Dit klopt nu, maar het is nog niet geboekt. Lees het opnieuw in."


@dataclass
class Verschil:
    """One difference, in cents; hier_cent and daar_cent None where a side has nothing.

    feit: what was reported, if anything; verklaring: why it may stay.
    """

    verstrekker: str
    soort: str
    dossiernummer: str
    zin: str
    hier_cent: int | None
    daar_cent: int | None
    dossier: Dossier | None
    referentie: str = ""
    feit: Buitenfeit | None = None
    verklaring: str = ""

    @property
    def soort_naam(self) -> str:
        """Return the kind as people read it."""
        return str(FeitSoort(self.soort).label)

    @property
    def sleutel(self) -> str:
        """Return what tells this difference, with these figures, from every other one."""
        cijfers = [self.hier_cent, self.daar_cent]
        return vingerafdruk(
            canoniek([self.soort, self.dossiernummer, self.referentie, self.zin, *map(str, cijfers)])
        ).hex()


def extern_geboekt(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return the awards of which the commitment is, or is still to be, in an outside system."""
    vast = Journaalregel.objects.filter(dossier=OuterRef("pk"), soort=Journaalregel.Soort.VASTLEGGING)
    return dossiers.filter(toegekend_cent__isnull=False).filter(Q(vastleggingsnummer__isnull=False) | ~Exists(vast))


def ooit_extern() -> set[str]:
    """Return the granters that keep, or once kept, their books in an outside system."""
    return set(Boekhouding.objects.filter(wijze=Boekhouding.Wijze.EXTERN).values_list("verstrekker", flat=True))


def verschillen(gebruiker: Gebruiker) -> list[Verschil]:
    """Return the differences that a person sees, by dossier; those that were explained carry their explanation."""
    return verschillen_van(rechten.ziet_verschillen_van(gebruiker), rechten.dossiers_van_boekhouding(gebruiker))


def verschillen_van(verstrekkers: set[str], dossiers: QuerySet[Dossier]) -> list[Verschil]:
    """Return the differences on these dossiers, and of what these granters reported about no dossier."""
    verstrekkers &= ooit_extern()
    if not verstrekkers:
        return []
    feiten = laatste_feiten(Buitenfeit.objects.filter(verstrekker__in=verstrekkers))
    eigen = dossiers.filter(ronde__luik__oproep__verstrekker__in=verstrekkers)
    gemeld = {rij.dossiernummer for rij in feiten.values()}
    verwacht = extern_geboekt(eigen).values("pk")
    gezocht = eigen.filter(Q(pk__in=verwacht) | Q(nummer__in=gemeld)).select_related("ronde__luik__oproep")
    bekend = beelden(gezocht.order_by("nummer"))
    van_anderen = [rij.pk for rij in feiten.values() if rij.dossier_id is not None and rij.dossiernummer not in bekend]
    zichtbaar = [rij for rij in feiten.values() if rij.pk not in set(van_anderen)]
    bezet = bezette_nummers(verstrekkers)
    rijen = [*_van_feiten(zichtbaar, bekend, bezet), *_ontbrekend(zichtbaar, bekend)]
    redenen = {
        (rij.verstrekker, rij.sleutel): rij.reden
        for rij in Verschilverklaring.objects.filter(verstrekker__in=verstrekkers)
    }
    for rij in rijen:
        rij.verklaring = redenen.get((rij.verstrekker, rij.sleutel), "")
    return sorted(rijen, key=lambda rij: (rij.verstrekker, rij.dossiernummer, FeitSoort.values.index(rij.soort)))


def _van_feiten(
    feiten: list[Buitenfeit], bekend: dict[str, Beeld], bezet: dict[str, dict[str, int]]
) -> Iterator[Verschil]:
    gezien: dict[tuple[str, str, str], str] = {}
    for rij in sorted(feiten, key=lambda rij: rij.pk):
        feit, beeld = feit_van(rij), bekend.get(rij.dossiernummer)
        uitkomst = oordeel(feit, beeld, bezet[rij.verstrekker])
        zin = NU_WEL if uitkomst.boekt else uitkomst.verschil or _dubbel(feit, gezien)
        if zin:
            yield Verschil(
                rij.verstrekker,
                rij.soort,
                rij.dossiernummer,
                zin,
                _hier(feit, beeld),
                rij.bedrag_cent,
                beeld.dossier if beeld else None,
                rij.referentie or rij.vastleggingsnummer or rij.stuknummer,
                rij,
            )


def _dubbel(feit: Feit, gezien: dict[tuple[str, str, str], str]) -> str:
    """Return that a charge or payment was reported under two document numbers."""
    if feit.soort == FeitSoort.VASTLEGGING or not feit.stuknummer:
        return ""
    eerste = gezien.setdefault((feit.soort, feit.dossiernummer, feit.referentie), feit.stuknummer)
    return "" if eerste == feit.stuknummer else f"Dit is ook gemeld met stuknummer {eerste}."


def _hier(feit: Feit, beeld: Beeld | None) -> int | None:
    if beeld is None or not beeld.toegekend:
        return None
    if feit.soort == FeitSoort.VASTLEGGING:
        return beeld.verwacht_cent
    betaling = beeld.betaling(feit.referentie)
    return betaling.betaling.bedrag_cent if betaling else None


def _ontbrekend(feiten: list[Buitenfeit], bekend: dict[str, Beeld]) -> Iterator[Verschil]:
    gemeld: set[tuple[str, int]] = set()
    for rij in feiten:
        beeld = bekend.get(rij.dossiernummer)
        if beeld is not None and rij.soort == FeitSoort.VASTLEGGING:
            gemeld.add((rij.soort, beeld.dossier.pk))
        elif beeld is not None and (betaling := beeld.betaling(rij.referentie)):
            gemeld.add((rij.soort, betaling.betaling.pk))
    for beeld in bekend.values():
        wacht = beeld.toegekend and (beeld.nummer is not None or beeld.vastgelegd_cent is None)
        if wacht and (FeitSoort.VASTLEGGING, beeld.dossier.pk) not in gemeld:
            yield _niet_gemeld(beeld, FeitSoort.VASTLEGGING, "De vastlegging is nog niet gemeld.")
        for betaling in beeld.betalingen:
            if betaling.extern:
                yield from _niet_gemelde(beeld, betaling, gemeld)


def _niet_gemelde(beeld: Beeld, betaling: BetalingBeeld, gemeld: set[tuple[str, int]]) -> Iterator[Verschil]:
    for soort, wat in ((FeitSoort.VEREFFENING, "De vereffening"), (FeitSoort.BETALING, "De betaling")):
        if (soort, betaling.betaling.pk) not in gemeld:
            yield _niet_gemeld(beeld, soort, f"{wat} is nog niet gemeld.", betaling)


def _niet_gemeld(beeld: Beeld, soort: str, zin: str, betaling: BetalingBeeld | None = None) -> Verschil:
    cent = beeld.verwacht_cent if betaling is None else betaling.betaling.bedrag_cent
    verstrekker = beeld.dossier.ronde.luik.oproep.verstrekker
    referentie = betaling.referentie if betaling else ""
    return Verschil(verstrekker, soort, beeld.dossier.nummer or "", zin, cent, None, beeld.dossier, referentie)
