"""The sheet of cost claims brought back: lines of a claim that is filled in, verdicts on one that was handed in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dossiers import rechten
from dossiers.kosten import opmaak, services
from dossiers.kosten.inlezen import KOLOMMEN, VERPLICHT, factuur_van, lees_regel, per_naam
from dossiers.kosten.regels import MAX_REGELS, Kader, Regelgegevens, kader_van
from dossiers.models import Kostenregel, Kostenstaat
from dossiers.resources import KostenResource
from kern.geld import euro_tekst
from kern.inlezen.blad import Inleesblad, Uitkomst, Voorstel, koppen, registreer
from kern.inlezen.rijen import Rij
from kern.templatetags.loket import dag as dag_tekst
from kern.weg import Sloten
from kern.weigering import Weigering
from oproepen.models import Kostencategorie, Taak
from oproepen.rechten import taken_van
from organisaties.models import Gebruiker
from organisaties.rechten import organisaties_van

DOSSIER, STAAT, REGEL, AANVAARD, REDEN = "Dossier", "Kostenstaat", "Regel", "Aanvaard", "Reden"
# Field of a line -> its heading in the sheet that goes out.
KOPPEN = {**KOLOMMEN, "bedrag": "Gevraagd"}


@registreer
class Kostenstaten(Inleesblad):
    """Rows are found by dossier, claim and line; a row without a line is a new one."""

    naam = "kostenstaten"
    titel = "Kostenstaten"
    uitleg = (
        "Aanvrager: neem de kosten van uw kostenstaat als rekenblad, wijzig ze, of voeg onderaan rijen toe zonder "
        "regelnummer. Dossierbehandelaar: neem de kostenstaten als rekenblad en vul bij een ingediende kostenstaat "
        "'Aanvaard' en 'Reden' in."
    )
    verplicht = (DOSSIER, STAAT, REGEL, *(KOPPEN[veld] for veld in VERPLICHT))
    gelezen = (AANVAARD, REDEN, *KOPPEN.values())
    andere = koppen(KostenResource)

    def mag(self, gebruiker: Gebruiker) -> bool:
        """Return whether a person handles the claims of any track, or has one of her own."""
        if any(taak.rol == Taak.Rol.BEHANDELAAR for taak in taken_van(gebruiker)):
            return True
        return Kostenstaat.objects.filter(dossier__organisatie__in=organisaties_van(gebruiker)).exists()

    def beoordelaar(self, rijen: Sequence[Rij], door: Gebruiker) -> Callable[[Rij], Voorstel]:
        """Read the claims of all rows that this person sees, with their lines and kinds of costs."""
        bekend = _bekend({_dossier(rij) for rij in rijen}, door)
        return partial(_beoordeel, bekend=bekend)

    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Lock the claims that change."""
        return {Kostenstaat: {v.doel for v in voorstellen}}


@dataclass
class _Staat:
    """A claim with its lines, what it must fall within, and what this person may do with it."""

    staat: Kostenstaat
    kader: Kader
    soorten: dict[str, Kostencategorie]
    vult_in: bool
    beoordeelt: bool
    regels: dict[int, Kostenregel] = field(default_factory=dict)
    facturen: dict[tuple[str, str], str] = field(default_factory=dict)
    nieuw: int = 0


def _bekend(nummers: set[str], door: Gebruiker) -> dict[tuple[str, int], _Staat]:
    zichtbaar = rechten.kostenstaten_zichtbaar_voor(Kostenstaat.objects.all(), door)
    staten = list(zichtbaar.filter(dossier__nummer__in=nummers).select_related(*opmaak.LEZEN))
    soorten: dict[int, list[Kostencategorie]] = defaultdict(list)
    for soort in Kostencategorie.objects.filter(regeling__luik__rondes__dossiers__kostenstaten__in=staten).distinct():
        soorten[soort.regeling_id].append(soort)
    per_sleutel = {}
    for staat in staten:
        kader = kader_van(staat)
        per_sleutel[staat.pk] = _Staat(
            staat,
            kader,
            per_naam(soorten[kader.regeling.pk]),
            vult_in=rechten.mag_kostenstaat_indienen(door, staat),
            beoordeelt=rechten.mag_kostenstaat_beoordelen(door, staat),
        )
    for regel in Kostenregel.objects.filter(kostenstaat__in=staten).select_related("categorie").order_by("pk"):
        van = per_sleutel[regel.kostenstaat_id]
        regel.kostenstaat = van.staat
        van.regels[regel.volgnummer] = regel
    return {(van.staat.dossier.nummer or "", van.staat.volgnummer): van for van in per_sleutel.values()}


