"""The sheet with what an outside accounting system reports: each line is kept, and booked where it agrees."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from betalingen import grootboek, rechten, services
from betalingen.models import Buitenfeit
from betalingen.queries.buitenfeiten import (
    Beeld,
    Feit,
    FeitSoort,
    beelden,
    bezette_nummers,
    laatste_feiten,
    na_boeking,
    oordeel,
)
from betalingen.queries.verschillen import ooit_extern
from betalingen.services.boekhouding import sloten_voor_feiten
from kern import klok
from kern.geld import euro_tekst
from kern.inlezen.blad import Inleesblad, Uitkomst, Voorstel
from kern.inlezen.rijen import Rij
from kern.templatetags.loket import dag as dag_tekst
from kern.weg import Sloten
from kern.weigering import Weigering
from organisaties.models import Gebruiker

LENGTES = {"Dossier": 40, "Vastleggingsnummer": 40, "Stuknummer": 40, "Referentie": 60}


class Boekhoudfeiten(Inleesblad):
    """What an outside accounting system committed, charged and paid."""

    naam = "boekhouding"
    titel = "Feiten uit de boekhouding"
    uitleg = (
        "Een rij per feit uit het boekhoudsysteem van de verstrekker. Soort is vastlegging, vereffening of betaling. "
        "Bij een vereffening en een betaling hoort de referentie van de lijst met te betalen bedragen. Wat klopt met "
        "het loket, wordt geboekt; wat niet klopt, komt op de lijst met verschillen."
    )
    verplicht = ("Soort", "Dossier", "Bedrag", "Datum")
    gelezen = ("Vastleggingsnummer", "Stuknummer", "Referentie", "Verstrekker")

    def mag(self, gebruiker: Gebruiker) -> bool:
        """Return whether a person keeps the books of a granter that keeps them elsewhere."""
        return rechten.boekt_elders(gebruiker)

    def beoordelaar(self, rijen: Sequence[Rij], door: Gebruiker) -> Callable[[Rij], Voorstel]:
        """Read the dossiers that the rows name and the facts that are known."""
        return _Beoordelaar(rijen, door)

    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Lock what booking these facts moves."""
        doelen = [v.doel for v in voorstellen if v.doel is not None]
        return sloten_voor_feiten([feit for feit, _ in doelen], doelen[0][1]) if doelen else {}


