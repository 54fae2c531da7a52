"""Help for tests of the domain: who alone may do an act, what changed exactly, a world with objects in every state.

with geschiedenis() as nieuw:
    services.publiceer(oproep, door=w.bart)
assert nieuw.feiten == [feit(oproep, "oproep.publiceer", w.bart, "ter_goedkeuring", "gepubliceerd", {...})]
assert nieuw.mails == []

with weigert("verkeerde_status", "Dit kan niet: ..."):  # refused with this sentence, and no row changed
    services.publiceer(oproep, door=w.bart)
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.utils.module_loading import autodiscover_modules

from beoordeling import services as beoordeling
from beoordeling.models import Juryadvies, Scoreblad
from betalingen import services as betalingen
from betalingen.models import Betaling
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.deminimis.opmaak import bewaar_verklaring
from dossiers.models import Dossier, Verslag
from kern import ketens, klok, mails, uploads
from kern.controles import CONTROLES
from kern.models import Gebeurtenis, Uitgaand
from kern.weg import REGISTER, Handeling
from kern.weigering import Weigering
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties import services as organisaties
from organisaties.models import Gebruiker, Lidmaatschap, Organisatie
from tests import bouw
from tests.onthouden import onthoudt
from tests.rijen import afdrukken

WORTEL = Path(__file__).resolve().parents[1]
PAKKETTEN = ("kern", "organisaties", "oproepen", "dossiers", "betalingen", "beoordeling")
GEEN_RECHT = "U hebt geen recht op deze handeling."
Afdruk = dict[str, Any]
Feit = tuple[str, int, str, int, str, str, Any]


def momentopname() -> Afdruk:
    """Return, of our own tables, what is equal as long as every value of every row is."""
    return afdrukken(model._meta.db_table for naam in PAKKETTEN for model in apps.get_app_config(naam).get_models())


@contextmanager
def ongewijzigd() -> Iterator[None]:
    """Check that the block leaves every row of our tables as it was."""
    voor = momentopname()
    yield
    na = momentopname()
    assert {tabel: (voor[tabel], na[tabel]) for tabel in voor if voor[tabel] != na[tabel]} == {}


@contextmanager
def weigering(code: str, zin: str | None = None, veld: str | None = None) -> Iterator[None]:
    """Check that the block is refused with exactly this code, sentence and field."""
    with pytest.raises(Weigering) as gevangen:
        yield
    fout = gevangen.value
    zin = GEEN_RECHT if code == "geen_recht" else zin
    assert zin is not None, "noem de zin"
    assert (fout.code, fout.zin, fout.veld) == (code, zin, veld)


@contextmanager
def weigert(code: str, zin: str | None = None, veld: str | None = None) -> Iterator[None]:
    """Check that the block is refused as in `weigering` (zin may be left out for geen_recht), and changed nothing."""
    with ongewijzigd(), weigering(code, zin, veld):
        yield


@dataclass
class Nieuw:
    """What a block added: events as `feit`, mails as (address, subject, text), both in the order they were made."""

    feiten: list[Feit] = field(default_factory=list)
    mails: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def geschiedenis() -> Iterator[Nieuw]:
    """Collect the events and outbox rows that the block adds, and check their moment."""
    nieuw = Nieuw()
    gebeurtenis = Gebeurtenis.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    uitgaand = Uitgaand.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield nieuw
    rijen = Gebeurtenis.objects.filter(pk__gt=gebeurtenis).select_related("keten", "bewaarde_inhoud").order_by("pk")
    for rij in rijen:
        assert rij.moment == klok.nu()
        plaats = (rij.keten.soort, rij.keten.object_id, rij.handeling, rij.door_id, rij.van, rij.naar)
        nieuw.feiten.append((*plaats, ketens.inhoud_van(rij)))
    for mail in Uitgaand.objects.filter(pk__gt=uitgaand).order_by("pk"):
        assert (mail.soort, mail.gemaakt_op, mail.niet_voor) == ("mail", klok.nu(), klok.nu())
        assert {"aan", "onderwerp", "tekst"} <= mail.inhoud.keys() <= {*mails.VELDEN}
        nieuw.mails.append((mail.inhoud["aan"], mail.inhoud["onderwerp"], mail.inhoud["tekst"]))


def feit(obj: models.Model, handeling: str, door: Gebruiker, van: str = "", naar: str = "", inhoud: Any = None) -> Feit:
    """Return an expected event of `geschiedenis`."""
    return (ketens.keten_soort(obj), obj.pk, handeling, door.pk, str(van), str(naar), inhoud or {})


def alles_klopt() -> None:
    """Check what `manage.py controleer` checks."""
    autodiscover_modules("controles")
    assert [(controle.naam, zin) for controle in CONTROLES for zin in controle.zoek()] == []


def register() -> dict[str, Handeling]:
    """Return the register of acts, with every module of ours read that has one."""
    for pakket in PAKKETTEN:
        for pad in sorted((WORTEL / pakket).rglob("*.py")):
            if "@handeling(" in pad.read_text(encoding="utf-8"):
                import_module(".".join(pad.relative_to(WORTEL).with_suffix("").parts))
    return REGISTER


def zin_status(obj: Any) -> str:
    """Return the sentence of a transition that is not possible from the state that `obj` has."""
    return f"Dit kan niet: {obj._meta.verbose_name} heeft de status '{obj.get_status_display().lower()}'."


@contextmanager
def teruggedraaid() -> Iterator[None]:
    """Undo on leaving what the block wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def eis_alleen(mensen: dict[str, Any], toegelaten: set[str], daad: Callable[[Any], Any]) -> None:
    """Check that exactly these people may do an act: it works for each of them, and for all others 'geen_recht'."""
    assert toegelaten <= mensen.keys()
    with ongewijzigd():
        for naam, mens in mensen.items():
            if naam in toegelaten:
                with teruggedraaid():
                    daad(mens)
            else:
                with weigering("geen_recht"):
                    daad(mens)


