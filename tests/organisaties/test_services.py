"""Acts on organisations: register one, add a member."""

import pytest
from django.db import IntegrityError, transaction

from kern import klok
from organisaties.models import Categorie, Gebruiker, Lidmaatschap, Organisatie, Rechtsvorm
from organisaties.services import registreer_organisatie, voeg_lid_toe, wijs_tekenbevoegde_aan
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, weigert

KBO_ZIN = "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
BEKEND = "Deze organisatie is al bekend. Vraag een tekenbevoegde van de organisatie om u als lid toe te voegen."
ONBEKEND = "Niemand heeft zich met dit e-mailadres geregistreerd. Vraag dat eerst."
AL_LID = "Deze persoon is al lid van de organisatie."
TEKENBEVOEGDE, MEDEWERKER = Lidmaatschap.Rol.TEKENBEVOEGDE, Lidmaatschap.Rol.MEDEWERKER

GEGEVENS = {
    "naam": "Buurtwerk Rumst",
    "categorie": Categorie.WELZIJN,
    "juridische_vorm": "vzw",
    "kbo": "",
    "gemeente": "Rumst",
}


def leden(organisatie):
    return sorted(organisatie.lidmaatschappen.values_list("gebruiker__voornaam", "rol", "sinds"))


def registreer(w, **velden):
    return registreer_organisatie(w.stan, **(GEGEVENS | velden), door=w.stan)


def test_registering_without_kbo_makes_the_person_tekenbevoegde(wereld):
    with geschiedenis() as nieuw:
        organisatie = registreer(wereld)
    velden = ("naam", "categorie", "rechtsvorm", "juridische_vorm", "kbo", "gemeente", "nis")
    rij = Organisatie.objects.values(*velden).get(pk=organisatie.pk)
    assert rij == {
        "naam": "Buurtwerk Rumst",
        "categorie": "welzijnsorganisatie",
        "rechtsvorm": "private_rechtspersoon",
        "juridische_vorm": "vzw",
        "kbo": None,
        "gemeente": "Rumst",
        "nis": "",
    }
    assert leden(organisatie) == [("Stan", TEKENBEVOEGDE, klok.vandaag())]
    inhoud = {"naam": "Buurtwerk Rumst", "kbo": None, "tekenbevoegde": wereld.stan.pk}
    assert nieuw.feiten == [feit(organisatie, "organisatie.registreer", wereld.stan, inhoud=inhoud)]
    assert nieuw.mails == []
    alles_klopt()


@pytest.mark.parametrize("kbo", ["0207507744", "0207.507.744", " 0207 507 744 ", "BE 0207.507.744", "207507744"])
def test_registering_stores_the_kbo_number_as_ten_digits(wereld, kbo):
    with geschiedenis() as nieuw:
        organisatie = registreer(wereld, kbo=kbo)
    assert Organisatie.objects.get(pk=organisatie.pk).kbo == "0207507744"
    assert organisatie.kbo_leesbaar == "0207.507.744"
    inhoud = {"naam": "Buurtwerk Rumst", "kbo": "0207507744", "tekenbevoegde": wereld.stan.pk}
    assert nieuw.feiten == [feit(organisatie, "organisatie.registreer", wereld.stan, inhoud=inhoud)]


def test_two_organisations_without_kbo_and_with_the_same_name_may_exist(wereld):
    eerste, tweede = registreer(wereld), registreer_organisatie(wereld.ben, **GEGEVENS | {"kbo": " "}, door=wereld.ben)
    assert eerste.pk != tweede.pk
    assert list(Organisatie.objects.filter(naam="Buurtwerk Rumst").values_list("kbo", flat=True)) == [None, None]


def test_registering_the_same_organisation_twice_without_kbo_is_refused(wereld):
    registreer(wereld)
    with weigert("naam_bestaat", "U bent al lid van een organisatie met deze naam.", "naam"):
        registreer(wereld, kbo="  ")


@pytest.mark.parametrize("kbo", ["0207507745", "020750774", "geen", "0207.507.744.1"])
def test_registering_with_an_invalid_kbo_number_is_refused(wereld, kbo):
    with weigert("kbo_ongeldig", KBO_ZIN, "kbo"):
        registreer(wereld, kbo=kbo)


@pytest.mark.parametrize("kbo", ["0207508932", "0207.508.932"])
def test_registering_a_known_kbo_number_is_refused(wereld, kbo):
    with weigert("kbo_bestaat", BEKEND, "kbo"):
        registreer(wereld, kbo=kbo)


def test_registering_the_same_kbo_number_twice_is_refused(wereld):
    registreer(wereld, kbo="0207507744")
    with weigert("kbo_bestaat", BEKEND, "kbo"):
        registreer(wereld, kbo="0207507744")


def test_a_person_who_was_deactivated_may_not_register(wereld):
    Gebruiker.objects.filter(pk=wereld.stan.pk).update(is_active=False)
    stan = Gebruiker.objects.get(pk=wereld.stan.pk)
    with weigert("geen_recht"):
        registreer_organisatie(stan, **GEGEVENS, door=stan)


