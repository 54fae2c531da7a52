"""Uploads: recognised by content, limited in size, stored by hash, served as attachment only."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse

from kern import klok
from kern.mails import Stukbestand
from kern.models import Bestand
from kern.weigering import Weigering

PDF = "application/pdf"
# Of whatever is sent for download: should a browser show it all the same, then outside our own origin.
BELEID = "default-src 'none'; sandbox"
SOORTEN = {
    PDF: ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
}
_OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MAX_ZIPDELEN = 5000
LEESBAAR = "pdf, png, jpg, docx, xlsx, odt of ods"


def bewaar(upload: UploadedFile, *, door: Any) -> Bestand:
    """Check and store an upload and return its row; Weigering (veld 'bestand') for a wrong type, size or name.

    The content is written before the row and outside any lock; content without a row is harmless.
    """
    naam = bestandsnaam(upload.name)
    if not upload.size:
        raise Weigering("bestand_leeg", f"Het bestand '{naam}' is leeg.", "bestand")
    if upload.size > settings.BIJLAGE_MAX_BYTES:
        grens = settings.BIJLAGE_MAX_BYTES // (1024 * 1024)
        raise Weigering("bestand_te_groot", f"Het bestand '{naam}' is groter dan {grens} MB.", "bestand")
    mime = herken(upload)
    extensie = PurePath(naam).suffix.lower().lstrip(".")
    if mime is None or extensie not in SOORTEN[mime]:
        zin = f"Het bestand '{naam}' is geen bruikbaar bestand: kies {LEESBAAR}."
        raise Weigering("bestand_soort", zin, "bestand")
    return bewaar_gelezen(upload, naam, mime, door=door)


def bestandsnaam(ruw: str | None) -> str:
    """Return the name of an upload without folders. Raises Weigering(bestand_naam) when it cannot be kept."""
    naam = PurePath((ruw or "bestand").replace("\\", "/")).name[-200:]
    if any(unicodedata.category(teken) in {"Cc", "Cs"} for teken in naam):
        zin = "De naam van het bestand bevat een teken dat niet bewaard kan worden. Geef het bestand een andere naam."
        raise Weigering("bestand_naam", zin, "bestand")
    return naam


def bewaar_gelezen(upload: UploadedFile, naam: str, mime: str, *, door: Any) -> Bestand:
    """Store an upload of which the caller checked name, size and content, and return its row."""
    som = hashlib.sha256()
    for deel in upload.chunks():
        som.update(deel)
    bestand = Bestand(
        naam=naam,
        mime=mime,
        grootte=upload.size or 0,
        sha256=som.hexdigest(),
        geplaatst_door=door,
        geplaatst_op=klok.nu(),
    )
    _bewaar_inhoud(bestand, upload)
    bestand.save()
    return bestand


class Grens(FileUploadHandler):
    """Keeps no more of an uploaded file than the largest that any page takes, and one byte.

    The rest is read from the sender and let go as it streams in, so nobody fills a disk; the page that gets the file
    sees that it is too large and says so with its own sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass on what still fits; None: the handlers after this one get nothing."""
        over = settings.GROOTSTE_UPLOAD_BYTES + 1 - start
        return raw_data[:over] if over > 0 else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


@contextmanager
def voorlopig(upload: UploadedFile, *, door: Any) -> Iterator[Bestand]:
    """Store an upload for the act in the with block; when that is refused the row goes again, the content may stay."""
    bestand = bewaar(upload, door=door)
    try:
        yield bestand
    except Weigering:
        bestand.delete()
        raise


def _bewaar_inhoud(bestand: Bestand, upload: UploadedFile) -> None:
    aanwezig = default_storage.exists(bestand.pad)
    if aanwezig and default_storage.size(bestand.pad) == bestand.grootte:
        return
    if aanwezig:
        default_storage.delete(bestand.pad)  # half written, by a process that died
    upload.seek(0)
    default_storage.save(bestand.pad, upload)


def herken(upload: UploadedFile) -> str | None:
    """Return the MIME type of an upload by its content, or None when it is not on the list."""
    upload.seek(0)
    kop = upload.read(8)
    if kop.startswith(b"%PDF-"):
        return PDF
    if kop == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if kop.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return _herken_zip(upload) if kop.startswith(b"PK\x03\x04") else None


def _herken_zip(upload: UploadedFile) -> str | None:
    if upload.file is None:
        return None
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload.file) as archief:
            delen = archief.infolist()
            if len(delen) > _MAX_ZIPDELEN:
                return None
            namen = {deel.filename for deel in delen}
            if "[Content_Types].xml" in namen:
                extensie = next((ext for deel, ext in _OOXML.items() if deel in namen), None)
                return next((mime for mime, exts in SOORTEN.items() if extensie in exts), None)
            # OpenDocument asks for a first part that is not compressed; so nothing of an upload is ever unpacked here.
            eerste = delen[0] if delen and delen[0].compress_type == zipfile.ZIP_STORED else None
            if eerste and eerste.filename == "mimetype" and eerste.file_size < 200:  # noqa: PLR2004
                mime = archief.read(eerste).decode("ascii", "replace")
                return mime if mime in SOORTEN else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        # What zipfile raises on damage; ValueError for a name that is no text, or an impossible place.
        return None
    return None


def sha256_van(bestand: Bestand) -> str:
    """Return the hash of what the storage holds of a file now; '' when it is not there."""
    try:
        with default_storage.open(bestand.pad) as inhoud:
            return hashlib.file_digest(inhoud, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def als_bijlage(bestand: Bestand) -> FileResponse:
    """Return the response that sends a stored file for download, never shown inside our own origin."""
    return _om_te_bewaren(default_storage.open(bestand.pad), bestand.naam, bestand.mime)


def stuk_als_bijlage(stuk: Stukbestand) -> FileResponse:
    """Return the response that sends a document that was made on request, for download."""
    return _om_te_bewaren(BytesIO(stuk.inhoud), stuk.naam, stuk.mime)


def _om_te_bewaren(inhoud: IO[bytes], naam: str, mime: str) -> FileResponse:
    antwoord = FileResponse(inhoud, as_attachment=True, filename=naam, content_type=mime)
    antwoord["X-Content-Type-Options"] = "nosniff"
    antwoord["Content-Security-Policy"] = BELEID
    return antwoord
