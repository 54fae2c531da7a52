"""What one may do with organisations."""

from django.urls import reverse

from kern import klok, mails
from kern.weg import handeling, noteer
from kern.weigering import Weigering, eis
from organisaties import nummers, rechten, rechtsvormen
from organisaties.models import Categorie, Gebruiker, Lidmaatschap, Organisatie

# What an administrator changes; the group of a legal form follows from the form.
WIJZIGBAAR = frozenset({"naam", "categorie", "juridische_vorm", "kbo", "gemeente"})
KBO_BESTAAT = "Er is al een organisatie met dit ondernemingsnummer."


@handeling("organisatie.registreer", "Organisatie registreren", mag=rechten.mag_registreren)
def registreer_organisatie(
    wie: Gebruiker, *, naam: str, categorie: str, juridische_vorm: str, kbo: str, gemeente: str, door: Gebruiker
) -> Organisatie:
    """Register a new organisation of which `wie` becomes tekenbevoegde.

    juridische_vorm: a code of `rechtsvormen`, from which the group follows that calls distinguish;
    kbo: as typed, or empty when the organisation has none.
    Raises Weigering: onbekende_rechtsvorm, kbo_ongeldig, kbo_bestaat, naam_bestaat.
    """
    vorm = _vorm(juridische_vorm)
    nummer = nummers.lees_kbo(kbo) if kbo.strip() else None
    if nummer and Organisatie.objects.filter(kbo=nummer).exists():
        raise Weigering("kbo_bestaat", _al_bekend(nummer), "kbo")
    # A number is unique by itself; without one a second click would make a second organisation.
    zelfde_naam = Organisatie.objects.filter(naam=naam, kbo=None, lidmaatschappen__gebruiker_id=wie.pk)
    eis(
        nummer or not zelfde_naam.exists(),
        "naam_bestaat",
        "U bent al lid van een organisatie met deze naam.",
        "naam",
    )
    organisatie = Organisatie.objects.create(
        naam=naam,
        categorie=categorie,
        rechtsvorm=vorm.groep,
        juridische_vorm=vorm.code,
        kbo=nummer,
        gemeente=gemeente,
    )
    Lidmaatschap.objects.create(
        organisatie=organisatie, gebruiker=wie, rol=Lidmaatschap.Rol.TEKENBEVOEGDE, sinds=klok.vandaag()
    )
    noteer(organisatie, door=door, inhoud={"naam": naam, "kbo": nummer, "tekenbevoegde": wie.pk})
    return organisatie


def _al_bekend(kbo: str) -> str:
    if Lidmaatschap.objects.filter(organisatie__kbo=kbo, organisatie__geldig_tot=None).exists():
        return "Deze organisatie is al bekend. Vraag een tekenbevoegde van de organisatie om u als lid toe te voegen."
    return (
        "Deze organisatie is al bekend, maar niemand tekent er nog voor. Vraag de dienst die de oproep uitschrijft om "
        "u als tekenbevoegde aan te wijzen."
    )


@handeling("organisatie.voeg_toe", "Organisatie toevoegen", mag=rechten.mag_laden)
def voeg_organisatie_toe(
    wie: Gebruiker, *, naam: str, categorie: str, juridische_vorm: str, kbo: str | None, gemeente: str, door: Gebruiker
) -> Organisatie:
    """Add an organisation that nobody signs for yet; wie: the administrator herself.

    juridische_vorm: a code of `rechtsvormen`; kbo: ten digits, or None. Raises Weigering: onbekende_rechtsvorm,
    kbo_bestaat.
    """
    eis(not kbo or not Organisatie.objects.filter(kbo=kbo, geldig_tot=None).exists(), "kbo_bestaat", KBO_BESTAAT, "kbo")
    velden = {"naam": naam, "categorie": categorie, "kbo": kbo or None, "gemeente": gemeente}
    vorm = _vorm(juridische_vorm)
    organisatie = Organisatie.objects.create(**velden, rechtsvorm=vorm.groep, juridische_vorm=vorm.code)
    noteer(organisatie, door=door, inhoud={**velden, "juridische_vorm": vorm.code})
    return organisatie


