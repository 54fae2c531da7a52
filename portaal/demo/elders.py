"""A small call of a granter that keeps its books in an outside system, of which the projects just ended.

Its commitments, charges and payments came back as facts. One project handed in a schuldvordering, one waits for its
settlement, and of one the books charged another amount than was asked.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from beoordeling import services as beoordeling
from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling, Buitenfeit, Krediet
from betalingen.queries.buitenfeiten import Feit
from betalingen.queries.verschillen import verschillen
from dossiers import services as dossiers
from dossiers.models import Dossier
from kern import klok
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Oproep, Ronde
from organisaties.models import Categorie, Gebruiker, Organisatie
from portaal.demo import dossierspel, mensen
from portaal.demo.kosten import Kosten

SLUG = "buren-voor-buren"
VERSTREKKER = "Vlaamse Gemeenschapscommissie (voorbeeld)"
GEVRAAGD = (48_000_00, 30_000_00, 36_000_00)
ANDER_BEDRAG = 14_300_00
Soort = Buitenfeit.Soort


class Elders:
    """One playing. The projects ran in the year before `nu`."""

    def __init__(
        self, wie: dict[str, Gebruiker], systeem: Gebruiker, nu: datetime, meld: Callable[[str], None]
    ) -> None:
        self.wie, self.systeem, self.meld = wie, systeem, meld
        self.nu = nu.astimezone(klok.BRUSSEL).replace(minute=0, second=0, microsecond=0)
        self.jaar = self.nu.year - 1
        self.toeval = Random(7)  # noqa: S311  the same demo everywhere, not a secret
        self.contact: dict[int, Gebruiker] = {}

    def speel(self) -> None:
        """Play everything, oldest first."""
        oproep = self._publiceer()
        ronde = Ronde.objects.select_related("luik__oproep").get(luik__oproep=oproep)
        rijen = self._toegekend(ronde)
        self._voer_uit(oproep, rijen)
        self._meld_verschillen()
        self.meld("  een oproep met de boekhouding in een ander systeem")

    def gegevens(self) -> dict[str, Any]:
        """Return the data of the call: zorgzame buurten with one track, and instalments that are asked for."""
        uit = deepcopy(laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"))
        luik = uit["luiken"][0] | {
            "slug": "vgc",
            "naam": "Brussel",
            "budget": "200000.00",
            "project_van": date(self.jaar, 1, 1).isoformat(),
            "project_tot": date(self.jaar, 12, 31).isoformat(),
            "begrotingsartikel": "BUREN-VOOR-BUREN",
            "beslisser": "het College van de Vlaamse Gemeenschapscommissie",
        }
        dagen = {"opent": self._op(-1, 9, 1), "sluit": self._op(-1, 10, 1)}
        tot = (self.nu.date() + timedelta(days=120)).isoformat()
        return uit | {
            "slug": SLUG,
            "code": "BB",
            "titel": "Buren voor buren (voorbeeld)",
            "actie": None,
            "verstrekker": VERSTREKKER,
            "luiken": [luik],
            "rondes": [uit["rondes"][0] | {naam: dag.isoformat() for naam, dag in dagen.items()}],
            "schijven": [
                {"naam": "Eerste schijf", "procent": 50, "aanleiding": "vastlegging"},
                {
                    "naam": "Tweede schijf",
                    "procent": 40,
                    "aanleiding": "aanvraag",
                    "aanvraag_tot": tot,
                    "schuldvordering": True,
                },
                {"naam": "Saldo", "saldo": True, "aanleiding": "verslag", "verslag": "eind"},
            ],
            "verslagen": [{"sleutel": "eind", "soort": "eind", "uiterlijk": tot}],
            "aannames": [
                {"veld": "oproep", "waarde": "alles", "waarom": "Deze oproep bestaat niet; hij dient om te oefenen."}
            ],
            "bronnen": [],
        }

    def _op(self, jaar: int, maand: int, dag: int) -> datetime:
        """Return ten o'clock on a day, in a year counted from that of the projects."""
        return klok.brussel(self.jaar + jaar, maand, dag, 10)

    def _voor(self, dagen: int) -> datetime:
        return self.nu - timedelta(days=dagen)

    def _publiceer(self) -> Oproep:
        klok.zet(self._op(-1, 8, 1))
        oproep = laden.maak_oproep_op(self.systeem, gegevens=self.gegevens(), door=self.systeem)
        mensen.geef_rollen(oproep, self.wie, door=self.systeem)
        budgethouder, beheerder = self.wie["budgethouder"], self.wie["beheerder"]
        betalingen.stel_budget_in(oproep, budget_cent=200_000_00, per_luik={"vgc": 200_000_00}, door=budgethouder)
        artikel = grootboek.artikel("BUREN-VOOR-BUREN", "Subsidies van buren voor buren (voorbeeld)")
        for jaar in range(self.jaar - 1, self.jaar + 3):
            krediet = Krediet.objects.create(artikel=artikel, jaar=jaar)
            betalingen.stel_krediet_in(
                krediet, vastleggingskrediet_cent=200_000_00, betaalkrediet_cent=150_000_00, door=budgethouder
            )
        reden = "De commissie boekt in haar eigen boekhoudsysteem."
        betalingen.stel_boekhouding_in(beheerder, verstrekker=VERSTREKKER, wijze="extern", reden=reden, door=beheerder)
        oproepen.leg_oproep_voor(oproep, door=self.wie["behandelaar"])
        oproepen.publiceer(oproep, door=budgethouder)
        return oproep

    def _organisaties(self) -> list[Organisatie]:
        levend = Organisatie.objects.filter(categorie=Categorie.GEMEENTE, geldig_tot=None, geldig_van=None)
        brussel = levend.filter(lidmaatschappen=None, nis__startswith="21").order_by("nis")
        return self.toeval.sample(list(brussel), len(GEVRAAGD))

    def _toegekend(self, ronde: Ronde) -> list[Dossier]:
        behandelaar, budgethouder = self.wie["behandelaar"], self.wie["budgethouder"]
        rijen = self._ingediend(ronde)
        klok.zet(self._op(-1, 10, 2))
        dossiers.sluit_ronde(ronde, door=behandelaar)
        for rij in rijen:
            zin = "De aanvrager komt in aanmerking en alle stukken zijn er."
            dossiers.verklaar_ontvankelijk(rij, motivering=zin, door=behandelaar)
        klok.zet(self._op(-1, 10, 20))
        oproepen.start_beoordeling(ronde, door=behandelaar)
        for rij in rijen:
            lezers = [self.wie["jurylid"], self.wie["jurylid2"]]
            dossierspel.beoordeel(rij, lezers, behandelaar, goed=True, toeval=self.toeval)
            dossierspel.adviseer(rij, self.wie["voorzitter"], goed=True)
        klok.zet(self._op(-1, 11, 20))
        besluit = beoordeling.stel_voor(ronde, door=behandelaar)
        beoordeling.leg_besluit_voor(besluit, door=behandelaar)
        klok.zet(self._op(-1, 12, 3))
        document = dossierspel.stuk("besluit-ondertekend.pdf", budgethouder)
        beoordeling.registreer_ondertekening(
            besluit, nummer=f"VGC-{self.jaar - 1}-0231", datum=klok.vandaag(), document=document, door=budgethouder
        )
        klok.zet(self._op(-1, 12, 10))
        for i, (rij, cent) in enumerate(zip(rijen, GEVRAAGD, strict=True)):
            nummer = f"45000{12301 + i}"
            self._neem_op(Feit(Soort.VASTLEGGING, rij.nummer or "", cent, klok.vandaag(), vastleggingsnummer=nummer))
        beoordeling.geef_kennis(besluit, door=behandelaar)
        return rijen

    def _ingediend(self, ronde: Ronde) -> list[Dossier]:
        organisaties = self._organisaties()
        klok.zet(self._op(-1, 9, 10))
        self.contact = mensen.contactpersonen(organisaties, door=self.systeem)
        rijen = []
        for i, (organisatie, cent) in enumerate(zip(organisaties, GEVRAAGD, strict=True)):
            door = self.contact[organisatie.pk]
            klok.zet(self._op(-1, 9, 12))
            rij = dossierspel.vul_in(ronde, organisatie, door, 400 + i, cent)
            dossierspel.dien_in(rij, door, self._op(-1, 9, 20 + i))
            rijen.append(rij)
        return rijen

    def _voer_uit(self, oproep: Oproep, rijen: list[Dossier]) -> None:
        eerste, tweede, derde = rijen
        klok.zet(self._op(0, 2, 1))
        self._betaal(oproep, [self._schijf(rij, 1) for rij in rijen])
        klok.zet(self._op(0, 9, 3))
        self._vraag_aan(tweede)
        self._betaal(oproep, [self._aanvaard(tweede)])
        klok.zet(self._voor(28))
        claims = Kosten({tweede.pk: self.contact[tweede.organisatie_id]}, self.wie["behandelaar"])
        claims.speel_een(tweede.pk, date(self.jaar, 1, 1), date(self.jaar, 11, 30))
        klok.zet(self._voor(10))
        self._vraag_aan(derde)
        self._verstuur(oproep, [self._aanvaard(derde)])
        klok.zet(self._voor(4))
        self._vraag_aan(eerste)

    def _schijf(self, dossier: Dossier, volgorde: int) -> Betaling:
        lezen = ("schijf", "opdracht", "dossier__ronde__luik__oproep", "dossier__organisatie")
        return Betaling.objects.select_related(*lezen).get(dossier=dossier, schijf__volgorde=volgorde)

    def _vraag_aan(self, dossier: Dossier) -> None:
        rij, door = self._schijf(dossier, 2), self.contact[dossier.organisatie_id]
        document = dossierspel.stuk("schuldvordering-ondertekend.pdf", door)
        betalingen.vraag_betaling_aan(rij, bedrag_cent=rij.bedrag_cent, toelichting="", document=document, door=door)

    def _aanvaard(self, dossier: Dossier) -> Betaling:
        rij = self._schijf(dossier, 2)
        betalingen.aanvaard_aanvraag(rij, door=self.wie["behandelaar"])
        return self._schijf(dossier, 2)

    def _verstuur(self, oproep: Oproep, rijen: list[Betaling]) -> None:
        for rij in rijen:
            betalingen.stel_betaling_op(rij, door=self.wie["behandelaar"])
            betalingen.keur_betaling_goed(rij, door=self.wie["budgethouder"])
        betalingen.verstuur_betalingen(oproep, betalingen=[rij.pk for rij in rijen], door=self.wie["boekhouder"])

    def _betaal(self, oproep: Oproep, rijen: list[Betaling]) -> None:
        """Send, and take in a week later what the books charged and paid."""
        self._verstuur(oproep, rijen)
        klok.zet(klok.nu() + timedelta(days=7))
        for rij in rijen:
            opnieuw = self._schijf(rij.dossier, rij.schijf.volgorde)
            for soort in (Soort.VEREFFENING, Soort.BETALING):
                self._neem_op(self._betalingsfeit(opnieuw, soort, opnieuw.bedrag_cent))

    def _betalingsfeit(self, rij: Betaling, soort: Soort, cent: int) -> Feit:
        assert rij.opdracht is not None, "alleen wat verstuurd is, komt terug"  # noqa: S101
        return Feit(
            soort,
            rij.dossier.nummer or "",
            cent,
            klok.vandaag(),
            stuknummer=f"{'19' if soort == Soort.VEREFFENING else '15'}{rij.pk:08d}",
            referentie=end_to_end_id(rij.opdracht.nummer or "", rij.pk),
        )

    def _neem_op(self, feit: Feit) -> None:
        wie = self.wie["boekhouder"]
        betalingen.neem_buitenfeit_op(wie, feit=feit, verstrekker=VERSTREKKER, door=wie)

    def _meld_verschillen(self) -> None:
        """One charge of another amount, which stands, and a commitment of an older call, which is explained."""
        klok.zet(self._voor(3))
        onderweg = Betaling.objects.get(status=Betaling.Status.VERSTUURD, opdracht__extern=True)
        rij = self._schijf(onderweg.dossier, 2)
        self._neem_op(self._betalingsfeit(rij, Soort.VEREFFENING, ANDER_BEDRAG))
        oud = f"VGC-{self.jaar - 3}-0087"
        self._neem_op(Feit(Soort.VASTLEGGING, oud, 12_500_00, klok.vandaag(), vastleggingsnummer="4500009114"))
        wie = self.wie["boekhouder"]
        verschil = next(rij for rij in verschillen(wie) if rij.dossiernummer == oud)
        reden = "Van een oproep van vóór dit loket; die wordt met de hand opgevolgd."
        betalingen.verklaar_verschil(wie, verstrekker=VERSTREKKER, sleutel=verschil.sleutel, reden=reden, door=wie)
