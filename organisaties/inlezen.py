"""The list of organisations, brought back with changed or new ones."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from kern.inlezen.blad import Inleesblad, Uitkomst, Voorstel, koppen, registreer
from kern.inlezen.rijen import Rij
from kern.templatetags.loket import dag as dag_tekst
from kern.weg import Sloten
from kern.weigering import Weigering
from organisaties import nummers, rechten, rechtsvormen, services
from organisaties.models import Categorie, Gebruiker, Organisatie
from organisaties.resources import OrganisatieResource

NUMMER, NAAM, CATEGORIE, VORM, KBO, GEMEENTE, PROVINCIE, NIS, OVO, VAN, TOT, _ = koppen(OrganisatieResource)
VELDEN = {"naam": NAAM, "categorie": CATEGORIE, "juridische_vorm": VORM, "kbo": KBO, "gemeente": GEMEENTE}


@registreer
class Organisaties(Inleesblad):
    """Rows are found by number, else by enterprise number, else by name where neither has one."""

    naam = "organisaties"
    titel = "Organisaties"
    uitleg = (
        "Neem de lijst met organisaties als rekenblad en wijzig naam, categorie, rechtsvorm, ondernemingsnummer of "
        "gemeente, of voeg onderaan een rij toe zonder nummer. Gemeenten en OCMW's wijzigt u hier niet."
    )
    verplicht = (NUMMER, NAAM, CATEGORIE, VORM, KBO, GEMEENTE)
    andere = koppen(OrganisatieResource)

    def mag(self, gebruiker: Gebruiker) -> bool:
        """Return whether a person administers the organisations."""
        return rechten.is_beheerder(gebruiker)

    def beoordelaar(self, rijen: Sequence[Rij], door: Gebruiker) -> Callable[[Rij], Voorstel]:
        """Read all organisations: the list itself holds them all."""
        return partial(_beoordeel, bekend=_Bekend())

    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Lock the organisations that change."""
        return {Organisatie: [v.doel.pk for v in voorstellen if v.doel is not None]}


class _Bekend:
    """The organisations as they are, by number, by enterprise number, and by name for those without one."""

    def __init__(self) -> None:
        alle = list(Organisatie.objects.order_by("pk"))
        geldig = [o for o in alle if o.geldig_tot is None]
        self.per_nummer = {o.pk: o for o in alle}
        self.per_kbo = {o.kbo: o for o in geldig if o.kbo}
        self.per_naam = {o.naam: o for o in geldig if not o.kbo}
        self.gevraagd: dict[str, int] = {}

    def zoek(self, rij: Rij, velden: dict[str, str | None]) -> Organisatie | None:
        """Return the organisation that a row is about, or None when it is a new one."""
        nummer, kbo = rij.heel(NUMMER), velden["kbo"]
        if nummer is None:
            return self.per_kbo.get(kbo) if kbo else self.per_naam.get(velden["naam"] or "")
        if nummer not in self.per_nummer:
            raise rij.fout(NUMMER, f"er is geen organisatie met nummer {nummer}.")
        return self.per_nummer[nummer]

    def eis_vrij(self, rij: Rij, kbo: str | None, van: Organisatie | None) -> None:
        """Raise Celfout when another organisation has this enterprise number, in the books or higher in the file."""
        ander = self.per_kbo.get(kbo) if kbo else None
        if ander is not None and (van is None or ander.pk != van.pk):
            raise rij.fout(KBO, f"{ander.naam} (nummer {ander.pk}) heeft dit ondernemingsnummer al.")
        eerder = self.gevraagd.setdefault(kbo, rij.nummer) if kbo else rij.nummer
        if eerder != rij.nummer:
            raise rij.fout(KBO, f"dit ondernemingsnummer staat ook op rij {eerder}.")