@dataclass
class RijkeWereld:
    """One call that runs, one in every state before that, objects in every state, people with every kind of task.

    The Brussels track of the one that runs is de-minimis aid.

    mensen holds the cast of `bouw` and, for every role: `<rol>_vlaanderen` and `<rol>_brussel` (one track of
    `oproep`) and `<rol>_ander` (the whole of another call); also `mel` (medewerker of Aartselaar), `mia` (juror and
    member of the vzw), `dora` (handler of the Brussels track and member of Boom), `systeem` and `niemand`.
    """

    mensen: dict[str, Any]
    aartselaar: Organisatie
    boom: Organisatie
    vzw: Organisatie
    oproep: Oproep
    ontwerp: Oproep
    voorgelegd: Oproep
    aangekondigd: Oproep
    luiken: dict[str, Luik]
    rondes: dict[tuple[str, int], Ronde]
    dossiers: dict[tuple[str, int, str], Dossier]

    def __getattr__(self, naam: str) -> Any:
        """Give a person by first name."""
        try:
            return self.__dict__["mensen"][naam]
        except KeyError:
            raise AttributeError(naam) from None

    def per_status(self, model: Any) -> dict[str, list[Any]]:
        """Return the objects of a model by state, freshly read."""
        per: dict[str, list[Any]] = defaultdict(list)
        for rij in model.objects.order_by("pk"):
            per[rij.status].append(rij)
        return per

    def dossier(self, luik: str, ronde: int, organisatie: str) -> Dossier:
        """Return a dossier by place, freshly read."""
        return bouw.opnieuw(self.dossiers[luik, ronde, organisatie])

    def ronde(self, luik: str, nummer: int) -> Ronde:
        """Return a round by place, freshly read."""
        return Ronde.objects.select_related("luik__oproep").get(pk=self.rondes[luik, nummer].pk)

    def lid(self, dossier: Dossier) -> Any:
        """Return the person who filled in a dossier."""
        return {"aartselaar": self.an, "boom": self.ben, "vzw": self.an}[self._organisatie(dossier)]

    def _organisatie(self, dossier: Dossier) -> str:
        return next(o for o in ("aartselaar", "boom", "vzw") if getattr(self, o).pk == dossier.organisatie_id)


