"""Which line of a statement belongs to which payment or recovery. Pure: it decides nothing that a person must decide.

The rules, in this order: end-to-end id, structured communication, whole batch, amount with account. The last gives a
proposal only. Two candidates are never chosen from.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from betalingen.bank.camt import Regel, Status
from kern.geld import euro_tekst


class Post(StrEnum):
    """What can be open."""

    BETALING = "betaling"
    TERUGVORDERING = "terugvordering"


class Soort(StrEnum):
    """What a line means. Only `BETAALD`, `TERUGGESTORT`, `GEWEIGERD` and `ONTVANGST` may be booked without a person.

    `AL_GEMELD` needs no person either, and books nothing: a person had recorded the same payment on the same day.
    """

    BETAALD = "betaald"
    AL_GEMELD = "al_gemeld"
    DEELS = "deels"  # the right one, but another amount
    TERUGGESTORT = "teruggestort"  # came back after it was paid
    GEWEIGERD = "geweigerd"  # never paid
    ONTVANGST = "ontvangst"
    VOORSTEL = "voorstel"
    NIET_GEBOEKT = "niet_geboekt"  # the bank has only announced it
    NIET_GEVONDEN = "niet_gevonden"
    JAAR_DICHT = "jaar_dicht"  # found, on a day on which nothing can be booked any more


class Grond(StrEnum):
    """The rule that found the candidates."""

    END_TO_END_ID = "end_to_end_id"
    MEDEDELING = "mededeling"
    OPDRACHT = "opdracht"
    BEDRAG_EN_REKENING = "bedrag_en_rekening"
    BEDRAG = "bedrag"
    GEEN = ""


ZONDER_PERSOON = frozenset({Soort.BETAALD, Soort.AL_GEMELD, Soort.TERUGGESTORT, Soort.GEWEIGERD, Soort.ONTVANGST})


@dataclass(frozen=True, slots=True)
class Openstaand:
    """A payment that was sent, or a recovery that is expected; amounts are positive.

    `opdracht` is the number of the batch. `betaald` tells that an earlier statement showed the payment leaving: such
    a payment is given too, for it may come back. For a recovery `bedrag_cent` is what is still due. `met_de_hand`: the
    days and amounts that a person recorded and no line has yet. Of a payment the same on a statement is the same money,
    for it leaves once; of a recovery it may be.
    """

    post: Post
    sleutel: int
    bedrag_cent: int
    iban: str = ""
    end_to_end_id: str = ""
    ogm: str = ""
    opdracht: str = ""
    betaald: bool = False
    met_de_hand: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Koppeling:
    """The outcome for one line.

    `posten`: what it concerns, or the candidates of a proposal. `wordt`: what a proposal becomes when a person says
    yes to it (None when it differs by candidate). `verschil_cent`: the line minus what was open, both positive; on a
    receipt below zero as long as something is still due.
    """

    regel: Regel
    soort: Soort
    posten: tuple[Openstaand, ...] = ()
    grond: Grond = Grond.GEEN
    wordt: Soort | None = None
    verschil_cent: int = 0
    uitleg: str = ""


_Register = dict[str, list[Openstaand]]
_MEER_DAN_EEN = "Er is meer dan één mogelijkheid."
_MET_DE_HAND = "Op deze dag is al eenzelfde ontvangst met de hand geregistreerd. Bevestig alleen als dit ander geld is."
_ZELFDE = {
    Grond.BEDRAG_EN_REKENING: "Alleen het bedrag en de rekening komen overeen.",
    Grond.MEDEDELING: "De mededeling is die van een betaling; de bank noemt dit geen terugstorting.",
}


def koppel(regels: Sequence[Regel], openstaand: Iterable[Openstaand]) -> list[Koppeling]:
    """Return one outcome per line, in the order of the lines.

    What is announced comes before what is booked, so that a batch without its refused payments still adds up; what
    leaves before what comes in, so that a payment and its return in one statement are both found; and what is sure
    before what is a proposal, so that nothing is proposed that another line settles.
    """
    koppelaar = _Koppelaar(openstaand)
    uitkomsten: dict[int, Koppeling] = {}
    groepen: dict[int, list[tuple[int, Regel]]] = {0: [], 1: [], 2: []}
    for plaats, regel in enumerate(regels):
        groepen[0 if regel.status != Status.GEBOEKT else 1 if regel.is_debet else 2].append((plaats, regel))
    for groep in groepen.values():
        for regelwerk in (koppelaar.zeker, koppelaar.anders):
            for plaats, regel in groep:
                if plaats not in uitkomsten and (uitkomst := regelwerk(regel)):
                    uitkomsten[plaats] = uitkomst
    return [uitkomsten[plaats] for plaats in range(len(regels))]


def alleen_open_jaren(koppelingen: Iterable[Koppeling], dicht_tot: int | None) -> list[Koppeling]:
    """Return these outcomes, with what would be booked in a closed year as a line that a person looks at.

    dicht_tot: the last closed year.
    """
    return [
        replace(k, soort=Soort.JAAR_DICHT, wordt=None, uitleg=_zin_dicht(k.regel.boekdatum.year))
        if dicht_tot is not None and k.regel.boekdatum.year <= dicht_tot and _te_boeken(k)
        else k
        for k in koppelingen
    ]


def _te_boeken(koppeling: Koppeling) -> bool:
    return (koppeling.wordt if koppeling.soort == Soort.VOORSTEL else koppeling.soort) in ZONDER_PERSOON


def _zin_dicht(jaar: int) -> str:
    return (
        f"Het begrotingsjaar {jaar} is afgesloten; deze regel kan daar niet meer op geboekt worden. Meld wat er "
        "gebeurde bij de betaling of terugvordering zelf, met een dag in een jaar dat nog open is, en sluit deze regel "
        "af."
    )


class _Koppelaar:
    """Knows what is open, and what earlier lines of this run have settled."""

    def __init__(self, openstaand: Iterable[Openstaand]) -> None:
        self.end_to_end: _Register = defaultdict(list)
        self.mededeling: _Register = defaultdict(list)
        self.opdracht: _Register = defaultdict(list)
        self.terugvordering: _Register = defaultdict(list)
        self.bedrag: dict[tuple[int, str], list[Openstaand]] = defaultdict(list)
        self.betaald: set[int] = set()
        self.terug: set[int] = set()
        self.gekoppeld: set[int] = set()
        self.open_cent: dict[str, int] = defaultdict(int)
        self.verschuldigd: dict[int, int] = {}
        for post in openstaand:
            self._neem_op(post)

    def _neem_op(self, post: Openstaand) -> None:
        if post.iban:
            self.bedrag[post.bedrag_cent, _kaal(post.iban)].append(post)
        if post.post == Post.TERUGVORDERING:
            self.verschuldigd[post.sleutel] = post.bedrag_cent
            if post.ogm:
                self.terugvordering[post.ogm].append(post)
            return
        for register, waarde in (
            (self.end_to_end, post.end_to_end_id),
            (self.mededeling, post.ogm),
            (self.opdracht, post.opdracht),
        ):
            if waarde:
                register[waarde].append(post)
        if post.betaald:
            self.betaald.add(post.sleutel)
        else:
            self.open_cent[post.opdracht] += post.bedrag_cent

    def _is_open(self, post: Openstaand) -> bool:
        if post.post == Post.TERUGVORDERING:
            return self.verschuldigd[post.sleutel] > 0
        return post.sleutel not in self.betaald and post.sleutel not in self.terug

    def _zet_betaald(self, posten: Iterable[Openstaand]) -> None:
        for post in posten:
            self.betaald.add(post.sleutel)
            self.open_cent[post.opdracht] -= post.bedrag_cent

    def _zet_terug(self, posten: Iterable[Openstaand]) -> None:
        for post in posten:
            if self._is_open(post):
                self.open_cent[post.opdracht] -= post.bedrag_cent
            self.betaald.discard(post.sleutel)
            self.terug.add(post.sleutel)

    # The rules that a line itself settles.

    def zeker(self, regel: Regel) -> Koppeling | None:
        """Return what end-to-end id, communication or batch say; None when they say nothing."""
        if regel.status != Status.GEBOEKT:
            return self._aangekondigd(regel)
        if regel.is_debet:
            return None if regel.is_terug else self._zeker_betaald(regel)
        return self._zeker_terug(regel) or self._zeker_ontvangen(regel)

    def _gevonden(self, regel: Regel) -> tuple[list[Openstaand], Grond]:
        """Return the payments that a line names, by the first rule that finds any."""
        if posten := self.end_to_end.get(regel.end_to_end_id):
            return posten, Grond.END_TO_END_ID
        return self.mededeling.get(regel.ogm, []), Grond.MEDEDELING

    def _aangekondigd(self, regel: Regel) -> Koppeling:
        """Not booked: no money has moved. For information and with a reason: the payment will not leave.

        A reversal that is announced, or still pending, tells of a payment that did leave: wait for its booking.
        """
        posten, grond = self._gevonden(regel)
        open_posten = [post for post in posten if self._is_open(post)]
        geweigerd = regel.reden and regel.status == Status.INFORMATIE and not regel.omgekeerd
        if not geweigerd or not open_posten:
            return Koppeling(regel, Soort.NIET_GEBOEKT, tuple(posten), grond if posten else Grond.GEEN)
        uitkomst = self._beoordeel(regel, open_posten, grond, Soort.GEWEIGERD)
        if uitkomst.soort == Soort.GEWEIGERD:
            self._zet_terug(uitkomst.posten)
        return uitkomst

    def _zeker_betaald(self, regel: Regel) -> Koppeling | None:
        posten, grond = self._gevonden(regel)
        if posten:
            open_posten = [post for post in posten if self._is_open(post)]
            if not open_posten:
                return self._al_gemeld(regel, posten, grond) or Koppeling(
                    regel,
                    Soort.NIET_GEVONDEN,
                    tuple(posten),
                    grond,
                    uitleg="Deze betaling was al betaald of teruggekomen; mogelijk is ze twee keer uitgevoerd.",
                )
            uitkomst = self._beoordeel(regel, open_posten, grond, Soort.BETAALD)
            if uitkomst.soort == Soort.BETAALD:
                self._zet_betaald(uitkomst.posten)
            return uitkomst
        opdracht = self._opdracht_van(regel)
        if opdracht and not regel.is_deel and self.open_cent[opdracht] == -regel.bedrag_cent:
            posten = [post for post in self.opdracht[opdracht] if self._is_open(post)]
            self._zet_betaald(posten)
            return Koppeling(regel, Soort.BETAALD, tuple(posten), Grond.OPDRACHT)
        return self._al_gemeld(regel, self.opdracht[opdracht], Grond.OPDRACHT) if opdracht else None

    def _al_gemeld(self, regel: Regel, posten: Sequence[Openstaand], grond: Grond) -> Koppeling | None:
        """Return that this is what a person recorded: one payment, or all of a batch, on this day for this amount."""
        heel = grond == Grond.OPDRACHT
        gemeld = [p for p in posten if p.sleutel in self.betaald - self.gekoppeld and self._op_dag(p, regel)]
        if (
            (regel.is_deel and heel)
            or len(gemeld) != (len(posten) if heel else 1)
            or _som(gemeld) != -regel.bedrag_cent
        ):
            return None
        if not heel and regel.tegenrekening and _kaal(gemeld[0].iban) not in {"", _kaal(regel.tegenrekening)}:
            return None
        self.gekoppeld |= {post.sleutel for post in gemeld}
        return Koppeling(regel, Soort.AL_GEMELD, tuple(gemeld), grond)

    @staticmethod
    def _op_dag(post: Openstaand, regel: Regel) -> bool:
        return (regel.boekdatum, post.bedrag_cent) in post.met_de_hand

    def _zeker_terug(self, regel: Regel) -> Koppeling | None:
        """Return what came back. A credit with an end-to-end id of ours can only be that."""
        posten, grond = self._gevonden(regel)
        if grond == Grond.MEDEDELING and not regel.is_terug:
            return None
        if posten:
            betaald = [post for post in posten if post.sleutel in self.betaald]
            if not betaald:
                uitleg = "De afschrijving van deze betaling is nog niet ingelezen."
                if all(post.sleutel in self.terug for post in posten):
                    uitleg = "Deze betaling was al teruggekomen."
                return _voorstel(regel, posten, grond, Soort.TERUGGESTORT, uitleg)
            uitkomst = self._beoordeel(regel, betaald, grond, Soort.TERUGGESTORT)
            if uitkomst.soort == Soort.TERUGGESTORT:
                self._zet_terug(uitkomst.posten)
            return uitkomst
        opdracht = self._opdracht_van(regel)
        if opdracht and not regel.is_deel and regel.is_terug:
            posten = [post for post in self.opdracht[opdracht] if post.sleutel in self.betaald]
            if posten and _som(posten) == regel.bedrag_cent:
                self._zet_terug(posten)
                return Koppeling(regel, Soort.TERUGGESTORT, tuple(posten), Grond.OPDRACHT)
        return None

    def _zeker_ontvangen(self, regel: Regel) -> Koppeling | None:
        posten = [] if regel.is_terug else self.terugvordering.get(regel.ogm, [])
        open_posten = [post for post in posten if self._is_open(post)] or posten
        if len(open_posten) > 1:
            return _voorstel(regel, open_posten, Grond.MEDEDELING, Soort.ONTVANGST, _MEER_DAN_EEN)
        if not open_posten:
            return None
        (post,) = open_posten
        if (regel.boekdatum, regel.bedrag_cent) in post.met_de_hand:
            return _voorstel(regel, open_posten, Grond.MEDEDELING, Soort.ONTVANGST, _MET_DE_HAND)
        verschil = regel.bedrag_cent - self.verschuldigd[post.sleutel]
        if verschil > 0:
            return Koppeling(
                regel,
                Soort.DEELS,
                (post,),
                Grond.MEDEDELING,
                verschil_cent=verschil,
                uitleg=f"Er is {euro_tekst(verschil)} meer ontvangen dan verschuldigd is.",
            )
        self.verschuldigd[post.sleutel] = -verschil
        return Koppeling(regel, Soort.ONTVANGST, (post,), Grond.MEDEDELING, verschil_cent=verschil)

    def _beoordeel(self, regel: Regel, posten: Sequence[Openstaand], grond: Grond, wordt: Soort) -> Koppeling:
        """Return the outcome for the payments that a line names: one, of this amount and account, is settled."""
        if len(posten) > 1:
            return _voorstel(regel, posten, grond, wordt, _MEER_DAN_EEN)
        (post,) = posten
        verschil = abs(regel.bedrag_cent) - post.bedrag_cent
        if verschil:
            return Koppeling(
                regel,
                Soort.DEELS,
                (post,),
                grond,
                wordt,
                verschil,
                f"Het bedrag van de bank is {euro_tekst(abs(regel.bedrag_cent))}, "
                f"dat van de betaling {euro_tekst(post.bedrag_cent)}.",
            )
        if post.iban and regel.tegenrekening and _kaal(post.iban) != _kaal(regel.tegenrekening):
            return _voorstel(regel, posten, grond, wordt, "De rekening is een andere dan die van de betaling.")
        return Koppeling(regel, wordt, (post,), grond)

    def _opdracht_van(self, regel: Regel) -> str:
        """Return the number of the batch that a line is, or belongs to."""
        return next((kenmerk for kenmerk in (regel.blok_id, regel.bericht_id) if kenmerk in self.opdracht), "")

    # What is left.

    def anders(self, regel: Regel) -> Koppeling:
        """Return a proposal for a person, or that nothing was found."""
        if regel.is_debet and regel.is_terug:
            uitleg = "De bank draait een ontvangst of een andere boeking terug."
            return Koppeling(regel, Soort.NIET_GEVONDEN, uitleg=uitleg)
        opdracht = self._opdracht_van(regel)
        zelfde = self.bedrag.get((abs(regel.bedrag_cent), _kaal(regel.tegenrekening)), [])
        kandidaten = [post for post in zelfde if self._past(post, regel) and opdracht in {"", post.opdracht}]
        grond = Grond.BEDRAG_EN_REKENING
        if not kandidaten and not regel.is_debet and not opdracht:
            kandidaten = [post for post in self.mededeling.get(regel.ogm, []) if self._past(post, regel)]
            grond = Grond.MEDEDELING
        if kandidaten:
            uitleg = _MEER_DAN_EEN if len(kandidaten) > 1 else _ZELFDE[grond]
            return _voorstel(regel, kandidaten, grond, _wordt(kandidaten, regel), uitleg)
        return self._hele_opdracht(regel, opdracht) or Koppeling(regel, Soort.NIET_GEVONDEN)

    def _past(self, post: Openstaand, regel: Regel) -> bool:
        if post.post == Post.TERUGVORDERING:
            return not regel.is_debet and not regel.is_terug and self._is_open(post)
        return self._is_open(post) if regel.is_debet else post.sleutel in self.betaald

    def _hele_opdracht(self, regel: Regel, opdracht: str) -> Koppeling | None:
        """Return the batch that a debit names with another total, or whose total it is without naming it."""
        if not regel.is_debet or regel.is_deel or regel.tegenrekening:
            return None
        if opdracht:
            posten = [post for post in self.opdracht[opdracht] if self._is_open(post)]
            if not posten:
                uitleg = f"Alle betalingen van opdracht {opdracht} waren al betaald of teruggekomen."
                return Koppeling(regel, Soort.NIET_GEVONDEN, grond=Grond.OPDRACHT, uitleg=uitleg)
            uitleg = (
                f"Het bedrag van de bank is {euro_tekst(-regel.bedrag_cent)}, "
                f"open in opdracht {opdracht} staat {euro_tekst(_som(posten))}."
            )
            verschil = -regel.bedrag_cent - _som(posten)
            return Koppeling(regel, Soort.DEELS, tuple(posten), Grond.OPDRACHT, Soort.BETAALD, verschil, uitleg)
        if regel.end_to_end_id:
            return None
        zelfde = [nummer for nummer, cent in self.open_cent.items() if nummer and cent == -regel.bedrag_cent]
        if len(zelfde) != 1:
            return None
        posten = [post for post in self.opdracht[zelfde[0]] if self._is_open(post)]
        return _voorstel(
            regel, posten, Grond.BEDRAG, Soort.BETAALD, f"Dit is het open totaal van opdracht {zelfde[0]}."
        )


def _kaal(iban: str) -> str:
    return iban.replace(" ", "").upper()


def _som(posten: Iterable[Openstaand]) -> int:
    return sum(post.bedrag_cent for post in posten)


def _wordt(kandidaten: Sequence[Openstaand], regel: Regel) -> Soort | None:
    """Return what a yes would mean, when it is the same for all candidates."""
    if regel.is_debet:
        return Soort.BETAALD
    wordt = {Soort.ONTVANGST if p.post == Post.TERUGVORDERING else Soort.TERUGGESTORT for p in kandidaten}
    return wordt.pop() if len(wordt) == 1 else None


def _voorstel(regel: Regel, posten: Sequence[Openstaand], grond: Grond, wordt: Soort | None, uitleg: str) -> Koppeling:
    return Koppeling(regel, Soort.VOORSTEL, tuple(posten), grond, wordt, uitleg=uitleg)
