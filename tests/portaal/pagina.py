"""A page as a test reads it: title, ids, links, fields with their value and the error that is tied to them.

p = Pagina(antwoord)
assert p.fouten("gevraagd") == ["Het bedrag mag niet negatief zijn."]
assert p.waarde("gevraagd") == "-5"
keur(antwoord)                       structure: nesting, ids, labels, headings
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

LEEG = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# In SVG these stand alone; the pages write them closed in themselves.
SVG = {"rect", "circle", "line", "path", "polyline", "polygon", "use", "ellipse"}
BLOK = {"address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form"}
BLOK |= {"h1", "h2", "h3", "h4", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
BEDIENING = {"input", "select", "textarea", "button", "a"}
VERWIJST = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns")


@dataclass
class Element:
    """One element with its attributes and everything in it."""

    tag: str
    attrs: dict[str, str]
    ouder: "Element | None" = None
    kinderen: list["Element | str"] = field(default_factory=list)

    @property
    def tekst(self) -> str:
        """Return the text in it, white space folded."""
        return re.sub(r"\s+", " ", "".join(self._tekst())).strip()

    def _tekst(self) -> Any:
        for kind in self.kinderen:
            if isinstance(kind, str):
                yield kind
            else:
                yield from kind._tekst()
                yield " " if kind.tag in BLOK | {"li", "td", "th", "dt", "dd", "option"} else ""

    def alle(self, *tags: str) -> list["Element"]:
        """Return the elements in it, in order; all, or those with one of these tags."""
        uit = []
        for kind in self.kinderen:
            if isinstance(kind, Element):
                if not tags or kind.tag in tags:
                    uit.append(kind)
                uit += kind.alle(*tags)
        return uit

    def heeft(self, klasse: str) -> bool:
        """Tell whether it has a class."""
        return klasse in self.attrs.get("class", "").split()


class _Lezer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wortel = Element("document", {})
        self.hier = self.wortel
        self.fouten: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dubbel = [naam for naam, aantal in Counter(naam for naam, _ in attrs).items() if aantal > 1]
        if dubbel:
            self.fouten.append(f"<{tag}> heeft {dubbel} twee keer")
        element = Element(tag, {naam: waarde or "" for naam, waarde in attrs}, self.hier)
        self._mag(element)
        self.hier.kinderen.append(element)
        if tag not in LEEG:
            self.hier = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SVG:
            self.hier = self.hier.ouder or self.wortel
        elif tag not in LEEG:
            self.fouten.append(f"<{tag}/> sluit zichzelf niet")

    def handle_endtag(self, tag: str) -> None:
        if self.hier.tag != tag:
            self.fouten.append(f"</{tag}> waar </{self.hier.tag}> verwacht werd (regel {self.getpos()[0]})")
            return
        self.hier = self.hier.ouder or self.wortel

    def handle_data(self, data: str) -> None:
        self.hier.kinderen.append(data)

    def _mag(self, nieuw: Element) -> None:
        voorouders = []
        op: Element | None = self.hier
        while op is not None:
            voorouders.append(op.tag)
            op = op.ouder
        regels = {"p", "span", "h1", "h2", "h3", "label", "button"} & set(voorouders)
        # A heading may be the legend of its field (componenten/veld.html).
        if nieuw.tag in BLOK and regels and not (nieuw.tag == "h1" and "legend" in voorouders):
            self.fouten.append(f"<{nieuw.tag}> binnen <{voorouders[0]}>")
        if nieuw.tag in {"a", "button", "form"} and nieuw.tag in voorouders:
            self.fouten.append(f"<{nieuw.tag}> binnen <{nieuw.tag}>")
        if nieuw.tag == "li" and voorouders[0] not in {"ul", "ol"}:
            self.fouten.append(f"<li> binnen <{voorouders[0]}>")
        if nieuw.tag in {"td", "th"} and voorouders[0] != "tr":
            self.fouten.append(f"<{nieuw.tag}> binnen <{voorouders[0]}>")


class Pagina:
    """A parsed page."""

    def __init__(self, antwoord: Any) -> None:
        self.html: str = antwoord if isinstance(antwoord, str) else antwoord.content.decode()
        lezer = _Lezer()
        lezer.feed(self.html)
        lezer.close()
        self.bouwfouten = lezer.fouten
        if lezer.hier is not lezer.wortel:
            self.bouwfouten.append(f"<{lezer.hier.tag}> blijft open")
        self.wortel = lezer.wortel
        self.elementen = self.wortel.alle()
        self.per_id = {e.attrs["id"]: e for e in self.elementen if e.attrs.get("id")}

    def alle(self, *tags: str) -> list[Element]:
        """Return the elements with these tags."""
        return [e for e in self.elementen if e.tag in tags]

    def met_klasse(self, klasse: str) -> list[Element]:
        """Return the elements of a class."""
        return [e for e in self.elementen if e.heeft(klasse)]

    @property
    def titel(self) -> str:
        """Return the title of the document."""
        return self.alle("title")[0].tekst

    @property
    def hoofding(self) -> str:
        """Return the h1."""
        return self.alle("h1")[0].tekst

    @property
    def tekst(self) -> str:
        """Return all visible text of the main part."""
        return self.alle("main")[0].tekst

    @property
    def meldingen(self) -> list[tuple[str, str]]:
        """Return the messages on top: (level, text)."""
        uit = []
        for e in self.met_klasse("melding"):
            soort = next(k.removeprefix("melding--") for k in e.attrs["class"].split() if k.startswith("melding--"))
            uit.append((soort, next(d for d in e.alle("p") if d.heeft("melding__tekst")).tekst))
        return uit

    @property
    def links(self) -> list[str]:
        """Return where the links go."""
        return [e.attrs["href"] for e in self.alle("a") if "href" in e.attrs]

    @property
    def knoppen(self) -> list[str]:
        """Return the texts of the buttons that send something, and of links that look like one."""
        return [
            e.tekst
            for e in self.alle("button", "a")
            if (e.tag == "button" and e.attrs.get("type") == "submit") or (e.tag == "a" and e.heeft("govuk-button"))
        ]

    def velden(self, naam: str) -> list[Element]:
        """Return the controls with a name."""
        return [e for e in self.alle("input", "select", "textarea") if e.attrs.get("name") == naam]

    def waarde(self, naam: str) -> str:
        """Return what stands in a field; of radio buttons the chosen one, or nothing."""
        velden = self.velden(naam)
        assert velden, f"geen veld {naam!r}"
        eerste = velden[0]
        if eerste.tag == "textarea":
            return "".join(k for k in eerste.kinderen if isinstance(k, str)).removeprefix("\n")
        if eerste.tag == "select":
            gekozen = [o for o in eerste.alle("option") if "selected" in o.attrs]
            return gekozen[0].attrs["value"] if gekozen else ""
        if eerste.attrs.get("type") in {"radio", "checkbox"}:
            return next((v.attrs["value"] for v in velden if "checked" in v.attrs), "")
        return eerste.attrs.get("value", "")

    def fouten(self, naam: str) -> list[str]:
        """Return the sentences that aria-describedby ties to a field (or to the group of its radio buttons)."""
        doel: Element | None = self.velden(naam)[0]
        while doel is not None and "aria-describedby" not in doel.attrs:
            doel = doel.ouder if doel.tag != "fieldset" else None
        uit = []
        for sleutel in (doel.attrs["aria-describedby"] if doel else "").split():
            element = self.per_id[sleutel]
            if element.heeft("veld__fout"):
                uit += [zin.tekst.removeprefix("Fout: ") for zin in element.alle("p")]
        return uit

    @property
    def overzicht(self) -> list[tuple[str, str]]:
        """Return the error summary: (sentence, name of the field that its link goes to, or '')."""
        blokken = self.met_klasse("govuk-error-summary")
        assert len(blokken) <= 1
        uit = []
        for blok in blokken:
            assert blok.attrs["role"] == "alert" and blok.attrs["tabindex"] == "-1"
            for punt in blok.alle("li"):
                link = next(iter(punt.alle("a")), None)
                uit.append((punt.tekst, self._doel(link.attrs["href"]) if link else ""))
        return uit

    def _doel(self, href: str) -> str:
        assert href.startswith("#"), href
        doel = self.per_id[href[1:]]
        assert doel.tag in BEDIENING, f"{href} wijst naar <{doel.tag}>, waar de cursor niet kan staan"
        return doel.attrs["name"]


def keur(antwoord: Any) -> Pagina:
    """Check the structure of a page; return it."""
    p = Pagina(antwoord)
    klachten = list(p.bouwfouten)
    ids = [e.attrs["id"] for e in p.elementen if "id" in e.attrs]
    klachten += [f"id {naam!r} staat er {n} keer" for naam, n in Counter(ids).items() if n > 1]
    klachten += [f"id {naam!r} is leeg of heeft een spatie" for naam in ids if not naam or re.search(r"\s", naam)]
    for e in p.elementen:
        for attribuut in VERWIJST:
            klachten += [
                f"<{e.tag} {attribuut}> naar {doel!r}, die er niet is"
                for doel in e.attrs.get(attribuut, "").split()
                if doel not in p.per_id
            ]
        if e.tag == "label" and "for" in e.attrs and e.attrs["for"] not in p.per_id:
            klachten.append(f"<label for={e.attrs['for']!r}> zonder veld")
        if e.tag == "a" and e.attrs.get("href", "").startswith("#") and e.attrs["href"][1:] not in p.per_id:
            klachten.append(f"link naar {e.attrs['href']}, die er niet is")
        if e.tag == "img" and "alt" not in e.attrs:
            klachten.append("<img> zonder alt")
        if e.tag == "a" and not e.tekst and "aria-label" not in e.attrs:
            klachten.append(f"lege link naar {e.attrs.get('href')}")
    klachten += _velden_zonder_label(p)
    klachten += _koppen(p)
    for wat in ("title", "h1", "main"):
        aantal = len([e for e in p.alle(wat) if not _in_svg(e)])
        if aantal != 1:
            klachten.append(f"{aantal} keer <{wat}>")
    for tabel in p.alle("table"):
        if not tabel.alle("caption") or not tabel.alle("th"):
            klachten.append("tabel zonder bijschrift of koppen")
    for stuk in ("{{", "{%", "None", "Invalid", "&lt;Weigering"):
        if stuk in p.alle("body")[0].tekst:
            klachten.append(f"er staat {stuk!r} op de pagina")
    assert klachten == []
    return p


def _in_svg(e: Element) -> bool:
    op = e.ouder
    while op is not None:
        if op.tag == "svg":
            return True
        op = op.ouder
    return False


def _velden_zonder_label(p: Pagina) -> list[str]:
    voor = {e.attrs.get("for") for e in p.alle("label")}
    uit = []
    for veld in p.alle("input", "select", "textarea"):
        if veld.attrs.get("type") in {"hidden", "submit"} or veld.attrs.get("id") in voor:
            continue
        op = veld.ouder
        while op is not None and op.tag != "label":
            op = op.ouder
        if op is None and "aria-label" not in veld.attrs:
            uit.append(f"veld {veld.attrs.get('name')!r} zonder label")
    return uit


def _koppen(p: Pagina) -> list[str]:
    uit, vorige = [], 0
    for kop in [e for e in p.elementen if re.fullmatch(r"h[1-6]", e.tag)]:
        niveau = int(kop.tag[1])
        if niveau > vorige + 1:
            uit.append(f"<{kop.tag}> '{kop.tekst}' na <h{vorige}>")
        if not kop.tekst:
            uit.append(f"lege <{kop.tag}>")
        vorige = niveau
    return uit
