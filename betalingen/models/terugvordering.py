"""Recoveries: money that was paid and is claimed back, how it is paid off, and what came in.

Law: wet van 16 mei 2003, art. 13 (immediate repayment when conditions are not met or the money was not used for its
purpose). Not found there, and so filled in per decision with where it comes from: interest and limitation.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django_fsm import FSMField, FSMModelMixin, transition

from betalingen.models.bank import Bankregel, Rekening
from betalingen.models.begroting import IsGeheel
from betalingen.models.betaling import Betaling
from dossiers.models import Dossier
from kern import klok
from kern.triggers import bewaakt
from kern.wachters import wachter

CENTEN = ("ontvangen_cent", "interest_ontvangen_cent", "interest_cent", "afgeschreven_cent", "plan_vanaf_cent")


@wachter("rekening_ontbreekt")
def rekening_bekend(terugvordering: "Terugvordering") -> str | None:
    """Nobody is asked to pay before it is known where to."""
    verstrekker = terugvordering.dossier.ronde.luik.oproep.verstrekker
    if Rekening.objects.filter(verstrekker=verstrekker).exists():
        return None
    return (
        f"Van {verstrekker} is geen rekening bekend. Een beheerder vult ze in bij Beheer, Rekeningen van verstrekkers."
    )


@wachter("niet_vervallen")
def is_te_laat(terugvordering: "Terugvordering") -> str | None:
    """A reminder follows a due date that has passed."""
    vervaldag = terugvordering.vervaldag
    if vervaldag is not None and vervaldag < klok.vandaag():
        return None
    return f"De begunstigde heeft nog tijd, tot en met {vervaldag:%d/%m/%Y}." if vervaldag else "Er is geen vervaldag."


@wachter("verjaard")
def niet_verjaard(terugvordering: "Terugvordering") -> str | None:
    """What can no longer be enforced is not asked for again, nor set off; what still comes in is taken."""
    if not terugvordering.is_verjaard:
        return None
    op = f"{terugvordering.verjaart_op:%d/%m/%Y}"
    return f"Deze terugvordering verjaarde op {op}. Is de verjaring gestuit, verleng ze dan eerst."


@wachter("niet_voorgesteld")
def oninbaar_voorgesteld(terugvordering: "Terugvordering") -> str | None:
    """Writing off takes two people."""
    if terugvordering.oninbaar_voorgesteld_door_id is None:
        return "De boekhouder stelt eerst voor om dit af te schrijven, met de reden."
    return None


class Terugvordering(FSMModelMixin, models.Model):
    """One claim on the beneficiary of one dossier, from the intention to the last cent.

    What the intention said and what was decided stand apart: a letter that left must stay what it was.
    """

    class Status(models.TextChoices):
        """States of a recovery, as staff see them; the beneficiary sees `zichtbare_status`."""

        VOORNEMEN = "voornemen", "Voornemen"
        GEHOORD = "gehoord", "Gehoord"
        BESLIST = "beslist", "Beslist"
        KENNISGEGEVEN = "kennisgegeven", "Kennisgegeven"
        AANGEMAAND = "aangemaand", "Aangemaand"
        AFBETALINGSPLAN = "afbetalingsplan", "Afbetalingsplan"
        ONTVANGEN = "ontvangen", "Ontvangen"
        VERREKEND = "verrekend", "Verrekend"
        ONINBAAR = "oninbaar", "Oninbaar"
        INGETROKKEN = "ingetrokken", "Ingetrokken"

    class Grond(models.TextChoices):
        """Why the money is claimed back."""

        VOORWAARDEN = "voorwaarden", "De voorwaarden zijn niet nageleefd"
        DOEL = "doel", "De subsidie is niet gebruikt voor het doel"
        TE_VEEL = "te_veel", "Er is meer betaald dan verschuldigd"
        ANDERE = "andere", "Een andere reden"

    class Rechtsregel(models.TextChoices):
        """The clause that the claim stands on."""

        ARTIKEL_13 = "artikel_13", "Wet van 16 mei 2003, artikel 13"
        ANDERE = "andere", "Een andere bepaling"

    # What artikel 13 says; another ground needs another clause.
    GRONDEN_ARTIKEL_13: ClassVar = (Grond.VOORWAARDEN, Grond.DOEL)
    OPEN: ClassVar = (Status.KENNISGEGEVEN, Status.AANGEMAAND, Status.AFBETALINGSPLAN)
    VOLDAAN: ClassVar = (Status.ONTVANGEN, Status.VERREKEND)
    VOOR_BESLISSING: ClassVar = (Status.VOORNEMEN, Status.GEHOORD)

    nummer = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001  null only while it is made
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="terugvorderingen")
    status = FSMField(default=Status.VOORNEMEN, choices=Status.choices, protected=True)
    grond = models.CharField(max_length=12, choices=Grond)
    rechtsregel = models.CharField(max_length=12, choices=Rechtsregel)
    rechtsregel_tekst = models.CharField(max_length=200, blank=True, help_text="bij een andere bepaling")

    voorgenomen_cent = models.BigIntegerField()
    toelichting = models.TextField(help_text="motivering van het voornemen")
    hoortermijn = models.DateField(help_text="laatste dag om te reageren")
    voorgenomen_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voorgenomen_op = models.DateTimeField()

    reactie = models.TextField(blank=True, help_text="leeg: de termijn verstreek zonder reactie")
    gehoord_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    gehoord_op = models.DateTimeField(null=True, blank=True)

    bedrag_cent = models.BigIntegerField(null=True, blank=True, help_text="hoofdsom die beslist is")
    motivering = models.TextField(blank=True)
    besluit_nummer = models.CharField(max_length=60, blank=True)
    besluit_datum = models.DateField(null=True, blank=True)
    termijn_dagen = models.PositiveSmallIntegerField(null=True, blank=True, help_text="om te betalen")
    interest_honderdsten = models.PositiveIntegerField(default=0, help_text="van een procent per jaar")
    interest_vanaf = models.DateField(null=True, blank=True, help_text="leeg tot de kennisgeving: vanaf de vervaldag")
    interest_reden = models.CharField(max_length=500, blank=True)
    verjaart_op = models.DateField(null=True, blank=True)
    verjaring_reden = models.CharField(max_length=500, blank=True)
    begrotingsjaar = models.PositiveSmallIntegerField(null=True, blank=True, help_text="van het krediet dat betaalde")
    beslist_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    kennisgegeven_op = models.DateTimeField(null=True, blank=True)
    uiterlijk = models.DateField(null=True, blank=True, help_text="vervaldag in de brief")
    rekening = models.ForeignKey(Rekening, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    aangemaand_op = models.DateTimeField(null=True, blank=True)
    aangemaand_tot = models.DateField(null=True, blank=True, help_text="vervaldag in de laatste aanmaning")
    plan_nummer = models.PositiveSmallIntegerField(default=0)
    plan_op = models.DateField(null=True, blank=True)
    plan_vanaf_cent = models.BigIntegerField(default=0, help_text="wat ontvangen was toen het plan begon")

    ontvangen_cent = models.BigIntegerField(default=0, help_text="van de hoofdsom")
    interest_cent = models.BigIntegerField(default=0, help_text="verschuldigd bij de laatste ontvangst")
    interest_ontvangen_cent = models.BigIntegerField(default=0)
    afgeschreven_cent = models.BigIntegerField(default=0)
    oninbaar_reden = models.CharField(max_length=500, blank=True)
    oninbaar_voorgesteld_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    oninbaar_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    intrekking_reden = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "de terugvordering"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(voorgenomen_cent__gt=0)
                & (Q(bedrag_cent=None) | (Q(bedrag_cent__gt=0) & Q(bedrag_cent__lte=F("voorgenomen_cent")))),
                name="terugvordering_bedrag",
                violation_error_code="boven_voornemen",
                violation_error_message="De beslissing gaat over hoogstens het bedrag van het voornemen.",
            ),
            models.CheckConstraint(
                condition=Q(ontvangen_cent__lte=Coalesce(F("bedrag_cent"), 0) - F("afgeschreven_cent"))
                & Q(interest_ontvangen_cent__lte=F("interest_cent")),
                name="terugvordering_ontvangen",
                violation_error_code="boven_verschuldigd",
                violation_error_message="Er kan niet meer ontvangen worden dan wat nog openstaat.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{naam}__gte": 0 for naam in CENTEN})
                & Q(*(IsGeheel(F(naam)) for naam in (*CENTEN, "voorgenomen_cent")))
                & (Q(bedrag_cent=None) | Q(IsGeheel(F("bedrag_cent")))),
                name="terugvordering_hele_centen",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["voornemen", "gehoord", "ingetrokken"]) | Q(bedrag_cent__isnull=False),
                name="terugvordering_beslist_met_bedrag",
            ),
            models.CheckConstraint(
                condition=(Q(beslist_door=None) | ~Q(beslist_door=F("voorgenomen_door")))
                & (Q(oninbaar_door=None) | ~Q(oninbaar_door=F("oninbaar_voorgesteld_door"))),
                name="terugvordering_twee_personen",
                violation_error_code="zelfde_persoon",
                violation_error_message="Een andere persoon beslist dan wie het voorstelde.",
            ),
            models.CheckConstraint(
                condition=Q(rechtsregel="artikel_13", rechtsregel_tekst="", grond__in=["voorwaarden", "doel"])
                | (Q(rechtsregel="andere") & ~Q(rechtsregel_tekst="")),
                name="terugvordering_rechtsregel",
            ),
            models.CheckConstraint(
                condition=Q(interest_honderdsten=0, interest_cent=0) | ~Q(interest_reden=""),
                name="terugvordering_interest_met_reden",
            ),
        ]

    def __str__(self) -> str:
        return self.nummer or ""

    @property
    def bepaling(self) -> str:
        """Return the clause as it stands in a letter."""
        if self.rechtsregel == self.Rechtsregel.ANDERE:
            return self.rechtsregel_tekst
        return "artikel 13 van de wet van 16 mei 2003"

    @property
    def hoofdsom_open_cent(self) -> int:
        """Return what of the claim itself is still due; nothing before its notification."""
        if self.status not in self.OPEN:
            return 0
        return (self.bedrag_cent or 0) - self.ontvangen_cent

    @property
    def vervaldag(self) -> date | None:
        """Return the last day to pay: of the letter, the reminder, or the first instalment of a plan that is open."""
        if self.status != self.Status.AFBETALINGSPLAN:
            return self.aangemaand_tot or self.uiterlijk
        termijn = self.eerste_open_termijn()
        return termijn.uiterlijk if termijn else None

    def eerste_open_termijn(self) -> "Afbetaling | None":
        """Return the first instalment of the plan that what came in since does not cover."""
        over = self.ontvangen_cent + self.interest_ontvangen_cent - self.plan_vanaf_cent
        for termijn in self.termijnen():
            over -= termijn.bedrag_cent
            if over < 0:
                return termijn
        return None

    def termijnen(self) -> "list[Afbetaling]":
        """Return the instalments of the last plan, in order."""
        return [rij for rij in self.afbetalingen.all() if rij.plan_nummer == self.plan_nummer]

    @property
    def is_verjaard(self) -> bool:
        """Return whether the claim can no longer be enforced: its last day passed and money is still due."""
        return self.status in self.OPEN and self.verjaart_op is not None and self.verjaart_op < klok.vandaag()

    @property
    def zichtbare_status(self) -> str:
        """Return the state as the beneficiary may know it: nothing of a decision before its notification."""
        if self.status == self.Status.BESLIST:
            return str(self.Status.GEHOORD.label)
        return str(self.get_status_display())

    @transition(status, source=Status.VOORNEMEN, target=Status.GEHOORD)
    def hoor(self) -> None:
        """The beneficiary was heard, or let the term pass."""

    @transition(status, source=Status.GEHOORD, target=Status.BESLIST)
    def beslis(self) -> None:
        """Decide to claim."""

    @transition(status, source=Status.BESLIST, target=Status.KENNISGEGEVEN, conditions=[rekening_bekend])
    def geef_kennis(self) -> None:
        """Send the decision."""

    @transition(status, source=[*VOOR_BESLISSING, Status.BESLIST], target=Status.INGETROKKEN)
    def trek_in(self) -> None:
        """Drop it before anything is claimed."""

    @transition(status, source=OPEN, target=Status.AANGEMAAND, conditions=[niet_verjaard, is_te_laat])
    def maan_aan(self) -> None:
        """Remind; a plan that was not kept lapses."""

    @transition(
        status,
        source=[Status.KENNISGEGEVEN, Status.AANGEMAAND],
        target=Status.AFBETALINGSPLAN,
        conditions=[niet_verjaard],
    )
    def sta_plan_toe(self) -> None:
        """Let it be paid off in instalments."""

    @transition(status, source=OPEN, target=Status.ONTVANGEN)
    def ontvang(self) -> None:
        """The last of it came in."""

    @transition(status, source=[Status.AFBETALINGSPLAN, *VOLDAAN], target=Status.KENNISGEGEVEN)
    def heropen(self) -> None:
        """A receipt was taken back; a plan that counted on it lapses."""

    @transition(status, source=[Status.AFBETALINGSPLAN, *VOLDAAN], target=Status.AANGEMAAND)
    def heropen_aangemaand(self) -> None:
        """A receipt was taken back, of what was reminded; a plan that counted on it lapses."""

    @transition(status, source=VOLDAAN, target=Status.AFBETALINGSPLAN)
    def heropen_plan(self) -> None:
        """A receipt of a plan was taken back."""

    @transition(status, source=OPEN, target=Status.VERREKEND, conditions=[niet_verjaard])
    def verreken(self) -> None:
        """The last of it was set off."""

    @transition(status, source=OPEN, target=Status.ONINBAAR, conditions=[oninbaar_voorgesteld])
    def verklaar_oninbaar(self) -> None:
        """Write off what is still due."""


@bewaakt(verwijderen=False)
class Afbetaling(models.Model):
    """One instalment of a payment plan. Never changed, never deleted: a new plan has rows of its own."""

    terugvordering = models.ForeignKey(Terugvordering, on_delete=models.PROTECT, related_name="afbetalingen")
    plan_nummer = models.PositiveSmallIntegerField()
    volgnummer = models.PositiveSmallIntegerField()
    uiterlijk = models.DateField()
    bedrag_cent = models.BigIntegerField()

    class Meta:
        verbose_name = "de afbetaling"
        ordering: ClassVar = ["terugvordering_id", "plan_nummer", "volgnummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terugvordering", "plan_nummer", "volgnummer"], name="afbetaling_uniek"),
            models.CheckConstraint(
                condition=Q(bedrag_cent__gt=0) & Q(IsGeheel(F("bedrag_cent"))), name="afbetaling_positief"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terugvordering}: {self.volgnummer}"


@bewaakt(verwijderen=False)
class Ontvangst(models.Model):
    """Money that came in on a recovery, over the bank or by set-off against a payment. Never changed, never deleted.

    What was recorded by mistake is taken back by a row of its own, with the same day and the same cents below zero.
    """

    terugvordering = models.ForeignKey(Terugvordering, on_delete=models.PROTECT, related_name="ontvangsten")
    datum = models.DateField(help_text="dag op het uittreksel, of van de verrekening")
    bedrag_cent = models.BigIntegerField()
    hoofdsom_cent = models.BigIntegerField()
    interest_cent = models.BigIntegerField()
    referentie = models.CharField(max_length=100, blank=True, help_text="van de bank; leeg bij een verrekening")
    bankregel = models.ForeignKey(Bankregel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    betaling = models.ForeignKey(
        Betaling, on_delete=models.PROTECT, null=True, blank=True, related_name="verrekeningen"
    )
    keer = models.PositiveSmallIntegerField(default=1, help_text="telt wat herroepen is en opnieuw geregistreerd")
    herroept = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="herroeping", help_text="wat niet klopte"
    )
    reden = models.CharField(max_length=500, blank=True, help_text="waarom het niet klopte")

    class Meta:
        verbose_name = "de ontvangst"
        ordering: ClassVar = ["terugvordering_id", "datum", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["terugvordering", "datum", "bedrag_cent", "referentie", "keer"],
                condition=Q(betaling=None, herroept=None),
                name="ontvangst_eenmaal",
                violation_error_code="al_ontvangen",
                violation_error_message="Deze ontvangst staat er al, met dezelfde dag, hetzelfde bedrag en dezelfde "
                "referentie.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(herroept=None, reden="", bedrag_cent__gt=0, hoofdsom_cent__gte=0, interest_cent__gte=0)
                    | Q(herroept__isnull=False, bedrag_cent__lt=0, hoofdsom_cent__lte=0, interest_cent__lte=0)
                    & ~Q(reden="")
                )
                & Q(bedrag_cent=F("hoofdsom_cent") + F("interest_cent"))
                & Q(IsGeheel(F("bedrag_cent")))
                & Q(IsGeheel(F("hoofdsom_cent"))),
                name="ontvangst_is_hoofdsom_en_interest",
            ),
            models.CheckConstraint(
                condition=Q(betaling=None) & ~Q(referentie="")
                | Q(betaling__isnull=False, referentie="", bankregel=None),
                name="ontvangst_bank_of_verrekening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terugvordering}: {self.bedrag_cent}"