class _Beoordelaar:
    """Judges rows in the order of the file; a row that books changes what is known for the rows below it."""

    def __init__(self, rijen: Sequence[Rij], door: Gebruiker) -> None:
        self.door = door
        self.verstrekkers = sorted(rechten.verstrekkers_van(door) & ooit_extern())
        nummers = {_waarde(rij, "Dossier") for rij in rijen}
        eigen = rechten.dossiers_van_boekhouder(door).select_related("ronde__luik__oproep")
        self.beelden: dict[str, Beeld] = beelden(eigen.filter(nummer__in=nummers))
        feiten = Buitenfeit.objects.filter(verstrekker__in=self.verstrekkers, dossiernummer__in=nummers)
        self.feiten = laatste_feiten(feiten)
        self.bezet = bezette_nummers(self.verstrekkers)
        self.fouten: dict[tuple[int, int, bool], Weigering | None] = {}

    def __call__(self, rij: Rij) -> Voorstel:
        feit = _lees(rij)
        beeld = self.beelden.get(feit.dossiernummer)
        verstrekker = self._verstrekker(rij, beeld)
        uitkomst = oordeel(feit, beeld, self.bezet[verstrekker])
        bekend = self.feiten.get((verstrekker, feit.kenmerk))
        zelfde = bekend is not None and feit.zelfde(bekend)
        wat = f"{feit.dossiernummer}, {FeitSoort(feit.soort).label.lower()}"
        maak = partial(Voorstel, rij.nummer, wat=wat, cel=rij.cel("Bedrag"), sleutel=(verstrekker, feit.kenmerk))
        if uitkomst.boekt and beeld is not None:
            self._eis_boekbaar(rij, beeld, feit)
            na_boeking(feit, beeld)
            if feit.soort == FeitSoort.VASTLEGGING:
                self.bezet[verstrekker][feit.vastleggingsnummer] = beeld.dossier.pk
        elif zelfde:
            return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin=uitkomst.verschil or "Al opgenomen.")
        daad = partial(_neem_op, feit, verstrekker)
        soort = Uitkomst.NIEUW if bekend is None else Uitkomst.GEWIJZIGD
        zin = f"{FeitSoort(feit.soort).label} van {euro_tekst(feit.bedrag_cent)} op {dag_tekst(feit.datum)}: "
        zin += "wordt geboekt." if uitkomst.boekt else uitkomst.verschil or "al geboekt; wordt alleen bewaard."
        if uitkomst.verschil:
            zin += " Wordt bewaard, niet geboekt."
        return maak(uitkomst=soort, zin=zin, bedrag_cent=feit.bedrag_cent, doel=(feit, self.door), daad=daad)

    def _verstrekker(self, rij: Rij, beeld: Beeld | None) -> str:
        if beeld is not None:
            verstrekker = beeld.dossier.ronde.luik.oproep.verstrekker
            if verstrekker not in self.verstrekkers:
                raise rij.fout("Dossier", f"de boekhouding van {verstrekker} gebeurt in dit loket.")
            return verstrekker
        gegeven = rij.tekst("Verstrekker")
        if gegeven in self.verstrekkers:
            return gegeven
        if gegeven or len(self.verstrekkers) != 1:
            kop = "Verstrekker" if rij.heeft("Verstrekker") else "Dossier"
            raise rij.fout(kop, f"vul de verstrekker in: {' of '.join(self.verstrekkers)}.")
        return self.verstrekkers[0]

    def _eis_boekbaar(self, rij: Rij, beeld: Beeld, feit: Feit) -> None:
        """Raise Celfout when this cannot be booked in its year; a payment uses no credit of its own year."""
        luik, jaar, gebruikt = beeld.dossier.ronde.luik, feit.datum.year, feit.soort != FeitSoort.BETALING
        plaats = (luik.pk, jaar, gebruikt)
        if plaats not in self.fouten:
            self.fouten[plaats] = None
            try:
                if gebruikt:
                    grootboek.krediet_voor(luik, jaar)
                grootboek.eis_open_jaren([jaar])
            except Weigering as fout:
                self.fouten[plaats] = fout
        bekend = self.fouten[plaats]
        if bekend is not None:
            raise rij.fout_volzin("Datum", bekend.zin)


def _neem_op(feit: Feit, verstrekker: str, door: Gebruiker) -> Any:
    return services.neem_buitenfeit_op(door, feit=feit, verstrekker=verstrekker, door=door)


def _lees(rij: Rij) -> Feit:
    soort = rij.tekst("Soort").casefold()
    if soort not in FeitSoort.values:
        raise rij.fout("Soort", f"kies uit: {', '.join(FeitSoort.values)}.")
    dossier, cent, datum = rij.tekst("Dossier"), rij.cent("Bedrag"), rij.dag("Datum")
    if not dossier:
        raise rij.fout("Dossier", "vul het dossiernummer in.")
    if cent is None or cent < 0:
        raise rij.fout("Bedrag", "vul een bedrag in dat niet negatief is.")
    if datum is None or datum > klok.vandaag():
        raise rij.fout("Datum", "vul een datum in die niet in de toekomst ligt.")
    for kop, lengte in LENGTES.items():
        if len(rij.tekst(kop)) > lengte:
            raise rij.fout(kop, f"dit is langer dan {lengte} tekens.")
    feit = Feit(
        soort, dossier, cent, datum, rij.tekst("Vastleggingsnummer"), rij.tekst("Stuknummer"), rij.tekst("Referentie")
    )
    _eis_nummers(rij, feit)
    return feit


def _eis_nummers(rij: Rij, feit: Feit) -> None:
    nodig = {
        FeitSoort.VASTLEGGING.value: (("Vastleggingsnummer", feit.vastleggingsnummer),),
        FeitSoort.VEREFFENING.value: (("Stuknummer", feit.stuknummer), ("Referentie", feit.referentie)),
        FeitSoort.BETALING.value: (("Referentie", feit.referentie),),
    }
    for kop, waarde in nodig[feit.soort]:
        if not waarde:
            raise rij.fout(kop if rij.heeft(kop) else "Soort", f"bij een {feit.soort} hoort: {kop.lower()}.")


def _waarde(rij: Rij, kop: str) -> str:
    try:
        return rij.tekst(kop)
    except Weigering:
        return ""  # the row says so itself
