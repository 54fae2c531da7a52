"""People, organisations and who belongs to which."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q

# The account that acts for the system itself; nobody can sign in with it.
SYSTEEM = "systeem@oproepenloket.invalid"


class Categorie(models.TextChoices):
    """What kind of body an organisation is; a call names the kinds that may apply."""

    GEMEENTE = "gemeente", "Gemeente"
    OCMW = "ocmw", "OCMW"
    WELZIJN = "welzijnsorganisatie", "Welzijns- of zorgorganisatie"
    ZORGRAAD = "zorgraad", "Zorgraad van een eerstelijnszone"
    JEUGD = "jeugdorganisatie", "Jeugdorganisatie"
    HUIS_VAN_HET_KIND = "huis_van_het_kind", "Huis van het Kind"
    ONDERNEMING = "onderneming", "Onderneming"
    VERSTREKKER = "verstrekker", "Subsidieverstrekker"
    ANDERE = "andere", "Andere organisatie"


class Rechtsvorm(models.TextChoices):
    """Legal forms that calls distinguish."""

    LOKAAL_BESTUUR = "lokaal_bestuur", "Lokaal bestuur"
    PRIVAAT = "private_rechtspersoon", "Private rechtspersoon (vzw, stichting, vennootschap)"
    VERZORGINGSINSTELLING = "autonome_verzorgingsinstelling", "Autonome verzorgingsinstelling"
    GEMEENTEBEDRIJF = "autonoom_gemeentebedrijf", "Autonoom gemeentebedrijf"
    FEITELIJK = "feitelijke_vereniging", "Feitelijke vereniging"
    OVERHEID = "andere_overheid", "Andere overheid"


class Gebruikers(BaseUserManager["Gebruiker"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **velden: Any) -> "Gebruiker":
        """Make a user; without password the account cannot sign in until one is set."""
        gebruiker = self.model(email=self.normalize_email(email).lower(), **velden)
        gebruiker.set_password(password)
        gebruiker.save(using=self._db)
        return gebruiker

    def systeem(self) -> "Gebruiker":
        """Return the account that acts for the system itself (nightly tasks); nobody can sign in with it."""
        gebruiker, nieuw = self.get_or_create(email=SYSTEEM, defaults={"voornaam": "Het", "familienaam": "loket"})
        if nieuw:
            gebruiker.set_unusable_password()
            gebruiker.is_active = False
            gebruiker.save(update_fields=["password", "is_active"])
        return gebruiker


class Gebruiker(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField("e-mailadres", unique=True)
    voornaam = models.CharField(max_length=80, blank=True)
    familienaam = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = Gebruikers()

    class Meta:
        verbose_name = "gebruiker"

    def __str__(self) -> str:
        return self.naam

    @property
    def naam(self) -> str:
        """Return first and last name, or the address when none was given."""
        return f"{self.voornaam} {self.familienaam}".strip() or self.email


class Organisatie(models.Model):
    """A body that can apply, with its number in the Crossroads Bank for Enterprises (KBO) where it has one.

    A row is an organisation in one period: a municipality that merged has an end and an `opvolger`. Some successors
    keep the number of a predecessor, so a number is unique only among those without an end.
    """

    naam = models.CharField(max_length=200)
    categorie = models.CharField(max_length=30, choices=Categorie)
    rechtsvorm = models.CharField(max_length=40, choices=Rechtsvorm, help_text="groep die oproepen onderscheiden")
    juridische_vorm = models.CharField(max_length=40, blank=True, help_text="code uit rechtsvormen.csv")
    kbo = models.CharField("ondernemingsnummer", max_length=10, null=True, blank=True)  # noqa: DJ001  unique when present
    ovo = models.CharField(max_length=10, blank=True)
    nis = models.CharField("NIS-code van de gemeente", max_length=5, blank=True)
    gemeente = models.CharField(max_length=80, blank=True)
    provincie = models.CharField(max_length=40, blank=True)
    geldig_van = models.DateField(null=True, blank=True)
    geldig_tot = models.DateField(null=True, blank=True, help_text="eerste dag waarop de organisatie niet meer bestaat")
    opvolger = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="voorgangers")

    class Meta:
        verbose_name = "organisatie"
        ordering: ClassVar = ["naam", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kbo"],
                condition=Q(geldig_tot__isnull=True),
                name="organisatie_kbo_uniek",
                violation_error_code="kbo_bestaat",
                violation_error_message="Er is al een organisatie met dit ondernemingsnummer.",
            ),
            models.CheckConstraint(condition=~Q(kbo=""), name="organisatie_kbo_leeg_is_null"),
            models.CheckConstraint(
                condition=Q(opvolger=None) | Q(geldig_tot__isnull=False), name="organisatie_opvolger_na_einde"
            ),
            models.CheckConstraint(
                condition=Q(geldig_van=None) | Q(geldig_tot=None) | Q(geldig_tot__gt=F("geldig_van")),
                name="organisatie_einde_na_begin",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["nis"], name="organisatie_nis")]

    def __str__(self) -> str:
        return self.naam

    @property
    def kbo_leesbaar(self) -> str:
        """Return the KBO number as 0123.456.789, or an empty text."""
        return f"{self.kbo[:4]}.{self.kbo[4:7]}.{self.kbo[7:]}" if self.kbo else ""


class Lidmaatschap(models.Model):
    """A person who files for an organisation."""

    class Rol(models.TextChoices):
        """What the member may do for the organisation."""

        TEKENBEVOEGDE = "tekenbevoegde", "Tekenbevoegde: mag indienen en leden beheren"
        MEDEWERKER = "medewerker", "Medewerker: mag dossiers invullen en indienen"

    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="lidmaatschappen")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="lidmaatschappen")
    rol = models.CharField(max_length=20, choices=Rol)
    sinds = models.DateField()

    class Meta:
        verbose_name = "lidmaatschap"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisatie", "gebruiker"],
                name="lidmaatschap_uniek",
                violation_error_code="al_lid",
                violation_error_message="Deze persoon is al lid van de organisatie.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gebruiker} bij {self.organisatie}"


class BewaardeFilter(models.Model):
    """A view of the list of dossiers that a person comes back to. A preference: no act, and it leaves no event."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.CASCADE, related_name="bewaarde_filters")
    naam = models.CharField(max_length=60)
    vraag = models.TextField(blank=True, help_text="wat in het adres na het vraagteken staat")

    class Meta:
        verbose_name = "bewaarde filter"
        ordering: ClassVar = ["naam", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["gebruiker", "naam"], name="bewaarde_filter_uniek")]

    def __str__(self) -> str:
        return self.naam