@pytest.mark.parametrize("rol", Lidmaatschap.Rol.values)
def test_adding_a_member(wereld, rol):
    with klok.op(klok.brussel(2021, 10, 5, 0, 30)), geschiedenis() as nieuw:
        lidmaatschap = voeg_lid_toe(wereld.aartselaar, email="stan@voorbeeld.test", rol=rol, door=wereld.an)
        vandaag = klok.vandaag()
    assert str(vandaag) == "2021-10-05"
    assert lidmaatschap == Lidmaatschap.objects.get(organisatie=wereld.aartselaar, gebruiker=wereld.stan)
    assert leden(wereld.aartselaar)[1:] == [("Stan", rol, vandaag)]
    assert nieuw.feiten == [
        feit(wereld.aartselaar, "organisatie.voeg_lid_toe", wereld.an, inhoud={"lid": wereld.stan.pk, "rol": rol})
    ]
    tekst = (
        f"U bent toegevoegd als lid van Aartselaar in het loket.\n\nUw rol: {Lidmaatschap.Rol(rol).label}.\n\n"
        "Klopt dit niet? Laat het dan weten aan een tekenbevoegde van de organisatie."
    )
    assert nieuw.mails == [("stan@voorbeeld.test", "U werkt nu mee voor Aartselaar", tekst)]
    alles_klopt()


@pytest.mark.parametrize("email", [" stan@voorbeeld.test ", "STAN@Voorbeeld.Test"])
def test_the_address_of_a_member_is_read_without_spaces_and_capitals(wereld, email):
    assert voeg_lid_toe(wereld.boom, email=email, rol=MEDEWERKER, door=wereld.ben).gebruiker == wereld.stan


@pytest.mark.parametrize("email", ["wie@voorbeeld.test", "", "stan"])
def test_adding_an_unknown_address_is_refused(wereld, email):
    with weigert("onbekende_gebruiker", ONBEKEND, "email"):
        voeg_lid_toe(wereld.aartselaar, email=email, rol=MEDEWERKER, door=wereld.an)


def test_adding_a_deactivated_person_is_refused(wereld):
    Gebruiker.objects.filter(pk=wereld.stan.pk).update(is_active=False)
    with weigert("onbekende_gebruiker", ONBEKEND, "email"):
        voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol=MEDEWERKER, door=wereld.an)


def test_the_account_of_the_system_cannot_become_a_member(wereld):
    with weigert("onbekende_gebruiker", ONBEKEND, "email"):
        voeg_lid_toe(wereld.aartselaar, email=Gebruiker.objects.systeem().email, rol=MEDEWERKER, door=wereld.an)


@pytest.mark.parametrize("wie", ["an", "stan"])
def test_adding_a_member_twice_is_refused(wereld, wie):
    voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol=MEDEWERKER, door=wereld.an)
    with weigert("al_lid", AL_LID, "email"):
        voeg_lid_toe(wereld.aartselaar, email=wereld.mensen[wie].email, rol=TEKENBEVOEGDE, door=wereld.an)


def test_the_database_itself_refuses_a_second_membership_and_a_second_kbo_number(wereld):
    for daad in (
        lambda: Lidmaatschap.objects.create(
            organisatie=wereld.aartselaar, gebruiker=wereld.an, rol=MEDEWERKER, sinds=klok.vandaag()
        ),
        lambda: bouw.organisatie("Dubbel", "0207508932", Categorie.ANDERE, Rechtsvorm.PRIVAAT, wereld.stan),
        lambda: bouw.organisatie("Leeg", "", Categorie.ANDERE, Rechtsvorm.PRIVAAT, wereld.stan),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            daad()


def lidmail(organisatie, rol):
    tekst = (
        f"U bent toegevoegd als lid van {organisatie} in het loket.\n\nUw rol: {Lidmaatschap.Rol(rol).label}.\n\n"
        "Klopt dit niet? Laat het dan weten aan een tekenbevoegde van de organisatie."
    )
    return (f"U werkt nu mee voor {organisatie}", tekst)


def test_an_administrator_gives_a_known_organisation_its_tekenbevoegde(wereld):
    rumst = Organisatie.objects.create(
        naam="Rumst", categorie="gemeente", rechtsvorm="lokaal_bestuur", kbo="0207507744"
    )
    with geschiedenis() as nieuw:
        lidmaatschap = wijs_tekenbevoegde_aan(rumst, gebruiker=wereld.stan, door=wereld.beheer)
    assert lidmaatschap == Lidmaatschap.objects.get(organisatie=rumst)
    assert leden(rumst) == [("Stan", TEKENBEVOEGDE, klok.vandaag())]
    inhoud = {"lid": wereld.stan.pk, "rol": "tekenbevoegde"}
    assert nieuw.feiten == [feit(rumst, "organisatie.wijs_tekenbevoegde_aan", wereld.beheer, inhoud=inhoud)]
    assert nieuw.mails == [("stan@voorbeeld.test", *lidmail("Rumst", TEKENBEVOEGDE))]
    with weigert("al_lid", AL_LID, "email"):
        wijs_tekenbevoegde_aan(rumst, gebruiker=wereld.stan, door=wereld.beheer)
    voeg_lid_toe(rumst, email=wereld.ben.email, rol=MEDEWERKER, door=wereld.stan)
    with weigert("al_lid", AL_LID, "email"):
        wijs_tekenbevoegde_aan(rumst, gebruiker=wereld.ben, door=wereld.beheer)
    alles_klopt()


def test_a_member_of_the_successor_may_also_be_a_member_herself(wereld):
    """Who belongs to Boom through its successor only, is not in the list of Boom's own members."""
    rivierenland = bouw.organisatie("Rivierenland", None, Categorie.GEMEENTE, Rechtsvorm.LOKAAL_BESTUUR, wereld.stan)
    Organisatie.objects.filter(pk=wereld.boom.pk).update(opvolger=rivierenland, geldig_tot="2021-10-01")
    boom = Organisatie.objects.get(pk=wereld.boom.pk)
    with weigert("geen_recht"):
        voeg_lid_toe(boom, email=wereld.bea.email, rol=MEDEWERKER, door=wereld.stan)
    assert voeg_lid_toe(boom, email=wereld.stan.email, rol=MEDEWERKER, door=wereld.ben).gebruiker == wereld.stan