LAATST = klok.brussel(2022, 5, 2, 12)
# Per round: what each organisation asks (euro), and which points it gets; None: never handed in.
AANVRAGEN: dict[int, dict[str, tuple[int, int | None]]] = {
    1: {"aartselaar": (100_000, 9), "boom": (100_000, 8), "vzw": (30_000, 3)},  # notified
    2: {"aartselaar": (50_000, 9), "boom": (40_000, 2), "vzw": (60_000, 8)},  # signed, under embargo
    3: {"aartselaar": (20_000, 9), "boom": (40_000, 8), "vzw": (10_000, 3)},  # proposed
    4: {"aartselaar": (10_000, 0), "boom": (10_000, 0), "vzw": (10_000, 0)},  # being judged
    5: {"aartselaar": (10_000, 0), "boom": (10_000, 0), "vzw": (10_000, None)},  # closed
    6: {"aartselaar": (10_000, None), "boom": (10_000, None), "vzw": (10_000, 0)},  # open
    7: {"aartselaar": (10_000, 7)},  # judged, to be proposed
    8: {"aartselaar": (10_000, 9)},  # proposed, sent back
    9: {"aartselaar": (10_000, 9), "boom": (10_000, 9), "vzw": (10_000, 9)},  # notified; given up, stopped, no amount
    10: {"aartselaar": (20_000, 9), "boom": (5_000, 8)},  # notified: on the reserve list, for which round 9 left money
}


