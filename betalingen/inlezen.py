"""The sheets about money that can be brought back: payments with the day they left the bank, credits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

from betalingen import grootboek, inlezen_boekhouding, queries, rechten, services
from betalingen.models import Betaling, Krediet, Limietregel, Stand
from betalingen.resources import BetalingResource, KredietResource
from betalingen.services.betaling import eis_betaaldatum
from betalingen.services.geldsloten import sloten_voor
from kern.geld import euro_tekst
from kern.inlezen.blad import Inleesblad, Uitkomst, Voorstel, koppen, registreer
from kern.inlezen.rijen import Rij
from kern.templatetags.loket import dag as dag_tekst
from kern.weg import Sloten, blokkade_van
from kern.weigering import GeenRecht, Weigering, eis
from oproepen.models import Taak
from oproepen.rechten import taken_van
from organisaties.models import Gebruiker
from organisaties.nummers import iban_leesbaar

DATUM = "Uitbetaald op"
JAREN = range(2000, 2101)


registreer(inlezen_boekhouding.Boekhoudfeiten)


@registreer
class Betaaldata(Inleesblad):
    """The list of payments, with the days on which they left the bank filled in."""

    naam = "betaaldata"
    titel = "Betaaldata"
    uitleg = (
        "Neem de lijst met betalingen als rekenblad, vul in de kolom 'Uitbetaald op' de dag in waarop het geld de bank "
        "verliet, en lees het blad hier weer in. Andere kolommen kunt u er niet mee wijzigen."
    )
    verplicht = ("Dossier", "Schijf", DATUM)
    gelezen = ("Bedrag", "IBAN", "Opdracht")
    andere = koppen(BetalingResource)

    def mag(self, gebruiker: Gebruiker) -> bool:
        """Return whether a person reports payments of any track."""
        return any(taak.rol == Taak.Rol.BOEKHOUDER for taak in taken_van(gebruiker))

    def beoordelaar(self, rijen: Sequence[Rij], door: Gebruiker) -> Callable[[Rij], Voorstel]:
        """Read the payments of all rows that this person sees."""
        nummers = {_waarde(rij, "Dossier") for rij in rijen}
        zichtbaar = queries.betalingen_voor(door).filter(dossier__nummer__in=nummers).select_related("opdracht")
        bekend: dict[tuple[str, str], list[Betaling]] = defaultdict(list)
        for betaling in zichtbaar:
            bekend[betaling.dossier.nummer or "", betaling.schijf.naam].append(betaling)
        return partial(self._beoordeel, bekend=bekend, door=door, open_jaren=set())

    def _beoordeel(
        self, rij: Rij, *, bekend: dict[tuple[str, str], list[Betaling]], door: Gebruiker, open_jaren: set[int]
    ) -> Voorstel:
        nummer, schijf = rij.tekst("Dossier"), rij.tekst("Schijf")
        gevonden = bekend.get((nummer, schijf), [])
        if len(gevonden) != 1:
            zin = f"er is geen betaling '{schijf[:40]}' van dossier '{nummer[:40]}', of u mag ze niet zien."
            raise rij.fout("Dossier", zin)
        betaling = gevonden[0]
        _eis_zelfde(rij, betaling)
        datum, cel = rij.dag(DATUM), rij.cel(DATUM)
        maak = partial(Voorstel, rij.nummer, wat=f"{nummer}, {schijf}", cel=cel, sleutel=betaling.pk)
        if betaling.status == Betaling.Status.UITBETAALD and datum in {None, betaling.uitbetaald_op}:
            zin = f"Al uitbetaald gemeld op {dag_tekst(betaling.uitbetaald_op)}."
            return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin=zin)
        if datum is None:
            return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin="Er is geen dag ingevuld.")
        _eis_te_melden(rij, betaling, datum, door, open_jaren)
        wat = f"{euro_tekst(betaling.bedrag_cent)} naar {iban_leesbaar(betaling.iban)}"
        return maak(
            uitkomst=Uitkomst.GEWIJZIGD,
            zin=f"Uitbetaald op {dag_tekst(datum)}: {wat}.",
            bedrag_cent=betaling.bedrag_cent,
            doel=(betaling.pk, datum.year),
            daad=lambda door: services.meld_uitbetaald(betaling, datum=datum, door=door),
        )

    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Lock what booking these payments moves."""
        doelen = [v.doel for v in voorstellen]
        return sloten_voor({pk for pk, _ in doelen}, {jaar for _, jaar in doelen})


def _eis_zelfde(rij: Rij, betaling: Betaling) -> None:
    """Raise Celfout when the row is about another payment than the one it names: it came back, or was changed."""
    cent = rij.cent("Bedrag")
    if cent not in {None, betaling.bedrag_cent}:
        raise rij.fout("Bedrag", f"het bedrag is in het loket {euro_tekst(betaling.bedrag_cent)}.")
    iban = rij.tekst("IBAN").replace(" ", "").upper()
    if iban not in {"", betaling.iban}:
        raise rij.fout("IBAN", f"het rekeningnummer is in het loket {iban_leesbaar(betaling.iban) or 'leeg'}.")
    opdracht, bekend = rij.tekst("Opdracht"), str(betaling.opdracht or "")
    if opdracht not in {"", bekend}:
        raise rij.fout("Opdracht", f"de betaalopdracht is in het loket {bekend or 'leeg'}.")


