"""What an outside accounting system reports, kept as it came and booked where it agrees: commitment, charge, payment.

A fact by hand and one from a file are the same: a row of Buitenfeit, and a booking when it fits what is expected here.
"""

from contextlib import suppress
from datetime import date

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.models import Betaling, Buitenfeit, Journaalregel, Stand, Vastleggingsnummer, Verschilverklaring
from betalingen.queries.buitenfeiten import Feit, beelden, bezette_nummers, oordeel
from betalingen.queries.verschillen import verschillen
from betalingen.services.betaling import boek_uitbetaald
from betalingen.services.buitenfeit import bekend_feit, bewaar_betalingsfeit, bewaar_feit
from betalingen.services.geldsloten import sloten_voor
from betalingen.services.vastlegging import boek_vastleggingen, sloten_om_vast_te_leggen
from dossiers.models import Dossier
from kern import ketens, klok
from kern.weg import Sloten, handeling, noteer
from kern.weigering import GeenRecht, Weigering, eis
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort
FeitSoort = Buitenfeit.Soort


def _sloten_vast(dossier: Dossier, *, datum: date, **_: object) -> Sloten:
    try:
        return sloten_om_vast_te_leggen([dossier], datum)
    except Weigering:
        return {}  # no credit in that year: the act says so, after right and state


@handeling(
    "dossier.registreer_vastlegging",
    "Vastlegging uit de boekhouding registreren",
    mag=rechten.mag_vastlegging_registreren,
    sloten=_sloten_vast,
)
def registreer_vastlegging(dossier: Dossier, *, nummer: str, datum: date, door: Gebruiker) -> Vastleggingsnummer:
    """Register the commitment of an award with its number in the outside system, and book it.

    Raises Weigering: nummer_ontbreekt, nummer_te_lang, nummer_bestaat, niet_toegekend, al_vastgelegd,
    datum_onmogelijk, geen_krediet, boven_vastleggingskrediet, jaar_afgesloten.
    """
    eis(nummer.strip(), "nummer_ontbreekt", "Vul het vastleggingsnummer van de boekhouding in.", "nummer")
    _eis_lengte(nummer, "nummer")
    ketens.vergrendel([dossier])
    rij = _leg_vast(dossier, nummer.strip(), datum, door)
    feit = Feit(FeitSoort.VASTLEGGING, dossier.nummer or "", dossier.toegekend_cent or 0, datum, rij.nummer)
    bewaar_feit(feit, rij.verstrekker, dossier, None, door)
    return rij


def _eis_lengte(nummer: str, veld: str) -> None:
    lengte = Vastleggingsnummer._meta.get_field("nummer").max_length or 0
    eis(len(nummer.strip()) <= lengte, "nummer_te_lang", f"Dit nummer is langer dan {lengte} tekens.", veld)


def _leg_vast(dossier: Dossier, nummer: str, datum: date, door: Gebruiker) -> Vastleggingsnummer:
    """Book the commitment of an award, inside an act that holds its locks."""
    al = Journaalregel.objects.filter(dossier=dossier, soort=Soort.VASTLEGGING).exists()
    eis(not al, "al_vastgelegd", "De toekenning van dit dossier is al vastgelegd.")
    wacht = dossier.status == Dossier.Status.TOEGEKEND and dossier.beslist_op is not None
    eis(wacht, "niet_toegekend", "Dit dossier heeft geen ondertekende toekenning die op een vastlegging wacht.")
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum van de vastlegging ligt in de toekomst.", "datum")
    na_besluit = dossier.beslist_op is not None and datum >= dossier.beslist_op
    eis(na_besluit, "datum_onmogelijk", "De datum van de vastlegging ligt vóór het besluit.", "datum")
    verstrekker = dossier.ronde.luik.oproep.verstrekker
    dubbel = Vastleggingsnummer.objects.filter(verstrekker=verstrekker, nummer=nummer).exists()
    zin = "Dit vastleggingsnummer staat al bij een ander dossier van deze verstrekker."
    eis(not dubbel, "nummer_bestaat", zin, "nummer")
    inhoud = {"nummer": nummer, "datum": datum, "bedrag_cent": dossier.toegekend_cent}
    gebeurtenis = noteer(dossier, door=door, van=dossier.status, naar=dossier.status, inhoud=inhoud)
    boek_vastleggingen([(dossier, gebeurtenis)], datum)
    return Vastleggingsnummer.objects.create(
        dossier=dossier,
        verstrekker=verstrekker,
        nummer=nummer,
        datum=datum,
        geregistreerd_op=klok.nu(),
        geregistreerd_door=door,
    )