def oproepgegevens(**anders: Any) -> dict[str, Any]:
    """Return the data of zorgzame buurten with other values at the top level."""
    return {**laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"), **anders}


@onthoudt
def rijke_wereld() -> RijkeWereld:
    """Build it, by acts only; the clock ends at LAATST."""
    b = bouw.ontwerp()
    mensen: dict[str, Any] = {**b.mensen, "systeem": Gebruiker.objects.systeem(), "niemand": AnonymousUser()}
    w = RijkeWereld(mensen, b.aartselaar, b.boom, b.vzw, *[b.oproep] * 4, {}, {}, {})
    ronde = {"selectie": "rangschikking", "minimumscore": 60, "lezers_per_dossier": 1}
    rondes = [
        {
            "nr": nummer,
            "opent": "2021-06-11T00:00:00+02:00",
            "sluit": "2030-01-01T09:00:00+01:00" if nummer == 6 else "2021-11-08T09:00:00+01:00",
            **ronde,
            "reservelijst": nummer == 10,
        }
        for nummer in AANVRAGEN
    ]
    gegevens = oproepgegevens(slug="alles", code="AL", rondes=rondes)
    for rij in gegevens["luiken"]:
        rij["deminimis"] = "algemeen" if rij["slug"] == "brussel" else ""
    w.oproep = laden.maak_oproep_op(w.systeem, gegevens=gegevens, door=w.systeem)
    w.voorgelegd = laden.maak_oproep_op(
        w.systeem, gegevens=oproepgegevens(slug="voorgelegd", code="VL"), door=w.systeem
    )
    w.luiken = {luik.slug: luik for luik in Luik.objects.filter(oproep=w.oproep)}
    w.rondes = {(r.luik.slug, r.nummer): r for r in Ronde.objects.filter(luik__oproep=w.oproep).select_related("luik")}
    w.aangekondigd = laden.maak_oproep_op(
        w.systeem, gegevens=oproepgegevens(slug="aangekondigd", code="AK"), door=w.systeem
    )
    _geef_taken(w)
    oproepen.leg_oproep_voor(w.voorgelegd, door=w.bea)
    oproepen.kondig_aan(w.aangekondigd, door=w.beheer)
    _publiceer(w)
    _dien_in(w)
    _sluit_en_beoordeel(w)
    _beslis(w)
    _voer_uit(w)
    klok.zet(LAATST)
    w.ontwerp = Oproep.objects.get(pk=w.ontwerp.pk)
    w.voorgelegd = Oproep.objects.get(pk=w.voorgelegd.pk)
    w.aangekondigd = Oproep.objects.get(pk=w.aangekondigd.pk)
    w.oproep = Oproep.objects.get(pk=w.oproep.pk)
    return w


def _geef_taken(w: RijkeWereld) -> None:
    for oproep in (w.oproep, w.voorgelegd, w.aangekondigd):
        for naam, van_naam in bouw.ROLLEN.items():
            oproepen.geef_taak(oproep, gebruiker=w.mensen[naam], rol=van_naam, door=w.beheer)
    for rol in Taak.Rol.values:
        for slug, luik in w.luiken.items():
            w.mensen[f"{rol}_{slug}"] = bouw.mens(f"{rol}_{slug}")
            oproepen.geef_taak(w.oproep, gebruiker=w.mensen[f"{rol}_{slug}"], rol=rol, luik=luik, door=w.beheer)
        w.mensen[f"{rol}_ander"] = bouw.mens(f"{rol}_ander")
        oproepen.geef_taak(w.ontwerp, gebruiker=w.mensen[f"{rol}_ander"], rol=rol, door=w.beheer)
    for naam in ("mel", "mia", "dora"):
        w.mensen[naam] = bouw.mens(naam)
    medewerker = Lidmaatschap.Rol.MEDEWERKER
    organisaties.voeg_lid_toe(w.aartselaar, email=w.mel.email, rol=medewerker, door=w.an)
    organisaties.voeg_lid_toe(w.vzw, email=w.mia.email, rol=medewerker, door=w.an)
    organisaties.voeg_lid_toe(w.boom, email=w.dora.email, rol=medewerker, door=w.ben)
    oproepen.geef_taak(w.oproep, gebruiker=w.mia, rol=Taak.Rol.JURYLID, door=w.beheer)
    brussel = w.luiken["brussel"]
    oproepen.geef_taak(w.oproep, gebruiker=w.dora, rol=Taak.Rol.BEHANDELAAR, luik=brussel, door=w.beheer)


def _publiceer(w: RijkeWereld) -> None:
    anders = bouw.Wereld(
        w.mensen, w.aartselaar, w.boom, w.vzw, w.oproep, w.luiken["vlaanderen"], w.rondes["brussel", 1]
    )
    bouw.zet_geld(anders, luik_cent=300_000_00)
    betalingen.stel_budget_in(
        w.oproep,
        budget_cent=13_500_000_00,
        per_luik={"vlaanderen": 300_000_00, "brussel": 300_000_00},
        door=w.bart,
    )
    oproepen.leg_oproep_voor(w.oproep, door=w.bea)
    oproepen.publiceer(w.oproep, door=w.bart)
    klok.zet(bouw.OPEN)


def _dien_in(w: RijkeWereld) -> None:
    for (slug, nummer), ronde in w.rondes.items():
        for naam, (euro, punten) in AANVRAGEN[nummer].items():
            door = w.ben if naam == "boom" else w.an
            dossier = dossiers.start_dossier(ronde, organisatie=getattr(w, naam), door=door, ontvangen_op=klok.nu())
            if naam == "boom" and nummer == 6:
                w.dossiers[slug, nummer, naam] = dossier
                continue
            vul_in(dossier, euro * 100, door)
            if punten is not None:
                dossiers.dien_in(dossier, door=door, ontvangen_op=klok.nu())
            w.dossiers[slug, nummer, naam] = dossier


def vul_in(dossier: Dossier, gevraagd_cent: int, door: Gebruiker) -> None:
    """Fill in everything that a draft needs to be handed in."""
    for sleutel in ("buurtanalyse", "doelgroep", "acties", "netwerk"):
        opmaak.bewaar_antwoord(dossier, sleutel, f"Antwoord over {sleutel}.", 0, door=door)
    opmaak.bewaar_antwoord(dossier, "bewoners", "1200", 0, door=door)
    opmaak.bewaar_antwoord(dossier, "soort_buurt", "Dorpskern", 0, door=door)
    opmaak.bewaar_gegevens(
        dossier,
        titel=f"Project {dossier.nummer}",
        iban=bouw.IBAN,
        gevraagd_cent=gevraagd_cent,
        regels=[("kost", "Buurtwerker", gevraagd_cent)],
        versie=0,
        door=door,
    )
    opmaak.voeg_bijlage_toe(dossier, bouw.upload(), door=door)
    if dossier.ronde.luik.deminimis:
        bewaar_verklaring(dossier, keuze="geen", verbonden="", op_eer=True, regels=[], versie=0, door=door)


def _sluit_en_beoordeel(w: RijkeWereld) -> None:
    klok.zet(bouw.GESLOTEN)
    for (slug, nummer), ronde in w.rondes.items():
        if nummer == 6:
            continue
        dossiers.sluit_ronde(ronde, door=w.bea)
        for naam in AANVRAGEN[nummer]:
            if nummer < 5 or nummer >= 7:
                dossiers.verklaar_ontvankelijk(w.dossiers[slug, nummer, naam], motivering="Alles is er.", door=w.bea)
        if nummer == 5:
            boom = w.dossiers[slug, nummer, "boom"]
            dossiers.verklaar_onontvankelijk(boom, motivering="De bijlage is leeg.", door=w.bea)
            continue
        oproepen.start_beoordeling(ronde, door=w.bea)
        for naam, (_, punten) in AANVRAGEN[nummer].items():
            if punten:
                dossier = w.dossiers[slug, nummer, naam]
                scoreblad(dossier, w.jef, punten, door=w.bea)
                stel_vast(dossier, door=w.vic)
        if nummer == 4:
            _beoordeel_ronde_4(w, slug)


def _beoordeel_ronde_4(w: RijkeWereld, slug: str) -> None:
    # Aartselaar: one sheet in each state; Boom: advised; the vzw: judged, to be advised.
    aartselaar, boom, vzw = (w.dossiers[slug, 4, naam] for naam in ("aartselaar", "boom", "vzw"))
    scoreblad(aartselaar, w.jef, 8, door=w.bea)
    blad = beoordeling.wijs_toe(aartselaar, jurylid=w.joke, door=w.bea)
    beoordeling.bewaar_scores(blad, alle_scores(aartselaar, 6), door=w.joke)
    beoordeling.wijs_toe(aartselaar, jurylid=w.jana, door=w.bea)
    beoordeling.wijs_toe(aartselaar, jurylid=w.mensen[f"jurylid_{slug}"], door=w.bea)
    beoordeling.wijs_toe(aartselaar, jurylid=w.mia, door=w.bea)
    scoreblad(boom, w.jef, 8, door=w.bea)
    stel_vast(boom, door=w.vic)
    scoreblad(vzw, w.jef, 8, door=w.bea)


def alle_scores(
    dossier: Dossier, punten: int, motivering: str = "Goed uitgewerkt."
) -> dict[int, tuple[int | None, str]]:
    """Return the same points and motivation for every criterion."""
    return {c.pk: (punten, motivering) for c in dossier.ronde.luik.oproep.criteria.all()}


def scoreblad(dossier: Dossier, jurylid: Gebruiker, punten: int, *, door: Gebruiker) -> Scoreblad:
    """Assign, fill in and hand in one sheet."""
    blad = beoordeling.wijs_toe(dossier, jurylid=jurylid, door=door)
    blad = beoordeling.bewaar_scores(blad, alle_scores(dossier, punten), door=jurylid)
    return beoordeling.dien_scoreblad_in(blad, door=jurylid)


def stel_vast(dossier: Dossier, *, door: Gebruiker) -> Juryadvies:
    """Adopt a favourable advice."""
    return beoordeling.stel_advies_vast(dossier, gunstig=True, motivering="Zo vindt de jury.", door=door)


def _beslis(w: RijkeWereld) -> None:
    document = uploads.bewaar(bouw.upload("besluit.pdf"), door=w.bart)
    for slug in w.luiken:
        klok.zet(bouw.BESLIST)
        beoordeling.begrens_bedrag(w.dossiers[slug, 9, "vzw"], bedrag_cent=0, motivering="Dubbel.", door=w.bea)
        for nummer in (1, 2, 3, 8, 9, 10):
            besluit = beoordeling.stel_voor(w.rondes[slug, nummer], door=w.bea)
            if nummer == 8:
                beoordeling.stuur_besluit_terug(besluit, reden="Het advies klopt niet.", door=w.bea)
                continue
            if nummer != 3 or slug == "vlaanderen":
                beoordeling.leg_besluit_voor(besluit, door=w.bea)
            if nummer == 3:
                continue
            beoordeling.registreer_ondertekening(
                besluit, nummer=f"MB-{slug}-{nummer}", datum=bouw.BESLIST.date(), document=document, door=w.bart
            )
            if nummer != 2:
                beoordeling.geef_kennis(besluit, door=w.bea)


def _voer_uit(w: RijkeWereld) -> None:
    for slug in w.luiken:
        for verslag in Verslag.objects.filter(dossier=w.dossiers[slug, 1, "aartselaar"]):
            dossiers.dien_verslag_in(verslag, tekst="Het werkt.", kosten_cent=50_000_00, bestand=None, door=w.an)
            dossiers.keur_verslag_goed(verslag, beoordeling="", door=w.bea)
        for betaling in Betaling.objects.filter(dossier=w.dossiers[slug, 1, "aartselaar"]).order_by("schijf__volgorde"):
            betalingen.stel_betaling_op(betaling, door=w.bea)
            betalingen.keur_betaling_goed(betaling, door=w.bart)
            betalingen.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
            betalingen.meld_uitbetaald(betaling, datum=klok.vandaag(), door=w.bo)
        betalingen.rond_dossier_af(w.dossiers[slug, 1, "aartselaar"], door=w.bea)
        betalingen.verzaak(w.dossiers[slug, 9, "aartselaar"], reden="Onze buurtwerker vertrok.", door=w.an)
        betalingen.zet_stop(w.dossiers[slug, 9, "boom"], reden="Het project startte niet.", door=w.bart)
        verslag = Verslag.objects.get(dossier=w.dossiers[slug, 1, "boom"], moment__sleutel="jaar-1")
        dossiers.dien_verslag_in(verslag, tekst="Wij zijn bezig.", kosten_cent=1_000_00, bestand=None, door=w.ben)
        if slug == "brussel":
            dossiers.stuur_verslag_terug(verslag, beoordeling="Hoeveel bewoners?", door=w.bea)


def tel_de_rijen() -> None:
    """Let PostgreSQL count the rows of a world: it plans badly for tables that grew inside a transaction.

    By name: all there is would also lock what the databases of the workers share, until the world is undone.
    """
    if connection.vendor == "postgresql":
        tabellen = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in apps.get_models())
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tabellen}")


