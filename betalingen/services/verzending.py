"""What is wrong with payments before they are sent: one list, for the page that chooses and for the act that sends."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from betalingen.bank import pain
from betalingen.models import Betaling, Krediet, Stand
from betalingen.models.betaling import niet_belemmerd
from kern import klok
from kern.geld import euro_tekst
from kern.weg import reden_tegen
from kern.weigering import Weigering
from organisaties.nummers import iban_leesbaar


@dataclass(frozen=True)
class Bevinding:
    """One finding; `weigert`: an order with these payments is refused."""

    code: str
    zin: str
    weigert: bool = True


def eis_verstuurbaar(betalingen: Sequence[Betaling]) -> None:
    """Raise the first finding that an order cannot have: iban_ongeldig, iban_buiten_sepa, belemmerd, betaling_dubbel.

    State and the other guards are asked by the transition, the credit by the ledger.
    """
    for bevinding in [*_rekeningen(betalingen), *_belemmerd(betalingen), *_dubbel(betalingen)]:
        raise Weigering(bevinding.code, bevinding.zin, "betalingen")


def bevindingen(betalingen: Sequence[Betaling]) -> list[Bevinding]:
    """Return everything that a person should know before sending these approved payments of one call.

    betalingen: with dossier, track and schijf read along.
    """
    return [*_rekeningen(betalingen), *_geblokkeerd(betalingen), *_dubbel(betalingen)]


def _rekeningen(betalingen: Iterable[Betaling]) -> Iterable[Bevinding]:
    for betaling in betalingen:
        try:
            pain.lees_rekening(betaling.iban, betaling.dossier.nummer or "")
        except Weigering as fout:
            yield Bevinding(fout.code, fout.zin)


def _geblokkeerd(betalingen: Iterable[Betaling]) -> Iterable[Bevinding]:
    for betaling in betalingen:
        reden = reden_tegen(betaling, "verstuur")
        if reden is not None:
            yield Bevinding("geblokkeerd", f"{betaling.dossier.nummer}: {reden}")


def _belemmerd(betalingen: Iterable[Betaling]) -> Iterable[Bevinding]:
    for betaling in betalingen:
        reden = niet_belemmerd.reden(betaling)
        if reden is not None:
            yield Bevinding(niet_belemmerd.code, f"{betaling.dossier.nummer}: {reden}")


def _dubbel(betalingen: Iterable[Betaling]) -> Iterable[Bevinding]:
    zelfde: dict[tuple[int, str, int], list[Betaling]] = defaultdict(list)
    for betaling in betalingen:
        zelfde[betaling.dossier_id, betaling.iban, betaling.bedrag_cent].append(betaling)
    for (_, iban, cent), rijen in zelfde.items():
        if len(rijen) > 1:
            wat = f"{len(rijen)} betalingen van {euro_tekst(cent)} naar {iban_leesbaar(iban)}"
            zin = f"{rijen[0].dossier.nummer}: {wat}. Klopt dat, verstuur ze dan in aparte opdrachten."
            yield Bevinding("betaling_dubbel", zin)


def met_krediet(per_oproep: Iterable[Sequence[Betaling]]) -> list[list[Bevinding]]:
    """Return the findings per group of payments, with what the payment credits of this year cannot carry.

    Credits are asked once for all groups. Each group is held against the whole credit: what is sent first, is charged.
    """
    groepen = [list(groep) for groep in per_oproep]
    vrij = _vrij_krediet({b.dossier.ronde.luik.begrotingsartikel for groep in groepen for b in groep})
    return [[*bevindingen(groep), *_te_veel(groep, vrij)] for groep in groepen]


def _te_veel(betalingen: Iterable[Betaling], vrij: dict[str, int]) -> Iterable[Bevinding]:
    gevraagd: dict[str, int] = defaultdict(int)
    for betaling in betalingen:
        gevraagd[betaling.dossier.ronde.luik.begrotingsartikel] += betaling.bedrag_cent
    jaar = klok.vandaag().year
    for artikel, cent in gevraagd.items():
        if artikel not in vrij:
            yield Bevinding("geen_krediet", f"Voor begrotingsartikel {artikel} is in {jaar} geen krediet ingeschreven.")
        elif cent > vrij[artikel]:
            yield Bevinding(
                "boven_betaalkrediet",
                f"Alles samen is {euro_tekst(cent)}, en het betaalkrediet {jaar} van artikel {artikel} heeft nog "
                f"{euro_tekst(vrij[artikel])} vrij. Verstuur er minder.",
                weigert=False,
            )


def _vrij_krediet(artikelen: set[str]) -> dict[str, int]:
    """Return what the payment credit of each article has left this year; without a credit, it is not there."""
    rijen = Krediet.objects.filter(artikel__code__in=artikelen, jaar=klok.vandaag().year)
    codes = dict(rijen.values_list("pk", "artikel__code"))
    standen = Stand.objects.filter(soort=Stand.Soort.KREDIET, sleutel__in=codes)
    vrij = {s.sleutel: (s.betaalkrediet_cent or 0) - s.vereffend_cent for s in standen}
    return {code: max(vrij.get(pk, 0), 0) for pk, code in codes.items()}
