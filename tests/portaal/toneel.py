"""The stage for the matrix: one browser per role, and for every address an object in the right state.

`anon` is nobody; `eigen` is the applicant of the object, `mede` her colleague who may not manage members, `ander`
the applicant of another organisation, `zonder` somebody without organisation; `blad` a juror with a sheet for the
dossier, `geenb` a juror of the call without one, `juryA` a juror of another call; `voorz` the chair; `beh` the
handler, `behBr` the handler of the other track, `behA` of another call; `budg`, `boek`, `aud`: budget holder,
accountant, auditor; `admin` the administrator.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Scoreblad
from betalingen import services as betalingen
from betalingen.bank import pain
from betalingen.models import Afschrift, Afschriftregel, Betaalopdracht, Betaling, Krediet, Terugvordering
from betalingen.queries.verschillen import verschillen
from dossiers import services as dossiers
from dossiers.kosten import opmaak as kostenopmaak
from dossiers.kosten import services as kosten
from dossiers.kosten.inlezen import Voorstel, verzegel
from dossiers.kosten.regels import Regelgegevens
from dossiers.models import Bijlage, Dossier, Kostenregel, Verslag
from kern import klok, uitvoer, uploads
from kern.inlezen import handelingen
from kern.models import Uitvoer
from oproepen import services as oproepen
from oproepen.models import Betaalschijf, Kostencategorie, Oproep, Taak
from organisaties import services as organisaties
from organisaties.models import Gebruiker, Lidmaatschap, Organisatie
from portaal.bewaard import bewaar_filter
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.betalingen.bank.afschrift import Boeking, schrijf
from tests.hulp import RijkeWereld
from tests.onthouden import onthoudt

ROLLEN = ("anon", "eigen", "mede", "ander", "zonder", "blad", "geenb", "juryA", "voorz", "beh", "behBr", "behA")
ROLLEN += ("budg", "boek", "aud", "admin")


@dataclass
class Toneel:
    """The rich world, what was added to it, and who plays which role for objects of which organisation."""

    w: RijkeWereld
    niel: Organisatie
    spelers: dict[str, dict[str, Gebruiker]]
    sessies: dict[int, str] = field(default_factory=dict)

    def browser(self, wie: Gebruiker | None, **opties: Any) -> Client:
        """Return a fresh browser in which this person has signed in."""
        client = Client(**opties)
        if wie is not None:
            if wie.pk not in self.sessies:
                client.force_login(wie)
                self.sessies[wie.pk] = client.cookies["sessionid"].value
            client.cookies["sessionid"] = self.sessies[wie.pk]
        return client

    def speler(self, rol: str, van: str = "aartselaar") -> Gebruiker | None:
        """Return who plays a role for an object of an organisation."""
        return None if rol == "anon" else self.spelers[van][rol]

    def dossier(self, ronde: int, organisatie: str = "aartselaar") -> Dossier:
        """Return a dossier of the Flemish track."""
        return self.w.dossier("vlaanderen", ronde, organisatie)


@onthoudt
def bouw_toneel(w: RijkeWereld) -> Toneel:
    """Add to the rich world: the published other call, a juror without a sheet, colleagues, a fourth organisation."""
    m = w.mensen
    for naam in ("kim", "mo"):
        m[naam] = bouw.mens(naam)
    oproepen.geef_taak(w.oproep, gebruiker=m["kim"], rol=Taak.Rol.JURYLID, door=w.beheer)
    organisaties.voeg_lid_toe(w.boom, email=m["mo"].email, rol=Lidmaatschap.Rol.MEDEWERKER, door=w.ben)
    oproepen.leg_oproep_voor(w.ontwerp, door=m["behandelaar_ander"])
    oproepen.publiceer(w.ontwerp, door=m["budgethouder_ander"])
    niel = bouw.organisatie("Niel", "0207500123", "gemeente", "lokaal_bestuur", w.an)
    vast = {
        "zonder": w.stan,
        "blad": w.joke,
        "geenb": m["kim"],
        "juryA": m["jurylid_ander"],
        "voorz": w.vic,
        "beh": w.bea,
        "behBr": m["behandelaar_brussel"],
        "behA": m["behandelaar_ander"],
        "budg": w.bart,
        "boek": w.bo,
        "aud": w.aude,
        "admin": w.beheer,
    }
    spelers = {
        "aartselaar": {"eigen": w.an, "mede": w.mel, "ander": w.ben, **vast},
        "boom": {"eigen": w.ben, "mede": m["mo"], "ander": w.an, **vast},
    }
    t = Toneel(w, niel, spelers)
    for personen in spelers.values():
        for persoon in personen.values():
            t.browser(persoon)
    return t


@dataclass
class Doel:
    """Where a request goes: arguments of the address, what is posted, and whose object it is."""

    args: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    van: str = "aartselaar"
    zoek: str = ""


DOELEN: dict[str, Callable[[Toneel], Doel]] = {}


def doel(*namen: str) -> Callable[[Callable[[Toneel], Doel]], Callable[[Toneel], Doel]]:
    """Register a function that gives the target of these addresses, bringing an object into its state first."""

    def registreer(functie: Callable[[Toneel], Doel]) -> Callable[[Toneel], Doel]:
        for naam in namen:
            DOELEN[naam] = functie
        return functie

    return registreer


@doel("oproepen")
@doel("home", "gezondheid", "over", "privacy", "toegankelijkheid", "mijn_werk", "betalingen", "budgetstand")
@doel("beheer", "dossiers", "dossiers_bestand", "verslagen", "betalingen_bestand", "budgetstand_bestand")
@doel("betaalopdrachten", "kostenstaten", "kostenstaten_bestand", "organisaties_bestand")
def zonder_argument(t: Toneel) -> Doel:
    return Doel()


@doel("dossiers_stukken", "dossiers_toewijzen")
def gekozen_dossiers(t: Toneel) -> Doel:
    pk = t.dossier(4).pk
    return Doel(data={"dossiers": [pk], "jurylid": t.w.mensen["kim"].pk}, zoek=f"?keuze=1&dossiers={pk}")


@doel("dossiers_filters")
def bewaarde_filters(t: Toneel) -> Doel:
    return Doel(data={"naam": "Mijn filter", "vraag": "status=ingediend"})


@doel("dossiers_filter_verwijder")
def bewaarde_filter(t: Toneel) -> Doel:
    return Doel({"pk": bewaar_filter(t.w.bea, naam="Mijn filter", vraag="status=ingediend").pk})


@doel("oproep", "oproep_beheer")
def de_oproep(t: Toneel) -> Doel:
    return Doel({"slug": t.w.oproep.slug})


@doel("oproep:ontwerp")
def een_ontwerp(t: Toneel) -> Doel:
    return Doel({"slug": t.w.voorgelegd.slug})


@doel("oproep_kondig_aan")
def oproep_kondig_aan(t: Toneel) -> Doel:
    return Doel({"slug": oproepen.stuur_oproep_terug(t.w.voorgelegd, reden="Nog eens.", door=t.w.bart).slug})


@doel("oproep_leg_voor")
def oproep_leg_voor(t: Toneel) -> Doel:
    oproepen.stuur_oproep_terug(t.w.voorgelegd, reden="Nog eens.", door=t.w.bart)
    return Doel({"slug": t.w.voorgelegd.slug})


@doel("oproep_publiceer")
def oproep_publiceer(t: Toneel) -> Doel:
    return Doel({"slug": t.w.voorgelegd.slug})


@doel("oproep_stuur_terug")
def oproep_stuur_terug(t: Toneel) -> Doel:
    return Doel({"slug": t.w.voorgelegd.slug}, {"reden": "Nog eens."})


@doel("organisatie_nieuw")
def organisatie_nieuw(t: Toneel) -> Doel:
    data = {"kbo": "", "naam": "Wij", "categorie": "welzijnsorganisatie", "juridische_vorm": "vzw"}
    return Doel(data={**data, "gemeente": "Aartselaar"})


@doel("tekenbevoegde")
def tekenbevoegde(t: Toneel) -> Doel:
    return Doel({"pk": t.w.aartselaar.pk}, {"gebruiker": t.w.mia.email})


@doel("organisatie")
def de_organisatie(t: Toneel) -> Doel:
    return Doel({"pk": t.w.aartselaar.pk}, {"email": t.w.mia.email, "rol": "medewerker"})


@doel("dossier_start")
def dossier_start(t: Toneel) -> Doel:
    return Doel({"slug": t.w.oproep.slug, "luik": "vlaanderen"}, {"organisatie": t.niel.pk})


@doel("dossier_vragen")
def dossier_vragen(t: Toneel) -> Doel:
    dossier = t.dossier(6)
    data = {a.sleutel: a.waarde for a in dossier.antwoorden.all()} | {"acties": "Wij bellen aan."}
    return Doel({"nummer": dossier.nummer}, data | {f"versie_{sleutel}": "1" for sleutel in data})


@doel("dossier_bewaar")
def dossier_bewaar(t: Toneel) -> Doel:
    data = {"gewijzigd": "acties", "acties": "Wij bellen aan.", "versie_acties": "1"}
    return Doel({"nummer": t.dossier(6).nummer}, data)


@doel("dossier_begroting")
def dossier_begroting(t: Toneel) -> Doel:
    leeg = {f"{p}-{n}_FORMS": "0" for p in ("kosten", "inbreng") for n in ("TOTAL", "INITIAL")}
    return Doel({"nummer": t.dossier(6).nummer}, {"titel": "Anders", "versie": "1", **leeg})


@doel("dossier_bijlagen", "bijlage_bewaar")
def dossier_bijlagen(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(6).nummer}, {"bestanden": [bouw.upload("tweede.pdf")]})


@doel("bijlage_verwijder")
def bijlage_verwijder(t: Toneel) -> Doel:
    dossier = t.dossier(6)
    return Doel({"nummer": dossier.nummer, "pk": Bijlage.objects.get(dossier=dossier).pk})


@doel("dossier_indienen")
def dossier_indienen(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(6).nummer})


@doel("dossier", "dossier_pdf", "dossier_ontvangstbewijs", "ontvangstbewijs_json", "ontvangstbewijs_pdf")
def het_dossier(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(4).nummer})


@doel("brief_pdf")
def brief(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(1, "boom").nummer}, van="boom")


@doel("brief_pdf:embargo", "dossier:embargo")
def dossier_onder_embargo(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(2).nummer})


@doel("dossier:concept")
def een_concept(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(6).nummer})


@doel("bijlage")
def bijlage(t: Toneel) -> Doel:
    return Doel({"pk": Bijlage.objects.get(dossier=t.dossier(4)).pk})


@doel("bijlage:concept")
def bijlage_van_concept(t: Toneel) -> Doel:
    return Doel({"pk": Bijlage.objects.get(dossier=t.dossier(6)).pk})


@doel("dossier_ontvankelijkheid")
def dossier_ontvankelijkheid(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(5).nummer}, {"oordeel": "ontvankelijk", "motivering": "Alles is er."})


@doel("dossier_jury")
def dossier_jury(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(4).nummer}, {"form": "toewijzen", "jurylid": t.w.mensen["kim"].pk})


@doel("dossier_jury:advies")
def dossier_jury_advies(t: Toneel) -> Doel:
    data = {"form": "advies", "gunstig": "ja", "motivering": "Sterk."}
    return Doel({"nummer": t.dossier(4, "vzw").nummer}, data)


@doel("scoreblad")
def scoreblad(t: Toneel) -> Doel:
    return Doel({"pk": Scoreblad.objects.get(dossier=t.dossier(4), jurylid=t.w.joke).pk})


@doel("scoreblad:ingediend")
def scoreblad_ingediend(t: Toneel) -> Doel:
    return Doel({"pk": Scoreblad.objects.get(dossier=t.dossier(4), jurylid=t.w.jef).pk})


@doel("ronde", "ronde_bestand", "ronde_scores")
def de_ronde(t: Toneel) -> Doel:
    return Doel({"pk": t.w.ronde("vlaanderen", 4).pk})


@doel("ronde_sluit")
def ronde_sluit(t: Toneel) -> Doel:
    ronde = t.w.ronde("vlaanderen", 6)
    klok.zet(ronde.sluit_op + timedelta(days=1))
    return Doel({"pk": ronde.pk})


@doel("ronde_start")
def ronde_start(t: Toneel) -> Doel:
    return Doel({"pk": t.w.ronde("vlaanderen", 5).pk})


@doel("ronde_stel_voor")
def ronde_stel_voor(t: Toneel) -> Doel:
    return Doel({"pk": t.w.ronde("vlaanderen", 7).pk})


@doel("ronde_stel_reserve_voor")
def ronde_stel_reserve_voor(t: Toneel) -> Doel:
    return Doel({"pk": t.w.ronde("vlaanderen", 10).pk})


def _besluit(t: Toneel, ronde: int) -> Besluit:
    return Besluit.objects.get(ronde=t.w.ronde("vlaanderen", ronde))


@doel("besluit", "besluit_geef_kennis")
def besluit_ondertekend(t: Toneel) -> Doel:
    return Doel({"pk": _besluit(t, 2).pk})


@doel("besluit_stuur_terug")
def besluit_stuur_terug(t: Toneel) -> Doel:
    pk = beoordeling.stel_voor(t.w.ronde("vlaanderen", 7), door=t.w.bea).pk
    return Doel({"pk": pk}, {"reden": "Nog eens narekenen."})


@doel("encours", "encours_bestand", "grootboek", "grootboek_bestand", "kredieten_bestand", "controlespoor_bestand")
@doel("vooruitblik", "vooruitblik_schijven", "vooruitblik_bestand")
def geldlijsten(t: Toneel) -> Doel:
    return Doel()


@doel("kredieten")
def kredieten(t: Toneel) -> Doel:
    data = {"artikel": "WELZIJN-EENZAAMHEID", "jaar": "2030", "aard": "vak", "limiet": "100", "betaalkrediet": "50"}
    return Doel(data=data)


@doel("krediet")
def krediet(t: Toneel) -> Doel:
    data = {"form": "instellen", "limiet": "14.000.000", "betaalkrediet": "8.000.000", "referentie": "X"}
    return Doel({"pk": Krediet.objects.get(jaar=2022).pk}, data)


@doel("jaar_afsluiten")
def jaar_afsluiten(t: Toneel) -> Doel:
    artikel = Krediet.objects.get(jaar=2022).artikel
    return Doel({"jaar": Krediet.objects.create(artikel=artikel, jaar=2021).jaar})


def _dicht_jaar(t: Toneel) -> int:
    klok.zet(klok.brussel(2023, 1, 9))
    for besluit in Besluit.objects.filter(regels__dossier__status=Dossier.Status.VOORGEDRAGEN).distinct():
        beoordeling.stuur_besluit_terug(besluit, reden="Volgend jaar.", door=t.w.bart)
    return sluit_begrotingsjaar_af(2022, door=t.w.mensen["beheer"]).jaar


@doel("begrotingsjaar")
def begrotingsjaar(t: Toneel) -> Doel:
    return Doel({"jaar": _dicht_jaar(t)})


@doel("jaarrapport")
def jaarrapport(t: Toneel) -> Doel:
    return Doel({"jaar": _dicht_jaar(t), "slug": t.w.oproep.slug})


@doel("oproepbudget")
def oproepbudget(t: Toneel) -> Doel:
    data = {"form": "instellen", "limiet": "14.000.000", "luik_vlaanderen": "400.000", "luik_brussel": "400.000"}
    return Doel({"slug": t.w.oproep.slug}, data)


@doel("dossier_vastlegging")
def dossier_vastlegging(t: Toneel) -> Doel:
    data = {"form": "annuleer", "bedrag": "10", "reden": "Minder"}
    return Doel({"nummer": t.dossier(1, "boom").nummer}, data, "boom")


@doel("besluit_leg_voor")
def besluit_leg_voor(t: Toneel) -> Doel:
    return Doel({"pk": beoordeling.stel_voor(t.w.ronde("vlaanderen", 7), door=t.w.bea).pk})


@doel("besluit_onderteken")
def besluit_onderteken(t: Toneel) -> Doel:
    data = {"nummer": "MB-9", "datum": klok.vandaag().isoformat(), "bestand": bouw.upload("besluit.pdf")}
    return Doel({"pk": _besluit(t, 3).pk}, data)


def _betaling(t: Toneel) -> Betaling:
    return Betaling.objects.filter(dossier=t.dossier(1, "boom")).order_by("schijf__volgorde")[0]


@doel("betaling", "betaling_opstellen")
def betaling(t: Toneel) -> Doel:
    return Doel({"pk": _betaling(t).pk}, van="boom")


def _op_aanvraag(t: Toneel, *, schuldvordering: bool) -> Betaling:
    rij = _betaling(t)
    Betaalschijf.objects.filter(pk=rij.schijf_id).update(aanleiding="aanvraag", schuldvordering=schuldvordering)
    return Betaling.objects.get(pk=rij.pk)


@doel("betaling_aanvragen")
def betaling_aanvragen(t: Toneel) -> Doel:
    rij = _op_aanvraag(t, schuldvordering=False)
    return Doel({"pk": rij.pk}, {"bedrag_cent": rij.bedrag_cent, "toelichting": "Dank u."}, van="boom")


@doel("schuldvordering_pdf", "betaling_document", "betaling_voorbereiden")
def schuldvordering(t: Toneel) -> Doel:
    rij = _op_aanvraag(t, schuldvordering=True)
    document = uploads.bewaar(bouw.upload("schuldvordering.pdf"), door=t.w.ben)
    betalingen.vraag_betaling_aan(rij, bedrag_cent=rij.bedrag_cent, document=document, toelichting="", door=t.w.ben)
    return Doel({"pk": rij.pk}, {"form": "aanvaard"}, van="boom")


@doel("betaling_goedkeuren")
def betaling_goedkeuren(t: Toneel) -> Doel:
    return Doel({"pk": betalingen.stel_betaling_op(_betaling(t), door=t.w.bea).pk}, van="boom")


@doel("betaling_terugsturen")
def betaling_terugsturen(t: Toneel) -> Doel:
    rij = betalingen.stel_betaling_op(_betaling(t), door=t.w.bea)
    return Doel({"pk": rij.pk}, {"reden": "Kijk de rekening na."}, van="boom")


def _goedgekeurd(t: Toneel) -> Betaling:
    rij = betalingen.stel_betaling_op(_betaling(t), door=t.w.bea)
    return betalingen.keur_betaling_goed(rij, door=t.w.bart)


@doel("betaalopdracht_versturen")
def betaalopdracht_versturen(t: Toneel) -> Doel:
    return Doel({"slug": t.w.oproep.slug}, {"betalingen": [_goedgekeurd(t).pk]}, van="boom")


@doel("betaling_uitbetaald")
def betaling_uitbetaald(t: Toneel) -> Doel:
    rij = _goedgekeurd(t)
    betalingen.verstuur_betalingen(t.w.oproep, betalingen=[rij.pk], door=t.w.bo)
    return Doel({"pk": rij.pk}, {"datum": klok.vandaag().isoformat()}, van="boom")


@doel("betaling_geweigerd")
def betaling_geweigerd(t: Toneel) -> Doel:
    d = betaling_uitbetaald(t)
    return Doel(d.args, {"geweigerd-datum": d.data["datum"], "geweigerd-reden": "Rekening gesloten."}, van="boom")


@doel("betaling_rekening")
def betaling_rekening(t: Toneel) -> Doel:
    return Doel(
        {"pk": _betaling(t).pk}, {"rekening-iban": "BE49999000000171", "rekening-reden": "Nieuwe bank."}, van="boom"
    )


def _rekening(t: Toneel) -> None:
    wie = pain.Opdrachtgever("Vlaamse overheid", bouw.IBAN)
    betalingen.stel_rekening_in(t.w.beheer, verstrekker=t.w.oproep.verstrekker, opdrachtgever=wie, door=t.w.beheer)


@doel("betaalopdracht", "betaalopdracht_bestand")
def betaalopdracht(t: Toneel) -> Doel:
    _rekening(t)
    rij = betalingen.verstuur_betalingen(t.w.oproep, betalingen=[_goedgekeurd(t).pk], door=t.w.bo)
    return Doel({"pk": rij.pk}, {"versie": "09"}, van="boom")


@doel("betaalopdracht_bestand:opnieuw")
def betaalopdracht_opnieuw(t: Toneel) -> Doel:
    d = betaalopdracht(t)
    betalingen.geef_betaalbestand(Betaalopdracht.objects.get(**d.args), door=t.w.bo)
    return Doel(d.args, {"versie": "09", "opnieuw": "De bank kreeg niets."}, van="boom")


def _afschrift() -> bytes:
    return schrijf([Boeking(-1_23, naam="Onbekend", iban=bouw.IBAN)], rekening=bouw.IBAN)


@doel("afschriften")
def afschriften(t: Toneel) -> Doel:
    _rekening(t)
    return Doel(data={"bestand": SimpleUploadedFile("afschrift.xml", _afschrift())})


@doel("afschrift")
def afschrift(t: Toneel) -> Doel:
    _rekening(t)
    betalingen.lees_afschrift(_afschrift(), door=t.w.bo)
    pk = Afschriftregel.objects.get().pk
    data = {"regel": pk, "daad": "sluit_af", f"nee{pk}-reden": "Kosten van de bank."}
    return Doel({"pk": Afschrift.objects.get().pk}, data)


# The Brussels track is de-minimis aid.
@doel("dossier_deminimis")
def dossier_deminimis(t: Toneel) -> Doel:
    data = {"keuze": "geen", "versie": "1", "regels-TOTAL_FORMS": "0", "regels-INITIAL_FORMS": "0"}
    return Doel({"nummer": t.w.dossier("brussel", 6, "aartselaar").nummer}, data)


@doel("deminimis_melden")
def deminimis_melden(t: Toneel) -> Doel:
    data = {"datum": klok.vandaag().isoformat(), "referentie": "SA-1"}
    return Doel({"nummer": t.w.dossier("brussel", 1, "boom").nummer}, data, van="boom")


@doel("dossier_begrenzing")
def dossier_begrenzing(t: Toneel) -> Doel:
    return Doel({"nummer": t.dossier(7).nummer}, {"bedrag_cent": "5.000", "motivering": "Dubbel."})


@doel("dossier_begrenzing_opheffen")
def dossier_begrenzing_opheffen(t: Toneel) -> Doel:
    dossier = beoordeling.begrens_bedrag(t.dossier(7), bedrag_cent=1, motivering="Dubbel.", door=t.w.bea)
    return Doel({"nummer": dossier.nummer})


@doel("deminimis", "deminimis_bestand", "belemmeringen", "belemmeringen_bestand")
def belemmeringen(t: Toneel) -> Doel:
    return Doel()


@doel("belemmering_nieuw")
def belemmering_nieuw(t: Toneel) -> Doel:
    data = {"soort": "derdenbeslag", "waarop": "dossier", "sinds": klok.vandaag().isoformat(), "kenmerk": "DB-1"}
    return Doel({"nummer": t.dossier(1, "boom").nummer}, {**data, "bestand": bouw.upload("beslag.pdf")}, van="boom")


@doel("belemmering", "belemmering_document")
def belemmering(t: Toneel) -> Doel:
    rij = betalingen.registreer_belemmering(
        t.dossier(1, "boom"),
        hele_organisatie=False,
        soort="derdenbeslag",
        sinds=klok.vandaag(),
        kenmerk="DB-1",
        document=uploads.bewaar(bouw.upload("beslag.pdf"), door=t.w.bea),
        door=t.w.bea,
    )
    return Doel({"pk": rij.pk}, {"reden": "Het beslag is opgeheven."}, van="boom")


@doel("rekeningen")
def rekeningen(t: Toneel) -> Doel:
    return Doel(data={"verstrekker": t.w.oproep.verstrekker, "naam": "Vlaamse overheid", "iban": bouw.IBAN})


def _boek_elders(t: Toneel) -> None:
    betalingen.stel_boekhouding_in(
        t.w.beheer, verstrekker=t.w.oproep.verstrekker, wijze="extern", reden="Orafin boekt.", door=t.w.beheer
    )


@doel("boekhouding_instellen")
def boekhouding_instellen(t: Toneel) -> Doel:
    return Doel(data={"verstrekker": t.w.oproep.verstrekker, "wijze": "extern", "reden": "Orafin boekt."})


def _wacht_op_vastlegging(t: Toneel) -> Dossier:
    """Return an award that waits for its commitment in an outside system."""
    _boek_elders(t)
    besluit = Besluit.objects.get(ronde=t.w.rondes["vlaanderen", 3])
    document = uploads.bewaar(bouw.upload("besluit.pdf"), door=t.w.bart)
    beoordeling.registreer_ondertekening(besluit, nummer="MB-3", datum=klok.vandaag(), document=document, door=t.w.bart)
    return besluit.regels.filter(uitkomst="toekenning")[0].dossier


@doel("boekhouding", "boekhouding_bestand", "boekhouding_verklaren")
def boekhouding(t: Toneel) -> Doel:
    _wacht_op_vastlegging(t)
    rij = verschillen(t.w.bo)[0]
    return Doel(data={"sleutel": rij.sleutel, "verstrekker": rij.verstrekker, "reden": "Komt volgende week."})


@doel("dossier_vastleggingsnummer")
def dossier_vastleggingsnummer(t: Toneel) -> Doel:
    dossier = _wacht_op_vastlegging(t)
    return Doel({"nummer": dossier.nummer}, {"nummer": "V-1", "datum": klok.vandaag().isoformat()})


@doel("betaling_vereffend")
def betaling_vereffend(t: Toneel) -> Doel:
    _boek_elders(t)
    d = betaling_uitbetaald(t)
    return Doel(d.args, {**d.data, "stuknummer": "ST-1"}, van="boom")


def _kosten(t: Toneel, *, ingediend: bool = False, bewijs: bool = False) -> Kostenregel:
    """Return the only line of a claim of Boom, handed in or not."""
    dossier, ben = t.dossier(1, "boom"), t.w.ben
    soort = Kostencategorie.objects.filter(regeling__luik=dossier.ronde.luik)[0]
    dag = dossier.ronde.luik.project_van
    staat = kosten.begin_kostenstaat(dossier, van=dag, tot=klok.vandaag(), door=ben)
    gegevens = Regelgegevens(soort, "Loon", dag, dag, 100_00)
    [regel] = kostenopmaak.voeg_regels_toe(staat, [gegevens], door=ben)
    verdeling = {rij.pk: soort.pk for rij in dossier.begrotingsregels.filter(soort="kost")}
    kosten.verdeel_begroting(dossier, verdeling=verdeling, door=ben)
    if bewijs:
        kostenopmaak.zet_bewijs(regel, bouw.upload("factuur.pdf"), door=ben)
    if ingediend:
        kosten.dien_kostenstaat_in(staat, door=ben)
    return Kostenregel.objects.get(pk=regel.pk)


def _kost(regel: Kostenregel) -> dict[str, Any]:
    dag = regel.factuurdatum.isoformat()
    vast = {"categorie": regel.categorie_id, "factuurdatum": dag, "betaaldatum": dag, "versie": regel.versie}
    return {**vast, "omschrijving": "Affiches", "bedrag": "12,50"}


@doel("dossier_kosten")
def dossier_kosten(t: Toneel) -> Doel:
    dossier = t.dossier(1, "boom")
    data = {"van": dossier.ronde.luik.project_van.isoformat(), "tot": klok.vandaag().isoformat()}
    return Doel({"nummer": dossier.nummer}, data, van="boom")


@doel("dossier_kosten_begroting")
def dossier_kosten_begroting(t: Toneel) -> Doel:
    dossier = t.dossier(1, "boom")
    soort = Kostencategorie.objects.filter(regeling__luik=dossier.ronde.luik)[0]
    regels = dossier.begrotingsregels.filter(soort="kost")
    return Doel({"nummer": dossier.nummer}, {f"regel_{rij.pk}": soort.pk for rij in regels}, van="boom")


@doel("kostenstaat")
def kostenstaat(t: Toneel) -> Doel:
    return Doel({"pk": _kosten(t).kostenstaat_id}, {"daad": "dien_in"}, van="boom")


@doel("kostenstaat:ingediend")
def kostenstaat_ingediend(t: Toneel) -> Doel:
    regel = _kosten(t, ingediend=True, bewijs=True)
    data = {"daad": "beoordeel", "regels": [regel.volgnummer], "oordeel": "aanvaard"}
    return Doel({"pk": regel.kostenstaat_id}, data, van="boom")


@doel("kostenstaat_kop")
def kostenstaat_kop(t: Toneel) -> Doel:
    dag = klok.vandaag().isoformat()
    leeg = {"inkomsten-TOTAL_FORMS": "0", "inkomsten-INITIAL_FORMS": "0"}
    return Doel({"pk": _kosten(t).kostenstaat_id}, {"van": dag, "tot": dag, "versie": "0", **leeg}, van="boom")


@doel("kostenregel_nieuw")
def kostenregel_nieuw(t: Toneel) -> Doel:
    regel = _kosten(t)
    return Doel({"pk": regel.kostenstaat_id}, _kost(regel), van="boom")


@doel("kostenregel")
def kostenregel(t: Toneel) -> Doel:
    regel = _kosten(t)
    return Doel({"pk": regel.pk}, _kost(regel), van="boom")


@doel("kostenregel:steekproef")
def kostenregel_steekproef(t: Toneel) -> Doel:
    return Doel({"pk": _kosten(t, ingediend=True).pk}, {"bestand": bouw.upload("factuur.pdf")}, van="boom")


@doel("kostenregel_bewijs")
def kostenregel_bewijs(t: Toneel) -> Doel:
    return Doel({"pk": _kosten(t, ingediend=True, bewijs=True).pk}, van="boom")


@doel("kostenstaat_sjabloon", "kostenstaat_blad", "kostenstaat_inlezen")
def kostenstaat_inlezen(t: Toneel) -> Doel:
    return Doel({"pk": _kosten(t).kostenstaat_id}, van="boom")


@doel("kostenstaat_inlezen:zegel")
def kostenstaat_inlezen_zegel(t: Toneel) -> Doel:
    regel = _kosten(t)
    dag = regel.factuurdatum
    voorstel = Voorstel(2, {}, Regelgegevens(regel.categorie, "Uit het blad", dag, dag, 5_00))
    return Doel({"pk": regel.kostenstaat_id}, {"zegel": verzegel([voorstel], regel.kostenstaat)}, van="boom")


@doel("terugvorderingen", "terugvorderingen_bestand")
def terugvorderingen(t: Toneel) -> Doel:
    return Doel()


def _voornemen(t: Toneel) -> Terugvordering:
    """Intend to claim back a part of what was paid to the project of Aartselaar, which is finished."""
    rij: Terugvordering = betalingen.neem_terugvordering_voor(
        t.dossier(1),
        bedrag_cent=1_000_00,
        grond="voorwaarden",
        rechtsregel="artikel_13",
        motivering="De buurtwerker is nooit aangeworven.",
        hoortermijn=klok.vandaag() + timedelta(days=30),
        door=t.w.bea,
    )
    return rij


def _beslist(t: Toneel) -> Terugvordering:
    rij = betalingen.reageer_op_terugvordering(_voornemen(t), reactie="Wij vonden niemand.", door=t.w.an)
    uit: Terugvordering = betalingen.beslis_terugvordering(
        rij,
        bedrag_cent=900_00,
        motivering="Niet aangeworven.",
        nummer="TB-1",
        datum=klok.vandaag(),
        termijn_dagen=30,
        verjaring=betalingen.Verjaring(klok.vandaag() + timedelta(days=3650), "Tien jaar (aanname)."),
        door=t.w.bart,
    )
    return uit


def _bekend(t: Toneel) -> Terugvordering:
    _rekening(t)
    uit: Terugvordering = betalingen.geef_kennis_van_terugvordering(_beslist(t), door=t.w.bea)
    return uit


@doel("terugvordering_nieuw")
def terugvordering_nieuw(t: Toneel) -> Doel:
    data = {"bedrag": "1.000", "grond": "voorwaarden", "rechtsregel": "artikel_13", "motivering": "Niet aangeworven."}
    hoortermijn = (klok.vandaag() + timedelta(days=30)).isoformat()
    return Doel({"nummer": t.dossier(1).nummer}, {**data, "hoortermijn": hoortermijn})


@doel("terugvordering", "terugvordering_voornemen_pdf")
def terugvordering_voornemen(t: Toneel) -> Doel:
    return Doel({"pk": _voornemen(t).pk}, {"form": "reageer", "reactie": "Wij vonden niemand."})


@doel("terugvordering:hoor")
def terugvordering_hoor(t: Toneel) -> Doel:
    return Doel({"pk": _voornemen(t).pk}, {"form": "hoor", "reactie": "Zij belde."})


@doel("terugvordering:beslist", "terugvordering_brief_pdf:beslist")
def terugvordering_beslist(t: Toneel) -> Doel:
    _rekening(t)
    return Doel({"pk": _beslist(t).pk}, {"form": "kennisgeving"})


@doel("terugvordering:bekend", "terugvordering_brief_pdf")
def terugvordering_bekend(t: Toneel) -> Doel:
    data = {"form": "ontvang", "datum": klok.vandaag().isoformat(), "bedrag": "100", "referentie": "2022/1"}
    return Doel({"pk": _bekend(t).pk}, data)


@doel("terugvordering:plan")
def terugvordering_plan(t: Toneel) -> Doel:
    eerste = (klok.vandaag() + timedelta(days=30)).isoformat()
    return Doel({"pk": _bekend(t).pk}, {"form": "plan", "aantal": "3", "eerste": eerste, "reden": "Kleine kas."})


@doel("terugvordering_aanmaning_pdf")
def terugvordering_aanmaning(t: Toneel) -> Doel:
    rij = _bekend(t)
    klok.zet(klok.nu() + timedelta(days=31))
    return Doel({"pk": betalingen.maan_aan(rij, termijn_dagen=14, door=t.w.bea).pk})


@doel("inlezen")
def inlezen(t: Toneel) -> Doel:
    rij = Betaling.objects.get(**betaling_uitbetaald(t).args)
    regels = f"Dossier;Schijf;Uitbetaald op\n{rij.dossier.nummer};{rij.schijf.naam};{klok.vandaag()}\n"
    return Doel(data={"soort": "betaaldata", "bestand": SimpleUploadedFile("b.csv", regels.encode())}, van="boom")


@doel("inlezing")
def inlezing(t: Toneel) -> Doel:
    bestand = inlezen(t).data["bestand"]
    rij = handelingen.lees_upload("betaaldata", bestand, door=t.w.bo)
    gezien = handelingen.bekijk(rij, door=t.w.bo).vingerafdruk
    return Doel({"pk": rij.pk}, {"gezien": gezien}, van="boom")


@doel("uitvoer_vragen")
def uitvoer_vragen(t: Toneel) -> Doel:
    return Doel(data={"lijst": "grootboek", "vraag": "jaar=2022", "formaat": "csv"})


@doel("uitvoer")
def mislukte_uitvoer(t: Toneel) -> Doel:
    rij = uitvoer.vraag_aan(t.w.bo, lijst="grootboek", vraag="", formaat="csv")
    Uitvoer.objects.update(status="mislukt", zin="Er ging iets mis.")
    return Doel({"pk": rij.pk})


@doel("uitvoer_bestand")
def uitvoer_bestand(t: Toneel) -> Doel:
    rij = uitvoer.vraag_aan(t.w.bo, lijst="grootboek", vraag="", formaat="csv")
    uitvoer.maak({"uitvoer": rij.pk, "poging": 1})
    return Doel({"pk": rij.pk})


def _verslag(t: Toneel, sleutel: str) -> Verslag:
    return Verslag.objects.get(dossier=t.dossier(1, "boom"), moment__sleutel=sleutel)


@doel("verslag")
def verslag_beoordelen(t: Toneel) -> Doel:
    return Doel({"pk": _verslag(t, "jaar-1").pk}, {"oordeel": "goed", "beoordeling": ""}, van="boom")


@doel("verslag:indienen")
def verslag_indienen(t: Toneel) -> Doel:
    return Doel({"pk": _verslag(t, "eind").pk}, {"tekst": "Klaar.", "kosten": "12,50"}, van="boom")


@doel("verslag:embargo")
def verslag_onder_embargo(t: Toneel) -> Doel:
    return Doel({"pk": Verslag.objects.filter(dossier=t.dossier(2))[0].pk})


@doel("verslag_bijlage")
def verslag_bijlage(t: Toneel) -> Doel:
    bestand = uploads.bewaar(bouw.upload("kosten.pdf"), door=t.w.ben)
    rij = _verslag(t, "eind")
    dossiers.dien_verslag_in(rij, tekst="Klaar.", kosten_cent=1, bestand=bestand, door=t.w.ben)
    return Doel({"pk": rij.pk}, van="boom")


def oproep_van(t: Toneel) -> Oproep:
    """Return the call of the rich world, freshly read."""
    return Oproep.objects.get(pk=t.w.oproep.pk)