@pytest.fixture(scope="module")
def basis(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[bouw.Wereld | None]:
    """Build the world of `bouw.wereld` once for a module, in a transaction that is undone after it.

    None for a module with tests that commit: what they leave is flushed, and so each of them builds its own.
    """
    van_module = [item for item in request.session.items if item.path == request.path]
    if any(_legt_vast(item) for item in van_module):
        yield None
        return
    with django_db_blocker.unblock(), transaction.atomic():
        wereld = bouw.wereld()
        tel_de_rijen()
        yield wereld
        transaction.set_rollback(True)


def _legt_vast(item: pytest.Item) -> bool:
    merk = item.get_closest_marker("django_db")
    return merk is not None and bool(merk.kwargs.get("transaction"))


@pytest.fixture
def wereld(basis: bouw.Wereld | None, db: None) -> bouw.Wereld:
    """Give the published call with its cast; the clock stands in the open round. A module builds it once."""
    if basis is None:
        return bouw.wereld()
    klok.zet(bouw.OPEN)
    return copy.deepcopy(basis)


@contextmanager
def gebouwde_rijke_wereld(django_db_blocker: Any) -> Iterator[RijkeWereld]:
    """Hold the rich world in a transaction that is undone afterwards; for fixtures that outlive one test."""
    with django_db_blocker.unblock(), transaction.atomic():
        wereld = rijke_wereld()
        tel_de_rijen()
        yield wereld
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def gebouwd(django_db_setup: None, django_db_blocker: Any) -> Iterator[RijkeWereld]:
    """Build the rich world once for a module, in a transaction that is undone after it."""
    with gebouwde_rijke_wereld(django_db_blocker) as w:
        yield w


@pytest.fixture
def rijk(gebouwd: RijkeWereld, db: None) -> RijkeWereld:
    """Give the rich world at LAATST; what the test changes is undone after it. The conftests import this."""
    klok.zet(LAATST)
    return gebouwd
