"""The two steps of bringing a sheet back: put a file ready, and confirm what its preview showed; all or nothing."""

from pathlib import PurePath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from kern import klok, uploads
from kern.inlezen.blad import BLADEN, Inleesblad, Overzicht, Voorstel
from kern.inlezen.lezer import Tabel, lees
from kern.models import Bestand, Inlezing
from kern.weg import blokkade_van, handeling, noteer, samen, voer_uit
from kern.weigering import GeenRecht, Weigering, eis

INTUSSEN = (
    "Sinds dit overzicht gemaakt werd, is er iets gewijzigd. Er is niets ingelezen. Kijk het nieuwe overzicht na."
)


def blad_van(inlezing: Inlezing) -> Inleesblad:
    """Return the kind of sheet of a file that was put ready."""
    return BLADEN[inlezing.soort]


def lees_upload(soort: str, upload: UploadedFile, *, door: Any) -> Inlezing:
    """Read an upload and put it ready for its preview. Raises Weigering: what `lees` and `eis_kolommen` raise."""
    _eis_recht(BLADEN[soort], door)
    tabel = lees(upload)
    BLADEN[soort].eis_kolommen(tabel)
    bestand = uploads.bewaar_gelezen(upload, _naam(upload.name, tabel), tabel.mime, door=door)
    uit: Inlezing = zet_klaar(door, soort=soort, bestand=bestand, door=door)
    return uit


def _naam(ruw: str | None, tabel: Tabel) -> str:
    # Named for what it is, whatever the sender called it.
    return (
        f"{PurePath(uploads.bestandsnaam(ruw)).stem[:190] or 'bestand'}.{'csv' if tabel.mime == 'text/csv' else 'xlsx'}"
    )


@handeling("inlezing.zet_klaar", "Bestand klaarzetten om in te lezen", mag=lambda g, wie: g.pk == wie.pk)
def zet_klaar(wie: Any, *, soort: str, bestand: Bestand, door: Any) -> Inlezing:
    """Keep which file is looked at, by whom; a person does this for herself."""
    _eis_recht(BLADEN[soort], door)
    inlezing = Inlezing.objects.create(soort=soort, bestand=bestand, door=door, klaargezet_op=klok.nu())
    noteer(inlezing, door=door, inhoud={"soort": soort, "sha256": bestand.sha256, "naam": bestand.naam})
    return inlezing


def tabel_van(inlezing: Inlezing) -> Tabel:
    """Return the file that was put ready, read again. Raises Weigering(bestand_ontbreekt) when it is gone."""
    try:
        with default_storage.open(inlezing.bestand.pad) as bestand:
            return lees(bestand)
    except OSError as fout:
        zin = "Het bestand is niet meer in het loket. Kies het opnieuw."
        raise Weigering("bestand_ontbreekt", zin) from fout


def bekijk(inlezing: Inlezing, *, door: Any) -> Overzicht:
    """Return the preview of a file that was put ready, as things stand now."""
    return blad_van(inlezing).overzicht(tabel_van(inlezing), door=door)


def bevestig(inlezing: Inlezing, *, gezien: str, door: Any) -> Overzicht:
    """Apply a file by the acts of its kind of sheet, each with its own right and events; all of it or nothing.

    gezien: the fingerprint of the preview that was confirmed. The preview is made again under all locks; when it is
    another one, nothing is applied.
    Raises Weigering: intussen_gewijzigd, verkeerde_status, rij_geweigerd, niets_te_doen, te_veel_wijzigingen,
    bestand_ontbreekt, and what an act raises, with the row in front.
    """
    _eis_open(inlezing, door)
    blad, tabel = blad_van(inlezing), tabel_van(inlezing)
    vooraf = blad.overzicht(tabel, door=door)
    _eis_toepasbaar(vooraf, gezien)
    with samen(lambda: {Inlezing: [inlezing.pk], **blad.sloten(vooraf.te_doen)}):
        _eis_open(Inlezing.objects.get(pk=inlezing.pk), door)
        nu = blad.overzicht(tabel, door=door)
        _eis_toepasbaar(nu, gezien)
        for voorstel in nu.te_doen:
            _doe(voorstel, door)
        rond_af(inlezing, aantallen=nu.aantallen, door=door)
    return nu


def _eis_open(inlezing: Inlezing, door: Any) -> None:
    if not mag_bevestigen(door, inlezing):
        raise GeenRecht
    blokkade = blokkade_van(inlezing, "bevestig")
    if blokkade is not None:
        raise blokkade


def _eis_toepasbaar(overzicht: Overzicht, gezien: str) -> None:
    eis(overzicht.vingerafdruk == gezien, "intussen_gewijzigd", INTUSSEN)
    if overzicht.blokkade is not None:
        raise overzicht.blokkade


def _doe(voorstel: Voorstel, door: Any) -> None:
    if voorstel.daad is None:
        raise AssertionError(f"rij {voorstel.rij} heeft geen daad")
    try:
        voorstel.daad(door)
    except GeenRecht:
        raise
    except Weigering as fout:
        raise Weigering(fout.code, f"Rij {voorstel.rij} ({voorstel.wat}): {fout.zin}") from fout


def mag_bevestigen(gebruiker: Any, inlezing: Inlezing) -> bool:
    """Return whether a person may confirm a file: who put it ready, while she may bring such a sheet back."""
    return bool(gebruiker.pk == inlezing.door_id and blad_van(inlezing).mag(gebruiker))


@handeling("inlezing.bevestig", "Inlezen van een bestand bevestigen", mag=mag_bevestigen)
def rond_af(inlezing: Inlezing, *, aantallen: dict[str, int], door: Any) -> Inlezing:
    """Record that a file was applied: which one, by whom, when, and how many rows; inside `bevestig`."""
    inlezing.ingelezen_op = klok.nu()
    inlezing.nieuw, inlezing.gewijzigd = aantallen["nieuw"], aantallen["gewijzigd"]
    inlezing.ongewijzigd = aantallen["ongewijzigd"]
    inhoud = {"soort": inlezing.soort, "sha256": inlezing.bestand.sha256, "aantallen": aantallen}
    voer_uit(inlezing, "bevestig", door=door, inhoud=inhoud)
    return inlezing


def _eis_recht(blad: Inleesblad, door: Any) -> None:
    if not blad.mag(door):
        raise GeenRecht


def lees_bestand(soort: str, bestand: IO[bytes], *, door: Any) -> Overzicht:
    """Return the preview of an open file without keeping anything. Raises as `lees_upload`."""
    _eis_recht(BLADEN[soort], door)
    return BLADEN[soort].overzicht(lees(bestand), door=door)
