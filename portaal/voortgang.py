"""Where a dossier stands, for its applicant: what is done, what happens now, what comes; no decision early."""

from typing import Any

from dossiers.models import Dossier, Verslag
from kern.templatetags.loket import dag, moment

Status = Dossier.Status
TITELS = (
    "Indienen",
    "Nakijken van de voorwaarden",
    "Beoordeling door de jury",
    "Beslissing",
    "Uitvoering en verslagen",
    "Afgerond",
)
GEWEIGERD = {Status.GEWEIGERD_KWALITEIT, Status.GEWEIGERD_KREDIET, Status.GEWEIGERD_BEDRAG}


def stappen(rij: Dossier) -> list[dict[str, Any]]:
    """Return the steps for componenten/stappen.html; a dossier that ends early ends at its last step."""
    plaats, tekst, einde = _nu(rij)
    teksten = {plaats: tekst}
    if rij.ingediend_op is not None and plaats:
        teksten[0] = f"Op {moment(rij.ingediend_op)}."
    if rij.kennisgegeven_op is not None and plaats > 3:  # noqa: PLR2004
        teksten[3] = f"Toegekend; u kreeg bericht op {dag(rij.kennisgegeven_op)}."
    zichtbaar = TITELS[: plaats + 1] if einde else TITELS
    klaar = rij.status == Status.AFGEROND
    return [
        {
            "titel": titel,
            "tekst": teksten.get(i, ""),
            "toestand": "gedaan" if i < plaats or klaar else "nu" if i == plaats else "later",
        }
        for i, titel in enumerate(zichtbaar)
    ]


def _nu(rij: Dossier) -> tuple[int, str, bool]:  # noqa: PLR0911  a line per state
    """Return the step of now, what to say at it, and whether nothing follows."""
    if rij.status == Status.CONCEPT:
        return 0, f"Dit kan tot {moment(rij.ronde.sluit_op)}.", False
    if rij.status == Status.NIET_INGEDIEND:
        return 0, "Dit dossier werd niet op tijd ingediend.", True
    if rij.status == Status.INGEDIEND:
        return 1, "Dat doen we na het einde van de indientermijn.", False
    if rij.status == Status.ONONTVANKELIJK:
        return 1, "Uw dossier voldoet niet aan de voorwaarden. De reden staat hieronder.", True
    if rij.kennisgegeven_op is None:
        return _zonder_eindbeslissing(rij)
    if rij.status in GEWEIGERD:
        return 3, f"Uw project krijgt geen subsidie; u kreeg bericht op {dag(rij.kennisgegeven_op)}.", True
    if rij.status == Status.AFGEROND:
        return 5, "Alles is nagekeken en betaald.", False
    if rij.status == Status.VERZAAKT:
        return 4, "Uw organisatie zag af van de subsidie.", True
    if rij.status == Status.STOPGEZET:
        return 4, "Dit project is stopgezet.", True
    return 4, f"Van {dag(rij.ronde.luik.project_van)} tot en met {dag(rij.ronde.luik.project_tot)}.", False


def _zonder_eindbeslissing(rij: Dossier) -> tuple[int, str, bool]:
    if rij.reserve_gemeld_op is None:
        return 2, "U krijgt een bericht zodra er een beslissing is.", False
    return 3, f"Uw project staat op de reservelijst; u kreeg bericht op {dag(rij.reserve_gemeld_op)}.", False


def gevraagde_verslagen(verslagen: list[Verslag]) -> list[Verslag]:
    """Return the reports that the applicant still owes, the first one first."""
    open_ = {Verslag.Status.VERWACHT, Verslag.Status.TERUG}
    return sorted((v for v in verslagen if v.status in open_), key=lambda v: v.uiterlijk)