def _dossier(rij: Rij) -> str:
    try:
        return rij.tekst(DOSSIER)
    except Weigering:
        return ""  # the row says so itself


def _beoordeel(rij: Rij, *, bekend: dict[tuple[str, int], _Staat]) -> Voorstel:
    nummer, volgnummer, regelnummer = rij.tekst(DOSSIER), rij.heel(STAAT), rij.heel(REGEL)
    if not volgnummer:
        raise rij.fout(STAAT, "vul het nummer van de kostenstaat in.")
    van = bekend.get((nummer, volgnummer))
    if van is None:
        zin = f"er is geen kostenstaat {volgnummer} van dossier '{nummer[:40]}', of u mag ze niet zien."
        raise rij.fout(DOSSIER, zin)
    regel = None if regelnummer is None else van.regels.get(regelnummer)
    if regelnummer is not None and regel is None:
        raise rij.fout(REGEL, f"kostenstaat {volgnummer} van dossier {nummer} heeft geen regel {regelnummer}.")
    wat = f"{nummer}, kostenstaat {volgnummer}, {f'regel {regelnummer}' if regel else 'nieuwe regel'}"
    gelezen = lees_regel(rij, van.soorten, van.kader, KOPPEN)
    if gelezen.gegevens is None:
        return Voorstel(rij.nummer, Uitkomst.GEWEIGERD, wat, " ".join(gelezen.fouten))
    anders = _anders(regel, gelezen.gegevens) if regel else {}
    if regel is not None and not anders:
        return _oordeel(rij, van, regel, wat)
    _eis_in_te_vullen(rij, van, regel, anders)
    zinnen = [_zin(gelezen.gegevens) if regel is None else "; ".join(anders.values()) + "."]
    _eis_eenmaal(rij, van, regel, gelezen.gegevens)
    return Voorstel(
        rij.nummer,
        Uitkomst.NIEUW if regel is None else Uitkomst.GEWIJZIGD,
        wat,
        " ".join([*zinnen, *gelezen.waarschuwingen]),
        rij.cel(next(iter(anders), KOPPEN["omschrijving"])),
        bedrag_cent=gelezen.gegevens.bedrag_cent,
        sleutel=(van.staat.pk, regelnummer or f"rij {rij.nummer}"),
        doel=van.staat.pk,
        daad=partial(_bewaar, van.staat, regel, gelezen.gegevens),
    )


def _bewaar(staat: Kostenstaat, regel: Kostenregel | None, gegevens: Regelgegevens, door: Gebruiker) -> None:
    if regel is None:
        opmaak.voeg_regels_toe(staat, [gegevens], door=door)
    else:
        opmaak.wijzig_regel(regel, gegevens, versie=regel.versie, door=door)


def _anders(regel: Kostenregel, gegevens: Regelgegevens) -> dict[str, str]:
    """Return what a row says otherwise than the line, by heading, each as a part of a sentence."""
    nieuw = gegevens.als_velden()
    namen = {veld: "bedrag_cent" if veld == "bedrag" else veld for veld in KOPPEN}
    return {
        KOPPEN[veld]: f"{KOPPEN[veld]}: {_toon(getattr(regel, naam))} wordt {_toon(nieuw[naam])}"
        for veld, naam in namen.items()
        if getattr(regel, naam) != nieuw[naam]
    }


