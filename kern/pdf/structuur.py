"""The tags of a PDF: which piece of a page is which paragraph, heading or cell, in reading order.

reportlab draws; this writes marked content around what it draws, and the tree that a screen reader follows
(ISO 32000-1, 14.7 and 14.8). We say "tagged"; conformance with PDF/UA is not claimed, because nothing here checks it.
"""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFStream,
    PDFString,
)

TAAL = "nl-BE"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{titel}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{afzender}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{taal}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class Element:
    """A node of the tree: a kind (H1, P, Table ...), its children, and the pieces of pages that belong to it."""

    def __init__(self, soort: str, ouder: "Element | None" = None, **kenmerken: str) -> None:
        self.soort = soort
        self.ouder = ouder
        self.kenmerken = kenmerken
        self.kinderen: list[Element | tuple[int, int]] = []
        self.naam = ""
        if ouder is not None:
            ouder.kinderen.append(self)

    def alle(self) -> Iterator["Element"]:
        """Give this element and all below it, in reading order."""
        yield self
        for kind in self.kinderen:
            if isinstance(kind, Element):
                yield from kind.alle()


class Merker:
    """Marks what is drawn on a canvas as a piece of an element, or as decoration (an artifact)."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self.wortel = Element("Document")
        self._bladen: list[list[Element]] = [[]]
        self._open: Element | str | None = None

    def merk(self, element: Element | None) -> None:
        """Let what is drawn from here belong to `element`; None: decoration."""
        nieuw = element or "Artifact"
        if self._open is nieuw:
            return
        self._sluit()
        self._open = nieuw
        if element is None:
            self._schrijf("/Artifact BMC")
            return
        blad = self._bladen[-1]
        element.kinderen.append((len(self._bladen) - 1, len(blad)))
        self._schrijf(f"/{element.soort} <</MCID {len(blad)}>> BDC")
        blad.append(element)

    def nieuw_blad(self) -> None:
        """Close the page."""
        self._sluit()
        self._canvas.showPage()
        self._bladen.append([])

    def sluit_af(self, *, titel: str, afzender: str, moment: str) -> None:
        """Close the last page and write the tree into the document."""
        self._sluit()
        self._canvas.showPage()
        document = self._canvas._doc  # noqa: SLF001  reportlab has no other way in
        for nummer in range(len(self._bladen)):
            _koppel_blad(document.idToObject[_bladnaam(nummer)], nummer)
        elementen = list(self.wortel.alle())
        for volgnummer, element in enumerate(elementen):
            element.naam = f"Structuur{volgnummer}"
        for element in elementen:
            document.Reference(self._als_object(element), element.naam)
        nummers: list[Any] = []
        for nummer, blad in enumerate(self._bladen):
            nummers += [nummer, PDFArray([PDFObjectReference(element.naam) for element in blad])]
        catalogus = document.Catalog
        catalogus.StructTreeRoot = PDFDictionary(
            {
                "Type": PDFName("StructTreeRoot"),
                "K": PDFObjectReference(self.wortel.naam),
                "ParentTree": document.Reference(PDFDictionary({"Nums": PDFArray(nummers)}), "Structuurbladen"),
                "ParentTreeNextKey": len(self._bladen),
            }
        )
        document.Reference(catalogus.StructTreeRoot, "Structuur")
        catalogus.MarkInfo = PDFDictionary({"Marked": "true"})
        catalogus.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
        xmp = PDFStream(PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}))
        velden = {"titel": escape(titel), "afzender": escape(afzender), "taal": TAAL, "moment": moment}
        xmp.content = _XMP.format(**velden).encode()
        catalogus.Metadata = xmp

    def _als_object(self, element: Element) -> Any:
        ouder = "Structuur" if element.ouder is None else element.ouder.naam
        velden: dict[str, Any] = {
            "Type": PDFName("StructElem"),
            "S": PDFName(element.soort),
            "P": PDFObjectReference(ouder),
        }
        stukken = [kind for kind in element.kinderen if not isinstance(kind, Element)]
        if stukken:
            velden["Pg"] = PDFObjectReference(_bladnaam(stukken[0][0]))
        velden["K"] = PDFArray([_als_kind(kind, stukken) for kind in element.kinderen])
        if element.kenmerken:
            velden["A"] = PDFDictionary({naam: PDFName(waarde) for naam, waarde in element.kenmerken.items()})
        if element.ouder is None:
            velden["Lang"] = PDFString(TAAL)
        return PDFDictionary(velden)

    def _sluit(self) -> None:
        if self._open is not None:
            self._schrijf("EMC")
        self._open = None

    def _schrijf(self, opdracht: str) -> None:
        self._canvas.addLiteral(opdracht)


def _als_kind(kind: Element | tuple[int, int], stukken: list[tuple[int, int]]) -> Any:
    if isinstance(kind, Element):
        return PDFObjectReference(kind.naam)
    blad, nummer = kind
    if blad == stukken[0][0]:
        return nummer
    return PDFDictionary({"Type": PDFName("MCR"), "Pg": PDFObjectReference(_bladnaam(blad)), "MCID": nummer})


def _bladnaam(nummer: int) -> str:
    return f"Page{nummer + 1}"


def _koppel_blad(blad: Any, nummer: int) -> None:
    # reportlab writes only the keys of a page that it knows.
    blad.__NoDefault__ = [*blad.__NoDefault__, "StructParents", "Tabs"]
    blad.StructParents = nummer
    blad.Tabs = PDFName("S")
    blad.Trans = None