def _beoordeel(rij: Rij, *, bekend: _Bekend) -> Voorstel:
    velden = _velden(rij)
    organisatie = bekend.zoek(rij, velden)
    if organisatie is None:
        return _nieuw(rij, velden, bekend)
    wat = f"{organisatie.naam} (nummer {organisatie.pk})"
    maak = partial(Voorstel, rij.nummer, wat=wat, sleutel=organisatie.pk)
    anders = {naam: w for naam, w in velden.items() if (w or "") != (getattr(organisatie, naam) or "")}
    _eis_vast(rij, organisatie)
    if not anders:
        return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin="")
    eerste = VELDEN[next(iter(anders))]
    reden = services.reden_niet_te_wijzigen(organisatie)
    if reden is not None:
        raise rij.fout_volzin(eerste, reden)
    if "kbo" in anders:
        bekend.eis_vrij(rij, anders["kbo"], organisatie)
    if not velden["juridische_vorm"] and "juridische_vorm" in anders:
        raise rij.fout(VORM, "kies een rechtsvorm.")
    zinnen = [f"{VELDEN[n]}: {_toon(n, getattr(organisatie, n))} wordt {_toon(n, w)}" for n, w in anders.items()]
    return maak(
        uitkomst=Uitkomst.GEWIJZIGD,
        zin="; ".join(zinnen) + ".",
        cel=rij.cel(eerste),
        doel=organisatie,
        daad=lambda door: services.wijzig_organisatie(organisatie, velden=anders, door=door),
    )


def _nieuw(rij: Rij, velden: dict[str, str | None], bekend: _Bekend) -> Voorstel:
    if not velden["juridische_vorm"]:
        raise rij.fout(VORM, "kies een rechtsvorm.")
    bekend.eis_vrij(rij, velden["kbo"], None)
    delen: dict[str, Any] = dict(velden)
    return Voorstel(
        rij.nummer,
        Uitkomst.NIEUW,
        str(velden["naam"]),
        f"Nieuwe organisatie, ondernemingsnummer {_toon('kbo', velden['kbo'])}.",
        rij.cel(NAAM),
        sleutel=("nieuw", velden["kbo"] or velden["naam"]),
        daad=lambda door: services.voeg_organisatie_toe(door, **delen, door=door),
    )


def _velden(rij: Rij) -> dict[str, str | None]:
    """Return the fields of a row. Raises Celfout for a value that no organisation can have."""
    naam, gemeente = rij.tekst(NAAM), rij.tekst(GEMEENTE)
    if not naam:
        raise rij.fout(NAAM, "vul de naam in.")
    for kop, tekst, lengte in ((NAAM, naam, 200), (GEMEENTE, gemeente, 80)):
        if len(tekst) > lengte:
            raise rij.fout(kop, f"deze tekst is langer dan {lengte} tekens.")
    return {
        "naam": naam,
        "categorie": _keuze(rij, CATEGORIE, {str(label): code for code, label in Categorie.choices}),
        "juridische_vorm": _keuze(rij, VORM, {label: code for code, label in rechtsvormen.keuzes()}),
        "kbo": _kbo(rij),
        "gemeente": gemeente,
    }


def _eis_vast(rij: Rij, organisatie: Organisatie) -> None:
    """Raise Celfout when a column was changed that nobody changes here."""
    for kop, was in ((PROVINCIE, organisatie.provincie), (NIS, organisatie.nis), (OVO, organisatie.ovo)):
        if rij.heeft(kop) and rij.tekst(kop) != was:
            raise rij.fout(kop, f"deze kolom wijzigt u hier niet; in het loket staat {_toon('', was)}.")
    for kop, dag in ((VAN, organisatie.geldig_van), (TOT, organisatie.geldig_tot)):
        if rij.heeft(kop) and rij.dag(kop) != dag:
            raise rij.fout(kop, f"deze kolom wijzigt u hier niet; in het loket staat {dag_tekst(dag) or '(leeg)'}.")


def _keuze(rij: Rij, kop: str, keuzes: dict[str, str]) -> str:
    """Return the code of what stands in a cell, as its label or as the code itself; '' when it is empty."""
    tekst = rij.tekst(kop)
    if not tekst and kop == VORM:
        return ""
    if tekst in keuzes.values():
        return tekst
    per_label = {label.casefold(): code for label, code in keuzes.items()}
    if tekst.casefold() not in per_label:
        raise rij.fout(kop, f"'{tekst[:40]}' staat niet in de lijst. Kies uit: {', '.join(keuzes)}.")
    return per_label[tekst.casefold()]


def _kbo(rij: Rij) -> str | None:
    tekst = rij.tekst(KBO)
    if not tekst:
        return None
    try:
        return nummers.lees_kbo(tekst)
    except Weigering as fout:
        raise rij.fout_volzin(KBO, fout.zin) from None


def _toon(naam: str, waarde: str | None) -> str:
    if not waarde:
        return "(leeg)"
    if naam == "categorie":
        return str(Categorie(waarde).label)
    return rechtsvormen.label(waarde) if naam == "juridische_vorm" else waarde
