"""Cost claims of a project: their lines, other income, and which kind of costs each budget row belongs to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from dossiers.kosten.wachters import alles_beoordeeld, begroting_verdeeld, bewijs_volledig, heeft_regels
from kern.models import Bestand
from oproepen.models import Kostencategorie


class Kostenstaat(FSMModelMixin, models.Model):
    """One claim of a project: what it spent in a period."""

    class Status(models.TextChoices):
        """States of a claim."""

        CONCEPT = "concept", "Concept"
        INGEDIEND = "ingediend", "Ingediend"
        TERUGGESTUURD = "teruggestuurd", "Teruggestuurd"
        NAGEKEKEN = "nagekeken", "Nagekeken"

    # What the applicant is working on, and what staff may see.
    OPEN: ClassVar = [Status.CONCEPT, Status.TERUGGESTUURD]

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="kostenstaten")
    volgnummer = models.PositiveSmallIntegerField(help_text="eerste, tweede ... kostenstaat van dit dossier")
    van = models.DateField()
    tot = models.DateField(help_text="laatste dag, inbegrepen")
    versie = models.PositiveIntegerField(default=0, help_text="telt de wijzigingen van periode en inkomsten")
    status = FSMField(default=Status.CONCEPT, choices=Status.choices, protected=True)
    begonnen_op = models.DateTimeField()
    ingediend_op = models.DateTimeField(null=True, blank=True, help_text="de laatste keer")
    nagekeken_op = models.DateTimeField(null=True, blank=True)
    opmerking = models.TextField(blank=True, help_text="wat de behandelaar schreef bij terugsturen of afronden")
    zaad = models.CharField(max_length=64, blank=True, help_text="waaruit de steekproef volgt (hexadecimaal)")
    vingerafdruk = models.CharField(max_length=64, blank=True, help_text="SHA-256 van wat ingediend werd")

    class Meta:
        verbose_name = "de kostenstaat"
        ordering: ClassVar = ["dossier_id", "volgnummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "volgnummer"], name="kostenstaat_volgnummer"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(status__in=["concept", "teruggestuurd"]),
                name="kostenstaat_een_open",
                violation_error_code="al_begonnen",
                violation_error_message="Er is al een kostenstaat in opmaak. Dien die eerst in.",
            ),
            models.CheckConstraint(condition=Q(tot__gte=F("van")), name="kostenstaat_periode"),
        ]

    def __str__(self) -> str:
        return f"kostenstaat {self.volgnummer} van dossier {self.dossier.nummer}"

    @transition(
        status, source=OPEN, target=Status.INGEDIEND, conditions=[heeft_regels, begroting_verdeeld, bewijs_volledig]
    )
    def dien_in(self) -> None:
        """Hand in."""

    @transition(status, source=Status.INGEDIEND, target=Status.TERUGGESTUURD)
    def stuur_terug(self) -> None:
        """Ask the applicant to correct it."""

    @transition(status, source=Status.INGEDIEND, target=Status.NAGEKEKEN, conditions=[alles_beoordeeld])
    def rond_af(self) -> None:
        """Every line is judged, or stayed out of the sample."""


class Kostenregel(models.Model):
    """One expense: what was paid to whom, and what the handler decided about it.

    By the normalised supplier and invoice number (`..._sleutel`) and the content of the evidence (`bewijs_sha256`) the
    same expense is found in other claims: dossiers/kosten/dubbel.py.
    """

    class Oordeel(models.TextChoices):
        """What the handler decided."""

        OPEN = "open", "Nog niet beoordeeld"
        AANVAARD = "aanvaard", "Aanvaard"
        GEDEELTELIJK = "gedeeltelijk", "Gedeeltelijk aanvaard"
        VERWORPEN = "verworpen", "Verworpen"

    kostenstaat = models.ForeignKey(Kostenstaat, on_delete=models.PROTECT, related_name="regels")
    volgnummer = models.PositiveSmallIntegerField(
        help_text="nummer van de regel; het blijft wanneer een andere weggaat"
    )
    versie = models.PositiveIntegerField(default=1, help_text="telt de wijzigingen van de regel")
    categorie = models.ForeignKey(Kostencategorie, on_delete=models.PROTECT, related_name="+")
    omschrijving = models.CharField(max_length=200)
    leverancier = models.CharField(max_length=200, blank=True)
    leverancier_kbo = models.CharField(max_length=10, blank=True)
    factuurnummer = models.CharField(max_length=80, blank=True)
    factuurdatum = models.DateField(help_text="datum van de factuur of het andere bewijsstuk")
    betaaldatum = models.DateField()
    bedrag_cent = models.BigIntegerField()
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    leverancier_sleutel = models.CharField(max_length=200, blank=True)
    factuur_sleutel = models.CharField(max_length=80, blank=True)
    bewijs_sha256 = models.CharField(max_length=64, blank=True)
    in_steekproef = models.BooleanField(default=False)
    oordeel = models.CharField(max_length=12, choices=Oordeel, default=Oordeel.OPEN)
    aanvaard_cent = models.BigIntegerField(null=True, blank=True)
    reden = models.TextField(blank=True)
    ongezien = models.BooleanField(default=False, help_text="aanvaard bij het afronden, buiten de steekproef")

    class Meta:
        verbose_name = "de kostenregel"
        ordering: ClassVar = ["kostenstaat_id", "volgnummer"]
        indexes: ClassVar = [
            models.Index(fields=["factuur_sleutel"], name="kostenregel_factuur", condition=~Q(factuur_sleutel="")),
            models.Index(fields=["bewijs_sha256"], name="kostenregel_bewijs", condition=~Q(bewijs_sha256="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kostenstaat", "volgnummer"],
                name="kostenregel_volgnummer",
                violation_error_code="gewijzigd",
                violation_error_message="Iemand anders voegde intussen een regel toe. Bewaar opnieuw.",
            ),
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="kostenregel_bedrag_positief"),
            models.CheckConstraint(
                condition=Q(oordeel="open", aanvaard_cent=None)
                | Q(oordeel="aanvaard", aanvaard_cent=F("bedrag_cent"))
                | Q(oordeel="gedeeltelijk", aanvaard_cent__gt=0, aanvaard_cent__lt=F("bedrag_cent"))
                | Q(oordeel="verworpen", aanvaard_cent=0),
                name="kostenregel_aanvaard_volgens_oordeel",
            ),
            models.CheckConstraint(
                condition=Q(oordeel__in=["open", "aanvaard"]) | ~Q(reden=""), name="kostenregel_minder_met_reden"
            ),
            models.CheckConstraint(
                condition=Q(ongezien=False) | Q(oordeel="aanvaard", in_steekproef=False), name="kostenregel_ongezien"
            ),
        ]

    def __str__(self) -> str:
        return f"regel {self.volgnummer} van {self.kostenstaat}"


class AndereInkomst(models.Model):
    """Money that a project got for the same costs, besides the subsidy."""

    kostenstaat = models.ForeignKey(Kostenstaat, on_delete=models.PROTECT, related_name="inkomsten")
    volgorde = models.PositiveSmallIntegerField()
    omschrijving = models.CharField(max_length=200)
    bedrag_cent = models.BigIntegerField()

    class Meta:
        verbose_name = "de andere inkomst"
        ordering: ClassVar = ["kostenstaat_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kostenstaat", "volgorde"], name="andere_inkomst_volgorde"),
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="andere_inkomst_positief"),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Begrotingskoppeling(models.Model):
    """Which kind of costs a row of the project budget belongs to: budgets are in the applicant's own words."""

    begrotingsregel = models.OneToOneField(
        "dossiers.Begrotingsregel", on_delete=models.PROTECT, related_name="koppeling"
    )
    categorie = models.ForeignKey(Kostencategorie, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de koppeling van een begrotingsregel"

    def __str__(self) -> str:
        return f"{self.begrotingsregel}: {self.categorie}"
