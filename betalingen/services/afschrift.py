"""Statements: read outside the transaction, matched, and booked by the bodies of the ordinary acts; all or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from betalingen import grootboek, rechten
from betalingen.bank import camt, koppel, mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Afschrift, Afschriftregel, Bankregel, Begrotingsjaar, Betaling, Rekening, Stand
from betalingen.services.betaling import boek_uitbetaald
from betalingen.services.terugkeer import boek_geweigerd
from kern import ketens, klok, sloten
from kern.geld import euro_tekst
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from organisaties.models import Gebruiker

Status = Afschriftregel.Status
Soort = koppel.Soort
# What is announced comes first, and what leaves before what comes back.
VOLGORDE = (Soort.GEWEIGERD, Soort.BETAALD, Soort.TERUGGESTORT)
# What is kept of a line under the name that it has in the file.
BEWAARD: tuple[str, ...] = (
    "sleutel",
    "plaats",
    "boekdatum",
    "bedrag_cent",
    "end_to_end_id",
    "ogm",
    "tegenpartij",
    "tegenrekening",
)
BEWAARD += ("tekst", "reden", "reden_tekst", "omgekeerd", "bericht_id", "blok_id")


@dataclass(frozen=True)
class Ingelezen:
    """What reading a file did: lines by state, how many were known, and how many of earlier files were booked now."""

    bekend: int
    per_status: dict[str, int]
    alsnog: int = 0
    afschrift: int | None = None

    @property
    def nieuw(self) -> int:
        """Return the number of new lines."""
        return sum(self.per_status.values())


def lees_afschrift(inhoud: bytes, *, door: Gebruiker) -> Ingelezen:
    """Read a file of the bank and book what needs no person; a second time changes nothing.

    Raises Weigering: what `camt.lees` raises, meer_rekeningen, onbekende_rekening, and what `lees_in` raises.
    """
    bestand = camt.lees(inhoud)
    rekening = _rekening_van(bestand)
    if not rechten.mag_afschrift_inlezen(door, rekening):
        raise GeenRecht
    nieuw = _nieuwe_regels(bestand.regels)
    bekend = len(bestand.regels) - len(nieuw)
    sha256 = hashlib.sha256(inhoud).hexdigest()
    if not nieuw and (bekend or Afschrift.objects.filter(sha256=sha256).exists()):
        return Ingelezen(bekend, {})
    verwacht = _koppel(rekening, nieuw)
    uit: Ingelezen = lees_in(rekening, bestand=bestand, sha256=sha256, verwacht=verwacht, door=door)
    return uit


def _tel(regels: Iterable[Afschriftregel]) -> dict[str, int]:
    per_status: dict[str, int] = {}
    for regel in regels:
        per_status[regel.status] = per_status.get(regel.status, 0) + 1
    return per_status


def _rekening_van(bestand: camt.Afschrift) -> Rekening:
    ibans = sorted({uittreksel.iban for uittreksel in bestand.uittreksels})
    zin = "Dit bestand bevat afschriften van meer dan één rekening. Lees ze een voor een in."
    eis(len(ibans) == 1, "meer_rekeningen", zin, "bestand")
    rekening = Rekening.objects.filter(iban=ibans[0]).order_by("-pk").first()
    if rekening is None:
        raise Weigering(
            "onbekende_rekening",
            f"Rekening {ibans[0]} is van geen enkele verstrekker. Een beheerder vult ze in bij Beheer, Rekeningen van "
            "verstrekkers.",
            "bestand",
        )
    return rekening


def _nieuwe_regels(regels: Sequence[camt.Regel]) -> list[camt.Regel]:
    bekend = set(Bankregel.objects.filter(sleutel__in=[r.sleutel for r in regels]).values_list("sleutel", flat=True))
    return [regel for regel in regels if regel.sleutel not in bekend]


def _koppel(rekening: Rekening, nieuw: Sequence[camt.Regel]) -> list[koppel.Koppeling]:
    """Match new lines, and with them what is still open of earlier files."""
    return koppel.koppel([*_nog_open(rekening), *nieuw], openstaand(rekening))


def _nog_open(rekening: Rekening) -> list[camt.Regel]:
    """Return the lines of earlier files that a new one can settle.

    Only those whose payments still stand in an order of before the line: one that came back and left again since
    bears the same communication, and is another payment.
    """
    rijen = Afschriftregel.objects.filter(
        regel__afschrift__rekening__iban=rekening.iban, status__in=(Status.VOORSTEL, Status.OPEN)
    )
    rijen = rijen.select_related("regel").prefetch_related("betalingen__opdracht").order_by("pk")
    return [_als_regel(rij.regel) for rij in rijen if _nog_dezelfde(rij)]


def _nog_dezelfde(uitkomst: Afschriftregel) -> bool:
    betalingen = list(uitkomst.betalingen.all())
    return bool(betalingen) and all(
        b.opdracht is not None and b.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date() <= uitkomst.regel.boekdatum
        for b in betalingen
    )


def _als_regel(regel: Bankregel) -> camt.Regel:
    velden = {naam: getattr(regel, naam) for naam in BEWAARD}
    return camt.Regel(**velden, valutadatum=None, status=camt.Status(regel.bankstatus))


def openstaand(rekening: Rekening) -> list[koppel.Openstaand]:
    """Return the payments of a granter that left, paid or not, as the matching wants them."""
    return [_post(betaling) for betaling in _vertrokken(rekening.verstrekker)]


def _vertrokken(verstrekker: str) -> list[Betaling]:
    rijen = Betaling.objects.filter(status__in=Betaling.VERTROKKEN, opdracht__oproep__verstrekker=verstrekker)
    return list(rijen.select_related("opdracht").order_by("pk"))


def _post(betaling: Betaling) -> koppel.Openstaand:
    nummer = str(betaling.opdracht)
    return koppel.Openstaand(
        post=koppel.Post.BETALING,
        sleutel=betaling.pk,
        bedrag_cent=betaling.bedrag_cent,
        iban=betaling.iban,
        end_to_end_id=end_to_end_id(nummer, betaling.pk),
        ogm=mededeling.maak(betaling.pk),
        opdracht=nummer,
        betaald=betaling.status == Betaling.Status.UITBETAALD,
    )


def sloten_voor(sleutels: Iterable[int], jaren: Iterable[int]) -> Sloten:
    """Return what must be locked to book these payments as paid or as come back, on days in these years."""
    rijen = list(Betaling.objects.filter(pk__in=set(sleutels)).select_related("opdracht", "dossier__ronde__luik"))
    dagen = set(jaren)
    onderwerpen: set[grootboek.Onderwerp] = set()
    for rij in rijen:
        vanaf = rij.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).year if rij.opdracht else klok.vandaag().year
        for jaar in {*range(vanaf, klok.vandaag().year + 1), *dagen}:
            with suppress(Weigering):  # no credit in that year: nothing was booked on it
                onderwerpen |= grootboek.onderwerpen([(rij.dossier, jaar)])
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(jaar).pk for jaar in dagen],
        Stand: grootboek.standsleutels(onderwerpen),
        Betaling: [rij.pk for rij in rijen],
    }


def _sloten(_rekening: Rekening, *, verwacht: Sequence[koppel.Koppeling], **_: object) -> Sloten:
    zeker = [k for k in verwacht if _zeker(k)]
    eerder = Afschriftregel.objects.filter(regel__sleutel__in=[k.regel.sleutel for k in verwacht])
    geld = sloten_voor((p.sleutel for k in zeker for p in k.posten), {k.regel.boekdatum.year for k in zeker})
    return {**geld, Afschriftregel: list(eerder.values_list("pk", flat=True))}


@handeling("afschrift.lees_in", "Rekeningafschrift inlezen", mag=rechten.mag_afschrift_inlezen, sloten=_sloten)
def lees_in(
    rekening: Rekening, *, bestand: camt.Afschrift, sha256: str, verwacht: Sequence[koppel.Koppeling], door: Gebruiker
) -> Ingelezen:
    """Store the new lines of a statement, and book what needs no person, of earlier files too.

    verwacht: what the matching said before the locks; when it says something else now, nothing is booked.
    Raises Weigering: al_ingelezen, intussen_gewijzigd, datum_onmogelijk, geen_krediet, jaar_afgesloten.
    """
    nieuw = _nieuwe_regels(bestand.regels)
    nu = _koppel(rekening, nieuw)
    zin = "Intussen is er iets aan deze betalingen of dit afschrift gewijzigd. Lees het afschrift opnieuw in."
    eis(nu == list(verwacht), "intussen_gewijzigd", zin, "bestand")
    afschrift = _bewaar(rekening, bestand, sha256, door)
    per_sleutel = {b.pk: b for b in sloten.neem(Betaling, {p.sleutel for k in nu for p in k.posten if _zeker(k)})}
    alsnog = _alsnog_zeker(nu)
    ketens.vergrendel([afschrift, *per_sleutel.values(), *alsnog.values()])
    sleutels = {regel.sleutel for regel in nieuw}
    uitkomsten = [_bewaar_regel(afschrift, k) for k in nu if k.regel.sleutel in sleutels]
    noteer(
        afschrift,
        door=door,
        inhoud={"rekening": rekening.iban, "sha256": sha256, "regels": len(nieuw), "per_status": _tel(uitkomsten)},
    )
    for koppeling in nu:
        if uitkomst := alsnog.get(koppeling.regel.sleutel):
            _verwerk(uitkomst, koppeling, door)
    for soort in VOLGORDE:
        for koppeling in (k for k in nu if k.soort == soort):
            _boek_regel(koppeling, per_sleutel, door)
    return Ingelezen(len(bestand.regels) - len(nieuw), _tel(uitkomsten), len(alsnog), afschrift.pk)


def _alsnog_zeker(koppelingen: Iterable[koppel.Koppeling]) -> dict[str, Afschriftregel]:
    """Return the lines of earlier files that need no person any more, by key."""
    sleutels = [k.regel.sleutel for k in koppelingen if _zeker(k)]
    rijen = Afschriftregel.objects.filter(regel__sleutel__in=sleutels).select_related("regel")
    return {rij.regel.sleutel: rij for rij in rijen}


def _verwerk(uitkomst: Afschriftregel, koppeling: koppel.Koppeling, door: Gebruiker) -> None:
    gekozen = sorted(post.sleutel for post in koppeling.posten)
    uitkomst.soort, uitkomst.uitleg = koppeling.soort, ""
    voer_uit(uitkomst, "verwerk", door=door, inhoud={"betalingen": gekozen})
    uitkomst.betalingen.set(gekozen)


def _boek_regel(koppeling: koppel.Koppeling, betalingen: dict[int, Betaling], door: Gebruiker) -> None:
    """Book one line; a refusal names the line."""
    regel = koppeling.regel
    try:
        for post in koppeling.posten:
            _boek(betalingen[post.sleutel], koppeling.soort, regel, door)
    except Weigering as fout:
        wat = f"De regel van {regel.boekdatum:%d/%m/%Y} over {euro_tekst(abs(regel.bedrag_cent))}"
        raise Weigering(fout.code, f"{wat} kan niet geboekt worden. {fout.zin}", "bestand") from fout


def _zeker(koppeling: koppel.Koppeling) -> bool:
    return koppeling.soort in koppel.ZONDER_PERSOON


def _bewaar(rekening: Rekening, bestand: camt.Afschrift, sha256: str, door: Gebruiker) -> Afschrift:
    return Afschrift.objects.create(
        rekening=rekening,
        bericht_id=bestand.bericht_id,
        begindatum=min(u.begindatum for u in bestand.uittreksels),
        einddatum=max(u.einddatum for u in bestand.uittreksels),
        sha256=sha256,
        ingelezen_op=klok.nu(),
        ingelezen_door=door,
    )


def _bewaar_regel(afschrift: Afschrift, koppeling: koppel.Koppeling) -> Afschriftregel:
    van = koppeling.regel
    velden = {naam: getattr(van, naam) for naam in BEWAARD}
    regel = Bankregel.objects.create(afschrift=afschrift, bankstatus=van.status, **velden)
    uitkomst = Afschriftregel.objects.create(
        regel=regel,
        status=_status_van(koppeling),
        soort=koppeling.soort,
        wordt=koppeling.wordt or "",
        alle=koppeling.grond == koppel.Grond.BEDRAG,
        uitleg=koppeling.uitleg,
    )
    uitkomst.betalingen.set([post.sleutel for post in koppeling.posten])
    return uitkomst


def _status_van(koppeling: koppel.Koppeling) -> Status:
    if _zeker(koppeling):
        return Status.VERWERKT
    if koppeling.soort == Soort.NIET_GEBOEKT:
        return Status.AANGEKONDIGD
    te_boeken = koppeling.soort == Soort.VOORSTEL and koppeling.wordt in VOLGORDE
    return Status.VOORSTEL if te_boeken else Status.OPEN


def _boek(betaling: Betaling, soort: str, regel: camt.Regel | Bankregel, door: Gebruiker) -> None:
    if soort == Soort.BETAALD:
        boek_uitbetaald(betaling, datum=regel.boekdatum, door=door)
        return
    reden = f"{regel.reden} {regel.reden_tekst}".strip() or "De bank gaf geen reden."
    boek_geweigerd(betaling, datum=regel.boekdatum, reden=reden, door=door)


def _sloten_van_keuze(uitkomst: Afschriftregel, *, betalingen: Iterable[int], **_: object) -> Sloten:
    return sloten_voor(betalingen, {uitkomst.regel.boekdatum.year})


@handeling(
    "afschriftregel.bevestig",
    "Voorstel bij een rekeningafschrift bevestigen",
    mag=rechten.mag_afschriftregel_behandelen,
    sloten=_sloten_van_keuze,
)
def bevestig_afschriftregel(uitkomst: Afschriftregel, *, betalingen: Iterable[int], door: Gebruiker) -> Afschriftregel:
    """Say yes to a proposal: book the payment that was chosen of the candidates, or all of them together.

    Raises Weigering: verkeerde_status, geen_keuze, and what booking raises.
    """
    gekozen = sorted(set(betalingen))
    kandidaten = sorted(uitkomst.betalingen.values_list("pk", flat=True))
    goed = gekozen == kandidaten if uitkomst.alle else len(gekozen) == 1 and gekozen[0] in kandidaten
    rijen = sloten.neem(Betaling, gekozen if goed else [])
    ketens.vergrendel([uitkomst, *rijen])
    voer_uit(uitkomst, "bevestig", door=door, inhoud={"betalingen": gekozen})
    eis(goed, "geen_keuze", "Kies een van de betalingen.", "betalingen")
    for rij in rijen:
        _boek(rij, uitkomst.wordt, uitkomst.regel, door)
    uitkomst.betalingen.set(gekozen)
    return uitkomst


@handeling(
    "afschriftregel.sluit_af",
    "Regel van een rekeningafschrift afsluiten",
    mag=rechten.mag_afschriftregel_behandelen,
)
def sluit_afschriftregel_af(uitkomst: Afschriftregel, *, reden: str, door: Gebruiker) -> Afschriftregel:
    """Say no to a proposal, or that an open line was looked into; nothing is booked. Raises: reden_ontbreekt."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf wat u met deze regel deed.", "reden")
    voer_uit(uitkomst, "sluit_af", door=door, inhoud={"reden": reden.strip()})
    return uitkomst
