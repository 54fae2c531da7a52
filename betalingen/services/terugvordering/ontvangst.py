"""What comes in on a recovery: over the bank, or set off against a payment that has not left."""

from dataclasses import dataclass
from datetime import date

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.interest import interest_open, nog_open, verschuldigd
from betalingen.models import Bankregel, Begrotingsjaar, Betaling, Journaalregel, Ontvangst, Stand, Terugvordering
from betalingen.models.betaling import niet_belemmerd
from betalingen.queries import gereed
from betalingen.services.boekwijze import boekt_extern
from betalingen.services.terugvordering.besluit import geldsloten, krediet_van, mail_begunstigde
from betalingen.services.terugvordering.inning import eis_mogelijk
from kern import ketens, klok, sloten
from kern.geld import euro_tekst
from kern.models import Gebeurtenis
from kern.weg import Sloten, blokkade_van, handeling, noteer, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort


@dataclass(frozen=True)
class Bron:
    """Where money came from: the reference of the bank and its line, or the payment it was set off against."""

    referentie: str = ""
    bankregel: Bankregel | None = None
    betaling: Betaling | None = None


def _sloten(rij: Terugvordering, *, datum: date, **_: object) -> Sloten:
    try:
        return geldsloten(rij, datum.year)
    except Weigering:  # no decision yet: the act refuses on the state
        return {}


@handeling(
    "terugvordering.ontvang",
    "Ontvangst op een terugvordering registreren",
    mag=rechten.mag_terugvordering_ontvangen,
    sloten=_sloten,
)
def ontvang_terugvordering(
    rij: Terugvordering, *, datum: date, bedrag_cent: int, referentie: str, door: Gebruiker
) -> Terugvordering:
    """Record money that came in on the account, with the reference of the bank; a part of what is due is fine.

    Raises Weigering: bedrag_ongeldig, referentie_ontbreekt, datum_onmogelijk, boven_verschuldigd, al_ontvangen,
    verkeerde_status, jaar_afgesloten.
    """
    eis(referentie.strip(), "referentie_ontbreekt", "Vul de referentie van de bank in.", "referentie")
    return boek_ontvangst(
        rij, datum=datum, bedrag_cent=bedrag_cent, bron=Bron(referentie=referentie.strip()), door=door
    )


def boek_ontvangst(
    rij: Terugvordering, *, datum: date, bedrag_cent: int, bron: Bron, door: Gebruiker
) -> Terugvordering:
    """Book what came in, inside an act that holds its locks; the claim is paid first, its interest after it."""
    eis(bedrag_cent > 0, "bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag")
    overgang = "verreken" if bron.betaling else "ontvang"
    eis_mogelijk(rij, overgang)
    _eis_datum(rij, datum)
    open_cent, interest = nog_open(rij, datum), interest_open(rij, datum)
    waarvan = f", waarvan {euro_tekst(interest)} interest" if interest else ""
    zin = f"Op {datum:%d/%m/%Y} staat nog {euro_tekst(open_cent)} open{waarvan}; meer kan niet ontvangen worden."
    eis(bedrag_cent <= open_cent, "boven_verschuldigd", zin, "bedrag")
    keer = _eis_eenmaal(rij, datum, bedrag_cent, bron)
    hoofdsom = min(bedrag_cent, rij.hoofdsom_open_cent)
    rij.interest_cent = verschuldigd(rij, datum)
    rij.ontvangen_cent += hoofdsom
    rij.interest_ontvangen_cent += bedrag_cent - hoofdsom
    inhoud = {
        "datum": datum,
        "bedrag_cent": bedrag_cent,
        "hoofdsom_cent": hoofdsom,
        "interest_cent": bedrag_cent - hoofdsom,
        "referentie": bron.referentie,
        "betaling": bron.betaling.pk if bron.betaling else None,
    }
    if bedrag_cent == open_cent:
        feit = voer_uit(rij, overgang, door=door, inhoud=inhoud)
    else:
        rij.save()
        feit = noteer(rij, door=door, van=rij.status, naar=rij.status, inhoud=inhoud)
    ontvangst = Ontvangst.objects.create(
        terugvordering=rij,
        datum=datum,
        bedrag_cent=bedrag_cent,
        hoofdsom_cent=hoofdsom,
        interest_cent=bedrag_cent - hoofdsom,
        referentie=bron.referentie,
        bankregel=bron.bankregel,
        betaling=bron.betaling,
        keer=keer,
    )
    grootboek.boek(_boekingen(rij, datum, hoofdsom, bedrag_cent - hoofdsom, feit))
    _meld(rij, feit, ontvangst, open_cent - bedrag_cent)
    return rij


