"""Documents in the house style, as tagged PDF: `maak(Stuk(...))` gives the bytes.

A document is a list of blocks (kern/pdf/blokken.py) and knows no database: what it says is decided by whoever makes
the blocks. The same blocks give the same bytes, in every process.
"""

from kern.pdf.blokken import Alinea, Bedrag, Blok, Feiten, Kolom, Kop, Melding, Stuk, Tabel, Vast

__all__ = ["Alinea", "Bedrag", "Blok", "Feiten", "Kolom", "Kop", "Melding", "Stuk", "Tabel", "Vast", "maak"]


def maak(stuk: Stuk) -> bytes:
    """Return a document as PDF."""
    # Late: reportlab takes a moment, and most processes never make a document.
    from kern.pdf.zetter import zet  # noqa: PLC0415

    return zet(stuk)
