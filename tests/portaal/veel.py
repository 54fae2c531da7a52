"""A world with `n` of everything that pages list, built by the services only.

`n` published calls; in the Flemish track of the first, six rounds with `n` dossiers each, of `n` organisations of
`an`: open (drafts), handed in, being judged, waiting for advice, decided but not notified, and running as projects.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Scoreblad
from betalingen import services as betalingen
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import Betaling
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.kosten import opmaak as kostenopmaak
from dossiers.kosten import services as kosten
from dossiers.kosten.regels import Regelgegevens
from dossiers.models import Dossier, Verslag
from kern import klok
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Kostencategorie, Luik, Ronde, Taak
from organisaties import services as organisaties
from organisaties.models import Gebruiker, Lidmaatschap, Organisatie
from tests import bouw
from tests.betalingen.bank.afschrift import Boeking, iban, schrijf
from tests.hulp import oproepgegevens, scoreblad, stel_vast, vul_in
from tests.onthouden import onthoudt

OPEN, INGEDIEND, IN_BEOORDELING, TE_ADVISEREN, BESLIST, LOPEND = RONDES = range(1, 7)
GESLOTEN = RONDES[1:]
BEZOEK = klok.brussel(2023, 5, 2, 12)


@dataclass
class Veel:
    """The world: people by first name, organisations, dossiers by round, and how many of each."""

    n: int
    mensen: dict[str, Gebruiker]
    organisaties: list[Organisatie]
    titels: list[str]
    slug: str
    rondes: dict[int, Ronde]
    dossiers: dict[int, list[Dossier]]

    @property
    def besluit(self) -> Besluit:
        """Return the decision that waits for its notification."""
        return Besluit.objects.get(ronde=self.rondes[BESLIST])

    def nummers(self, ronde: int) -> list[str]:
        """Return the numbers of the dossiers of a round."""
        return [str(d.nummer) for d in self.dossiers[ronde]]


@onthoudt
def bouw_veel(n: int) -> Veel:
    """Build it; the clock ends at BEZOEK."""
    w = bouw.ontwerp()
    rondes = [
        {
            "nr": nummer,
            "opent": "2021-06-11T00:00:00+02:00",
            "sluit": "2030-01-01T09:00:00+01:00" if nummer == OPEN else "2021-11-08T09:00:00+01:00",
            "selectie": "rangschikking",
            "minimumscore": 60,
            "lezers_per_dossier": 2,
        }
        for nummer in RONDES
    ]
    oproep = _oproep(w, 0, rondes)
    titels = [oproep.titel] + [_oproep(w, nummer).titel for nummer in range(1, n)]
    luik = Luik.objects.get(oproep=oproep, slug="vlaanderen")
    betalingen.stel_budget_in(
        oproep, budget_cent=13_500_000_00, per_luik={"vlaanderen": 12_300_000_00, "brussel": 0}, door=w.bart
    )
    per_nummer = {r.nummer: r for r in Ronde.objects.filter(luik=luik).select_related("luik__oproep")}
    klok.zet(bouw.OPEN)
    eigen = [w.aartselaar]
    eigen += [bouw.organisatie(f"Gemeente {i}", None, "gemeente", "lokaal_bestuur", w.an) for i in range(1, n)]
    for i in range(1, n):
        w.mensen[f"lid{i}"] = bouw.mens(f"lid{i}")
        organisaties.voeg_lid_toe(
            w.aartselaar, email=w.mensen[f"lid{i}"].email, rol=Lidmaatschap.Rol.MEDEWERKER, door=w.an
        )
    v = Veel(n, w.mensen, eigen, titels, oproep.slug, per_nummer, {})
    for nummer, ronde in per_nummer.items():
        v.dossiers[nummer] = [_dossier(w, ronde, organisatie) for organisatie in eigen]
    for dossier in (v.dossiers[OPEN][0], v.dossiers[INGEDIEND][0], v.dossiers[IN_BEOORDELING][0]):
        for i in range(1, n):
            opmaak.voeg_bijlage_toe(dossier, bouw.upload(f"stuk-{i}.pdf"), door=w.an)
    for nummer in GESLOTEN:
        for dossier in v.dossiers[nummer]:
            dossiers.dien_in(dossier, door=w.an, ontvangen_op=klok.nu())
    _beoordeel(v, w)
    _beslis(v, w)
    _betaal(v, w)
    klok.zet(BEZOEK)
    v.dossiers = {nummer: [bouw.opnieuw(d) for d in rij] for nummer, rij in v.dossiers.items()}
    return v


def _oproep(w: bouw.Wereld, nummer: int, rondes: list[dict[str, Any]] | None = None) -> Any:
    anders: dict[str, Any] = {"slug": f"oproep-{nummer}", "code": f"P{nummer}", "titel": f"Oproep nummer {nummer}"}
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(**anders, **({"rondes": rondes} if rondes else {}))
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    for naam, rol in bouw.ROLLEN.items():
        oproepen.geef_taak(oproep, gebruiker=w.mensen[naam], rol=rol, door=systeem)
    if nummer == 0:
        w.oproep, w.luik = oproep, Luik.objects.get(oproep=oproep, slug="vlaanderen")
        bouw.zet_geld(w)
    oproepen.leg_oproep_voor(oproep, door=w.bea)
    oproepen.publiceer(oproep, door=w.bart)
    return oproep


def _dossier(w: bouw.Wereld, ronde: Ronde, organisatie: Organisatie) -> Dossier:
    dossier = dossiers.start_dossier(ronde, organisatie=organisatie, door=w.an, ontvangen_op=klok.nu())
    vul_in(dossier, 10_000_00, w.an)
    return dossier


def _beoordeel(v: Veel, w: bouw.Wereld) -> None:
    klok.zet(bouw.GESLOTEN)
    for nummer in GESLOTEN:
        dossiers.sluit_ronde(v.rondes[nummer], door=w.bea)
        if nummer == INGEDIEND:
            continue
        for dossier in v.dossiers[nummer]:
            dossiers.verklaar_ontvankelijk(dossier, motivering="Alles is er.", door=w.bea)
        oproepen.start_beoordeling(v.rondes[nummer], door=w.bea)
        for dossier in v.dossiers[nummer]:
            for jurylid in (w.jef, w.joke):
                scoreblad(dossier, jurylid, 8, door=w.bea)
            if nummer == IN_BEOORDELING:
                beoordeling.wijs_toe(dossier, jurylid=w.jana, door=w.bea)
            elif nummer != TE_ADVISEREN:
                stel_vast(dossier, door=w.vic)
    # The first dossier that is being judged is read by a whole jury.
    for i in range(1, v.n):
        w.mensen[f"jury{i}"] = bouw.mens(f"jury{i}")
        oproepen.geef_taak(
            v.rondes[OPEN].luik.oproep, gebruiker=w.mensen[f"jury{i}"], rol=Taak.Rol.JURYLID, door=w.beheer
        )
        scoreblad(v.dossiers[IN_BEOORDELING][0], w.mensen[f"jury{i}"], 7, door=w.bea)


def _beslis(v: Veel, w: bouw.Wereld) -> None:
    klok.zet(bouw.BESLIST)
    for nummer in (BESLIST, LOPEND):
        besluit = beoordeling.stel_voor(v.rondes[nummer], door=w.bea)
        beoordeling.leg_besluit_voor(besluit, door=w.bea)
        bouw.onderteken(w, besluit)
    beoordeling.geef_kennis(Besluit.objects.get(ronde=v.rondes[LOPEND]), door=w.bea)


def _betaal(v: Veel, w: bouw.Wereld) -> None:
    # Per project: the first instalment waits for its check, the second (after the first report) is approved, and the
    # final report waits to be read.
    klok.zet(klok.brussel(2023, 3, 1, 12))
    for dossier in v.dossiers[LOPEND]:
        eerste, eind = Verslag.objects.filter(dossier=dossier).order_by("uiterlijk")
        dossiers.dien_verslag_in(eerste, tekst="Het werkt.", kosten_cent=5_000_00, bestand=None, door=w.an)
        dossiers.keur_verslag_goed(eerste, beoordeling="", door=w.bea)
        dossiers.dien_verslag_in(eind, tekst="Het is klaar.", kosten_cent=9_000_00, bestand=None, door=w.an)
        een, twee, _ = Betaling.objects.filter(dossier=dossier).order_by("schijf__volgorde")
        betalingen.stel_betaling_op(een, door=w.bea)
        betalingen.keur_betaling_goed(betalingen.stel_betaling_op(twee, door=w.bea), door=w.bart)
    _geef_kosten_op(v, w)
    _lees_afschriften(v, w)


def _geef_kosten_op(v: Veel, w: bouw.Wereld) -> None:
    # Per project a claim with n lines that was handed in, without evidence, and a second one in the making.
    dag = date(2022, 5, 2)
    for dossier in v.dossiers[LOPEND]:
        soort = Kostencategorie.objects.filter(regeling__luik=dossier.ronde.luik).order_by("volgorde")[1]
        verdeling = {rij.pk: soort.pk for rij in dossier.begrotingsregels.all()}
        kosten.verdeel_begroting(bouw.opnieuw(dossier), verdeling=verdeling, door=w.an)
        for ingediend in (True, False):
            staat = kosten.begin_kostenstaat(bouw.opnieuw(dossier), van=dag, tot=dag, door=w.an)
            # The same invoices in every project.
            rijen = [
                Regelgegevens(soort, f"Kost {i}", dag, dag, 10_00, "Bakker", "", f"F{i}" if ingediend else "")
                for i in range(v.n)
            ]
            kostenopmaak.voeg_regels_toe(staat, rijen, door=w.an)
            if ingediend:
                kosten.dien_kostenstaat_in(staat, door=w.an)


def _lees_afschriften(v: Veel, w: bouw.Wereld) -> None:
    # The first has n lines that were not found, the others none.
    wie = Opdrachtgever("Vlaamse overheid", bouw.IBAN)
    betalingen.stel_rekening_in(w.beheer, verstrekker=w.oproep.verstrekker, opdrachtgever=wie, door=w.beheer)
    regels = [Boeking(-1_00 - i, naam=f"Tegenpartij {i}", bankreferentie=f"R{i}", iban=iban(i)) for i in range(v.n)]
    for i in range(v.n):
        inhoud = schrijf([] if i else regels, rekening=bouw.IBAN, nummer=f"2023-{i}")
        betalingen.lees_afschrift(inhoud, door=w.bo)


def open_bladen(v: Veel) -> list[Scoreblad]:
    """Return the sheets that wait for jana."""
    return list(Scoreblad.objects.filter(jurylid=v.mensen["jana"]).exclude(status=Scoreblad.Status.INGEDIEND))
