"""The letter of a decision: award, reserve list, or refusal on quality or for want of budget.

`brief_feiten` reads what the letter tells, `brief` makes blocks of it and knows no database.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Sum

from beoordeling.models import Besluitregel, Score, Scoreblad
from beoordeling.scores import score_tekst
from dossiers.models import Dossier, Verslag
from dossiers.ontvangstbewijs import inhoud_van
from dossiers.stukken import Aanvraag, aanvraag, euro, laatste_indiening, onontvankelijk_bestand, slot
from kern import klok, pdf
from kern.mails import Stukbestand, stukmaker
from kern.pdf import Alinea, Bedrag, Blok, Feiten, Kolom, Kop, Melding, Stuk, Tabel
from kern.templatetags.loket import dag
from oproepen.models import Betaalschijf
from organisaties.nummers import iban_leesbaar

Uitkomst = Besluitregel.Uitkomst

TITELS = {
    Uitkomst.TOEKENNING: "U krijgt een subsidie",
    Uitkomst.RESERVE: "U staat op de reservelijst",
    Uitkomst.WEIGERING_KWALITEIT: "U krijgt geen subsidie",
    Uitkomst.WEIGERING_KREDIET: "U krijgt geen subsidie",
    Uitkomst.WEIGERING_BEDRAG: "U krijgt geen subsidie",
}
_KERN = {
    Uitkomst.TOEKENNING: "Uw project krijgt een subsidie.",
    Uitkomst.RESERVE: (
        "Uw project haalt de minimumscore van {minimum} op 100, maar het budget is opgebruikt door projecten die hoger "
        "gerangschikt zijn. Uw project staat op plaats {plaats} van de reservelijst."
    ),
    Uitkomst.WEIGERING_KWALITEIT: (
        "Uw project krijgt geen subsidie, omdat het de minimumscore van {minimum} op 100 niet haalt."
    ),
    Uitkomst.WEIGERING_KREDIET: (
        "Uw project haalt de minimumscore van {minimum} op 100, maar krijgt geen subsidie, omdat het budget opgebruikt "
        "is door projecten die hoger gerangschikt zijn."
    ),
    Uitkomst.WEIGERING_BEDRAG: (
        "Uw project haalt de minimumscore van {minimum} op 100, maar krijgt geen subsidie. Bij de motivering leest u "
        "waarom er niets toegekend kan worden."
    ),
}
_KERN_UIT_RESERVE = {
    Uitkomst.TOEKENNING: (
        "Uw project stond op de reservelijst. Er kwam budget vrij, en uw project krijgt nu een subsidie."
    ),
    Uitkomst.WEIGERING_KREDIET: (
        "Uw project stond op de reservelijst. Er kwam niet genoeg budget vrij, en de reservelijst is nu afgesloten. Uw "
        "project krijgt dus geen subsidie."
    ),
    Uitkomst.WEIGERING_BEDRAG: (
        "Uw project stond op de reservelijst, maar krijgt geen subsidie. Bij de motivering leest u waarom er niets "
        "toegekend kan worden."
    ),
}


@dataclass(frozen=True)
class Beslissing:
    """The facts of the letter to one applicant."""

    aanvraag: Aanvraag
    uitkomst: Uitkomst
    bedrag_cent: int
    gevraagd_cent: int
    rang: int
    reserveplaats: int | None
    # Decided later, from the reserve list.
    uit_reserve: bool
    score_honderdsten: int
    minimumscore: int
    beslisser: str
    nummer: str
    datum: date
    kennisgegeven_op: datetime | None
    motivering: str
    # Name, weight, mean points in hundredths, most points.
    criteria: tuple[tuple[str, int, int, int], ...]
    project: tuple[date, date]
    rekening: str
    # Name, share (empty where it is none), amount in cents, when.
    schijven: tuple[tuple[str, str, int, str], ...]
    verslagen: tuple[tuple[str, date], ...]


def brief_feiten(dossier: Dossier, regel: Besluitregel) -> Beslissing:
    """Return the facts of the letter that tells what a signed decision says on a dossier.

    Read along: call and organisation of the dossier, the decision of the line.
    """
    besluit, luik = regel.besluit, dossier.ronde.luik
    laatste = laatste_indiening(dossier)
    inhoud = inhoud_van(laatste) if laatste else None
    assert besluit.datum is not None, "een brief komt na de ondertekening"  # noqa: S101
    return Beslissing(
        aanvraag=aanvraag(dossier, inhoud),
        uitkomst=Uitkomst(regel.uitkomst),
        bedrag_cent=regel.bedrag_cent,
        gevraagd_cent=dossier.gevraagd_cent or 0,
        rang=regel.rang,
        reserveplaats=regel.reserveplaats,
        uit_reserve=not besluit.is_eerste,
        score_honderdsten=regel.score_honderdsten,
        minimumscore=dossier.ronde.minimumscore,
        beslisser=besluit.beslisser,
        nummer=besluit.nummer,
        datum=besluit.datum,
        kennisgegeven_op=besluit.kennisgegeven_op,
        motivering=regel.motivering,
        criteria=_criteria(dossier),
        project=(luik.project_van, luik.project_tot),
        rekening=iban_leesbaar(inhoud["iban"] if inhoud else dossier.iban),
        schijven=_schijven(dossier, regel.bedrag_cent) if regel.uitkomst == Uitkomst.TOEKENNING else (),
        verslagen=_verslagen(dossier),
    )


def _criteria(dossier: Dossier) -> tuple[tuple[str, int, int, int], ...]:
    ingediend = Score.objects.filter(scoreblad__dossier=dossier, scoreblad__status=Scoreblad.Status.INGEDIEND)
    velden = ("criterium__volgorde", "criterium_id", "criterium__naam", "criterium__gewicht", "criterium__max_punten")
    rijen = ingediend.order_by(*velden).values_list(*velden).annotate(som=Sum("punten"), aantal=Count("pk"))
    # Mean in hundredths, half up, as the score of the sheets is (scores.py).
    return tuple(
        (naam, gewicht, (200 * som + aantal) // (2 * aantal), meeste)
        for _, _, naam, gewicht, meeste, som, aantal in rijen
    )


def _schijven(dossier: Dossier, bedrag_cent: int) -> tuple[tuple[str, str, int, str], ...]:
    # As the schedule divides the award: what is cancelled or settled later does not change the letter.
    return tuple(
        (schijf.naam, f"{schijf.procent_tekst} %" if schijf.procent else "", cent, _wanneer(schijf))
        for schijf, cent in Betaalschijf.verdeel(dossier.ronde.luik_id, bedrag_cent)
    )


def _wanneer(schijf: Betaalschijf) -> str:
    wanneer = schijf.wanneer.capitalize()
    if schijf.verslagmoment is not None:
        wanneer = f"Na goedkeuring van het {schijf.verslagmoment.get_soort_display().lower()}"
    if schijf.voorwaarde:
        wanneer = f"{wanneer}. Voorwaarde: {schijf.voorwaarde}"
    return f"{wanneer}. U dient een schuldvordering in." if schijf.schuldvordering else wanneer


def _verslagen(dossier: Dossier) -> tuple[tuple[str, date], ...]:
    # The day as the call fixed it: an extension that comes later does not change this letter.
    rijen = Verslag.objects.filter(dossier=dossier).select_related("moment").order_by("moment__uiterlijk")
    return tuple((verslag.moment.get_soort_display(), verslag.moment.uiterlijk) for verslag in rijen)


def brief(feiten: Beslissing) -> Stuk:
    """Return the letter to one applicant."""
    wat = feiten.aanvraag
    kernen = _KERN | (_KERN_UIT_RESERVE if feiten.uit_reserve else {})
    kern = kernen[feiten.uitkomst].format(minimum=feiten.minimumscore, plaats=feiten.reserveplaats)
    if 0 < feiten.bedrag_cent < feiten.gevraagd_cent:
        kern = f"{kern} Die is lager dan wat u vroeg; bij de motivering leest u waarom."
    bekend = feiten.kennisgegeven_op
    vooraf: tuple[Blok, ...] = ()
    if bekend is None:
        vooraf = (
            Melding(
                "Deze brief is nog niet ter kennis gegeven. Tot dan is de beslissing niet openbaar, ook niet voor de "
                "aanvrager."
            ),
        )
    return Stuk(
        titel=TITELS[feiten.uitkomst],
        afzender=wat.verstrekker,
        kenmerk=wat.nummer,
        moment=bekend or datetime.combine(feiten.datum, time(), klok.BRUSSEL),
        aan=wat.adres,
        gegevens=(("Besluit", feiten.nummer), ("Datum", dag(bekend) if bekend else "nog niet verstuurd")),
        blokken=(
            *vooraf,
            Alinea("Geachte,"),
            Alinea(
                f"U diende dossier {wat.nummer}, “{wat.titel}”, in voor de oproep {wat.oproep} ({wat.luik}). {kern}"
            ),
            *((Bedrag("Toegekende subsidie", euro(feiten.bedrag_cent)),) if feiten.bedrag_cent else ()),
            Kop("De beslissing"),
            Feiten(_beslissing(feiten)),
            *(_toekenning(feiten) if feiten.uitkomst == Uitkomst.TOEKENNING else ()),
            *(_reserve(feiten) if feiten.uitkomst == Uitkomst.RESERVE else ()),
            Kop("Motivering"),
            Alinea(feiten.motivering),
            _scores(feiten),
            Alinea(
                "De punten zijn het gemiddelde van de scorebladen van de jury. De score op 100 is de som, over alle "
                "criteria, van het gewicht maal de punten, gedeeld door de hoogste punten.",
                klein=True,
            ),
            *slot(wat),
        ),
    )


def _beslissing(feiten: Beslissing) -> tuple[tuple[str, str], ...]:
    return (
        ("Beslissing", str(feiten.uitkomst.label)),
        ("Besluit", f"{feiten.nummer} van {dag(feiten.datum)}"),
        ("Genomen door", feiten.beslisser),
        ("Oproep", f"{feiten.aanvraag.oproep}, {feiten.aanvraag.luik}, ronde {feiten.aanvraag.ronde}"),
        ("Gevraagd", euro(feiten.gevraagd_cent)),
        ("Score en rang", f"{score_tekst(feiten.score_honderdsten)} op 100, plaats {feiten.rang} in de rangschikking"),
    )


def _toekenning(feiten: Beslissing) -> tuple[Blok, ...]:
    van, tot = feiten.project
    return (
        Kop("Wanneer u het geld krijgt"),
        Alinea(
            f"Uw project loopt van {dag(van)} tot en met {dag(tot)}. Wij betalen in schijven, op rekening "
            f"{feiten.rekening}."
        ),
        Tabel(
            (Kolom("Schijf", 2.2), Kolom("Wanneer", 4), Kolom("Deel", 1, getal=True), Kolom("Bedrag", 2, getal=True)),
            tuple((naam, wanneer, deel, euro(cent)) for naam, deel, cent, wanneer in feiten.schijven),
            ("Samen", "", "", euro(sum(cent for _, _, cent, _ in feiten.schijven))),
        ),
        Kop("Wat wij van u verwachten"),
        Alinea(
            "U gebruikt de subsidie alleen voor het project waarvoor u ze krijgt, en u verantwoordt dat gebruik (wet "
            "van 16 mei 2003, artikel 11). Doet u dat niet, dan moet u terugbetalen (artikel 13). U bezorgt ons deze "
            "verslagen, in het loket:"
        ),
        Tabel(
            (Kolom("Verslag", 2), Kolom("Uiterlijk op", 2)),
            tuple((soort, dag(uiterlijk)) for soort, uiterlijk in feiten.verslagen),
        ),
    )


def _reserve(feiten: Beslissing) -> tuple[Blok, ...]:
    return (
        Kop("Wat de reservelijst betekent"),
        Alinea(
            f"Komt er budget vrij, dan kan {feiten.beslisser} opnieuw beslissen, in de volgorde van de reservelijst. U "
            "krijgt dan een nieuwe brief. U krijgt ook een brief wanneer de reservelijst afgesloten wordt. U hoeft "
            "zelf niets te doen. Een plaats op de reservelijst is nog geen subsidie."
        ),
    )


def _scores(feiten: Beslissing) -> Tabel:
    return Tabel(
        (Kolom("Criterium", 5), Kolom("Gewicht", 1.3, getal=True), Kolom("Punten", 2, getal=True)),
        tuple(
            (naam, str(gewicht), f"{score_tekst(punten)} op {meeste}")
            for naam, gewicht, punten, meeste in feiten.criteria
        ),
        ("Score", "100", f"{score_tekst(feiten.score_honderdsten)} op 100"),
    )


def brief_bestand(dossier: Dossier, regel: Besluitregel | None) -> Stukbestand:
    """Return the letter about a decided dossier, or an inadmissible one (regel None), as a file.

    Read along: call and organisation of the dossier, the decision of the line.
    """
    if regel is None:
        return onontvankelijk_bestand(dossier)
    feiten = brief_feiten(dossier, regel)
    vervolg = "" if regel.besluit.is_eerste else f"-{regel.besluit.volgnummer}"
    return Stukbestand(f"brief-{feiten.aanvraag.nummer}{vervolg}.pdf", pdf.maak(brief(feiten)))


@stukmaker("brief")
def _brief_bij_mail(verzoek: dict[str, Any]) -> Stukbestand:
    regels = Besluitregel.objects.select_related("besluit", "dossier__organisatie", "dossier__ronde__luik__oproep")
    regel = regels.get(pk=verzoek["regel"])
    return brief_bestand(regel.dossier, regel)