@handeling("organisatie.wijzig", "Gegevens van een organisatie wijzigen", mag=rechten.mag_wijzigen)
def wijzig_organisatie(organisatie: Organisatie, *, velden: dict[str, str | None], door: Gebruiker) -> Organisatie:
    """Change what is known of an organisation: fields among WIJZIGBAAR. The event keeps what they were and became.

    Raises Weigering: uit_gegevensbestand, onbekende_rechtsvorm, kbo_bestaat, niets_gewijzigd.
    """
    reden = reden_niet_te_wijzigen(organisatie)
    eis(reden is None, "uit_gegevensbestand", reden or "")
    onbekend = velden.keys() - WIJZIGBAAR
    if onbekend:
        raise ValueError(f"niet wijzigbaar: {onbekend}")
    nieuw: dict[str, str | None] = {naam: w for naam, w in velden.items() if getattr(organisatie, naam) != w}
    eis(nieuw, "niets_gewijzigd", "Er is niets gewijzigd.")
    kbo = nieuw.get("kbo")
    ander = Organisatie.objects.filter(kbo=kbo, geldig_tot=None).exclude(pk=organisatie.pk)
    eis(not kbo or not ander.exists(), "kbo_bestaat", KBO_BESTAAT, "kbo")
    oud = {naam: getattr(organisatie, naam) for naam in nieuw}
    for naam, waarde in nieuw.items():
        setattr(organisatie, naam, waarde)
    if "juridische_vorm" in nieuw:
        organisatie.rechtsvorm = _vorm(nieuw["juridische_vorm"] or "").groep
    organisatie.save()
    noteer(organisatie, door=door, inhoud={"was": oud, "wordt": nieuw})
    return organisatie


def reden_niet_te_wijzigen(organisatie: Organisatie) -> str | None:
    """Return why the data of an organisation cannot be changed here, or None."""
    if organisatie.nis and organisatie.categorie in {Categorie.GEMEENTE, Categorie.OCMW}:
        return "De gegevens van gemeenten en OCMW's komen uit hun gegevensbestand en worden hier niet gewijzigd."
    return None


def _vorm(code: str) -> rechtsvormen.Vorm:
    vorm = rechtsvormen.vormen().get(code)
    if vorm is None:
        raise Weigering("onbekende_rechtsvorm", "Kies een rechtsvorm uit de lijst.", "juridische_vorm")
    return vorm


@handeling("organisatie.voeg_lid_toe", "Lid toevoegen", mag=rechten.mag_leden_beheren)
def voeg_lid_toe(organisatie: Organisatie, *, email: str, rol: str, door: Gebruiker) -> Lidmaatschap:
    """Add the person with this address to an organisation. Raises Weigering: onbekende_gebruiker, al_lid."""
    gebruiker = Gebruiker.objects.filter(email=email.strip().lower(), is_active=True).first()
    if gebruiker is None:
        raise Weigering(
            "onbekende_gebruiker", "Niemand heeft zich met dit e-mailadres geregistreerd. Vraag dat eerst.", "email"
        )
    # A member of a successor may be added too: what counts here is the membership itself.
    if Lidmaatschap.objects.filter(organisatie=organisatie, gebruiker=gebruiker).exists():
        raise Weigering("al_lid", "Deze persoon is al lid van de organisatie.", "email")
    lidmaatschap = Lidmaatschap.objects.create(
        organisatie=organisatie, gebruiker=gebruiker, rol=rol, sinds=klok.vandaag()
    )
    noteer(organisatie, door=door, inhoud={"lid": gebruiker.pk, "rol": rol})
    _meld_lidmaatschap(lidmaatschap)
    return lidmaatschap


@handeling("organisatie.wijs_tekenbevoegde_aan", "Tekenbevoegde aanwijzen", mag=rechten.mag_tekenbevoegde_aanwijzen)
def wijs_tekenbevoegde_aan(organisatie: Organisatie, *, gebruiker: Gebruiker, door: Gebruiker) -> Lidmaatschap:
    """Give a known organisation its (first) tekenbevoegde, by an administrator. Raises Weigering: al_lid."""
    if Lidmaatschap.objects.filter(organisatie=organisatie, gebruiker=gebruiker).exists():
        raise Weigering("al_lid", "Deze persoon is al lid van de organisatie.", "email")
    rol = Lidmaatschap.Rol.TEKENBEVOEGDE
    lidmaatschap = Lidmaatschap.objects.create(
        organisatie=organisatie, gebruiker=gebruiker, rol=rol, sinds=klok.vandaag()
    )
    noteer(organisatie, door=door, inhoud={"lid": gebruiker.pk, "rol": rol.value})
    _meld_lidmaatschap(lidmaatschap)
    return lidmaatschap


def _meld_lidmaatschap(lidmaatschap: Lidmaatschap) -> None:
    organisatie = lidmaatschap.organisatie
    mails.zet_mail_klaar(
        f"lidmaatschap {lidmaatschap.pk}",
        aan=[lidmaatschap.gebruiker.email],
        onderwerp=f"U werkt nu mee voor {organisatie.naam}",
        tekst=(
            f"U bent toegevoegd als lid van {organisatie.naam} in het loket.\n\n"
            f"Uw rol: {lidmaatschap.get_rol_display()}.\n\n"
            "Klopt dit niet? Laat het dan weten aan een tekenbevoegde van de organisatie."
        ),
        pad=reverse("organisatie", args=[organisatie.pk]),
        knop="Naar de organisatie",
    )
