"""De-minimis aid: how much a single undertaking got in three years, and what an award would add.

Counted for an award on day D, in a track under a regulation: what its applicant declared, what was awarded here to the
single undertaking in tracks under the same regulation, and the award itself. The single undertaking is the applicant
and the linked undertakings of which its declaration gives the enterprise number, all with their predecessors and
successors; a linked one without a number is not looked up, for a name is no key. The day of an award counts, not that
of its payment. Of the three years, D counts and the same day three years before does not (`oproepen.deminimis`).
Assumed: an award that was given up or cancelled since counts in full, and one here with a date after D counts too (a
decision that is registered late must not pass below one that came in between).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from dossiers.deminimis.verbonden import kbo_nummers
from dossiers.models import Dossier, Steunverklaring
from kern import klok, sloten
from kern.geld import euro_tekst
from kern.weigering import Weigering
from oproepen.deminimis import KORT, PLAFOND_CENT, TELT_MEE, venster_na
from oproepen.models import Luik, Ronde
from organisaties.familie import families
from organisaties.models import Organisatie

# What to do about an award above the ceiling.
UITWEG_VOORSTEL = "Begrens eerst het bedrag, met de knop 'Bedrag begrenzen' op de pagina van dat dossier."
UITWEG_BESLUIT = "Stuur het voorstel terug; daarna kan de behandelaar het bedrag van dat dossier begrenzen."


@dataclass(frozen=True)
class Stand:
    """What counts for one award, in cents: declared, awarded here before, and asked in this proposal.

    verbonden_cent: the part of what was awarded before that went to linked undertakings; eigen_cent: the part of the
    proposal that is this dossier's; verbonden: the linked undertakings that are known here, by name.
    """

    dossier: Dossier
    verordening: str
    verklaard_cent: int
    toegekend_cent: int
    voorgesteld_cent: int
    eigen_cent: int
    verbonden_cent: int = 0
    verbonden: tuple[str, ...] = ()

    @property
    def som_cent(self) -> int:
        """Return all of it."""
        return self.verklaard_cent + self.toegekend_cent + self.voorgesteld_cent

    @property
    def plafond_cent(self) -> int:
        """Return the ceiling."""
        return PLAFOND_CENT[self.verordening]

    @property
    def ruimte_cent(self) -> int:
        """Return what is left under the ceiling without this proposal."""
        return max(self.plafond_cent - self.verklaard_cent - self.toegekend_cent, 0)

    @property
    def ruimte_dossier_cent(self) -> int:
        """Return what is left for this dossier when the others of its undertaking get what is proposed."""
        return max(self.plafond_cent - self.som_cent + self.eigen_cent, 0)

    @property
    def boven(self) -> bool:
        """Return whether the proposal passes the ceiling."""
        return self.som_cent > self.plafond_cent

    @property
    def zin(self) -> str:
        """Return what is wrong with it, as a sentence."""
        verbonden = f" Daarvan kregen verbonden ondernemingen hier al {euro_tekst(self.verbonden_cent)}."
        return (
            f"Dossier {self.dossier.nummer} gaat boven het plafond van de de-minimissteun: {euro_tekst(self.som_cent)} "
            f"in drie jaar, en {KORT[self.verordening]} laat {euro_tekst(self.plafond_cent)} toe."
            f"{verbonden if self.verbonden_cent else ''} Er is nog {euro_tekst(self.ruimte_cent)} vrij."
        )

    @property
    def motivering(self) -> str:
        """Return why a dossier that would pass the ceiling gets less, for its letter."""
        niet = "niet meer" if self.ruimte_dossier_cent else "niets meer"
        return (
            f"Eén onderneming mag in drie jaar hoogstens {euro_tekst(self.plafond_cent)} de-minimissteun krijgen "
            f"({KORT[self.verordening]}). Met wat uw onderneming al kreeg, kan er voor dit project {niet} toegekend "
            "worden."
        )


@dataclass(frozen=True)
class _Verklaard:
    """What the declaration of a dossier says: aid that counts, and its linked undertakings that are known here."""

    cent: int = 0
    verbonden: tuple[tuple[int, str], ...] = ()


def _verklaringen(voorstel: Iterable[Dossier], verordening: str, na: date) -> dict[int, _Verklaard]:
    telt = Q(regels__datum__gt=na, regels__verordening__in=TELT_MEE[verordening])
    verklaringen = Steunverklaring.objects.filter(dossier__in=voorstel).order_by()
    som = Sum("regels__bedrag_cent", filter=telt)
    rijen = list(verklaringen.values_list("dossier", "verbonden").annotate(som=som))
    nummers = {dossier: kbo_nummers(tekst) for dossier, tekst, _ in rijen}
    gevraagd = {nummer for lijst in nummers.values() for nummer in lijst}
    bekend: dict[str, list[tuple[int, str]]] = defaultdict(list)
    if gevraagd:
        for pk, naam, kbo in Organisatie.objects.filter(kbo__in=gevraagd).values_list("pk", "naam", "kbo"):
            bekend[kbo or ""].append((pk, naam))
    return {
        dossier: _Verklaard(cent or 0, tuple(o for nummer in nummers[dossier] for o in bekend[nummer]))
        for dossier, _, cent in rijen
    }


def _ondernemingen(
    voorstel: Iterable[Dossier], verklaard: Mapping[int, _Verklaard]
) -> dict[int, tuple[frozenset[int], frozenset[int]]]:
    """Return, by dossier, the keys of the organisations of its applicant, and those of its linked undertakings."""
    verbonden = {d.pk: [pk for pk, _ in verklaard.get(d.pk, _Verklaard()).verbonden] for d in voorstel}
    familie = families({d.organisatie_id for d in voorstel} | {pk for lijst in verbonden.values() for pk in lijst})
    uit = {}
    for dossier in voorstel:
        eigen = familie[dossier.organisatie_id]
        ander = frozenset[int]().union(*(familie[pk] for pk in verbonden[dossier.pk]))
        uit[dossier.pk] = (eigen, ander - eigen)
    return uit


def standen(luik: Luik, voorstel: Mapping[Dossier, int], op: date) -> list[Stand]:
    """Return what counts for each proposed award (dossier: cents) of a track on a day; empty without a regulation.

    Dossiers of one undertaking count together.
    """
    verordening = luik.deminimis
    if not verordening or not voorstel:
        return []
    na = venster_na(op)
    verklaard = _verklaringen(voorstel, verordening, na)
    ondernemingen = _ondernemingen(voorstel, verklaard)
    hier: dict[int, int] = defaultdict(int)
    toegekend = Dossier.objects.filter(
        organisatie__in={pk for delen in ondernemingen.values() for deel in delen for pk in deel},
        ronde__luik__deminimis=verordening,
        toegekend_cent__isnull=False,
        beslist_op__gt=na,
    ).exclude(pk__in=[dossier.pk for dossier in voorstel])
    for organisatie, cent in toegekend.values_list("organisatie_id", "toegekend_cent"):
        hier[organisatie] += cent or 0
    samen: dict[int, int] = defaultdict(int)
    for dossier, cent in voorstel.items():
        samen[dossier.organisatie_id] += cent
    uit = []
    for dossier in sorted(voorstel, key=lambda d: d.pk):
        eigen, ander = ondernemingen[dossier.pk]
        verklaring = verklaard.get(dossier.pk, _Verklaard())
        van_verbonden = sum(hier[pk] for pk in ander)
        uit.append(
            Stand(
                dossier,
                verordening,
                verklaring.cent,
                sum(hier[pk] for pk in eigen) + van_verbonden,
                sum(samen[pk] for pk in eigen | ander),
                voorstel[dossier],
                van_verbonden,
                tuple(naam for _, naam in verklaring.verbonden),
            )
        )
    return uit


def boven_plafond(luik: Luik, voorstel: Mapping[Dossier, int], op: date) -> list[Stand]:
    """Return what counts for every award that would pass the ceiling."""
    return [stand for stand in standen(luik, voorstel, op) if stand.boven]


def eis_onder_plafond(luik: Luik, voorstel: Mapping[Dossier, int], op: date, uitweg: str) -> None:
    """Raise Weigering(boven_deminimis) for the first award that passes the ceiling, inside an act.

    The organisations are locked, those of linked undertakings too: of two decisions at the same moment, the second
    counts the awards of the first. uitweg: what can be done about it.
    """
    if not luik.deminimis or not voorstel:
        return
    ondernemingen = _ondernemingen(voorstel, _verklaringen(voorstel, luik.deminimis, venster_na(op)))
    sloten.neem(Organisatie, {pk for delen in ondernemingen.values() for deel in delen for pk in deel})
    for stand in boven_plafond(luik, voorstel, op):
        raise Weigering("boven_deminimis", f"{stand.zin} {uitweg}")


def van_dossiers(dossiers: Iterable[Dossier]) -> dict[Dossier, int]:
    """Return what dossiers would get, as a proposal."""
    return {dossier: dossier.toe_te_kennen_cent for dossier in dossiers}


def nog_voor_te_stellen(ronde: Ronde) -> dict[Dossier, int]:
    """Return what can still be proposed in a round: what is being judged, or later what is on its reserve list."""
    statussen = {
        Ronde.Status.GESLOTEN: [Dossier.Status.INGEDIEND, Dossier.Status.ONTVANKELIJK],
        Ronde.Status.IN_BEOORDELING: [Dossier.Status.INGEDIEND, Dossier.Status.ONTVANKELIJK],
        Ronde.Status.KENNISGEGEVEN: [Dossier.Status.RESERVE],
    }.get(ronde.status, [])
    return van_dossiers(ronde.dossiers.filter(status__in=statussen)) if statussen else {}


def ruimte_van(dossier: Dossier) -> Stand | None:
    """Return what counts for a dossier that can still be proposed, now; None in a track without a regulation."""
    if not dossier.ronde.luik.deminimis:
        return None
    voorstel = {dossier: dossier.toe_te_kennen_cent} | nog_voor_te_stellen(dossier.ronde)
    return next(stand for stand in standen(dossier.ronde.luik, voorstel, klok.vandaag()) if stand.dossier == dossier)