def _eis_te_melden(rij: Rij, betaling: Betaling, datum: date, door: Gebruiker, open_jaren: set[int]) -> None:
    """Raise Celfout when the act would refuse this day; open_jaren: what is known to be open, added to."""
    if betaling.status == Betaling.Status.UITBETAALD:
        zin = f"deze betaling is al uitbetaald gemeld op {dag_tekst(betaling.uitbetaald_op)}"
        raise rij.fout(DATUM, f"{zin}; die dag wijzigt u hier niet.")
    try:
        if not rechten.mag_uitbetaald_melden(door, betaling):
            raise GeenRecht
        blokkade = blokkade_van(betaling, "betaal_uit")
        if blokkade is not None:
            raise blokkade
        eis_betaaldatum(betaling, datum)
        if datum.year not in open_jaren:
            grootboek.eis_open_jaren([datum.year])
            open_jaren.add(datum.year)
    except Weigering as fout:
        raise rij.fout_volzin(DATUM, fout.zin) from fout


VAK, VEK, KENMERK = "Vastleggingskrediet", "Betaalkrediet", "Kenmerk"


@registreer
class Kredieten(Inleesblad):
    """The list of credits, with other amounts, or credits that were not there yet."""

    naam = "kredieten"
    titel = "Kredieten"
    uitleg = (
        "Neem de lijst met kredieten als rekenblad en wijzig 'Vastleggingskrediet' en 'Betaalkrediet', of voeg "
        "onderaan een rij toe voor een nieuw krediet. Vul bij elke wijziging in 'Kenmerk' het kenmerk in van de "
        "beslissing; bij een nieuw krediet mag het leeg blijven."
    )
    verplicht = ("Jaar", "Artikel", VAK, VEK, KENMERK)
    gelezen = ("Soort",)
    andere = koppen(KredietResource)

    def mag(self, gebruiker: Gebruiker) -> bool:
        """Return whether there is an article of which a person may set the credit."""
        return bool(rechten.artikelen_van(gebruiker))

    def beoordelaar(self, rijen: Sequence[Rij], door: Gebruiker) -> Callable[[Rij], Voorstel]:
        """Read the credits that this person sees, with their limits and the decision behind them."""
        zichtbaar = rechten.kredieten_zichtbaar_voor(Krediet.objects.select_related("artikel"), door)
        kredieten = list(zichtbaar.order_by("pk"))
        standen = dict(zip((k.pk for k in kredieten), grootboek.standen_van(kredieten), strict=True))
        regels = Limietregel.objects.filter(soort=Stand.Soort.KREDIET, sleutel__in=standen).order_by("pk")
        kenmerken = dict(regels.values_list("sleutel", "referentie"))  # the last one stays
        bekend = {(k.jaar, k.artikel.code): k for k in kredieten}
        artikelen = set(rechten.artikelen_van(door))

        def beoordeel(rij: Rij) -> Voorstel:
            sleutel = _krediet_van(rij)
            krediet = bekend.get(sleutel)
            if krediet is None:
                return _nieuw_krediet(rij, sleutel, artikelen)
            stand, kenmerk = standen[krediet.pk], kenmerken.get(krediet.pk, "")
            return _bekend_krediet(rij, krediet, stand, kenmerk, mag=sleutel[1] in artikelen)

        return beoordeel

    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Lock the totals of the credits that are there; a new one is made under its own lock."""
        kredieten = [v.doel for v in voorstellen if v.doel is not None]
        return {Stand: grootboek.standsleutels(grootboek.onderwerp(krediet) for krediet in kredieten)}


def _krediet_van(rij: Rij) -> tuple[int, str]:
    jaar, code = rij.heel("Jaar"), rij.tekst("Artikel")
    if jaar is None or jaar not in JAREN:
        raise rij.fout("Jaar", "vul een begrotingsjaar in.")
    if not code:
        raise rij.fout("Artikel", "vul het begrotingsartikel in.")
    return jaar, code


def _bedragen(rij: Rij) -> tuple[int, int]:
    uit = []
    for kop in (VAK, VEK):
        cent = rij.cent(kop)
        if cent is None:
            raise rij.fout(kop, "vul een bedrag in; is er geen krediet, vul dan 0 in.")
        if cent < 0:
            raise rij.fout(kop, "het bedrag mag niet negatief zijn.")
        uit.append(cent)
    return uit[0], uit[1]


def _kenmerk(rij: Rij, *, anders_dan: str | None) -> str:
    """Return the reference of the decision; a change asks another one than `anders_dan`, a first setting none."""
    kenmerk = rij.tekst(KENMERK)
    lengte = Limietregel._meta.get_field("referentie").max_length or 0
    if len(kenmerk) > lengte:
        raise rij.fout(KENMERK, f"dit kenmerk is langer dan {lengte} tekens.")
    if anders_dan is not None and kenmerk in {"", anders_dan}:
        zin = "vul het kenmerk in van de beslissing die het krediet wijzigt"
        raise rij.fout(KENMERK, f"{zin}; '{kenmerk}' hoort bij het huidige krediet." if kenmerk else f"{zin}.")
    return kenmerk


def _aard(rij: Rij) -> str | None:
    tekst = rij.tekst("Soort").casefold()
    keuzes = {str(label).casefold(): code for code, label in Krediet.Aard.choices}
    if tekst and tekst not in keuzes:
        raise rij.fout("Soort", f"kies uit: {', '.join(keuzes)}.")
    return keuzes[tekst] if tekst else None


def _nieuw_krediet(rij: Rij, sleutel: tuple[int, str], artikelen: set[str]) -> Voorstel:
    jaar, code = sleutel
    if code not in artikelen:
        raise rij.fout("Artikel", f"er is geen artikel '{code[:40]}', of u mag het krediet ervan niet wijzigen.")
    (vak, vek), aard, kenmerk = (
        _bedragen(rij),
        _aard(rij) or Krediet.Aard.VASTLEGGINGSKREDIET.value,
        _kenmerk(rij, anders_dan=None),
    )
    _eis_open(rij, jaar)
    zin = f"Nieuw krediet: VAK {euro_tekst(vak)}, VEK {euro_tekst(vek)}, kenmerk {kenmerk or 'geen'}."

    def daad(door: Gebruiker) -> Stand:
        artikel = grootboek.artikel(code, code)
        krediet, nieuw = Krediet.objects.get_or_create(artikel=artikel, jaar=jaar, defaults={"aard": aard})
        eis(nieuw, "intussen_gewijzigd", "Dit krediet is er intussen al.")  # nobody can lock what is not there yet
        return _stel_in(krediet, vak, vek, kenmerk, door)

    return Voorstel(rij.nummer, Uitkomst.NIEUW, f"{code} {jaar}", zin, rij.cel(VAK), sleutel=sleutel, daad=daad)


def _bekend_krediet(rij: Rij, krediet: Krediet, stand: Stand, oud: str, *, mag: bool) -> Voorstel:
    maak = partial(Voorstel, rij.nummer, wat=str(krediet), sleutel=(krediet.jaar, krediet.artikel.code))
    if _aard(rij) not in {None, krediet.aard}:
        raise rij.fout("Soort", f"dit krediet is in het loket een {krediet.get_aard_display()}.")
    leeg = rij.cent(VAK) is None and rij.cent(VEK) is None and rij.tekst(KENMERK) == oud
    if leeg and stand.limiet_cent is None and stand.betaalkrediet_cent is None:
        return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin="Er is geen krediet ingevuld.")
    vak, vek = _bedragen(rij)
    zelfde = (vak, vek) == (stand.limiet_cent, stand.betaalkrediet_cent)
    if zelfde and rij.tekst(KENMERK) == oud:
        return maak(uitkomst=Uitkomst.ONGEWIJZIGD, zin=f"VAK {euro_tekst(vak)}, VEK {euro_tekst(vek)}.")
    if not mag:
        raise rij.fout("Artikel", f"u mag het krediet van artikel {krediet.artikel} niet wijzigen.")
    kenmerk = _kenmerk(rij, anders_dan=oud if stand.is_ingesteld else None)
    _eis_open(rij, krediet.jaar)
    try:
        grootboek.eis_limiet(stand, vak, vek)
    except Weigering as fout:
        kop = VEK if fout.veld == "betaalkrediet" else VAK
        raise rij.fout_volzin(kop, fout.zin) from fout
    delen = [
        f"{naam} {_toon(was)} wordt {euro_tekst(wordt)}"
        for naam, was, wordt in (("VAK", stand.limiet_cent, vak), ("VEK", stand.betaalkrediet_cent, vek))
        if was != wordt
    ] or ["Alleen het kenmerk wijzigt"]
    return maak(
        uitkomst=Uitkomst.GEWIJZIGD,
        zin=f"{'; '.join(delen)}. Kenmerk: {kenmerk or 'geen'}.",
        cel=rij.cel(VAK if vak != stand.limiet_cent else VEK if vek != stand.betaalkrediet_cent else KENMERK),
        doel=krediet,
        daad=lambda door: _stel_in(krediet, vak, vek, kenmerk, door),
    )


def _stel_in(krediet: Krediet, vak: int, vek: int, kenmerk: str, door: Gebruiker) -> Stand:
    stand: Stand = services.stel_krediet_in(
        krediet, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, referentie=kenmerk, door=door
    )
    return stand


def _eis_open(rij: Rij, jaar: int) -> None:
    try:
        grootboek.eis_open_jaren([jaar])
    except Weigering as fout:
        raise rij.fout_volzin("Jaar", fout.zin) from fout


def _toon(cent: int | None) -> str:
    return "(leeg)" if cent is None else euro_tekst(cent)


def _waarde(rij: Rij, kop: str) -> str:
    try:
        return rij.tekst(kop)
    except Weigering:
        return ""  # the row says so itself
