"""Uploads: known by their content, never by what they say they are."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from kern import klok, uploads
from kern.models import Bestand
from tests import bouw
from tests.hulp import weigert

pytestmark = pytest.mark.django_db

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OOXML = "application/vnd.openxmlformats-officedocument."
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
NIET_BRUIKBAAR = "Het bestand '{}' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods."


def archief(*delen, samendrukking=zipfile.ZIP_STORED):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", samendrukking) as bestand:
        for naam, inhoud in delen:
            bestand.writestr(naam, inhoud)
    return buffer.getvalue()


DOCX = archief(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"))
XLSX = archief(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>"))
OPEN_TEKST = archief(("mimetype", ODT), ("content.xml", "<o/>"))
OPEN_REKENBLAD = archief(("mimetype", ODS), ("content.xml", "<o/>"))


@pytest.fixture
def an():
    klok.zet(bouw.OPEN)
    return bouw.mens("an")


def inhoud_van(bestand):
    with default_storage.open(bestand.pad) as lezer:
        return lezer.read()


@pytest.mark.parametrize(
    ("naam", "inhoud", "mime"),
    [
        ("brief.pdf", bouw.PDF, "application/pdf"),
        ("BRIEF.PDF", bouw.PDF, "application/pdf"),
        ("foto.png", PNG, "image/png"),
        ("foto.jpg", JPEG, "image/jpeg"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("brief.docx", DOCX, f"{OOXML}wordprocessingml.document"),
        ("blad.xlsx", XLSX, f"{OOXML}spreadsheetml.sheet"),
        ("blad.xlsx", bouw.xlsx(), f"{OOXML}spreadsheetml.sheet"),
        ("brief.odt", OPEN_TEKST, ODT),
        ("blad.ods", OPEN_REKENBLAD, ODS),
        ("een.twee.pdf", bouw.PDF, "application/pdf"),
        ("verslag é €.pdf", bouw.PDF, "application/pdf"),
    ],
)
def test_stores_each_type(an, naam, inhoud, mime):
    bestand = uploads.bewaar(SimpleUploadedFile(naam, inhoud, content_type="text/html"), door=an)
    som = hashlib.sha256(inhoud).hexdigest()
    assert Bestand.objects.values().get() == {
        "id": bestand.pk,
        "naam": naam,
        "mime": mime,
        "grootte": len(inhoud),
        "sha256": som,
        "geplaatst_door_id": an.pk,
        "geplaatst_op": klok.nu(),
    }
    assert bestand.pad == f"{som[:2]}/{som}"
    assert inhoud_van(bestand) == inhoud


@pytest.mark.parametrize(
    ("naam", "inhoud"),
    [
        ("brief.docx", bouw.PDF),
        ("brief.pdf", DOCX),
        ("blad.xlsx", DOCX),
        ("blad.ods", OPEN_TEKST),
        ("foto.png", JPEG),
        ("brief", bouw.PDF),
        ("pdf", bouw.PDF),
        ("brief.pdf.exe", bouw.PDF),
        ("brief.pdf", b"gewone tekst"),
        ("pagina.html", b"<script>alert(1)</script>"),
        ("beeld.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("beeld.gif", b"GIF89a" + b"\x00" * 20),
        ("programma.pdf", b"MZ\x90\x00"),
        # Polyglots: something else stands before the real thing.
        ("brief.pdf", b"<script>alert(1)</script>" + bouw.PDF),
        ("brief.pdf", b"\n" + bouw.PDF),
        ("brief.docx", b"#!/bin/sh\n" + DOCX),
        ("brief.docx", bouw.PDF + DOCX),
        # Archives that are no office file.
        ("archief.docx", archief(("lees.txt", "x"))),
        ("archief.zip", archief(("lees.txt", "x"))),
        ("presentatie.docx", archief(("[Content_Types].xml", ""), ("ppt/presentation.xml", ""))),
        ("half.docx", archief(("word/document.xml", ""))),
        ("macro.docm", DOCX),
        ("brief.odt", archief(("content.xml", ""), ("mimetype", ODT))),
        ("brief.odt", archief(("mimetype", "text/html"))),
        ("brief.odt", archief(("mimetype", ODT + " " * 300))),
        ("brief.odt", archief(("mimetype", ODT), samendrukking=zipfile.ZIP_DEFLATED)),
        ("leeg.docx", archief()),
        ("stuk.docx", DOCX[:-10]),
        ("stuk.docx", b"PK\x03\x04"),
        ("veel.docx", archief(*((f"deel{n}", "") for n in range(5001)))),
    ],
)
def test_refuses_what_its_content_or_name_does_not_allow(an, naam, inhoud):
    with weigert("bestand_soort", NIET_BRUIKBAAR.format(naam), "bestand"):
        uploads.bewaar(SimpleUploadedFile(naam, inhoud, content_type="application/pdf"), door=an)


def test_refuses_an_empty_file(an):
    with weigert("bestand_leeg", "Het bestand 'leeg.pdf' is leeg.", "bestand"):
        uploads.bewaar(SimpleUploadedFile("leeg.pdf", b""), door=an)


def test_refuses_one_byte_too_many(an, settings):
    settings.BIJLAGE_MAX_BYTES = 2 * 1024 * 1024
    precies = bouw.PDF.ljust(settings.BIJLAGE_MAX_BYTES, b" ")
    uploads.bewaar(SimpleUploadedFile("groot.pdf", precies), door=an)
    with weigert("bestand_te_groot", "Het bestand 'groot.pdf' is groter dan 2 MB.", "bestand"):
        uploads.bewaar(SimpleUploadedFile("groot.pdf", precies + b" "), door=an)


@pytest.mark.parametrize(
    ("naam", "bewaard"),
    [
        ("../../etc/brief.pdf", "brief.pdf"),
        ("/etc/brief.pdf", "brief.pdf"),
        ("..\\..\\windows\\brief.pdf", "brief.pdf"),
        ("C:\\fakepath\\brief.pdf", "brief.pdf"),
        ("x" * 240 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_keeps_the_name_and_never_the_path(an, naam, bewaard):
    bestand = uploads.bewaar(SimpleUploadedFile(naam, bouw.PDF), door=an)
    assert bestand.naam == bewaard
    assert bestand.pad == f"{bestand.sha256[:2]}/{bestand.sha256}"


@pytest.mark.parametrize("naam", ["a\x00.pdf", "a.pdf\x00.exe", "a\nb.pdf", "a\ud800.pdf", "\x7f.pdf"])
def test_refuses_a_name_that_cannot_be_recorded(an, naam):
    zin = "De naam van het bestand bevat een teken dat niet bewaard kan worden. Geef het bestand een andere naam."
    with weigert("bestand_naam", zin, "bestand"):
        uploads.bewaar(SimpleUploadedFile(naam, bouw.PDF), door=an)


def test_the_same_content_twice_is_stored_once(an):
    een = uploads.bewaar(SimpleUploadedFile("een.pdf", bouw.PDF + b"1"), door=an)
    twee = uploads.bewaar(SimpleUploadedFile("twee.pdf", bouw.PDF + b"1"), door=an)
    assert (een.pad, een.naam, twee.naam) == (twee.pad, "een.pdf", "twee.pdf")
    som = een.pad[3:]
    assert [naam for naam in default_storage.listdir(een.pad[:2])[1] if naam.startswith(som)] == [som]


def test_content_that_was_half_written_is_written_again(an):
    inhoud = bouw.PDF + b"half"
    som = hashlib.sha256(inhoud).hexdigest()
    default_storage.save(f"{som[:2]}/{som}", ContentFile(inhoud[:20]))
    bestand = uploads.bewaar(SimpleUploadedFile("een.pdf", inhoud), door=an)
    assert inhoud_van(bestand) == inhoud


def test_a_big_upload_on_disk_is_stored_whole(an):
    inhoud = bouw.PDF + bytes(range(256)) * 12_000
    with TemporaryUploadedFile("groot.pdf", "application/pdf", len(inhoud), None) as upload:
        upload.write(inhoud)
        upload.flush()
        bestand = uploads.bewaar(upload, door=an)
    assert inhoud_van(bestand) == inhoud
    assert bestand.sha256 == hashlib.sha256(inhoud).hexdigest()


_schade = st.lists(st.tuples(st.integers(4, 400), st.integers(0, 255)), min_size=1, max_size=4)


@given(st.sampled_from([DOCX, XLSX, OPEN_TEKST, OPEN_REKENBLAD]), _schade)
def test_a_damaged_archive_is_a_known_type_or_none_never_an_error(heel, schade):
    stuk = bytearray(heel)
    for plaats, waarde in schade:
        stuk[plaats % (len(stuk) - 4) + 4] = waarde
    assert uploads.herken(SimpleUploadedFile("x.docx", bytes(stuk))) in {*uploads.SOORTEN, None}


@given(st.binary(max_size=300))
def test_any_bytes_after_the_zip_sign_are_no_error(rest):
    assert uploads.herken(SimpleUploadedFile("x.docx", b"PK\x03\x04" + rest)) is None


def test_is_sent_for_download_only(an):
    bestand = uploads.bewaar(SimpleUploadedFile("verslag é.pdf", bouw.PDF), door=an)
    antwoord = uploads.als_bijlage(bestand)
    assert b"".join(antwoord.streaming_content) == bouw.PDF
    assert antwoord["Content-Type"] == "application/pdf"
    assert antwoord["Content-Disposition"] == "attachment; filename*=utf-8''verslag%20%C3%A9.pdf"
    assert antwoord["X-Content-Type-Options"] == "nosniff"
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    antwoord.close()