def _toon(waarde: Any) -> str:
    if isinstance(waarde, int):
        return euro_tekst(waarde)
    if isinstance(waarde, str):
        return waarde or "(leeg)"
    return waarde.naam if isinstance(waarde, Kostencategorie) else dag_tekst(waarde)


def _zin(gegevens: Regelgegevens) -> str:
    van = f", {gegevens.leverancier.strip()}" if gegevens.leverancier.strip() else ""
    return f"Nieuwe kost: {gegevens.omschrijving.strip()}{van}, {euro_tekst(gegevens.bedrag_cent)}."


def _eis_in_te_vullen(rij: Rij, van: _Staat, regel: Kostenregel | None, anders: dict[str, str]) -> None:
    """Raise Celfout unless this person may write this line now, and there is room for it."""
    kop = next(iter(anders), REGEL)
    if not van.vult_in:
        raise rij.fout(kop, "alleen de aanvrager vult kosten in; u wijzigt hier enkel 'Aanvaard' en 'Reden'.")
    if van.staat.status not in Kostenstaat.OPEN:
        raise rij.fout(kop, "deze kostenstaat is ingediend en kan niet meer gewijzigd worden.")
    van.nieuw += regel is None
    if len(van.regels) + van.nieuw > MAX_REGELS:
        raise rij.fout(kop, f"een kostenstaat heeft hoogstens {MAX_REGELS} regels.")


def _eis_eenmaal(rij: Rij, van: _Staat, regel: Kostenregel | None, gegevens: Regelgegevens) -> None:
    """Raise Celfout when another line of the claim, or a row above, is the same invoice."""
    sleutel = factuur_van(Kostenregel(**gegevens.als_velden()))
    if not all(sleutel):
        return
    andere = (r for r in van.regels.values() if r is not regel and factuur_van(r) == sleutel)
    plek = van.facturen.get(sleutel) or next((f"regel {r.volgnummer} van deze kostenstaat" for r in andere), None)
    if plek:
        raise rij.fout(KOPPEN["factuurnummer"], f"deze factuur staat ook op {plek}.")
    van.facturen[sleutel] = f"rij {rij.nummer} van dit bestand"


def _oordeel(rij: Rij, van: _Staat, regel: Kostenregel, wat: str) -> Voorstel:
    """Return what the verdict in a row does to a line that is otherwise as it was."""
    maak = partial(Voorstel, rij.nummer, wat=wat, cel=rij.cel(AANVAARD), sleutel=(van.staat.pk, regel.volgnummer))
    cent = rij.cent(AANVAARD) if rij.heeft(AANVAARD) else regel.aanvaard_cent
    reden = rij.tekst(REDEN) if rij.heeft(REDEN) else regel.reden
    if (cent, reden) == (regel.aanvaard_cent, regel.reden):
        return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin="")
    kop = REDEN if cent == regel.aanvaard_cent else AANVAARD
    if not van.beoordeelt:
        raise rij.fout(kop, "alleen de dossierbehandelaar beoordeelt kosten.")
    if van.staat.status != Kostenstaat.Status.INGEDIEND:
        raise rij.fout(kop, f"deze kostenstaat heeft de status '{van.staat.get_status_display().lower()}'.")
    if cent is None:
        raise rij.fout(AANVAARD, "vul in hoeveel u aanvaardt; niets is 0.")
    besluit = services.Besluit(cent, reden)
    try:
        services.eis_besluit(regel, besluit)
    except Weigering as fout:
        raise rij.fout_volzin(REDEN if fout.veld == "reden" else AANVAARD, fout.zin) from None
    return maak(
        uitkomst=Uitkomst.GEWIJZIGD,
        zin=f"Aanvaard: {euro_tekst(cent)} van {euro_tekst(regel.bedrag_cent)}.{f' Reden: {reden}' if reden else ''}",
        bedrag_cent=cent,
        doel=van.staat.pk,
        daad=lambda door: services.beoordeel_regels(van.staat, besluiten={regel.volgnummer: besluit}, door=door),
    )
