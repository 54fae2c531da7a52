/* Oproepenloket: attachments go up one after the other, each with its progress, as soon as they are chosen.
   Without this script the form sends all of them at once. */
(function () {
  "use strict";

  var formulier = document.querySelector("form[data-opladen]");
  if (!formulier || !window.FormData || !window.DOMParser) { return; }
  var keuze = formulier.querySelector("input[type=file]");
  var stand = document.querySelector("[data-opladen-stand]");
  var lijst = document.querySelector("[data-opladen-lijst]");
  var bewaard = document.querySelector("[data-bijlagen]");
  var hoogstens = parseInt(formulier.getAttribute("data-hoogstens"), 10);
  var grens = formulier.querySelector("[data-grens]").textContent;
  var wachtrij = [], bezig = null, gezegd = 0;
  var goed = 0, klaar = 0, samen = 0; // of the files that go up in one go

  function maak(tag, klasse, tekst) {
    var element = document.createElement(tag);
    element.className = klasse;
    element.textContent = tekst || "";
    return element;
  }

  function bestanden(aantal) {
    return aantal + (aantal === 1 ? " bestand" : " bestanden");
  }

  function grootte(bytes) {
    if (bytes < 1024) { return bytes + " bytes"; }
    var kilo = bytes / 1024, groot = kilo >= 1024;
    return (groot ? kilo / 1024 : kilo).toFixed(1).replace(".", ",") + (groot ? " MB" : " KB");
  }

  function teken() {
    var deel = document.cookie.split("; ").find(function (d) { return d.indexOf("csrftoken=") === 0; });
    return deel ? deel.slice(10) : formulier.elements.csrfmiddlewaretoken.value;
  }

  /* Said in one place, visible and spoken; while many small files go by only now and then. */
  function zeg(zin, soort, altijd) {
    if (!altijd && Date.now() - gezegd < 3000) { return; }
    gezegd = Date.now();
    stand.textContent = zin;
    stand.classList.toggle("bewaring--bezig", soort === "bezig");
    stand.classList.toggle("bewaring--fout", soort === "fout");
  }

  /* One row per file that is under way or was refused; what is kept stands in the list of attachments. */
  function neemOp(bestand) {
    var punt = { bestand: bestand, rij: maak("li", "opladen__rij") }, kop = maak("div", "opladen__kop");
    kop.appendChild(maak("span", "opladen__naam", bestand.name));
    kop.appendChild(maak("span", "opladen__grootte", grootte(bestand.size)));
    punt.rij.appendChild(kop);
    lijst.appendChild(punt.rij);
    lijst.hidden = false;
    if (bestand.size > hoogstens) { weiger(punt, "Het bestand '" + bestand.name + "' is groter dan " + grens + "."); }
    else { zetInRij(punt); }
  }

  function leeg(punt) {
    while (punt.rij.children.length > 1) { punt.rij.removeChild(punt.rij.lastChild); }
  }

  function ruimOp(punt) {
    punt.rij.remove();
    lijst.hidden = !lijst.children.length;
  }

  function zetInRij(punt) {
    leeg(punt);
    punt.rij.classList.remove("opladen__rij--fout");
    punt.balk = document.createElement("progress");
    punt.balk.max = 100;
    punt.balk.value = 0;
    punt.balk.setAttribute("aria-label", "Opladen van " + punt.bestand.name);
    punt.zin = maak("p", "opladen__zin", "Wacht op de vorige bestanden.");
    punt.rij.appendChild(punt.balk);
    punt.rij.appendChild(punt.zin);
    punt.rij.removeAttribute("data-opnieuw");
    wachtrij.push(punt);
    samen += 1;
  }

  function weiger(punt, zin, kanOpnieuw) {
    leeg(punt);
    punt.rij.classList.add("opladen__rij--fout");
    punt.rij.appendChild(maak("p", "opladen__zin", zin));
    var knoppen = maak("div", "opladen__knoppen");
    if (kanOpnieuw) {
      punt.rij.setAttribute("data-opnieuw", "");
      knoppen.appendChild(knop("Opnieuw proberen", punt, function () { keuze.focus(); zetInRij(punt); begin(); }));
    }
    knoppen.appendChild(knop("Weglaten", punt, function () { keuze.focus(); ruimOp(punt); if (!bezig) { besluit(); } }));
    punt.rij.appendChild(knoppen);
  }

  function knop(tekst, punt, daad) {
    var element = maak("button", "govuk-button govuk-button--secondary knop--klein", tekst);
    element.type = "button";
    element.appendChild(maak("span", "verborgen", " " + punt.bestand.name));
    element.addEventListener("click", daad);
    return element;
  }

  function begin() {
    if (bezig) { return; }
    if (!wachtrij.length) { besluit(); return; }
    bezig = wachtrij.shift();
    bezig.zin.textContent = "Bezig met opladen.";
    zeg("Bezig met opladen: bestand " + (klaar + 1) + " van " + samen + ".", "bezig", !klaar);
    stuur(bezig);
  }

  function stuur(punt) {
    var vraag = new XMLHttpRequest(), inhoud = new FormData();
    inhoud.append("bestanden", punt.bestand);
    vraag.open("POST", formulier.getAttribute("data-opladen"));
    vraag.setRequestHeader("X-CSRFToken", teken());
    vraag.setRequestHeader("Accept", "application/json");
    vraag.upload.addEventListener("progress", function (stap) {
      if (!stap.lengthComputable) { return; }
      punt.balk.value = stap.loaded / stap.total * 100;
      if (stap.loaded === stap.total) { punt.zin.textContent = "Opgeladen. We kijken het bestand na."; }
    });
    vraag.addEventListener("loadend", function () {
      verwerk(punt, vraag.status, lees(vraag.responseText));
      bezig = null;
      klaar += 1;
      if (wachtrij.length) { begin(); } else { haalBewaarde(); }
    });
    vraag.send(inhoud);
  }

  function lees(tekst) {
    try { return JSON.parse(tekst); } catch (fout) { return {}; }
  }

  function verwerk(punt, status, antwoord) {
    if (antwoord.status === "bewaard") {
      goed += 1;
      ruimOp(punt);
    } else if (antwoord.status === "geweigerd") {
      weiger(punt, antwoord.zin);
    } else if (status === 401 || status === 403) {
      weiger(punt, "Niet bewaard: u bent afgemeld. Meld u aan in een ander tabblad en probeer het dan opnieuw.", true);
    } else {
      weiger(punt, "Niet bewaard: het opladen lukte niet. Kijk uw verbinding na en probeer het opnieuw.", true);
    }
  }

  /* The list of attachments as the server has it now; the new ones stand at its end, so places stay. */
  function vervang(nieuw) {
    var doelen = "tbody :is(a, button, summary)", plaats = nummer(doelen, function (e) { return e === document.activeElement; })[0];
    var open = nummer("details", function (e) { return e.open; });
    bewaard.innerHTML = nieuw.innerHTML;
    open.forEach(function (n) { bewaard.querySelectorAll("details")[n].open = true; });
    if (plaats !== undefined) { bewaard.querySelectorAll(doelen)[plaats].focus(); }
  }

  function nummer(kiezer, toets) {
    return Array.from(bewaard.querySelectorAll(kiezer)).map(function (e, n) { return toets(e) ? n : -1; }).filter(function (n) { return n >= 0; });
  }

  function haalBewaarde() {
    var vraag = new XMLHttpRequest();
    vraag.open("GET", window.location.pathname);
    vraag.addEventListener("loadend", function () {
      var pagina = new DOMParser().parseFromString(vraag.responseText || "", "text/html");
      var nieuw = pagina.querySelector("[data-bijlagen]");
      if (nieuw) { vervang(nieuw); }
      begin(); // what was chosen meanwhile, or the end
    });
    vraag.send();
  }

  /* The end of a go: how many were kept, how many not. */
  function besluit() {
    var niet = lijst.querySelectorAll(".opladen__rij--fout").length, zinnen = [];
    if (goed) { zinnen.push(bestanden(goed) + " bewaard."); }
    if (niet) { zinnen.push(bestanden(niet) + " niet bewaard: hieronder leest u waarom."); }
    zeg(zinnen.join(" "), niet ? "fout" : "", true);
    goed = klaar = samen = 0;
  }

  keuze.addEventListener("change", function () {
    Array.prototype.forEach.call(keuze.files, neemOp);
    keuze.value = "";
    begin();
  });
  window.addEventListener("beforeunload", function (gebeurtenis) {
    if (bezig || lijst.querySelector("[data-opnieuw]")) { gebeurtenis.preventDefault(); gebeurtenis.returnValue = ""; }
  });
  formulier.querySelector("[data-zonder-script]").hidden = true;
})();