def _eis_datum(rij: Terugvordering, datum: date) -> None:
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum ligt in de toekomst.", "datum")
    if rij.kennisgegeven_op is not None:
        vanaf = rij.kennisgegeven_op.astimezone(klok.BRUSSEL).date()
        zin = f"De datum ligt vóór de kennisgeving van {vanaf:%d/%m/%Y}."
        eis(datum >= vanaf, "datum_onmogelijk", zin, "datum")


def _eis_eenmaal(rij: Terugvordering, datum: date, bedrag_cent: int, bron: Bron) -> int:
    """Return how many times this was recorded, counting now; the times before were taken back."""
    if bron.betaling is not None:
        return 1
    zelfde = rij.ontvangsten.filter(datum=datum, bedrag_cent=bedrag_cent, referentie=bron.referentie, betaling=None)
    zin = "Deze ontvangst staat er al, met dezelfde dag, hetzelfde bedrag en dezelfde referentie."
    eis(not zelfde.filter(herroeping=None).exists(), "al_ontvangen", zin, "referentie")
    return zelfde.count() + 1


def _boekingen(
    rij: Terugvordering, datum: date, hoofdsom_cent: int, interest_cent: int, feit: Gebeurtenis
) -> list[Boeking]:
    """Return the bookings of a receipt: interest becomes a claim on the day that it comes in."""
    regels = [(Soort.TERUGVORDERING, interest_cent), (Soort.ONTVANGST, hoofdsom_cent + interest_cent)]
    return [
        Boeking(soort, cent, rij.dossier, datum, feit, begrotingsjaar=rij.begrotingsjaar, terugvordering=rij)
        for soort, cent in regels
        if cent
    ]


def _meld(rij: Terugvordering, feit: Gebeurtenis, ontvangst: Ontvangst, rest_cent: int) -> None:
    nummer, bedrag, betaling = rij.dossier.nummer, euro_tekst(ontvangst.bedrag_cent), ontvangst.betaling
    if betaling is not None:
        van = f"dossier {betaling.dossier.nummer} ({betaling.schijf.naam.lower()})"
        wat = f"Wij moesten u nog {bedrag} betalen voor {van}. Wij verrekenden dat met wat u ons moet voor "
    else:
        wat = f"Wij ontvingen op {ontvangst.datum:%d/%m/%Y} {bedrag} voor de terugvordering van "
    rest = f"Er staat nog {euro_tekst(rest_cent)} open." if rest_cent else "Daarmee is alles betaald."
    mail_begunstigde(
        rij,
        f"ontvangst {feit.pk}",
        f"Dossier {nummer}: {'wij verrekenden' if betaling else 'wij ontvingen'} {bedrag}",
        f"{wat}dossier {nummer}.\n\n{rest}",
    )


# Set-off.


def te_verrekenen(rij: Terugvordering) -> list[Betaling]:
    """Return the payments that a recovery can be set off against: due to the same organisation by the same granter.

    Only what was not approved and could leave now. A debt that is not due yet is not set off.
    """
    dossier = rij.dossier
    # The act asks the guards again of the one that is chosen.
    rijen = gereed.verschuldigd(
        Betaling.objects.filter(
            status__in=(Betaling.Status.GEPLAND, Betaling.Status.TE_CONTROLEREN),
            dossier__organisatie_id=dossier.organisatie_id,
            dossier__ronde__luik__oproep__verstrekker=dossier.ronde.luik.oproep.verstrekker,
            opdrachtregels=None,
        )
    )
    return list(rijen.select_related("dossier__ronde__luik__oproep", "dossier__organisatie", "schijf").order_by("pk"))


