"""What this system holds beside what an outside accounting system reported: one rule, for the list and the import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from betalingen.bank import mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling, Buitenfeit, Journaalregel, Vastleggingsnummer
from dossiers.models import Dossier
from kern import klok
from kern.canoniek import canoniek, vingerafdruk
from kern.geld import euro_tekst
from kern.templatetags.loket import dag

FeitSoort = Buitenfeit.Soort
Soort = Journaalregel.Soort


@dataclass(frozen=True)
class Feit:
    """A fact as the other system gives it; whole cents."""

    soort: str
    dossiernummer: str
    bedrag_cent: int
    datum: date
    vastleggingsnummer: str = ""
    stuknummer: str = ""
    referentie: str = ""

    @property
    def kenmerk(self) -> str:
        """Return what tells this fact from others; amount and date may be corrected."""
        wat = (self.vastleggingsnummer,) if self.soort == FeitSoort.VASTLEGGING else (self.stuknummer, self.referentie)
        return vingerafdruk(canoniek([self.soort, self.dossiernummer, *wat])).hex()

    def zelfde(self, rij: Buitenfeit) -> bool:
        """Return whether a kept fact says exactly this."""
        velden = ("bedrag_cent", "datum", "vastleggingsnummer", "stuknummer", "referentie")
        return all(getattr(rij, naam) == getattr(self, naam) for naam in velden)


def feit_van(rij: Buitenfeit) -> Feit:
    """Return a kept fact as it came in."""
    return Feit(
        rij.soort,
        rij.dossiernummer,
        rij.bedrag_cent,
        rij.datum,
        rij.vastleggingsnummer,
        rij.stuknummer,
        rij.referentie,
    )


@dataclass
class BetalingBeeld:
    """A payment with what was booked on it here."""

    betaling: Betaling
    vereffend_cent: int | None = None
    vereffend_jaar: int | None = None
    onderweg: bool = False
    uitbetaald_op: date | None = None

    @property
    def referentie(self) -> str:
        """Return the reference of the payment in its order."""
        opdracht = self.betaling.opdracht
        return end_to_end_id(opdracht.nummer, self.betaling.pk) if opdracht and opdracht.nummer else ""

    @property
    def extern(self) -> bool:
        """Return whether the other system pays it."""
        return self.betaling.opdracht is not None and self.betaling.opdracht.extern

    @property
    def verstuurd_op(self) -> date | None:
        """Return the day of its order."""
        opdracht = self.betaling.opdracht
        return opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date() if opdracht else None


@dataclass
class Beeld:
    """A dossier with what was booked on it here."""

    dossier: Dossier
    vastgelegd_cent: int | None = None
    jaar: int | None = None
    nummer: str | None = None
    betalingen: list[BetalingBeeld] = field(default_factory=list)

    @property
    def toegekend(self) -> bool:
        """Return whether a signed decision awarded it."""
        return self.dossier.toegekend_cent is not None

    @property
    def verwacht_cent(self) -> int:
        """Return what its commitment is, or will be."""
        return self.dossier.toegekend_cent or 0 if self.vastgelegd_cent is None else self.vastgelegd_cent

    @property
    def verwacht_jaar(self) -> int | None:
        """Return the year of its commitment: until it is booked that of the decision."""
        return self.jaar or (self.dossier.beslist_op.year if self.dossier.beslist_op else None)

    def betaling(self, referentie: str) -> BetalingBeeld | None:
        """Return the payment with this reference or structured communication, if it left."""
        cijfers = "".join(teken for teken in referentie if teken.isdigit())
        for beeld in self.betalingen:
            if beeld.referentie and (referentie == beeld.referentie or cijfers == mededeling.maak(beeld.betaling.pk)):
                return beeld
        return None


def beelden(dossiers: Iterable[Dossier]) -> dict[str, Beeld]:
    """Return these dossiers by number with what was booked on them, in a fixed number of queries."""
    per_sleutel = {dossier.pk: Beeld(dossier) for dossier in dossiers}
    regels = Journaalregel.objects.filter(dossier__in=per_sleutel).order_by()
    vast = regels.filter(soort__in=(Soort.VASTLEGGING, Soort.ANNULERING))
    for pk, jaar, som in vast.values_list("dossier_id", "krediet__jaar").annotate(som=Sum("bedrag_cent")):
        per_sleutel[pk].vastgelegd_cent, per_sleutel[pk].jaar = som, jaar
    nummers = Vastleggingsnummer.objects.filter(dossier__in=per_sleutel)
    for pk, nummer in nummers.values_list("dossier_id", "nummer"):
        per_sleutel[pk].nummer = nummer
    vereffend: dict[int, tuple[int, int]] = {}
    aangerekend = regels.filter(soort=Soort.VEREFFENING, betaling__isnull=False, terugvordering=None)
    for pk, cent, jaar in aangerekend.values_list("betaling_id", "bedrag_cent", "krediet__jaar"):
        vereffend[pk] = (cent, jaar)
    rijen = Betaling.objects.filter(dossier__in=per_sleutel).select_related("opdracht", "schijf", "dossier")
    for rij in rijen.order_by("dossier_id", "schijf__volgorde"):
        onderweg = rij.status == Betaling.Status.VERSTUURD
        beeld = BetalingBeeld(rij, onderweg=onderweg, uitbetaald_op=rij.uitbetaald_op)
        if rij.pk in vereffend:
            beeld.vereffend_cent, beeld.vereffend_jaar = vereffend[rij.pk]
        per_sleutel[rij.dossier_id].betalingen.append(beeld)
    return {beeld.dossier.nummer or "": beeld for beeld in per_sleutel.values()}


@dataclass(frozen=True)
class Oordeel:
    """What a fact means here: `boekt`: an act books it now; else `verschil` says what does not agree, if anything."""

    verschil: str = ""
    boekt: bool = False


def oordeel(feit: Feit, beeld: Beeld | None, bezet: Mapping[str, int]) -> Oordeel:
    """Return what a fact means beside what this system holds; bezet: `bezette_nummers` of its granter."""
    if beeld is None:
        return Oordeel("Dit dossier is hier niet gekend; het staat alleen in de boekhouding.")
    if not beeld.toegekend:
        return Oordeel("Dit dossier heeft hier geen toekenning.")
    if feit.soort == FeitSoort.VASTLEGGING:
        if bezet.get(feit.vastleggingsnummer, beeld.dossier.pk) != beeld.dossier.pk:
            return Oordeel("Dit vastleggingsnummer staat hier bij een ander dossier.")
        return _vastlegging(feit, beeld)
    return _over_betaling(feit, beeld, beeld.betaling(feit.referentie))


def _over_betaling(feit: Feit, beeld: Beeld, betaling: BetalingBeeld | None) -> Oordeel:
    if betaling is None:
        return Oordeel("Geen verstuurde betaling van dit dossier heeft deze referentie.")
    if not betaling.extern:
        return Oordeel("Deze betaling is vanuit dit loket verstuurd, niet voor de boekhouding.")
    if feit.vastleggingsnummer and feit.vastleggingsnummer != beeld.nummer:
        return Oordeel(f"Het vastleggingsnummer is hier {beeld.nummer or 'niet gekend'}.")
    if feit.bedrag_cent != betaling.betaling.bedrag_cent:
        return Oordeel(f"Het bedrag van de betaling is hier {euro_tekst(betaling.betaling.bedrag_cent)}.")
    return _vereffening(feit, betaling) if feit.soort == FeitSoort.VEREFFENING else _betaling(feit, betaling)


def _vastlegging(feit: Feit, beeld: Beeld) -> Oordeel:
    if beeld.vastgelegd_cent is not None and beeld.nummer is None:
        return Oordeel("Deze toekenning is in dit loket vastgelegd, niet in de boekhouding.")
    if beeld.nummer not in {None, feit.vastleggingsnummer}:
        return Oordeel(f"Het vastleggingsnummer is hier {beeld.nummer}.")
    if feit.bedrag_cent != beeld.verwacht_cent:
        return Oordeel(f"Het bedrag van de vastlegging is hier {euro_tekst(beeld.verwacht_cent)}.")
    if feit.datum.year != beeld.verwacht_jaar:
        return Oordeel(f"Het jaar van de vastlegging is hier {beeld.verwacht_jaar}.")
    if beeld.vastgelegd_cent is None and beeld.dossier.beslist_op and feit.datum < beeld.dossier.beslist_op:
        return Oordeel("De vastlegging ligt vóór het besluit.")
    return Oordeel(boekt=beeld.vastgelegd_cent is None)


def _vereffening(feit: Feit, beeld: BetalingBeeld) -> Oordeel:
    if beeld.verstuurd_op is not None and feit.datum < beeld.verstuurd_op:
        return Oordeel("De vereffening ligt vóór de betaalopdracht.")
    if beeld.vereffend_jaar not in {None, feit.datum.year}:
        return Oordeel(f"Het jaar van de vereffening is hier {beeld.vereffend_jaar}.")
    return Oordeel(boekt=beeld.vereffend_cent is None and beeld.onderweg)


def _betaling(feit: Feit, beeld: BetalingBeeld) -> Oordeel:
    if beeld.vereffend_cent is None:
        return Oordeel("De vereffening van deze betaling is nog niet gemeld.")
    if beeld.uitbetaald_op not in {None, feit.datum}:
        return Oordeel(f"Deze betaling is hier uitbetaald op {dag(beeld.uitbetaald_op)}.")
    if beeld.verstuurd_op is not None and feit.datum < beeld.verstuurd_op:
        return Oordeel("De betaling ligt vóór de betaalopdracht.")
    return Oordeel(boekt=beeld.onderweg)


def na_boeking(feit: Feit, beeld: Beeld) -> None:
    """Change what is known of a dossier as if this fact were booked: later lines of the same file build on it."""
    betaling = beeld.betaling(feit.referentie)
    if feit.soort == FeitSoort.VASTLEGGING:
        beeld.vastgelegd_cent, beeld.jaar, beeld.nummer = feit.bedrag_cent, feit.datum.year, feit.vastleggingsnummer
    elif betaling is not None and feit.soort == FeitSoort.VEREFFENING:
        betaling.vereffend_cent, betaling.vereffend_jaar = feit.bedrag_cent, feit.datum.year
    elif betaling is not None:
        betaling.onderweg, betaling.uitbetaald_op = False, feit.datum


def bezette_nummers(verstrekkers: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return per granter the commitment numbers that are registered, with the key of the dossier."""
    uit: dict[str, dict[str, int]] = {naam: {} for naam in verstrekkers}
    rijen = Vastleggingsnummer.objects.filter(verstrekker__in=uit)
    for verstrekker, nummer, dossier in rijen.values_list("verstrekker", "nummer", "dossier_id"):
        uit[verstrekker][nummer] = dossier
    return uit


def laatste_feiten(feiten: Iterable[Buitenfeit]) -> dict[tuple[str, str], Buitenfeit]:
    """Return of each fact, by granter and what tells it from others, the version that counts."""
    uit: dict[tuple[str, str], Buitenfeit] = {}
    for rij in sorted(feiten, key=lambda rij: rij.versie):
        uit[rij.verstrekker, rij.kenmerk] = rij
    return uit