def _standen_van(betaling: Betaling, *, datum: date, **_: object) -> Sloten:
    try:
        return {Stand: grootboek.standsleutels(grootboek.onderwerpen_van(betaling.dossier, datum.year))}
    except Weigering:
        return {}  # no credit in that year: the act says so, after right, date and state


@handeling(
    "betaling.meld_vereffend",
    "Vereffening uit de boekhouding registreren",
    mag=rechten.mag_uitbetaald_melden,
    sloten=_standen_van,
)
def meld_vereffend(betaling: Betaling, *, stuknummer: str, datum: date, door: Gebruiker) -> Betaling:
    """Register that the outside system charged a sent payment, and book the charge.

    Raises Weigering: stuknummer_ontbreekt, nummer_te_lang, verkeerde_status, al_aangerekend, datum_onmogelijk,
    geen_krediet, boven_betaalkrediet, jaar_afgesloten.
    """
    eis(stuknummer.strip(), "stuknummer_ontbreekt", "Vul het stuknummer van de boekhouding in.", "stuknummer")
    _eis_lengte(stuknummer, "stuknummer")
    _vereffen(betaling, stuknummer.strip(), datum, door)
    bewaar_betalingsfeit(betaling, FeitSoort.VEREFFENING, datum, door, stuknummer=stuknummer.strip())
    return betaling


def _vereffen(betaling: Betaling, stuknummer: str, datum: date, door: Gebruiker) -> None:
    """Book the charge of a sent payment, inside an act that holds its locks."""
    opdracht = betaling.opdracht
    zin = "Deze betaling wacht niet op een vereffening van de boekhouding."
    extern = opdracht is not None and opdracht.extern
    eis(extern and betaling.status == Betaling.Status.VERSTUURD, "verkeerde_status", zin)
    al = Journaalregel.objects.filter(betaling=betaling, soort=Soort.VEREFFENING, terugvordering=None).exists()
    eis(not al, "al_aangerekend", "De vereffening van deze betaling is al geregistreerd.")
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum van de vereffening ligt in de toekomst.", "datum")
    verstuurd = opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date() if opdracht else datum
    eis(datum >= verstuurd, "datum_onmogelijk", "De datum van de vereffening ligt vóór de betaalopdracht.", "datum")
    inhoud = {"stuknummer": stuknummer, "datum": datum, "bedrag_cent": betaling.bedrag_cent}
    gebeurtenis = noteer(betaling, door=door, van=betaling.status, naar=betaling.status, inhoud=inhoud)
    dossier = Dossier.objects.select_related("ronde__luik").get(pk=betaling.dossier_id)
    grootboek.boek([Boeking(Soort.VEREFFENING, betaling.bedrag_cent, dossier, datum, gebeurtenis, betaling)])


def _gevonden(feit: Feit, door: Gebruiker) -> Dossier | None:
    """Return the dossier of a fact when this person keeps its books; what she may not see is not there."""
    rijen = rechten.dossiers_van_boekhouder(door).select_related("ronde__luik__oproep")
    return rijen.filter(nummer=feit.dossiernummer).first()


def _sloten_feit(wie: Gebruiker, *, feit: Feit, **_: object) -> Sloten:
    return sloten_voor_feiten([feit], wie)


def sloten_voor_feiten(feiten: list[Feit], door: Gebruiker) -> Sloten:
    """Return what taking in these facts locks: totals of their years, dossiers, payments."""
    nummers = {feit.dossiernummer for feit in feiten}
    eigen = rechten.dossiers_van_boekhouder(door).select_related("ronde__luik__oproep")
    dossiers = {rij.nummer: rij for rij in eigen.filter(nummer__in=nummers)}
    sloten: dict[type, set[int]] = {}
    pks = [rij.pk for rij in dossiers.values()]
    betalingen = list(Betaling.objects.filter(dossier__in=pks).values_list("pk", flat=True))
    delen = [sloten_voor(betalingen, {feit.datum.year for feit in feiten})]
    for feit in feiten:
        if feit.dossiernummer in dossiers:
            with suppress(Weigering):  # no credit in that year: the act says so
                delen.append(sloten_om_vast_te_leggen([dossiers[feit.dossiernummer]], feit.datum))
    for deel in delen:
        for model, sleutels in deel.items():
            sloten.setdefault(model, set()).update(sleutels)
    sloten[Dossier] = set(pks)
    return sloten