def _sloten_van_verrekening(rij: Terugvordering, *, betaling: int) -> Sloten:
    jaar = klok.vandaag().year
    ander = Betaling.objects.filter(pk=betaling).select_related("dossier__ronde__luik").first()
    try:
        onderwerpen = grootboek.onderwerpen([(rij.dossier, krediet_van(rij) or jaar)])
        if ander is not None:
            onderwerpen |= grootboek.onderwerpen([(ander.dossier, jaar)])
    except Weigering:
        return {}  # no credit in that year: the act says so, after right and state
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(jaar).pk],
        Stand: grootboek.standsleutels(onderwerpen),
        Betaling: [ander.pk] if ander else [],
    }


@handeling(
    "terugvordering.verreken",
    "Terugvordering verrekenen met een betaling",
    mag=rechten.mag_terugvordering_beslissen,
    sloten=_sloten_van_verrekening,
)
def verreken(rij: Terugvordering, *, betaling: int, door: Gebruiker) -> Terugvordering:
    """Set a recovery off against a payment (key): as much as both allow; the payment leaves for the rest.

    What is set off is charged and paid on the credit of this year, and received on the recovery, on one day.
    Raises Weigering: geen_recht (on the track of the payment), belemmerd, geen_keuze, verkeerde_status, verjaard,
    geen_krediet, boven_betaalkrediet, jaar_afgesloten, boekt_extern.
    """
    eis_mogelijk(rij, "verreken")
    keuze = {b.pk: b for b in te_verrekenen(rij)}.get(betaling)
    if keuze is not None and not rechten.mag_goedkeuren(door, keuze):
        raise GeenRecht
    blokkade = blokkade_van(keuze, "verreken") if keuze else None
    if blokkade is not None and blokkade.code == niet_belemmerd.code:
        # Assumed: what a third party seized or took over is not ours to set off; nor is it in a bankruptcy.
        raise Weigering(blokkade.code, blokkade.zin, "betaling")
    if keuze is None or blokkade is not None:
        zin = "Deze betaling kan niet verrekend worden: ze is er niet meer, al goedgekeurd of nog niet verschuldigd."
        raise Weigering("geen_keuze", zin, "betaling")
    zin = "Een ander boekhoudsysteem rekent de betalingen van deze verstrekker aan; verrekenen kan hier niet."
    eis(not boekt_extern(keuze.dossier.ronde.luik.oproep.verstrekker), "boekt_extern", zin, "betaling")
    grootboek.krediet_voor(keuze.dossier.ronde.luik, klok.vandaag().year)
    andere = sloten.neem_een(Betaling, betaling)
    vandaag = klok.vandaag()
    cent = min(andere.bedrag_cent, nog_open(rij, vandaag))
    ketens.vergrendel([andere, rij])
    feit = _verminder(andere, cent, rij, door)
    grootboek.boek(
        Boeking(soort, cent, keuze.dossier, vandaag, feit, andere, terugvordering=rij)
        for soort in (Soort.VEREFFENING, Soort.UITBETALING)
    )
    return boek_ontvangst(rij, datum=vandaag, bedrag_cent=cent, bron=Bron(betaling=andere), door=door)


def _verminder(betaling: Betaling, cent: int, rij: Terugvordering, door: Gebruiker) -> Gebeurtenis:
    inhoud = {"verrekend_cent": cent, "terugvordering": rij.nummer}
    if cent == betaling.bedrag_cent:
        return voer_uit(betaling, "verreken", door=door, inhoud=inhoud)
    betaling.bedrag_cent -= cent
    betaling.save(update_fields=["bedrag_cent"])
    return noteer(
        betaling,
        door=door,
        van=betaling.status,
        naar=betaling.status,
        inhoud={**inhoud, "bedrag_cent": betaling.bedrag_cent},
    )
