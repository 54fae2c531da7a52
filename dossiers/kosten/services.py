"""What one may do with cost claims: start, hand in, give evidence, judge, send back, finish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.urls import reverse

from dossiers import rechten
from dossiers.kosten.dubbel import eigen_dubbel, zelfde_factuur
from dossiers.kosten.models import Begrotingskoppeling, Kostenregel, Kostenstaat
from dossiers.kosten.opmaak import eis_periode
from dossiers.kosten.queries import laatste_inhoud, vergelijking_van
from dossiers.kosten.steekproef import Trekregel, omvang, trek
from dossiers.kosten.wachters import opsomming
from dossiers.models import Begrotingsregel, Dossier
from dossiers.services import adressen
from kern import klok, mails
from kern.canoniek import canoniek, tekst_fout, vingerafdruk
from kern.geld import euro_tekst
from kern.models import Bestand, Gebeurtenis
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import Weigering, eis
from oproepen.models import Kostencategorie, Kostenregeling, Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Oordeel = Kostenregel.Oordeel
# A project that was stopped still accounts for what it spent.
MET_KOSTEN = (Dossier.Status.IN_UITVOERING, Dossier.Status.STOPGEZET)


@handeling("kostenstaat.begin", "Kostenstaat beginnen", mag=rechten.mag_kosten_opgeven)
def begin_kostenstaat(dossier: Dossier, *, van: date, tot: date, door: Gebruiker) -> Kostenstaat:
    """Start a claim about a period (both days included).

    Raises Weigering: geen_kostenstaten, verkeerde_status, periode_omgekeerd, periode_in_toekomst, al_begonnen.
    """
    zin = "Deze oproep vraagt geen kostenstaten."
    eis(Kostenregeling.objects.filter(luik__rondes=dossier.ronde_id).exists(), "geen_kostenstaten", zin)
    zin = f"Dit kan niet: het dossier heeft de status '{dossier.get_status_display().lower()}'."
    eis(dossier.status in MET_KOSTEN, "verkeerde_status", zin)
    eis_periode(van, tot, vandaag=klok.vandaag())
    hoogste = dossier.kostenstaten.aggregate(hoogste=Max("volgnummer"))["hoogste"] or 0
    staat = Kostenstaat.objects.create(dossier=dossier, volgnummer=hoogste + 1, van=van, tot=tot, begonnen_op=klok.nu())
    inhoud = {"dossier": dossier.pk, "volgnummer": staat.volgnummer, "van": van.isoformat(), "tot": tot.isoformat()}
    noteer(staat, door=door, naar=staat.status, inhoud=inhoud)
    return staat


@handeling(
    "dossier.verdeel_begroting",
    "Begroting over de kostensoorten verdelen",
    mag=rechten.mag_begroting_verdelen,
)
def verdeel_begroting(dossier: Dossier, *, verdeling: Mapping[int, int], door: Gebruiker) -> Dossier:
    """Say for every cost of the budget (by key) which kind of costs (by key) it belongs to.

    Once a claim was handed in only the handler may change it: figures that were compared would move.
    Raises Weigering: geen_kostenstaten, begroting_vast, verdeling_onvolledig, categorie_onbekend.
    """
    soorten = set(Kostencategorie.objects.filter(regeling__luik__rondes=dossier.ronde_id).values_list("pk", flat=True))
    eis(soorten, "geen_kostenstaten", "Deze oproep vraagt geen kostenstaten.")
    vast = dossier.kostenstaten.filter(ingediend_op__isnull=False).exists()
    eis(
        not vast or not rechten.is_aanvrager(door, dossier),
        "begroting_vast",
        "U diende al een kostenstaat in. Vraag aan de dossierbehandelaar om de verdeling te wijzigen.",
    )
    regels = {rij.pk: rij for rij in dossier.begrotingsregels.filter(soort=Begrotingsregel.Soort.KOST)}
    eis(verdeling.keys() == regels.keys(), "verdeling_onvolledig", "Kies een kostensoort bij elke regel.")
    eis(set(verdeling.values()) <= soorten, "categorie_onbekend", "Deze kostensoort hoort niet bij uw oproep.")
    Begrotingskoppeling.objects.filter(begrotingsregel__in=regels).delete()
    Begrotingskoppeling.objects.bulk_create(
        Begrotingskoppeling(begrotingsregel_id=regel, categorie_id=soort) for regel, soort in verdeling.items()
    )
    namen = dict(Kostencategorie.objects.filter(pk__in=soorten).values_list("pk", "sleutel"))
    inhoud = {str(regels[regel].volgorde): namen[soort] for regel, soort in verdeling.items()}
    noteer(dossier, door=door, inhoud={"verdeling": inhoud})
    return dossier


@handeling("kostenstaat.dien_in", "Kostenstaat indienen", mag=rechten.mag_kostenstaat_indienen)
def dien_kostenstaat_in(staat: Kostenstaat, *, door: Gebruiker) -> Kostenstaat:
    """Hand in a claim and draw its sample.

    Two events: what was handed in, and the sample, whose seed is the hash of the first. Raises Weigering:
    verkeerde_status, geen_regels, begroting_niet_verdeeld, bewijs_ontbreekt, dubbel (within the dossier).
    """
    if staat.status in Kostenstaat.OPEN:
        _eis_niet_dubbel(staat)
    inhoud = laatste_inhoud(staat)
    staat.ingediend_op, staat.opmerking = klok.nu(), ""
    staat.vingerafdruk = vingerafdruk(canoniek(inhoud)).hex()
    totaal = sum(rij["bedrag_cent"] for rij in inhoud["regels"])
    feiten: dict[str, Any] = {
        "regels": len(inhoud["regels"]),
        "totaal_cent": totaal,
        "vingerafdruk": staat.vingerafdruk,
    }
    feiten["bewijs"] = {str(r): som for r, som in staat.regels.values_list("volgnummer", "bewijs_sha256") if som}
    gebeurtenis = voer_uit(staat, "dien_in", door=door, inhoud=feiten)
    getrokken = _trek_steekproef(staat, gebeurtenis)
    noteer(staat, door=door, inhoud={"zaad": staat.zaad, "steekproef": getrokken})
    _meld_ingediend(staat, gebeurtenis, totaal, getrokken)
    return staat


def _eis_niet_dubbel(staat: Kostenstaat) -> None:
    paar = eigen_dubbel(staat)
    if paar is None:
        return
    regel, ander = paar
    wat = f"De factuur {regel.factuurnummer}" if zelfde_factuur(regel, ander) else "Het bewijsstuk"
    waar = f"regel {ander.volgnummer}"
    if ander.kostenstaat_id != staat.pk:
        waar += f" van kostenstaat {ander.kostenstaat.volgnummer}"
    raise Weigering("dubbel", f"{wat} van regel {regel.volgnummer} staat ook op {waar}. Verwijder een van de twee.")


def _trek_steekproef(staat: Kostenstaat, gebeurtenis: Gebeurtenis) -> list[int]:
    staat.zaad = bytes(gebeurtenis.hash).hex()
    staat.save(update_fields=["zaad"])
    getrokken = getrokken_regels(staat)
    staat.regels.update(in_steekproef=False, ongezien=False)
    staat.regels.filter(volgnummer__in=getrokken).update(in_steekproef=True)
    return getrokken


def getrokken_regels(staat: Kostenstaat) -> list[int]:
    """Return the numbers of the lines in the sample that follows from the seed of a claim."""
    regeling = staat.dossier.ronde.luik.kostenregeling
    regels = [Trekregel(*rij) for rij in staat.regels.values_list("volgnummer", "bedrag_cent")]
    aantal = omvang(len(regels), minimum=regeling.steekproef_minimum, procent=regeling.steekproef_procent)
    altijd = regeling.steekproef_altijd_vanaf_cent
    return sorted(trek(regels, aantal=aantal, altijd_vanaf_cent=altijd, zaad=staat.zaad))


def _meld_ingediend(staat: Kostenstaat, gebeurtenis: Gebeurtenis, totaal: int, getrokken: list[int]) -> None:
    dossier, sleutel = staat.dossier, f"kostenstaat {staat.pk} gebeurtenis {gebeurtenis.nummer}"
    pad = reverse("kostenstaat", args=[staat.pk])
    mails.zet_mail_klaar(
        f"{sleutel} behandelaar",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Kostenstaat na te kijken: dossier {dossier.nummer}",
        tekst=(
            f"{dossier.organisatie.naam} diende kostenstaat {staat.volgnummer} in van dossier {dossier.nummer}, "
            f"'{dossier.titel}': {euro_tekst(totaal)}.\n\nIn de steekproef: {opsomming(getrokken)}."
        ),
        pad=pad,
        knop="Naar de kostenstaat",
    )
    zonder = list(staat.regels.filter(in_steekproef=True, bestand=None).values_list("volgnummer", flat=True))
    vraag = (
        f"\n\nWij kijken een steekproef na. Voeg nog het bewijsstuk toe bij {opsomming(zonder, 50)}." if zonder else ""
    )
    mails.zet_mail_klaar(
        f"{sleutel} aanvrager",
        aan=adressen(dossier),
        onderwerp=f"Uw kostenstaat bij dossier {dossier.nummer} is ingediend",
        tekst=(
            f"Wij hebben kostenstaat {staat.volgnummer} van dossier {dossier.nummer} ontvangen: {euro_tekst(totaal)}."
            f"\n\nVingerafdruk: {staat.vingerafdruk}{vraag}"
        ),
        pad=pad,
        knop="Naar uw kostenstaat",
    )


@handeling("kostenstaat.lever_bewijs", "Bewijsstuk bij een kost leveren", mag=rechten.mag_kostenstaat_indienen)
def lever_bewijs(staat: Kostenstaat, *, regel: int, bestand: Bestand, door: Gebruiker) -> Kostenregel:
    """Give the evidence of a line (by its number) of a claim that was handed in, while nobody judged that line.

    Raises Weigering: verkeerde_status, regel_onbekend, al_beoordeeld, bewijs_is_er.
    """
    _eis_ingediend(staat)
    rij = _regels(staat, [regel])[0]
    eis(rij.oordeel == Oordeel.OPEN, "al_beoordeeld", f"Regel {regel} is al beoordeeld.", "bestand")
    eis(rij.bestand_id is None, "bewijs_is_er", f"Regel {regel} heeft al een bewijsstuk.", "bestand")
    rij.bestand, rij.bewijs_sha256 = bestand, bestand.sha256
    rij.save(update_fields=["bestand", "bewijs_sha256"])
    noteer(staat, door=door, inhoud={"regel": regel, "bestand": bestand.sha256})
    return rij


@dataclass(frozen=True)
class Besluit:
    """What the handler decides about one line: how much is accepted (cents), and why not all of it."""

    aanvaard_cent: int
    reden: str = ""


@handeling("kostenstaat.beoordeel", "Kosten beoordelen", mag=rechten.mag_kostenstaat_beoordelen)
def beoordeel_regels(staat: Kostenstaat, *, besluiten: Mapping[int, Besluit], door: Gebruiker) -> list[Kostenregel]:
    """Judge lines (by number), all or nothing; a line that was judged before is judged anew.

    Raises Weigering: verkeerde_status, niets_gekozen, regel_onbekend, bedrag_te_laag, bedrag_te_hoog, reden_ontbreekt,
    tekst_onbewaarbaar, bewijs_ontbreekt (a line of the sample cannot be accepted unseen).
    """
    _eis_ingediend(staat)
    eis(besluiten, "niets_gekozen", "Kies eerst minstens één regel.")
    rijen = _regels(staat, besluiten)
    for rij in rijen:
        _beoordeel(rij, besluiten[rij.volgnummer])
    Kostenregel.objects.bulk_update(rijen, ["oordeel", "aanvaard_cent", "reden", "ongezien"], batch_size=100)
    noteer(staat, door=door, inhoud={"regels": [_feit(rij) for rij in rijen]})
    return rijen


def eis_besluit(rij: Kostenregel, besluit: Besluit) -> None:
    """Raise Weigering unless this can be decided about a line; what `beoordeel_regels` raises."""
    cent, reden, wat = besluit.aanvaard_cent, besluit.reden.strip(), f"Regel {rij.volgnummer}"
    eis(cent >= 0, "bedrag_te_laag", f"{wat}: het bedrag mag niet negatief zijn.", "bedrag")
    zin = f"{wat}: er is {euro_tekst(rij.bedrag_cent)} gevraagd; meer kunt u niet aanvaarden."
    eis(cent <= rij.bedrag_cent, "bedrag_te_hoog", zin, "bedrag")
    zin = f"{wat}: schrijf waarom u niet alles aanvaardt."
    eis(cent == rij.bedrag_cent or reden, "reden_ontbreekt", zin, "reden")
    fout = tekst_fout(reden)
    eis(fout is None, "tekst_onbewaarbaar", fout or "", "reden")
    zin = f"{wat} zit in de steekproef en heeft geen bewijsstuk. Verwerp ze, of wacht op het bewijsstuk."
    eis(not (cent and rij.in_steekproef and rij.bestand_id is None), "bewijs_ontbreekt", zin)


def _beoordeel(rij: Kostenregel, besluit: Besluit) -> None:
    eis_besluit(rij, besluit)
    cent, reden = besluit.aanvaard_cent, besluit.reden.strip()
    rij.aanvaard_cent, rij.reden, rij.ongezien = cent, reden, False
    if cent == rij.bedrag_cent:
        rij.oordeel = Oordeel.AANVAARD
    else:
        rij.oordeel = Oordeel.GEDEELTELIJK if cent else Oordeel.VERWORPEN


def _feit(rij: Kostenregel) -> dict[str, Any]:
    return {"regel": rij.volgnummer, "aanvaard_cent": rij.aanvaard_cent, "reden": rij.reden}


def _regels(staat: Kostenstaat, nummers: Sequence[int] | Mapping[int, Any]) -> list[Kostenregel]:
    rijen = list(staat.regels.filter(volgnummer__in=list(nummers)))
    onbekend = set(nummers) - {rij.volgnummer for rij in rijen}
    zin = f"Regel {min(onbekend, default=0)} hoort niet bij deze kostenstaat."
    eis(not onbekend, "regel_onbekend", zin)
    return rijen


def _eis_ingediend(staat: Kostenstaat) -> None:
    zin = f"Dit kan niet: de kostenstaat heeft de status '{staat.get_status_display().lower()}'."
    eis(staat.status == Kostenstaat.Status.INGEDIEND, "verkeerde_status", zin)


@handeling("kostenstaat.stuur_terug", "Kostenstaat terugsturen", mag=rechten.mag_kostenstaat_beoordelen)
def stuur_kostenstaat_terug(staat: Kostenstaat, *, opmerking: str, door: Gebruiker) -> Kostenstaat:
    """Let the applicant correct a claim; a line that she leaves as it is keeps its judgement.

    Raises Weigering: verkeerde_status, motivering_ontbreekt, al_begonnen (she began another one meanwhile).
    """
    eis(opmerking.strip(), "motivering_ontbreekt", "Schrijf wat de aanvrager moet verbeteren.", "opmerking")
    staat.opmerking = opmerking.strip()
    gebeurtenis = voer_uit(staat, "stuur_terug", door=door, inhoud={"opmerking": staat.opmerking})
    _meld_aanvrager(staat, gebeurtenis, "moet u verbeteren", staat.opmerking)
    return staat


@handeling("kostenstaat.rond_af", "Nazicht van een kostenstaat afronden", mag=rechten.mag_kostenstaat_beoordelen)
def rond_kostenstaat_af(staat: Kostenstaat, *, opmerking: str, door: Gebruiker) -> Kostenstaat:
    """Finish a claim: lines outside the sample that nobody looked at are accepted as they were claimed.

    The error found in the sample is never applied to the other lines; whoever wants to look further judges more lines.
    Raises Weigering: verkeerde_status, niet_beoordeeld, marge_overschreden (a reason is asked then).
    """
    if staat.status == Kostenstaat.Status.INGEDIEND:
        _eis_uitleg(staat, opmerking)
    staat.opmerking, staat.nagekeken_op = opmerking.strip(), klok.nu()
    rijen = list(staat.regels.all())
    nummers = [r.volgnummer for r in rijen if r.oordeel == Oordeel.OPEN]
    aanvaard = sum(r.bedrag_cent if r.oordeel == Oordeel.OPEN else (r.aanvaard_cent or 0) for r in rijen)
    inhoud = {"aanvaard_cent": aanvaard, "zonder_nazicht": nummers, "opmerking": staat.opmerking}
    gebeurtenis = voer_uit(staat, "rond_af", door=door, inhoud=inhoud)
    for rij in rijen:
        if rij.oordeel == Oordeel.OPEN:
            rij.oordeel, rij.aanvaard_cent, rij.ongezien = Oordeel.AANVAARD, rij.bedrag_cent, True
    Kostenregel.objects.bulk_update(rijen, ["oordeel", "aanvaard_cent", "ongezien"], batch_size=100)
    gevraagd = sum(rij.bedrag_cent for rij in rijen)
    zin = f"Van {euro_tekst(gevraagd)} aanvaarden wij {euro_tekst(aanvaard)}."
    minder = [r for r in rijen if r.oordeel in {Oordeel.GEDEELTELIJK, Oordeel.VERWORPEN}]
    redenen = "".join(f"\nRegel {r.volgnummer}: {euro_tekst(r.aanvaard_cent or 0)}. {r.reden}" for r in minder[:50])
    if len(minder) > 50:  # noqa: PLR2004  a mail is no sheet
        redenen += f"\nEn nog {len(minder) - 50} regels; u vindt ze in het loket."
    tekst = "\n\n".join(deel for deel in (zin, redenen.strip(), staat.opmerking) if deel)
    _meld_aanvrager(staat, gebeurtenis, "is nagekeken", tekst)
    return staat


def _eis_uitleg(staat: Kostenstaat, opmerking: str) -> None:
    te_veel = [rij for rij in vergelijking_van(staat.dossier, met=staat) if rij.boven_cent]
    if te_veel and not opmerking.strip():
        rij = te_veel[0]
        zin = (
            f"{rij.naam}: met deze kostenstaat is {euro_tekst(rij.boven_cent)} meer aanvaard dan de grens van "
            f"{euro_tekst(rij.grens_cent or 0)}. Verwerp een deel, of schrijf waarom u dit aanvaardt."
        )
        raise Weigering("marge_overschreden", zin, "opmerking")


def _meld_aanvrager(staat: Kostenstaat, gebeurtenis: Gebeurtenis, gevolg: str, tekst: str) -> None:
    dossier = staat.dossier
    mails.zet_mail_klaar(
        f"kostenstaat {staat.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen(dossier),
        onderwerp=f"Uw kostenstaat {staat.volgnummer} bij dossier {dossier.nummer} {gevolg}",
        tekst=f"Kostenstaat {staat.volgnummer} van dossier {dossier.nummer} {gevolg}.\n\n{tekst}",
        pad=reverse("kostenstaat", args=[staat.pk]),
        knop="Naar uw kostenstaat",
    )
