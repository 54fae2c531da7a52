"""Double use of one invoice: the same supplier and number, or the same file, in any claim of any dossier.

Found in three queries, however many lines a claim has: the database joins the claim's lines with all others by their
normalised keys, which are indexed. A line that was rejected does not count: its cost may be claimed again. The same
file under two different invoice numbers is no double use either: one PDF can hold many invoices.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.rechten import kostenstaten_zichtbaar_voor
from organisaties.models import Gebruiker

_NIET = re.compile(r"[^0-9a-z]+")
# As they stand after `_kaal`: 'n.v.' has become 'n v'.
_RECHTSVORM = re.compile(
    r"\b(b v b a|c v b a|i v z w|v z w|b v|n v|c v|v o f|bvba|cvba|ivzw|vzw|bv|nv|cv|vof|srl|sa|asbl)\b"
)


def _kaal(tekst: str) -> str:
    zonder = "".join(t for t in unicodedata.normalize("NFKD", tekst.casefold()) if not unicodedata.combining(t))
    return _NIET.sub(" ", zonder).strip()


def leverancier_sleutel(naam: str) -> str:
    """Return a supplier's name as it is compared: 'De Post N.V.' and 'de post' are one."""
    kaal = _kaal(naam)
    zonder = " ".join(_RECHTSVORM.sub(" ", kaal).split())
    return (zonder or kaal).replace(" ", "")


def factuur_sleutel(nummer: str) -> str:
    """Return an invoice number as it is compared: 'F-2022/017' and 'f2022 017' are one; leading zeros stay."""
    return _kaal(nummer).replace(" ", "")


@dataclass(frozen=True)
class Dubbel:
    """The same expense elsewhere. `ander` is the other line, with claim and dossier read along."""

    ander: Kostenregel
    zelfde_bestand: bool
    zichtbaar: bool

    @property
    def wat(self) -> str:
        """Return what is the same, in Dutch."""
        return "hetzelfde bewijsstuk" if self.zelfde_bestand else "dezelfde factuur"


def dubbels(staat: Kostenstaat, kijker: Gebruiker) -> dict[int, list[Dubbel]]:
    """Return per line of a claim (by its key) where the same expense stands too.

    Three queries, and one for the right. Of other dossiers only claims that were handed in count. `zichtbaar` says
    whether `kijker` may see that claim.
    """
    eigen = list(staat.regels.only("pk", "kostenstaat_id", *_SLEUTELS))
    gevonden = [
        (zelfde, paar)
        for zelfde, veld in ((False, "factuur_sleutel"), (True, "bewijs_sha256"))
        for paar in _anderen(staat, eigen, veld)
    ]
    staten = {staat.pk, *(ander.kostenstaat_id for _, (_, ander) in gevonden)}
    zichtbaar = kostenstaten_zichtbaar_voor(Kostenstaat.objects.filter(pk__in=staten), kijker)
    ziet = set(zichtbaar.order_by().values_list("pk", flat=True))
    uit: dict[int, dict[int, Dubbel]] = defaultdict(dict)
    for zelfde, (regel, ander) in gevonden:
        uit[regel].setdefault(ander.pk, Dubbel(ander, zelfde, ander.kostenstaat_id in ziet))
    return {regel: sorted(rij.values(), key=lambda d: d.ander.pk) for regel, rij in uit.items()}


def _tellend(staat: Kostenstaat) -> Q:
    """Return which lines count: of this dossier all that were not rejected, of others what was handed in."""
    return ~Q(oordeel=Kostenregel.Oordeel.VERWORPEN) & (
        Q(kostenstaat__dossier=staat.dossier_id) | Q(kostenstaat__ingediend_op__isnull=False)
    )


def _anderen(staat: Kostenstaat, eigen: list[Kostenregel], veld: str) -> list[tuple[int, Kostenregel]]:
    """Return pairs (key of a line of the claim, another line): the same in `veld`, and the same expense."""
    zelfde = zelfde_stuk if veld == "bewijs_sha256" else zelfde_factuur
    per: dict[str, list[Kostenregel]] = defaultdict(list)
    for regel in eigen:
        per[getattr(regel, veld)].append(regel)
    if not per.keys() - {""}:
        return []
    hier = Kostenregel.objects.filter(kostenstaat=staat, **{veld: OuterRef(veld)}).exclude(pk=OuterRef("pk"))
    kandidaten: QuerySet[Kostenregel] = (
        Kostenregel.objects.filter(_tellend(staat), Exists(hier))
        .exclude(**{veld: ""})
        .select_related("kostenstaat__dossier__ronde__luik__oproep", "kostenstaat__dossier__organisatie")
    )
    return [
        (regel.pk, ander)
        for ander in kandidaten
        for regel in per[getattr(ander, veld)]
        if regel.pk != ander.pk and zelfde(regel, ander)
    ]


_SLEUTELS = ("leverancier_sleutel", "leverancier_kbo", "factuur_sleutel", "bewijs_sha256")


def zelfde_factuur(een: Kostenregel, ander: Kostenregel) -> bool:
    """Return whether two lines name the same invoice: number, and supplier by enterprise number or by name."""
    if not een.factuur_sleutel or een.factuur_sleutel != ander.factuur_sleutel:
        return False
    if een.leverancier_kbo and ander.leverancier_kbo:
        return een.leverancier_kbo == ander.leverancier_kbo
    return bool(een.leverancier_sleutel) and een.leverancier_sleutel == ander.leverancier_sleutel


def zelfde_stuk(een: Kostenregel, ander: Kostenregel) -> bool:
    """Return whether two lines lean on the same file, and are not told apart by their invoice numbers."""
    if not een.bewijs_sha256 or een.bewijs_sha256 != ander.bewijs_sha256:
        return False
    return not (een.factuur_sleutel and ander.factuur_sleutel and een.factuur_sleutel != ander.factuur_sleutel)


def eigen_dubbel(staat: Kostenstaat) -> tuple[Kostenregel, Kostenregel] | None:
    """Return the first line of a claim that stands elsewhere in the same dossier too, with that other line, or None.

    One query: all lines of the dossier, some thousands at most.
    """
    rijen = list(
        Kostenregel.objects.filter(kostenstaat__dossier=staat.dossier_id)
        .exclude(oordeel=Kostenregel.Oordeel.VERWORPEN)
        .annotate(staatnummer=F("kostenstaat__volgnummer"))
        .select_related("kostenstaat")
        .order_by("staatnummer", "volgnummer")
    )
    groepen: dict[tuple[str, str], list[Kostenregel]] = defaultdict(list)
    for rij in rijen:
        groepen["factuur", rij.factuur_sleutel].append(rij)
        groepen["bewijs", rij.bewijs_sha256].append(rij)
    gevonden = [
        (later, eerder) if later.kostenstaat_id == staat.pk else (eerder, later)
        for (_, sleutel), groep in groepen.items()
        if sleutel
        for eerder, later in combinations(groep, 2)
        if staat.pk in {eerder.kostenstaat_id, later.kostenstaat_id}
        and (zelfde_factuur(eerder, later) or zelfde_stuk(eerder, later))
    ]
    return min(gevonden, key=lambda paar: (paar[0].volgnummer, paar[1].pk), default=None)
