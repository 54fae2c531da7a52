"""The people of the demo: the accounts of the sign-in page, made-up jurors, and a contact person per applicant."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from oproepen import services as oproepen
from oproepen.models import Oproep, Taak
from organisaties import services as organisaties
from organisaties.models import Gebruiker, Organisatie
from portaal.demo.verzinsels import persoon
from portaal.demo_accounts import ACCOUNTS, WACHTWOORD

Rol = Taak.Rol
ROLLEN = {
    "behandelaar": Rol.BEHANDELAAR,
    "jurylid": Rol.JURYLID,
    "jurylid2": Rol.JURYLID,
    "voorzitter": Rol.VOORZITTER,
    "budgethouder": Rol.BUDGETHOUDER,
    "budgethouder2": Rol.BUDGETHOUDER,
    "boekhouder": Rol.BOEKHOUDER,
    "auditor": Rol.AUDITOR,
}
EXTRA_JURYLEDEN = 6


def maak_accounts() -> dict[str, Gebruiker]:
    """Make the accounts that can sign in, and the made-up jurors who cannot; return them by short name."""
    # One hash for all: it is the same password, and hashing is slow on purpose.
    wachtwoord = make_password(WACHTWOORD)
    mensen = {}
    for email, voornaam, familienaam, _, _ in ACCOUNTS:
        kort = email.split("@")[0]
        gebruiker = Gebruiker.objects.create_user(email, voornaam=voornaam, familienaam=familienaam, is_demo=True)
        gebruiker.password = wachtwoord
        gebruiker.is_staff = kort == "beheerder"
        gebruiker.save(update_fields=["password", "is_staff"])
        EmailAddress.objects.create(user=gebruiker, email=email, verified=True, primary=True)
        mensen[kort] = gebruiker
    for nummer in range(EXTRA_JURYLEDEN):
        mensen[f"jury{nummer}"] = _zonder_aanmelding(f"jury{nummer}@demo.loket", 40 + nummer)
    return mensen


def geef_rollen(oproep: Oproep, mensen: dict[str, Gebruiker], *, door: Gebruiker) -> None:
    """Give every account its role for a call, and the made-up jurors theirs."""
    for kort, gebruiker in mensen.items():
        rol = Rol.JURYLID if kort.startswith("jury") else ROLLEN.get(kort)
        if rol is not None:
            oproepen.geef_taak(oproep, gebruiker=gebruiker, rol=rol, door=door)


def jury(mensen: dict[str, Gebruiker]) -> list[Gebruiker]:
    """Return all jurors."""
    return [gebruiker for kort, gebruiker in mensen.items() if kort.startswith("jury")]


def contactpersonen(rijen: Iterable[Organisatie], *, door: Gebruiker) -> dict[int, Gebruiker]:
    """Give each organisation a made-up tekenbevoegde who cannot sign in; return them by organisation key."""
    uit = {}
    for nummer, organisatie in enumerate(rijen):
        gebruiker = _zonder_aanmelding(f"contact{organisatie.pk}@demo.loket", nummer)
        organisaties.wijs_tekenbevoegde_aan(organisatie, gebruiker=gebruiker, door=door)
        uit[organisatie.pk] = gebruiker
    return uit


def _zonder_aanmelding(email: str, nummer: int) -> Gebruiker:
    voornaam, familienaam = persoon(nummer)
    return Gebruiker.objects.create_user(email, voornaam=voornaam, familienaam=familienaam, is_demo=True)
