"""The application and its life as a project: answers, budget rows, attachments, submissions, reports."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from dossiers.deminimis.models import Steunregel, Steunverklaring
from dossiers.kosten.models import AndereInkomst, Begrotingskoppeling, Kostenregel, Kostenstaat
from kern.models import Bestand
from kern.triggers import bewaakt
from kern.wachters import wachter
from oproepen.models import Formulierversie, Ronde, Verslagmoment
from organisaties.models import Organisatie

__all__ = [
    "AndereInkomst",
    "Antwoord",
    "Begrotingskoppeling",
    "Begrotingsregel",
    "Bijlage",
    "Dossier",
    "Indiening",
    "IndieningInhoud",
    "Kostenregel",
    "Kostenstaat",
    "Steunregel",
    "Steunverklaring",
    "Verslag",
]


class Dossier(FSMModelMixin, models.Model):
    """One application in one round, later one project."""

    class Status(models.TextChoices):
        """States of a dossier, as staff see them; the applicant sees `zichtbare_status`."""

        CONCEPT = "concept", "Concept"
        NIET_INGEDIEND = "niet_ingediend", "Niet ingediend"
        INGEDIEND = "ingediend", "Ingediend"
        ONTVANKELIJK = "ontvankelijk", "Ontvankelijk"
        ONONTVANKELIJK = "onontvankelijk", "Onontvankelijk"
        VOORGEDRAGEN = "voorgedragen", "Voorgedragen"
        RESERVE = "reserve", "Op de reservelijst"
        TOEGEKEND = "toegekend", "Toegekend"
        GEWEIGERD_KWALITEIT = "geweigerd_kwaliteit", "Geweigerd (kwaliteit)"
        GEWEIGERD_KREDIET = "geweigerd_krediet", "Geweigerd (krediet)"
        GEWEIGERD_BEDRAG = "geweigerd_bedrag", "Geweigerd (bedrag)"
        IN_UITVOERING = "in_uitvoering", "In uitvoering"
        AFGEROND = "afgerond", "Afgerond"
        VERZAAKT = "verzaakt", "Verzaakt"
        STOPGEZET = "stopgezet", "Stopgezet"

    BESLIST: ClassVar = {
        Status.TOEGEKEND,
        Status.GEWEIGERD_KWALITEIT,
        Status.GEWEIGERD_KREDIET,
        Status.GEWEIGERD_BEDRAG,
    }
    TOEGEKENDE: ClassVar = {
        Status.TOEGEKEND,
        Status.IN_UITVOERING,
        Status.AFGEROND,
        Status.VERZAAKT,
        Status.STOPGEZET,
    }

    # Null only inside the act that starts the dossier: the number is made of the row's own key.
    nummer = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001
    ronde = models.ForeignKey(Ronde, on_delete=models.PROTECT, related_name="dossiers")
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="dossiers")
    formulierversie = models.ForeignKey(Formulierversie, on_delete=models.PROTECT, related_name="+")
    titel = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    gevraagd_cent = models.BigIntegerField(null=True, blank=True)
    gegevens_versie = models.PositiveIntegerField(default=0, help_text="telt de wijzigingen van titel, IBAN, begroting")
    status = FSMField(default=Status.CONCEPT, choices=Status.choices, protected=True)
    gestart_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    gestart_op = models.DateTimeField()
    ingediend_op = models.DateTimeField(null=True, blank=True)
    ontvankelijkheid_motivering = models.TextField(blank=True)
    hoogstens_cent = models.BigIntegerField(
        null=True, blank=True, help_text="het meeste dat toegekend kan worden; leeg: wat gevraagd is"
    )
    hoogstens_motivering = models.TextField(blank=True)
    toegekend_cent = models.BigIntegerField(null=True, blank=True)
    beslist_op = models.DateField(null=True, blank=True, help_text="datum van het ondertekende besluit")
    reserve_gemeld_op = models.DateTimeField(
        null=True, blank=True, help_text="de aanvrager vernam dat het op de reservelijst staat"
    )
    kennisgegeven_op = models.DateTimeField(null=True, blank=True, help_text="einde van het embargo")

    class Meta:
        verbose_name = "het dossier"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ronde", "organisatie"],
                condition=Q(status="concept"),
                name="dossier_een_concept_per_ronde",
                violation_error_code="al_gestart",
                violation_error_message="Uw organisatie heeft in deze ronde al een dossier in opmaak.",
            ),
            models.CheckConstraint(
                condition=Q(gevraagd_cent=None) | Q(gevraagd_cent__gte=0), name="dossier_gevraagd_niet_negatief"
            ),
            models.CheckConstraint(
                condition=Q(hoogstens_cent=None, hoogstens_motivering="")
                | (Q(hoogstens_cent__gte=0, hoogstens_cent__lt=F("gevraagd_cent")) & ~Q(hoogstens_motivering="")),
                name="dossier_hoogstens_gemotiveerd",
            ),
            models.CheckConstraint(
                condition=Q(toegekend_cent=None) | Q(toegekend_cent__gt=0), name="dossier_toegekend_positief"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nummer} {self.titel}".strip()

    @property
    def toe_te_kennen_cent(self) -> int:
        """Return what would be awarded, in cents: what was asked, or less where that was set."""
        return (self.gevraagd_cent or 0) if self.hoogstens_cent is None else self.hoogstens_cent

    @property
    def zichtbare_status(self) -> str:
        """Return the state as the applicant may know it: nothing of a decision before its notification.

        An admissible dossier reads the same as a proposed one: otherwise whoever is not proposed could tell. So does
        one on the reserve list, whatever is being decided about it since.
        """
        embargo = {self.Status.ONTVANKELIJK, self.Status.VOORGEDRAGEN, self.Status.RESERVE, *self.BESLIST}
        if self.status in embargo and self.kennisgegeven_op is None:
            return "In beoordeling" if self.reserve_gemeld_op is None else self.Status.RESERVE.label
        return str(self.get_status_display())

    @property
    def zichtbaar_toegekend_cent(self) -> int | None:
        """Return the award as the applicant may know it, in cents, or None."""
        return self.toegekend_cent if self.kennisgegeven_op else None

    @transition(status, source=Status.CONCEPT, target=Status.INGEDIEND)
    def dien_in(self) -> None:
        """Hand in."""

    @transition(status, source=Status.CONCEPT, target=Status.NIET_INGEDIEND)
    def laat_vervallen(self) -> None:
        """The round closed on a draft."""

    @transition(status, source=Status.INGEDIEND, target=Status.ONTVANKELIJK)
    def verklaar_ontvankelijk(self) -> None:
        """The formal requirements are met."""

    @transition(status, source=Status.INGEDIEND, target=Status.ONONTVANKELIJK)
    def verklaar_onontvankelijk(self) -> None:
        """A formal requirement is not met."""

    @property
    def gemeld_op(self) -> datetime | None:
        """Return when the applicant last got news of a decision: the final one, or her place on the reserve list."""
        return self.kennisgegeven_op or self.reserve_gemeld_op

    @transition(status, source=[Status.ONTVANKELIJK, Status.RESERVE], target=Status.VOORGEDRAGEN)
    def draag_voor(self) -> None:
        """Proposed for an award."""

    @transition(status, source=Status.VOORGEDRAGEN, target=Status.ONTVANKELIJK)
    def herneem(self) -> None:
        """The proposal was sent back; the round is ranked again."""

    @transition(status, source=Status.ONTVANKELIJK, target=Status.RESERVE)
    def plaats_op_reserve(self) -> None:
        """Put on the reserve list by a signed decision: good, but the budget is used up for now."""

    @transition(status, source=Status.VOORGEDRAGEN, target=Status.RESERVE)
    def herneem_op_reserve(self) -> None:
        """A proposal to award it from the reserve list was sent back."""

    @transition(status, source=Status.VOORGEDRAGEN, target=Status.TOEGEKEND)
    def ken_toe(self) -> None:
        """Awarded by a signed decision."""

    @transition(status, source=Status.ONTVANKELIJK, target=Status.GEWEIGERD_KWALITEIT)
    def weiger_om_kwaliteit(self) -> None:
        """Refused by a signed decision: below the minimum score."""

    @transition(status, source=[Status.ONTVANKELIJK, Status.RESERVE], target=Status.GEWEIGERD_KREDIET)
    def weiger_om_krediet(self) -> None:
        """Refused by a signed decision: good, but the budget is used up, or the reserve list is closed."""

    @transition(status, source=[Status.ONTVANKELIJK, Status.RESERVE], target=Status.GEWEIGERD_BEDRAG)
    def weiger_om_bedrag(self) -> None:
        """Refused by a signed decision: good, but nothing can be awarded to it."""

    @transition(status, source=Status.TOEGEKEND, target=Status.IN_UITVOERING)
    def start_uitvoering(self) -> None:
        """The award is notified; the project runs."""

    @transition(status, source=Status.IN_UITVOERING, target=Status.AFGEROND)
    def rond_af(self) -> None:
        """Reports approved and everything paid."""

    @transition(status, source=Status.IN_UITVOERING, target=Status.VERZAAKT)
    def verzaak(self) -> None:
        """The applicant gives up the award."""

    @transition(status, source=Status.IN_UITVOERING, target=Status.STOPGEZET)
    def zet_stop(self) -> None:
        """The granter ends the project."""


class Antwoord(models.Model):
    """The answer to one question; `versie` counts its changes, so that two tabs cannot overwrite each other."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="antwoorden")
    sleutel = models.SlugField(max_length=40)
    versie = models.PositiveIntegerField()
    waarde = models.TextField(blank=True)
    gewijzigd_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    gewijzigd_op = models.DateTimeField()

    class Meta:
        verbose_name = "het antwoord"
        constraints: ClassVar = [models.UniqueConstraint(fields=["dossier", "sleutel"], name="antwoord_per_vraag")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.sleutel}"