@handeling(
    "buitenfeit.neem_op",
    "Feit uit de boekhouding opnemen",
    mag=rechten.mag_buitenfeiten_opnemen,
    sloten=_sloten_feit,
)
def neem_buitenfeit_op(wie: Gebruiker, *, feit: Feit, verstrekker: str, door: Gebruiker) -> Buitenfeit:
    """Keep a fact as the outside system reported it, and book it when it agrees with what is expected here.

    Raises Weigering: al_opgenomen, and what booking raises.
    """
    if verstrekker not in rechten.verstrekkers_van(door):
        raise GeenRecht
    dossier = _gevonden(feit, door)
    eigen = dossier is None or dossier.ronde.luik.oproep.verstrekker == verstrekker
    eis(eigen, "andere_verstrekker", "Dit dossier is van een andere verstrekker.")
    beeld = beelden([dossier])[dossier.nummer or ""] if dossier else None
    gevonden = beeld.betaling(feit.referentie) if beeld and feit.soort != FeitSoort.VASTLEGGING else None
    betaling = gevonden.betaling if gevonden else None
    uitkomst = oordeel(feit, beeld, bezette_nummers([verstrekker])[verstrekker])
    bekend = bekend_feit(feit, verstrekker)
    nieuw = bekend is None or not feit.zelfde(bekend)
    eis(nieuw or uitkomst.boekt, "al_opgenomen", "Dit feit is al opgenomen.")
    rij = bewaar_feit(feit, verstrekker, dossier, betaling, door) if nieuw or bekend is None else bekend
    ketens.vergrendel([obj for obj in (rij, dossier, betaling) if obj is not None])
    noteer(rij, door=door, inhoud={"kenmerk": rij.kenmerk, "versie": rij.versie, "geboekt": uitkomst.boekt})
    if uitkomst.boekt:
        _boek(feit, dossier, betaling, door)
    return rij


def _boek(feit: Feit, dossier: Dossier | None, betaling: Betaling | None, door: Gebruiker) -> None:
    if feit.soort == FeitSoort.VASTLEGGING and dossier is not None:
        _leg_vast(dossier, feit.vastleggingsnummer, feit.datum, door)
    elif feit.soort == FeitSoort.VEREFFENING and betaling is not None:
        _vereffen(betaling, feit.stuknummer, feit.datum, door)
    elif betaling is not None:
        boek_uitbetaald(betaling, datum=feit.datum, door=door)


@handeling(
    "verschil.verklaar",
    "Verschil met de boekhouding verklaren",
    mag=rechten.mag_buitenfeiten_opnemen,
)
def verklaar_verschil(
    wie: Gebruiker, *, verstrekker: str, sleutel: str, reden: str, door: Gebruiker
) -> Verschilverklaring:
    """Say why a difference may stay. Raises Weigering: reden_ontbreekt, verschil_weg, al_verklaard."""
    if verstrekker not in rechten.verstrekkers_van(door):
        raise GeenRecht
    alle = {(rij.verstrekker, rij.sleutel): rij for rij in verschillen(door)}
    verschil = alle.get((verstrekker, sleutel))
    if verschil is None:
        raise Weigering("verschil_weg", "Dit verschil is er niet meer, of de cijfers ervan zijn gewijzigd.")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom dit verschil mag blijven.", "reden")
    rij = Verschilverklaring.objects.create(
        verstrekker=verstrekker,
        sleutel=sleutel,
        feit=verschil.feit,
        reden=reden.strip(),
        verklaard_op=klok.nu(),
        verklaard_door=door,
    )
    noteer(rij, door=door, inhoud={"sleutel": sleutel, "reden": reden.strip()})
    return rij
