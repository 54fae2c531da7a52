"""The zorgzame-buurten call as it was: launched in June 2021, decided on 1 February 2022, followed up to today.

Real: the dates of the call, 114 projects and 9.400.000 euro in Flanders (32 of them, for 2.700.000 euro, in
West-Vlaanderen; 17 in Limburg), six projects in Brussels. Assumed: everything per project, and the Brussels amounts.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from beoordeling import services as beoordeling
from beoordeling.models import Besluit
from betalingen import services as betalingen
from betalingen.models import Betaling, Terugvordering
from dossiers import services as dossiers
from dossiers.models import Dossier, Verslag
from kern import klok
from kern.klok import brussel
from oproepen import services as oproepen
from oproepen.models import Oproep, Ronde
from organisaties.models import Categorie, Gebruiker, Organisatie
from organisaties.services import wijs_tekenbevoegde_aan
from portaal.demo import dossierspel, mensen, verzinsels
from portaal.demo.kosten import Kosten

# Awards per province: number and cents. The rest of 114 and 9.400.000 euro is spread over three provinces.
TOEKENNINGEN = {
    "West-Vlaanderen": (32, 2_700_000_00),
    "Limburg": (17, 1_400_000_00),
    "Antwerpen": (26, 2_130_000_00),
    "Oost-Vlaanderen": (23, 1_870_000_00),
    "Vlaams-Brabant": (16, 1_300_000_00),
}
ZWAK_PER_PROVINCIE = 6
ONONTVANKELIJK = 5
BRUSSEL_TOEGEKEND, BRUSSEL_CENT, BRUSSEL_ZWAK = 6, 1_050_000_00, 2


class Geschiedenis:
    """One playing of the call; `meld` is told how far it is."""

    def __init__(
        self, oproep: Oproep, wie: dict[str, Gebruiker], systeem: Gebruiker, meld: Callable[[str], None]
    ) -> None:
        self.oproep, self.wie, self.systeem, self.meld = oproep, wie, systeem, meld
        self.toeval = Random(2021)  # noqa: S311  the same demo everywhere, not a secret
        self.rondes = {r.luik.slug: r for r in Ronde.objects.filter(luik__oproep=oproep).select_related("luik__oproep")}
        self.goed: list[Dossier] = []
        self.zwak: list[Dossier] = []
        self.indieners: dict[int, Gebruiker] = {}

    def speel(self) -> None:
        """Play everything, oldest first."""
        self._lanceer()
        self._dien_in()
        self._ontvankelijkheid()
        self._jury()
        self._beslis()
        self._volg_op()
        self._vorder_terug()

    def _lanceer(self) -> None:
        klok.zet(brussel(2021, 6, 4, 10))
        betalingen.stel_rekening_in(
            self.wie["beheerder"],
            verstrekker=self.oproep.verstrekker,
            opdrachtgever=verzinsels.OPDRACHTGEVER,
            door=self.wie["beheerder"],
        )
        klok.zet(brussel(2021, 6, 7, 10))
        oproepen.leg_oproep_voor(self.oproep, door=self.wie["behandelaar"])
        klok.zet(brussel(2021, 6, 10, 16))
        oproepen.publiceer(self.oproep, door=self.wie["budgethouder"])

    def _dien_in(self) -> None:
        klok.zet(brussel(2021, 6, 14, 9))
        aanvragen = self._aanvragen()
        contact = mensen.contactpersonen([rij for rij, _, _, _ in aanvragen], door=self.systeem)
        self._geef_aanvrager(aanvragen, contact)
        momenten = sorted(self._moment_van_indiening() for _ in aanvragen)
        for nummer, ((organisatie, luik, cent, goed), moment) in enumerate(zip(aanvragen, momenten, strict=True)):
            indiener = contact[organisatie.pk]
            klok.zet(moment - timedelta(days=2))
            dossier = dossierspel.vul_in(self.rondes[luik], organisatie, indiener, nummer, cent)
            dossierspel.dien_in(dossier, indiener, moment)
            self.indieners[dossier.pk] = indiener
            (self.goed if goed else self.zwak).append(dossier)
            if nummer % 20 == 19:  # noqa: PLR2004
                self.meld(f"  {nummer + 1} van {len(aanvragen)} dossiers ingediend")

    def _aanvragen(self) -> list[tuple[Organisatie, str, int, bool]]:
        uit = []
        for provincie, (aantal, totaal) in TOEKENNINGEN.items():
            rijen = self._kies(aantal + ZWAK_PER_PROVINCIE, provincie=provincie)
            centen = verzinsels.bedragen(aantal, totaal, hoogste_cent=100_000_00, toeval=self.toeval)
            uit += [(rij, "vlaanderen", cent, True) for rij, cent in zip(rijen, centen, strict=False)]
            uit += [(rij, "vlaanderen", 90_000_00, False) for rij in rijen[aantal:]]
        rijen = self._kies(BRUSSEL_TOEGEKEND + BRUSSEL_ZWAK, nis__startswith="21")
        centen = verzinsels.bedragen(BRUSSEL_TOEGEKEND, BRUSSEL_CENT, hoogste_cent=200_000_00, toeval=self.toeval)
        uit += [(rij, "brussel", cent, True) for rij, cent in zip(rijen, centen, strict=False)]
        uit += [(rij, "brussel", 180_000_00, False) for rij in rijen[BRUSSEL_TOEGEKEND:]]
        self.toeval.shuffle(uit)
        return uit

    def _kies(self, aantal: int, **filters: str) -> list[Organisatie]:
        op = date(2021, 11, 8)
        rijen = Organisatie.objects.filter(categorie__in=[Categorie.GEMEENTE, Categorie.OCMW], **filters)
        bestaand = [
            rij
            for rij in rijen.order_by("nis", "categorie")
            if (rij.geldig_van is None or rij.geldig_van <= op) and (rij.geldig_tot is None or rij.geldig_tot > op)
        ]
        # One application per municipality: its own or that of its OCMW.
        per_gemeente: dict[str, list[Organisatie]] = {}
        for rij in bestaand:
            per_gemeente.setdefault(rij.nis, []).append(rij)
        gekozen = self.toeval.sample(sorted(per_gemeente), aantal)
        return [self.toeval.choice(per_gemeente[nis]) for nis in gekozen]

    def _geef_aanvrager(
        self, aanvragen: list[tuple[Organisatie, str, int, bool]], contact: dict[int, Gebruiker]
    ) -> None:
        eigen = next(rij for rij, luik, _, goed in aanvragen if goed and luik == "vlaanderen")
        contact[eigen.pk] = self.wie["aanvrager"]
        wijs_tekenbevoegde_aan(eigen, gebruiker=self.wie["aanvrager"], door=self.systeem)

    def _moment_van_indiening(self) -> datetime:
        # Half of all applications come on the last day, as everywhere.
        einde = brussel(2021, 11, 8, 9)
        uren = self.toeval.choice([self.toeval.uniform(0.05, 20), self.toeval.uniform(20, 24 * 60)])
        return einde - timedelta(hours=uren)

    def _ontvankelijkheid(self) -> None:
        behandelaar = self.wie["behandelaar"]
        klok.zet(brussel(2021, 11, 8, 12))
        for ronde in self.rondes.values():
            dossiers.sluit_ronde(ronde, door=behandelaar)
        vlaams_zwak = [d for d in self.zwak if d.ronde.luik.slug == "vlaanderen"]
        onontvankelijk = {d.pk for d in vlaams_zwak[:ONONTVANKELIJK]}
        for i, dossier in enumerate(self.goed + self.zwak):
            klok.zet(brussel(2021, 11, 15, 9) + timedelta(minutes=20 * i))
            if dossier.pk in onontvankelijk:
                zin = "Het formulier netwerksamenstelling is niet door alle partners bevestigd."
                dossiers.verklaar_onontvankelijk(dossier, motivering=zin, door=behandelaar)
            else:
                zin = "De aanvrager komt in aanmerking en alle stukken zijn er."
                dossiers.verklaar_ontvankelijk(dossier, motivering=zin, door=behandelaar)
        self.zwak = [d for d in self.zwak if d.pk not in onontvankelijk]
        self.meld("  ontvankelijkheid beoordeeld")

    def _jury(self) -> None:
        klok.zet(brussel(2021, 11, 22, 9))
        for ronde in self.rondes.values():
            oproepen.start_beoordeling(ronde, door=self.wie["behandelaar"])
        jury = mensen.jury(self.wie)
        for i, dossier in enumerate(self.goed + self.zwak):
            klok.zet(brussel(2021, 11, 25, 9) + timedelta(hours=6 * i))
            # Ever other pairs, so that jurors can be compared with each other through shared dossiers.
            lezers = [jury[i % len(jury)], jury[(i + 1 + i // len(jury) % (len(jury) - 1)) % len(jury)]]
            goed = i < len(self.goed)
            dossierspel.beoordeel(dossier, lezers, self.wie["behandelaar"], goed=goed, toeval=self.toeval)
            dossierspel.adviseer(dossier, self.wie["voorzitter"], goed=goed)
            if i % 30 == 29:  # noqa: PLR2004
                self.meld(f"  {i + 1} dossiers beoordeeld door de jury")

    def _beslis(self) -> None:
        self._besluit("vlaanderen", "MB-2022-018", brussel(2022, 1, 24, 10), brussel(2022, 2, 1, 11))
        self._besluit("brussel", "VGC-2022-0112", brussel(2022, 2, 3, 10), brussel(2022, 2, 17, 14))
        self.meld("  beslist, vastgelegd en ter kennis gegeven")

    def _besluit(self, luik: str, nummer: str, voorstel: datetime, getekend: datetime) -> None:
        klok.zet(voorstel)
        besluit: Besluit = beoordeling.stel_voor(self.rondes[luik], door=self.wie["behandelaar"])
        beoordeling.leg_besluit_voor(besluit, door=self.wie["behandelaar"])
        klok.zet(getekend)
        budgethouder = self.wie["budgethouder"]
        document = dossierspel.stuk("besluit-ondertekend.pdf", budgethouder)
        beoordeling.registreer_ondertekening(
            besluit, nummer=nummer, datum=getekend.date(), document=document, door=budgethouder
        )
        klok.zet(getekend + timedelta(hours=3))
        beoordeling.geef_kennis(besluit, door=self.wie["behandelaar"])

    def _volg_op(self) -> None:
        """Pay first instalments in spring 2022; reports and second instalments in 2023; final reports in 2024."""
        alle = [dossier.pk for dossier in self.goed]
        eigen = next(pk for pk in alle if self.indieners[pk] == self.wie["aanvrager"])
        rest = [pk for pk in alle if pk != eigen]
        # The applicant of the sign-in page still owes her final report; every role finds something to do.
        self._betaal(alle, 1, brussel(2022, 3, 7, 10), date(2022, 3, 15))
        self._verslagen([eigen, *rest[:-4]], 0, brussel(2023, 3, 6, 9), goedkeuren=len(rest) - 4)
        self._betaal([eigen, *rest[:-6]], 2, brussel(2023, 4, 24, 10), date(2023, 5, 4))
        self.meld("  eerste en tweede schijf betaald")
        self._verslagen(rest[:-12], 1, brussel(2024, 4, 15, 9), goedkeuren=len(rest) - 18)
        Kosten(self.indieners, self.wie["behandelaar"]).speel(eigen, rest[-3:])
        klaar = rest[:-20]
        self._betaal(klaar[:-9], 3, brussel(2024, 6, 17, 10), date(2024, 6, 27))
        self._laat_wachten(klaar[-9:])
        klok.zet(brussel(2024, 9, 2, 10))
        for dossier in Dossier.objects.filter(pk__in=klaar[:-9]).order_by("pk"):
            betalingen.rond_dossier_af(dossier, door=self.wie["behandelaar"])
        self.meld("  saldo's betaald en projecten afgerond")

    def _vorder_terug(self) -> None:
        """Claim money back from three finished projects: one waits for an answer, one is paying, one was dropped."""
        afgerond = list(Dossier.objects.filter(status=Dossier.Status.AFGEROND).order_by("pk")[:3])
        klok.zet(brussel(2024, 10, 1, 10))
        rijen = [self._neem_voor(dossier, 1_250_00 * i) for i, dossier in enumerate(afgerond[:2], 1)]
        klok.zet(brussel(2024, 10, 21, 20))
        for rij in rijen:
            antwoord = "Twee facturen zijn van vóór de start van het project; dat was een vergissing."
            betalingen.reageer_op_terugvordering(rij, reactie=antwoord, door=self.indieners[rij.dossier_id])
        klok.zet(brussel(2024, 11, 5, 9))
        reden = "Na nazicht zijn de facturen toch van tijdens het project."
        betalingen.trek_terugvordering_in(rijen[0], reden=reden, door=self.wie["behandelaar"])
        self._int(rijen[1])
        klok.zet(brussel(2024, 12, 9, 10))
        self._neem_voor(afgerond[2], 800_00)

    def _neem_voor(self, dossier: Dossier, cent: int) -> Terugvordering:
        rij: Terugvordering = betalingen.neem_terugvordering_voor(
            dossier,
            bedrag_cent=cent,
            grond=Terugvordering.Grond.VOORWAARDEN,
            rechtsregel=Terugvordering.Rechtsregel.ARTIKEL_13,
            motivering="Bij een steekproef vonden wij kosten van buiten de projectperiode.",
            hoortermijn=klok.vandaag() + timedelta(days=30),
            door=self.wie["behandelaar"],
        )
        return rij

    def _int(self, rij: Terugvordering) -> None:
        klok.zet(brussel(2024, 11, 7, 14))
        betalingen.beslis_terugvordering(
            rij,
            bedrag_cent=rij.voorgenomen_cent - 500_00,
            motivering="De begunstigde bevestigt dat de kosten van vóór de start zijn. Wij houden rekening met één "
            "factuur die later is.",
            nummer="TB-2024-003",
            datum=klok.vandaag(),
            termijn_dagen=30,
            verjaring=betalingen.Verjaring(
                date(2032, 3, 15), "Tien jaar na de betaling (verzonnen voor dit voorbeeld)."
            ),
            door=self.wie["budgethouder"],
        )
        klok.zet(brussel(2024, 11, 8, 9))
        betalingen.geef_kennis_van_terugvordering(rij, door=self.wie["behandelaar"])
        klok.zet(brussel(2024, 11, 26, 11))
        betalingen.ontvang_terugvordering(
            rij, datum=date(2024, 11, 25), bedrag_cent=500_00, referentie="2024-231/7", door=self.wie["boekhouder"]
        )

    def _schijven(self, sleutels: list[int], volgorde: int) -> list[Betaling]:
        rijen = Betaling.objects.filter(dossier__in=sleutels, schijf__volgorde=volgorde)
        return list(rijen.select_related("dossier__ronde__luik", "schijf").order_by("pk"))

    def _stel_op(self, rijen: list[Betaling]) -> None:
        for rij in rijen:
            betalingen.stel_betaling_op(rij, door=self.wie["behandelaar"])

    def _keur_goed(self, rijen: list[Betaling]) -> None:
        for rij in rijen:
            betalingen.keur_betaling_goed(rij, door=self.wie["budgethouder"])

    def _betaal(self, sleutels: list[int], volgorde: int, moment: datetime, datum: date) -> None:
        klok.zet(moment)
        rijen = self._schijven(sleutels, volgorde)
        self._stel_op(rijen)
        self._keur_goed(rijen)
        klok.zet(moment + timedelta(days=2))
        self._verstuur(rijen)
        klok.zet(brussel(datum.year, datum.month, datum.day, 15))
        for rij in rijen:
            betalingen.meld_uitbetaald(rij, datum=datum, door=self.wie["boekhouder"])

    def _verstuur(self, rijen: list[Betaling]) -> None:
        betalingen.verstuur_betalingen(self.oproep, betalingen=[r.pk for r in rijen], door=self.wie["boekhouder"])

    def _verslagen(self, sleutels: list[int], welk: int, moment: datetime, *, goedkeuren: int) -> None:
        soort = ("tussentijds", "eind")[welk]
        for i, sleutel in enumerate(sleutels):
            klok.zet(moment + timedelta(hours=5 * i))
            verslag = Verslag.objects.get(dossier=sleutel, moment__soort=soort)
            kosten = (verslag.dossier.toegekend_cent or 0) * (45, 98)[welk] // 100
            tekst = "Elke week kwamen buren samen. Nieuwe vrijwilligers bellen aan bij wie weinig buitenkomt."
            bij = self.indieners[sleutel]
            dossiers.dien_verslag_in(verslag, tekst=tekst, kosten_cent=kosten, bestand=None, door=bij)
            if i < goedkeuren:
                klok.zet(klok.nu() + timedelta(hours=2))
                dossiers.keur_verslag_goed(verslag, beoordeling="", door=self.wie["behandelaar"])

    def _laat_wachten(self, sleutels: list[int]) -> None:
        """Leave three payments at each stage: to check, approved, sent."""
        klok.zet(brussel(2024, 8, 19, 10))
        rijen = self._schijven(sleutels, 3)
        self._stel_op(rijen)
        self._keur_goed(rijen[3:])
        self._verstuur(rijen[6:])