class Begrotingsregel(models.Model):
    """One line of the project budget."""

    class Soort(models.TextChoices):
        """A cost, or money that pays for it besides the subsidy."""

        KOST = "kost", "Kost"
        INBRENG = "inbreng", "Eigen inbreng of andere inkomst"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="begrotingsregels")
    volgorde = models.PositiveSmallIntegerField()
    soort = models.CharField(max_length=10, choices=Soort)
    omschrijving = models.CharField(max_length=200)
    bedrag_cent = models.BigIntegerField()

    class Meta:
        verbose_name = "de begrotingsregel"
        ordering: ClassVar = ["dossier_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "volgorde"], name="begrotingsregel_volgorde"),
            models.CheckConstraint(condition=Q(bedrag_cent__gte=0), name="begrotingsregel_niet_negatief"),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Bijlage(models.Model):
    """A file with an application."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="bijlagen")
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de bijlage"
        ordering: ClassVar = ["dossier_id", "pk"]

    def __str__(self) -> str:
        return self.bestand.naam


@bewaakt(verwijderen=False)
class Indiening(models.Model):
    """One time that a dossier was handed in: receipt and hash of the snapshot. Never changed.

    `blad` is the hash of the canonical receipt as a leaf (RFC 6962) of the round's tree.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="indieningen")
    ronde = models.ForeignKey(Ronde, on_delete=models.PROTECT, related_name="indieningen")
    volgnummer = models.PositiveSmallIntegerField(help_text="eerste, tweede ... indiening van dit dossier")
    ontvangstnummer = models.PositiveIntegerField(help_text="nummer in de ronde, in volgorde van ontvangst")
    ontvangen_op = models.DateTimeField()
    ingediend_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    snapshot_hash = models.BinaryField(max_length=32)
    nonce = models.BinaryField(max_length=16)
    ontvangst = models.BinaryField(help_text="canonieke bytes van het ontvangstbewijs")
    blad = models.BinaryField(max_length=32)
    nagespeeld = models.BooleanField(default=False)

    class Meta:
        verbose_name = "de indiening"
        ordering: ClassVar = ["dossier_id", "volgnummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "volgnummer"], name="indiening_volgnummer"),
            models.UniqueConstraint(fields=["ronde", "ontvangstnummer"], name="indiening_ontvangstnummer"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} ({self.volgnummer})"


@bewaakt(verwijderen=True)
class IndieningInhoud(models.Model):
    """Salt and canonical snapshot of a submission. Never changed; may be erased by an act of privacy."""

    indiening = models.OneToOneField(
        Indiening, on_delete=models.PROTECT, primary_key=True, related_name="bewaarde_inhoud"
    )
    zout = models.BinaryField(max_length=16)
    snapshot = models.BinaryField()

    def __str__(self) -> str:
        return f"snapshot van indiening {self.indiening_id}"


@wachter("verslag_leeg")
def verslag_ingevuld(verslag: "Verslag") -> str | None:
    """A report is handed in with a text."""
    return None if verslag.tekst.strip() else "Beschrijf eerst wat het project deed en bereikte."


class Verslag(FSMModelMixin, models.Model):
    """A report that a project owes."""

    class Status(models.TextChoices):
        """States of a report."""

        VERWACHT = "verwacht", "Verwacht"
        INGEDIEND = "ingediend", "Ingediend"
        TERUG = "terug", "Terug voor aanvulling"
        GOEDGEKEURD = "goedgekeurd", "Goedgekeurd"

    # It waits for the applicant.
    TE_GEVEN: ClassVar = (Status.VERWACHT, Status.TERUG)

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="verslagen")
    moment = models.ForeignKey(Verslagmoment, on_delete=models.PROTECT, related_name="verslagen")
    uiterlijk = models.DateField(help_text="laatste dag, inbegrepen")
    status = FSMField(default=Status.VERWACHT, choices=Status.choices, protected=True)
    tekst = models.TextField(blank=True)
    kosten_cent = models.BigIntegerField(null=True, blank=True, help_text="gemaakte kosten volgens de aanvrager")
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ingediend_op = models.DateTimeField(null=True, blank=True)
    beoordeling = models.TextField(blank=True, help_text="wat de behandelaar schreef bij goedkeuring of terugsturen")

    class Meta:
        verbose_name = "het verslag"
        ordering: ClassVar = ["dossier_id", "uiterlijk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "moment"], name="verslag_per_moment"),
            models.CheckConstraint(
                condition=Q(kosten_cent=None) | Q(kosten_cent__gte=0), name="verslag_kosten_niet_negatief"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moment} van {self.dossier}"

    @transition(status, source=[Status.VERWACHT, Status.TERUG], target=Status.INGEDIEND, conditions=[verslag_ingevuld])
    def dien_in(self) -> None:
        """Hand in."""

    @transition(status, source=Status.INGEDIEND, target=Status.GOEDGEKEURD)
    def keur_goed(self) -> None:
        """Approve."""

    @transition(status, source=Status.INGEDIEND, target=Status.TERUG)
    def stuur_terug(self) -> None:
        """Ask for more."""
