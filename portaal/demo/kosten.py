"""Cost claims of the played call: looked at, sent back, waiting; and one invoice that two projects claim."""

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.regels import Regelgegevens
from dossiers.models import Dossier
from kern import klok
from kern.klok import brussel
from oproepen.models import Kostencategorie
from organisaties.models import Gebruiker
from portaal.demo.dossierspel import STUK

# Kind of costs, for what, supplier, amount in cents; an empty supplier is the project's own staff.
KOSTEN = (
    ("personeel", "Loon buurtverantwoordelijke, {maand}", "", 3_180_00),
    ("werking", "Drukwerk affiches en buurtkrant", "Drukkerij De Letterbak bv", 412_50),
    ("werking", "Koffie en taart voor de buurttafel", "Bakkerij Het Kruimeltje", 86_35),
    ("werking", "Huur van de parochiezaal", "Parochiecentrum Sint-Jan vzw", 240_00),
    ("uitrusting", "Bakfiets voor de buurtronde", "Fietsen Wouters nv", 2_890_00),
    ("werking", "Verzekering van vrijwilligers", "Verzekeringen Peeters", 318_20),
)
# An invoice that two projects claim, with the same file.
GEDEELD = ("werking", "Vorming 'Aanbellen bij buren'", "Vormingswerk Samen vzw", 1_150_00)


class Kosten:
    """One playing; `indieners` says who acts for a dossier."""

    def __init__(self, indieners: dict[int, Gebruiker], behandelaar: Gebruiker) -> None:
        self.indieners, self.behandelaar = indieners, behandelaar

    def speel(self, eigen: int, anderen: list[int]) -> None:
        """Play the claims of the applicant of the sign-in page and of three other projects (keys)."""
        klok.zet(brussel(2023, 4, 3, 10))
        eerste = self._begin(eigen, date(2022, 3, 1), date(2023, 2, 28), maanden=8, jaar=2022)
        self._dien_in(eerste)
        self._kijk_na(eerste)
        for i, sleutel in enumerate(anderen):
            klok.zet(brussel(2024, 4, 22, 9) + timedelta(days=i))
            staat = self._begin(sleutel, date(2022, 3, 1), date(2024, 2, 29), maanden=6 + 3 * i, jaar=2023)
            if i < 2:  # noqa: PLR2004  the first two share an invoice
                self._voeg_toe(staat, [(*GEDEELD, date(2023, 9, 14), "2023-0417")], bewijs="gedeeld")
            self._dien_in(staat)
        klok.zet(brussel(2024, 5, 6, 11))
        opmerking = "De loonkost van januari ontbreekt, en bij de huur hoort een factuur op naam van uw organisatie."
        services.stuur_kostenstaat_terug(staat, opmerking=opmerking, door=self.behandelaar)
        klok.zet(brussel(2024, 5, 13, 14))
        self._begin(eigen, date(2023, 3, 1), date(2024, 2, 29), maanden=4, jaar=2023)

    def speel_een(self, sleutel: int, van: date, tot: date) -> None:
        """Play one claim of a project, from its first line to what is accepted of it."""
        staat = self._begin(sleutel, van, tot, maanden=8, jaar=van.year)
        self._dien_in(staat)
        self._kijk_na(staat)

    def _begin(self, sleutel: int, van: date, tot: date, *, maanden: int, jaar: int) -> Kostenstaat:
        dossier = Dossier.objects.select_related("organisatie", "ronde__luik").get(pk=sleutel)
        door = self.indieners[sleutel]
        if not dossier.kostenstaten.exists():
            self._verdeel(dossier, door)
        staat: Kostenstaat = services.begin_kostenstaat(dossier, van=van, tot=tot, door=door)
        rijen = []
        for maand in range(maanden):
            dag = date(jaar, 3 + maand % 9, 28) if maand < 9 else date(jaar + 1, maand - 8, 28)  # noqa: PLR2004
            soort, wat, wie, cent = KOSTEN[0]
            rijen.append((soort, wat.format(maand=f"{dag.month}/{dag.year}"), wie, cent + 7 * maand, dag, ""))
        for i, (soort, wat, wie, cent) in enumerate(KOSTEN[1:]):
            nummer = f"{jaar}-{sleutel:03d}{i}"
            rijen.append((soort, wat, wie, cent + 100 * (sleutel % 7), date(jaar, 4 + i, 12), nummer))
        self._voeg_toe(staat, rijen, bewijs="eigen")
        return staat

    def _verdeel(self, dossier: Dossier, door: Gebruiker) -> None:
        soorten = dict(Kostencategorie.objects.filter(regeling__luik=dossier.ronde.luik).values_list("sleutel", "pk"))
        regels = dossier.begrotingsregels.filter(soort="kost").order_by("volgorde")
        verdeling = {rij.pk: soorten["personeel" if i == 0 else "werking"] for i, rij in enumerate(regels)}
        services.verdeel_begroting(dossier, verdeling=verdeling, door=door)

    def _voeg_toe(self, staat: Kostenstaat, rijen: list[tuple[str, str, str, int, date, str]], *, bewijs: str) -> None:
        door = self.indieners[staat.dossier_id]
        soorten = {s.sleutel: s for s in Kostencategorie.objects.filter(regeling__luik__rondes=staat.dossier.ronde_id)}
        gegevens = [
            Regelgegevens(
                categorie=soorten[soort],
                omschrijving=wat,
                leverancier=wie,
                factuurnummer=nummer,
                factuurdatum=dag,
                betaaldatum=dag + timedelta(days=9),
                bedrag_cent=cent,
            )
            for soort, wat, wie, cent, dag, nummer in rijen
        ]
        nieuw = opmaak.voeg_regels_toe(staat, gegevens, door=door)
        for regel in Kostenregel.objects.filter(kostenstaat=staat, volgnummer__in=[r.volgnummer for r in nieuw]):
            # Some evidence is still to come: the applicant sees what is asked of her.
            if bewijs == "gedeeld" or regel.volgnummer % 5:
                merk = "gedeeld" if bewijs == "gedeeld" else f"{staat.pk}-{regel.volgnummer}"
                stuk = SimpleUploadedFile(f"factuur-{merk}.pdf", STUK + merk.encode())
                opmaak.zet_bewijs(regel, stuk, door=door)

    def _dien_in(self, staat: Kostenstaat) -> None:
        services.dien_kostenstaat_in(staat, door=self.indieners[staat.dossier_id])

    def _kijk_na(self, staat: Kostenstaat) -> None:
        klok.zet(_later(klok.nu()))
        besluiten = {}
        for regel in staat.regels.all():
            if regel.bestand_id is None and regel.in_steekproef:
                besluiten[regel.volgnummer] = services.Besluit(0, "Het bewijsstuk ontbreekt.")
            elif "taart" in regel.omschrijving:
                zin = "Alleen de koffie hoort bij de buurttafel."
                besluiten[regel.volgnummer] = services.Besluit(regel.bedrag_cent // 2, zin)
            elif regel.in_steekproef:
                besluiten[regel.volgnummer] = services.Besluit(regel.bedrag_cent)
        services.beoordeel_regels(staat, besluiten=besluiten, door=self.behandelaar)
        zin = "De bakfiets stond niet in de begroting; ze is nodig voor de buurtronde en wordt aanvaard."
        services.rond_kostenstaat_af(staat, opmerking=zin, door=self.behandelaar)


def _later(moment: datetime) -> datetime:
    return moment + timedelta(days=16)
