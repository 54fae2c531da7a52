"""A call that is open today, with dates counted from the day of installation.

Its first round is closed and in judging, so that handler, jurors and chair find work; its second round is open,
so that a newcomer files a dossier at once.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.models import Krediet
from dossiers import services as dossiers
from dossiers.models import Dossier
from kern import klok
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Oproep, Ronde
from organisaties.models import Categorie, Gebruiker, Organisatie
from organisaties.services import wijs_tekenbevoegde_aan
from portaal.demo import dossierspel, mensen

SLUG = "zorgzame-buurten-vervolg"
# An article of its own, beside that of the first call, so that credit can be redistributed between them.
ARTIKELEN = (
    ("WELZIJN-BUURTEN", "Subsidies voor zorgzame buurten"),
    ("WELZIJN-EENZAAMHEID", "Subsidies voor de aanpak van eenzaamheid"),
)
INGEDIEND, ONBEOORDEELD, VOLLEDIG_GESCOORD = 9, 2, 2


class Vandaag:
    """One playing of the open call, around the moment `nu`."""

    def __init__(
        self, wie: dict[str, Gebruiker], systeem: Gebruiker, nu: datetime, meld: Callable[[str], None]
    ) -> None:
        self.wie, self.systeem, self.meld = wie, systeem, meld
        self.nu = nu.astimezone(klok.BRUSSEL).replace(minute=0, second=0, microsecond=0)
        self.toeval = Random(42)  # noqa: S311  the same demo everywhere, not a secret

    def speel(self) -> Oproep:
        """Play everything."""
        klok.zet(self._voor(100))
        oproep = laden.maak_oproep_op(self.systeem, gegevens=self.gegevens(), door=self.systeem)
        mensen.geef_rollen(oproep, self.wie, door=self.systeem)
        self._geef_geld(oproep)
        oproepen.leg_oproep_voor(oproep, door=self.wie["behandelaar"])
        klok.zet(self._voor(96))
        oproepen.publiceer(oproep, door=self.wie["budgethouder"])
        rondes = list(Ronde.objects.filter(luik__oproep=oproep).select_related("luik__oproep").order_by("nummer"))
        # So little that the first round will have a reserve list.
        reden = "Het meeste budget is voor de tweede ronde."
        klok.zet(self._voor(95))
        betalingen.verschuif_budget(
            rondes[0], naar=rondes[1], bedrag_cent=1_700_000_00, reden=reden, door=self.wie["budgethouder"]
        )
        organisaties = self._organisaties()
        self._eerste_ronde(rondes[0], organisaties[:INGEDIEND])
        self._tweede_ronde(rondes[1], organisaties[INGEDIEND:])
        self.meld("  een oproep die vandaag open is")
        return oproep

    def gegevens(self) -> dict[str, Any]:
        """Return the data of the call: zorgzame buurten, with one track, two rounds and dates around today."""
        uit = deepcopy(laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"))
        begin = self.nu.date() + timedelta(days=150)
        luik = uit["luiken"][0]
        luik |= {
            "budget": "2000000.00",
            "begrotingsartikel": ARTIKELEN[0][0],
            "project_van": begin.isoformat(),
            "project_tot": (begin + timedelta(days=729)).isoformat(),
        }
        ronde = uit["rondes"][0] | {"reservelijst": True}
        uit |= {
            "slug": SLUG,
            "code": "ZV",
            "titel": "Zorgzame buurten: vervolgoproep (voorbeeld)",
            "actie": None,
            "tweede_goedkeuring_vanaf": "35000.00",
            "luiken": [luik],
            "rondes": [
                ronde | {"nr": 1, "opent": self._iso(-90, 9), "sluit": self._iso(-30, 9)},
                ronde | {"nr": 2, "opent": self._iso(-29, 9), "sluit": self._iso(24, 9)},
            ],
            # At the commitment, on request with a signed schuldvordering, and what the accepted costs justify.
            "schijven": [
                {"naam": "Eerste schijf", "procent": 50, "aanleiding": "vastlegging"},
                {
                    "naam": "Tweede schijf",
                    "procent": 40,
                    "aanleiding": "aanvraag",
                    "aanvraag_tot": self._dag(begin, 790),
                    "schuldvordering": True,
                },
                {"naam": "Saldo", "saldo": True, "aanleiding": "verslag", "verslag": "eind"},
            ],
            "verslagen": [
                {"sleutel": "jaar-1", "soort": "tussentijds", "uiterlijk": self._dag(begin, 395)},
                {"sleutel": "eind", "soort": "eind", "uiterlijk": self._dag(begin, 820)},
            ],
            "aannames": [
                {"veld": "oproep", "waarde": "alles", "waarom": "Deze oproep bestaat niet; hij dient om te oefenen."}
            ],
            "bronnen": [],
        }
        return uit

    def _voor(self, dagen: int) -> datetime:
        return self.nu - timedelta(days=dagen)

    def _iso(self, dagen: int, uur: int) -> str:
        dag = self.nu.date() + timedelta(days=dagen)
        return klok.brussel(dag.year, dag.month, dag.day, uur).isoformat()

    def _dag(self, begin: date, dagen: int) -> str:
        return (begin + timedelta(days=dagen)).isoformat()

    def _geef_geld(self, oproep: Oproep) -> None:
        budgethouder = self.wie["budgethouder"]
        betalingen.stel_budget_in(
            oproep, budget_cent=2_000_000_00, per_luik={"vlaanderen": 2_000_000_00}, door=budgethouder
        )
        artikelen = [grootboek.artikel(code, naam) for code, naam in ARTIKELEN]
        for artikel, jaar in product(artikelen, (self.nu.year, self.nu.year + 1, self.nu.year + 2)):
            krediet, nieuw = Krediet.objects.get_or_create(artikel=artikel, jaar=jaar)
            if nieuw:
                betalingen.stel_krediet_in(
                    krediet,
                    vastleggingskrediet_cent=3_000_000_00,
                    betaalkrediet_cent=2_000_000_00,
                    door=budgethouder,
                )

    def _organisaties(self) -> list[Organisatie]:
        levend = Organisatie.objects.filter(categorie=Categorie.OCMW, geldig_tot=None, geldig_van=None)
        rijen = levend.filter(lidmaatschappen=None).exclude(nis__startswith="21").order_by("nis")
        return self.toeval.sample(list(rijen), INGEDIEND + 2)

    def _eerste_ronde(self, ronde: Ronde, rijen: list[Organisatie]) -> None:
        behandelaar = self.wie["behandelaar"]
        klok.zet(self._voor(60))
        contact = mensen.contactpersonen(rijen, door=self.systeem)
        gestart = []
        for i, rij in enumerate(rijen):
            klok.zet(self._voor(40) + timedelta(hours=3 * i))
            dossier = dossierspel.vul_in(ronde, rij, contact[rij.pk], 200 + i, 60_000_00 + 4_000_00 * i)
            dossierspel.dien_in(dossier, contact[rij.pk], self._voor(38) + timedelta(hours=5 * i))
            gestart.append(dossier)
        klok.zet(self._voor(29))
        dossiers.sluit_ronde(ronde, door=behandelaar)
        klok.zet(self._voor(26))
        ontvankelijk = gestart[:-ONBEOORDEELD]
        for dossier in ontvankelijk:
            zin = "De aanvrager komt in aanmerking en alle stukken zijn er."
            dossiers.verklaar_ontvankelijk(dossier, motivering=zin, door=behandelaar)
        klok.zet(self._voor(20))
        oproepen.start_beoordeling(ronde, door=behandelaar)
        self._jury(ontvankelijk)

    def _jury(self, ontvankelijk: list[Dossier]) -> None:
        klok.zet(self._voor(12))
        behandelaar, lezers = self.wie["behandelaar"], [self.wie["jurylid"], self.wie["jurylid2"]]
        for dossier in ontvankelijk[:VOLLEDIG_GESCOORD]:
            dossierspel.beoordeel(dossier, lezers, behandelaar, goed=True, toeval=self.toeval)
        for dossier in ontvankelijk[VOLLEDIG_GESCOORD:]:
            for lezer in lezers:
                dossierspel.wijs_toe(dossier, lezer, behandelaar)

    def _tweede_ronde(self, ronde: Ronde, rijen: list[Organisatie]) -> None:
        """Two drafts: one complete but for handing in, of the applicant of the sign-in page; one just begun."""
        aanvrager = self.wie["aanvrager"]
        klok.zet(self._voor(3))
        wijs_tekenbevoegde_aan(rijen[0], gebruiker=aanvrager, door=self.systeem)
        dossierspel.vul_in(ronde, rijen[0], aanvrager, 300, 84_000_00)
        contact = mensen.contactpersonen(rijen[1:], door=self.systeem)
        dossiers.start_dossier(ronde, organisatie=rijen[1], door=contact[rijen[1].pk], ontvangen_op=klok.nu())
