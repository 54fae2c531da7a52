"""Documents about an application: the receipt, the whole dossier, the letter of inadmissibility.

Each in two steps: `..._feiten` reads what the document tells, the function of the same name makes blocks of it and
knows no database. Facts that do not change give the same bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dossiers.beroep import BEROEP
from dossiers.models import Dossier, Indiening
from dossiers.ontvangstbewijs import inhoud_van
from kern import ketens, pdf
from kern.geld import getal_tekst
from kern.mails import Stukbestand, stukmaker
from kern.pdf import Alinea, Blok, Feiten, Kolom, Kop, Stuk, Tabel, Vast
from kern.templatetags.loket import dag, moment, vinger, zone
from oproepen.deminimis import Verordening
from organisaties.models import Categorie, Organisatie, Rechtsvorm
from organisaties.nummers import iban_leesbaar

ONONTVANKELIJK = "dossier.verklaar_onontvankelijk"


@dataclass(frozen=True)
class Aanvraag:
    """What every document about an application tells of it, as it was handed in."""

    nummer: str
    titel: str
    oproep: str
    luik: str
    ronde: int
    verstrekker: str
    organisatie: str
    kbo: str
    gemeente: str

    @property
    def adres(self) -> tuple[str, ...]:
        """Return the lines of the address on a letter."""
        nummer = f"Ondernemingsnummer {self.kbo}" if self.kbo else ""
        gemeente = "" if self.gemeente == self.organisatie else self.gemeente
        return tuple(regel for regel in (self.organisatie, gemeente, nummer) if regel)


def aanvraag(dossier: Dossier, inhoud: dict[str, Any] | None) -> Aanvraag:
    """Return what documents tell of a dossier (call and organisation read along) and its snapshot, if that is there."""
    luik = dossier.ronde.luik
    toen = (inhoud or {}).get("organisatie") or {}
    organisatie = dossier.organisatie
    kbo = toen["kbo"] if toen else organisatie.kbo
    return Aanvraag(
        nummer=dossier.nummer or "",
        titel=dossier.titel,
        oproep=luik.oproep.titel,
        luik=luik.naam,
        ronde=dossier.ronde.nummer,
        verstrekker=luik.oproep.verstrekker,
        organisatie=toen.get("naam", organisatie.naam),
        kbo=Organisatie(kbo=kbo).kbo_leesbaar,
        gemeente=toen.get("gemeente", organisatie.gemeente),
    )


def euro(cent: int) -> str:
    """Return an amount as it stands in a document: € 1.234,56."""
    return f"€\u00a0{getal_tekst(cent)}"


# ---------- receipt ----------


@dataclass(frozen=True)
class Ontvangst:
    """The facts of a receipt."""

    aanvraag: Aanvraag
    volgnummer: int
    ontvangstnummer: int
    ontvangen_op: datetime
    ingediend_door: str
    gevraagd_cent: int | None
    blad: str
    snapshot: str
    ontvangst: str


def ontvangst_feiten(indiening: Indiening) -> Ontvangst:
    """Return the facts of a submission (dossier, call, content and person read along)."""
    dossier = indiening.dossier
    return Ontvangst(
        aanvraag=aanvraag(dossier, inhoud_van(indiening)),
        volgnummer=indiening.volgnummer,
        ontvangstnummer=indiening.ontvangstnummer,
        ontvangen_op=indiening.ontvangen_op,
        ingediend_door=indiening.ingediend_door.naam,
        gevraagd_cent=dossier.gevraagd_cent,
        blad=bytes(indiening.blad).hex(),
        snapshot=bytes(indiening.snapshot_hash).hex(),
        ontvangst=bytes(indiening.ontvangst).decode(),
    )


def ontvangstbewijs(feiten: Ontvangst) -> Stuk:
    """Return the receipt of a submission."""
    wat = feiten.aanvraag
    nogmaals = (("Indiening", f"{feiten.volgnummer}e van dit dossier"),) if feiten.volgnummer > 1 else ()
    return Stuk(
        titel="Ontvangstbewijs",
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.ontvangen_op,
        aan=wat.adres,
        gegevens=(("Ontvangen", dag(feiten.ontvangen_op)),),
        blokken=(
            Alinea(f"Wij hebben dossier {wat.nummer}, “{wat.titel}”, goed ontvangen."),
            Feiten(
                (
                    ("Ontvangen", f"{moment(feiten.ontvangen_op)} ({zone(feiten.ontvangen_op)})"),
                    ("Ontvangstnummer", f"{feiten.ontvangstnummer} in deze ronde"),
                    *nogmaals,
                    *_plaats(wat),
                    ("Organisatie", wat.organisatie),
                    ("Ingediend door", feiten.ingediend_door),
                    ("Gevraagde subsidie", euro(feiten.gevraagd_cent or 0)),
                )
            ),
            Kop("Wat gebeurt er nu?"),
            Alinea(
                "Na het einde van de indientermijn kijken wij na of uw dossier ontvankelijk is. Daarna leest de jury "
                "het. U krijgt bericht zodra er een beslissing is."
            ),
            Kop("Bewijs"),
            Alinea("Een vingerafdruk is een reeks tekens die verandert zodra er één letter verandert."),
            Vast("Vingerafdruk van dit bewijs (SHA-256)", vinger(feiten.blad)),
            Vast("Vingerafdruk van uw dossier (SHA-256)", vinger(feiten.snapshot)),
            Vast("Ontvangstregel", feiten.ontvangst),
            Kop("Hoe kijkt iemand dit na?"),
            Alinea(
                "Dat kan zonder het loket. De vingerafdruk van dit bewijs is de SHA-256 van één byte nul, gevolgd "
                "door de ontvangstregel hierboven, aan één stuk. Die regel noemt zelf het nummer, het moment (in UTC) "
                "en de vingerafdruk van uw dossier. Op een computer met Linux: printf '\\0%s' 'ontvangstregel' | "
                "sha256sum\n\n"
                "De vingerafdruk van uw dossier is de SHA-256 van het zout, gevolgd door de inhoud. Zout en inhoud "
                f"staan in het bestand ontvangstbewijs-{wat.nummer}.json, dat u bij uw dossier in het loket vindt. "
                "Bewaar het bij dit bewijs.",
                klein=True,
            ),
        ),
    )


def _plaats(wat: Aanvraag) -> tuple[tuple[str, str], ...]:
    return (("Oproep", f"{wat.oproep}, {wat.luik}, ronde {wat.ronde}"),)


def ontvangstbewijs_bestand(indiening: Indiening) -> Stukbestand:
    """Return the receipt of a submission as a file."""
    feiten = ontvangst_feiten(indiening)
    return Stukbestand(f"ontvangstbewijs-{feiten.aanvraag.nummer}.pdf", pdf.maak(ontvangstbewijs(feiten)))


@stukmaker("ontvangstbewijs")
def _ontvangstbewijs_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    velden = ("dossier__organisatie", "dossier__ronde__luik__oproep", "bewaarde_inhoud", "ingediend_door")
    return ontvangstbewijs_bestand(Indiening.objects.select_related(*velden).get(pk=verzoek["indiening"]))


# ---------- the whole dossier ----------


@dataclass(frozen=True)
class Inhoud:
    """The facts of a whole dossier, as it was handed in."""

    aanvraag: Aanvraag
    ontvangstnummer: int
    ontvangen_op: datetime
    snapshot: str
    soort: str
    rechtsvorm: str
    rekening: str
    gevraagd_cent: int
    antwoorden: tuple[tuple[str, str], ...]
    kosten: tuple[tuple[str, int], ...]
    inbreng: tuple[tuple[str, int], ...]
    bijlagen: tuple[tuple[str, int, str], ...]
    verklaring: tuple[str, ...] = ()


def inhoud_feiten(indiening: Indiening, *, met_rekening: bool) -> Inhoud | None:
    """Return the facts of a submission, or None when its content was erased.

    met_rekening: with the account number, which a juror has no need of.
    """
    bewaard = inhoud_van(indiening)
    if bewaard is None:
        return None
    toen = bewaard["organisatie"]
    antwoorden = {sleutel: antwoord["waarde"] for sleutel, antwoord in bewaard["antwoorden"].items()}
    vragen = indiening.dossier.formulierversie.vragen.all()
    return Inhoud(
        aanvraag=aanvraag(indiening.dossier, bewaard),
        ontvangstnummer=indiening.ontvangstnummer,
        ontvangen_op=indiening.ontvangen_op,
        snapshot=bytes(indiening.snapshot_hash).hex(),
        soort=str(dict(Categorie.choices).get(toen["categorie"], toen["categorie"])),
        rechtsvorm=str(dict(Rechtsvorm.choices).get(toen["rechtsvorm"], toen["rechtsvorm"])),
        rekening=iban_leesbaar(bewaard["iban"]) if met_rekening else "",
        gevraagd_cent=bewaard["gevraagd_cent"] or 0,
        antwoorden=tuple((vraag.label, antwoorden.get(vraag.sleutel, "")) for vraag in vragen),
        kosten=_regels(bewaard, "kost"),
        inbreng=_regels(bewaard, "inbreng"),
        bijlagen=tuple((b["naam"], b["grootte"], b["sha256"]) for b in bewaard["bijlagen"]),
        verklaring=_verklaring(bewaard),
    )


def _regels(bewaard: dict[str, Any], soort: str) -> tuple[tuple[str, int], ...]:
    return tuple((r["omschrijving"], r["bedrag_cent"]) for r in bewaard["begroting"] if r["soort"] == soort)


def _verklaring(bewaard: dict[str, Any]) -> tuple[str, ...]:
    """Return the declaration of de-minimis aid, a paragraph each; nothing in a track that asks for none."""
    verklaard = bewaard.get("deminimis")
    if verklaard is None:
        return ()
    steun = [
        f"{euro(rij['bedrag_cent'])} van {rij['verstrekker']}, toegekend op {dag(date.fromisoformat(rij['datum']))} "
        f"({Verordening(rij['verordening']).label})"
        for rij in verklaard["steun"]
    ]
    kop = "De aanvrager verklaarde op eer welke de-minimissteun de onderneming de voorbije drie jaar kreeg:"
    verbonden = [f"Verbonden ondernemingen: {verklaard['verbonden']}"] if verklaard["verbonden"].strip() else []
    return (kop, *(steun or ["Geen."]), *verbonden)


def dossierstuk(feiten: Inhoud) -> Stuk:
    """Return the whole dossier: who, what, answers, budget and attachments."""
    wat = feiten.aanvraag
    rekening = (("Rekening", feiten.rekening),) if feiten.rekening else ()
    antwoorden: list[Blok] = []
    for vraag, antwoord in feiten.antwoorden:
        antwoorden += [Kop(vraag), Alinea(antwoord.strip() or "Niet ingevuld.")]
    inkomsten = (*feiten.inbreng, ("Gevraagde subsidie", feiten.gevraagd_cent))
    bijlagen: list[Blok] = [
        Vast(f"{naam} ({_grootte(grootte)})", vinger(sha256)) for naam, grootte, sha256 in feiten.bijlagen
    ]
    return Stuk(
        titel=wat.titel,
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.ontvangen_op,
        aan=wat.adres,
        gegevens=(("Ontvangen", dag(feiten.ontvangen_op)),),
        blokken=(
            Alinea("Het dossier zoals het ingediend is."),
            Feiten(
                (
                    *_plaats(wat),
                    ("Ontvangen", f"{moment(feiten.ontvangen_op)} ({zone(feiten.ontvangen_op)})"),
                    ("Ontvangstnummer", str(feiten.ontvangstnummer)),
                    ("Soort organisatie", feiten.soort),
                    ("Rechtsvorm", feiten.rechtsvorm),
                    *rekening,
                    ("Gevraagde subsidie", euro(feiten.gevraagd_cent)),
                )
            ),
            *antwoorden,
            Kop("Begroting"),
            _begrotingstabel("Kosten", feiten.kosten),
            _begrotingstabel("Inkomsten", inkomsten),
            *([Kop("De-minimissteun")] if feiten.verklaring else []),
            *(Alinea(tekst) for tekst in feiten.verklaring),
            Kop("Bijlagen"),
            *(bijlagen or [Alinea("Er zijn geen bijlagen.")]),
            Kop("Echtheid"),
            Vast("Vingerafdruk van dit dossier (SHA-256)", vinger(feiten.snapshot)),
            Alinea("Bij elke bijlage hierboven staat de SHA-256 van het bestand.", klein=True),
        ),
    )


def _begrotingstabel(naam: str, regels: tuple[tuple[str, int], ...]) -> Tabel:
    return Tabel(
        (Kolom(naam, 3), Kolom("Bedrag", 1, getal=True)),
        tuple((omschrijving, euro(cent)) for omschrijving, cent in regels),
        (f"Totaal {naam.lower()}", euro(sum(cent for _, cent in regels))),
    )


def _grootte(aantal: int) -> str:
    kilo = 1024
    if aantal < kilo:
        return f"{aantal} bytes"
    eenheid, deel = ("kB", aantal / kilo) if aantal < kilo * kilo else ("MB", aantal / kilo / kilo)
    return f"{deel:.1f} {eenheid}".replace(".", ",")


def dossier_bestand(indiening: Indiening, *, met_rekening: bool) -> Stukbestand | None:
    """Return a whole dossier as a file, or None when its content was erased."""
    feiten = inhoud_feiten(indiening, met_rekening=met_rekening)
    if feiten is None:
        return None
    return Stukbestand(f"dossier-{feiten.aanvraag.nummer}.pdf", pdf.maak(dossierstuk(feiten)))


# ---------- inadmissible ----------


@dataclass(frozen=True)
class Onontvankelijkheid:
    """The facts of a decision that a dossier is inadmissible."""

    aanvraag: Aanvraag
    op: datetime
    motivering: str


def onontvankelijk_feiten(dossier: Dossier) -> Onontvankelijkheid:
    """Return the facts of the decision on an inadmissible dossier (call and organisation read along)."""
    oordeel = ketens.gebeurtenissen_van(dossier).filter(handeling=ONONTVANKELIJK).latest("nummer")
    laatste = laatste_indiening(dossier)
    return Onontvankelijkheid(
        aanvraag=aanvraag(dossier, inhoud_van(laatste) if laatste else None),
        op=oordeel.moment,
        motivering=dossier.ontvankelijkheid_motivering,
    )


def laatste_indiening(dossier: Dossier) -> Indiening | None:
    """Return the last submission of a dossier with its content."""
    return Indiening.objects.filter(dossier=dossier).select_related("bewaarde_inhoud").order_by("-volgnummer").first()


def onontvankelijk(feiten: Onontvankelijkheid) -> Stuk:
    """Return the letter that says that a dossier is inadmissible."""
    wat = feiten.aanvraag
    return Stuk(
        titel="Uw dossier is onontvankelijk",
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=feiten.op,
        aan=wat.adres,
        gegevens=(("Datum", dag(feiten.op)),),
        blokken=(
            Alinea("Geachte,"),
            Alinea(
                f"U diende dossier {wat.nummer}, “{wat.titel}”, in voor de oproep {wat.oproep}. Uw dossier voldoet "
                "niet aan de voorwaarden om beoordeeld te worden. Het gaat daarom niet naar de jury, en u krijgt er "
                "geen subsidie voor."
            ),
            Kop("De beslissing"),
            Feiten(
                (
                    ("Beslissing", "Onontvankelijk"),
                    ("Datum", dag(feiten.op)),
                    ("Genomen namens", wat.verstrekker),
                    *_plaats(wat),
                )
            ),
            Kop("Motivering"),
            Alinea(feiten.motivering),
            *slot(wat),
        ),
    )


def slot(wat: Aanvraag) -> tuple[Blok, ...]:
    """Return how every letter with a decision ends: appeal, questions, greeting."""
    return (
        Kop("Gaat u niet akkoord?"),
        Alinea(BEROEP),
        Kop("Hebt u een vraag?"),
        Alinea(f"Stel ze aan {wat.verstrekker}, en vermeld het kenmerk {wat.nummer}."),
        Alinea(f"Met vriendelijke groeten\n{wat.verstrekker}"),
    )


def onontvankelijk_bestand(dossier: Dossier) -> Stukbestand:
    """Return the letter about an inadmissible dossier as a file."""
    feiten = onontvankelijk_feiten(dossier)
    return Stukbestand(f"brief-{feiten.aanvraag.nummer}.pdf", pdf.maak(onontvankelijk(feiten)))


@stukmaker("onontvankelijk")
def _onontvankelijk_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    return onontvankelijk_bestand(
        Dossier.objects.select_related("organisatie", "ronde__luik__oproep").get(pk=verzoek["dossier"])
    )
