/* Oproepenloket: small helps over pages that work without script. No dependencies. */
(function () {
  "use strict";

  var WIT = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  var WOORD = new RegExp("[^" + WIT + "]+", "g"); // the same words as Python's str.split()

  function alle(kiezer, wortel) {
    return Array.prototype.slice.call((wortel || document).querySelectorAll(kiezer));
  }

  function koekje(naam) {
    var deel = document.cookie.split("; ").find(function (d) { return d.indexOf(naam + "=") === 0; });
    return deel ? decodeURIComponent(deel.slice(naam.length + 1)) : "";
  }

  function meervoud(aantal, een, meer) {
    return aantal + " " + (aantal === 1 ? een : meer);
  }

  function zetTekst(element, tekst) {
    if (element.textContent !== tekst) { element.textContent = tekst; }
  }

  /* Error summary: focus it, and let its links put the cursor in the field. */
  function foutenoverzicht() {
    var overzicht = document.querySelector("[data-foutenoverzicht]");
    if (!overzicht) { return; }
    document.title = "Fout: " + document.title;
    overzicht.focus();
    overzicht.addEventListener("click", function (gebeurtenis) {
      var link = gebeurtenis.target.closest("a[href^='#']");
      var doel = link && document.getElementById(link.hash.slice(1));
      if (!doel) { return; }
      var bediening = doel.matches("input, select, textarea, button, a[href], [tabindex]") ? doel : doel.querySelector("input, select, textarea, button");
      if (!bediening) { return; }
      gebeurtenis.preventDefault();
      (bediening.closest(".veld") || bediening).scrollIntoView({ block: "start" });
      bediening.focus({ preventScroll: true });
    });
  }

  /* Counters of words and characters. */
  function teller(veld) {
    var inWoorden = veld.hasAttribute("data-max-woorden");
    var hoogstens = parseInt(veld.getAttribute(inWoorden ? "data-max-woorden" : "data-max-tekens"), 10);
    if (!hoogstens) { return; }
    var zichtbaar = document.getElementById(veld.id + "_teller");
    if (!zichtbaar) {
      zichtbaar = document.createElement("p");
      zichtbaar.className = "veld__teller";
      zichtbaar.id = veld.id + "_teller";
      veld.parentNode.insertAdjacentElement("afterend", zichtbaar);
    }
    var beschreven = (veld.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
    if (beschreven.indexOf(zichtbaar.id) < 0) {
      veld.setAttribute("aria-describedby", beschreven.concat(zichtbaar.id).join(" "));
    }
    var gesproken = document.createElement("span");
    gesproken.className = "verborgen";
    gesproken.setAttribute("role", "status");
    zichtbaar.insertAdjacentElement("afterend", gesproken);
    var wachten;
    function tel(stil) {
      var aantal = inWoorden ? (veld.value.match(WOORD) || []).length : Array.from(veld.value).length;
      var over = aantal - hoogstens;
      var woord = inWoorden ? ["woord", "woorden"] : ["teken", "tekens"];
      var zin = over > 0 ? meervoud(over, woord[0], woord[1]) + " te veel (hoogstens " + hoogstens + ")" : "Nog " + meervoud(-over, woord[0], woord[1]) + " van " + hoogstens;
      zetTekst(zichtbaar, zin);
      zichtbaar.classList.toggle("veld__teller--over", over > 0);
      clearTimeout(wachten);
      if (stil !== true) { wachten = setTimeout(function () { zetTekst(gesproken, zin); }, 1200); }
    }
    veld.addEventListener("input", tel);
    tel(true);
  }

  /* A form is sent once; coming back to the page gives the button back. */
  function eenmaal() {
    document.addEventListener("submit", function (gebeurtenis) {
      var formulier = gebeurtenis.target;
      if (gebeurtenis.defaultPrevented) { return; }
      var teken = formulier.querySelector("input[name=csrfmiddlewaretoken]");
      var vers = koekje("csrftoken");
      if (teken && vers) { teken.value = vers; } // someone who signed in again in another tab has a new token
      if (!formulier.hasAttribute("data-eenmaal")) { return; }
      setTimeout(function () {
        alle("button:not([type=button]), input[type=submit]", formulier).forEach(function (knop) {
          if (!knop.disabled) { knop.disabled = true; knop.setAttribute("data-uitgezet", ""); }
        });
      }, 0);
    });
    window.addEventListener("pageshow", function () {
      alle("[data-uitgezet]").forEach(function (knop) {
        knop.disabled = false;
        knop.removeAttribute("data-uitgezet");
      });
    });
  }

  /* What is left until a deadline; data-nu is the clock of the server when the page was made. */
  function aftellen() {
    var klokken = alle("[data-einde]").map(function (element) {
      var server = Date.parse(element.getAttribute("data-nu") || "");
      return { element: element, einde: Date.parse(element.getAttribute("data-einde")), verschil: server ? server - Date.now() : 0 };
    }).filter(function (k) { return k.einde; });
    if (!klokken.length) { return; }
    function toon() {
      klokken.forEach(function (k) {
        var rest = Math.floor((k.einde - Date.now() - k.verschil) / 1000);
        var dagen = Math.floor(rest / 86400), uren = Math.floor(rest % 86400 / 3600), minuten = Math.floor(rest % 3600 / 60);
        var zin = rest <= 0 ? "afgelopen"
          : dagen ? "nog " + meervoud(dagen, "dag", "dagen") + " en " + uren + " uur"
          : uren ? "nog " + uren + " uur en " + meervoud(minuten, "minuut", "minuten")
          : minuten ? "nog " + meervoud(minuten, "minuut", "minuten") : "nog minder dan een minuut";
        zetTekst(k.element, zin);
      });
    }
    setInterval(toon, 60000);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) { toon(); } });
  }

  /* Warn before unsaved changes are left behind, where nothing is saved automatically. */
  function waarschuw(formulier) {
    var gewijzigd = formulier.querySelector(".veld--fout") !== null;
    formulier.addEventListener("input", function () { gewijzigd = true; });
    formulier.addEventListener("submit", function () { gewijzigd = false; });
    window.addEventListener("beforeunload", function (gebeurtenis) {
      if (gewijzigd) { gebeurtenis.preventDefault(); gebeurtenis.returnValue = ""; }
    });
  }

  /* Autosave. Sends the changed fields, the version of each that the page knows (versie_<name>, from a hidden field of that name or data-versie), and their names (gewijzigd). */
  function bewaar(formulier) {
    var adres = formulier.getAttribute("data-bewaar-url");
    var sleutel = "loket:" + (formulier.getAttribute("data-bewaar-sleutel") || adres);
    var melder = formulier.querySelector("[data-bewaring]") || document.querySelector("[data-bewaring]");
    var open = {};      // name -> number of the last change that is not confirmed
    var vast = {};      // name -> number of the change that the server refused: wait for another change
    var wachtend = {};  // name -> stored text about which we asked what to do with it
    var nummer = 0, bezig = false, timer = null, pogingen = 0, weg = false;
    if (!melder) {
      melder = document.createElement("p");
      melder.className = "bewaring";
      formulier.appendChild(melder);
    }
    melder.setAttribute("role", "status");
    melder.setAttribute("aria-live", "polite");

    function zeg(zin, soort) {
      zetTekst(melder, zin);
      melder.classList.toggle("bewaring--fout", soort === "fout");
      melder.classList.toggle("bewaring--bezig", soort === "bezig");
    }
    function velden(naam) {
      return Array.prototype.filter.call(formulier.elements, function (e) { return e.name === naam && !e.disabled; });
    }
    function waarden(naam) {
      var uit = [];
      velden(naam).forEach(function (e) {
        if (e.type === "checkbox" || e.type === "radio") { if (e.checked) { uit.push(e.value); } }
        else if (e.multiple && e.options) { Array.prototype.forEach.call(e.options, function (o) { if (o.selected) { uit.push(o.value); } }); }
        else { uit.push(e.value); }
      });
      return uit;
    }
    function zet(naam, lijst) {
      velden(naam).forEach(function (e, i) {
        if (e.type === "checkbox" || e.type === "radio") { e.checked = lijst.indexOf(e.value) >= 0; }
        else if (e.multiple && e.options) { Array.prototype.forEach.call(e.options, function (o) { o.selected = lijst.indexOf(o.value) >= 0; }); }
        else if (i < lijst.length) { e.value = lijst[i]; }
        e.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    function versie(naam) {
      var veld = formulier.elements["versie_" + naam];
      if (veld && veld.value !== undefined) { return veld.value; }
      var eerste = velden(naam)[0];
      return eerste ? eerste.getAttribute("data-versie") || "" : "";
    }
    function zetVersie(naam, nieuw) {
      var veld = formulier.elements["versie_" + naam], eerste = velden(naam)[0];
      if (veld && veld.value !== undefined) { veld.value = nieuw; }
      else if (eerste) { eerste.setAttribute("data-versie", nieuw); }
    }
    function onthoud() {
      try {
        var namen = Object.keys(open);
        var inhoud = Object.assign({}, wachtend);
        if (!namen.length && !Object.keys(inhoud).length) { localStorage.removeItem(sleutel); return; }
        namen.forEach(function (n) { inhoud[n] = { waarden: waarden(n), versie: versie(n) }; });
        localStorage.setItem(sleutel, JSON.stringify({ tijd: Date.now(), velden: inhoud }));
      } catch (fout) { /* no storage, or full: the page still saves on the server */ }
    }
    function plan(wacht) {
      clearTimeout(timer);
      timer = setTimeout(stuur, wacht);
    }
    function opnieuw() {
      pogingen += 1;
      plan(Math.min(60000, 1000 * Math.pow(2, pogingen)));
    }
    function stuur(blijvend) {
      clearTimeout(timer);
      var namen = Object.keys(open).filter(function (n) { return vast[n] !== open[n]; });
      if (weg || !namen.length || (bezig && blijvend !== true)) { return; }
      var gestuurd = {}, inhoud = new FormData(), teken = koekje("csrftoken");
      namen.forEach(function (n) {
        gestuurd[n] = open[n];
        inhoud.append("gewijzigd", n);
        waarden(n).forEach(function (w) { inhoud.append(n, w); });
        if (versie(n) !== "") { inhoud.append("versie_" + n, versie(n)); }
      });
      if (!teken) {
        var verborgen = formulier.elements.csrfmiddlewaretoken;
        teken = verborgen ? verborgen.value : "";
      }
      bezig = true;
      if (!melder.classList.contains("bewaring--fout")) { zeg("Bewaren…", "bezig"); }
      fetch(adres, { method: "POST", body: inhoud, credentials: "same-origin", redirect: "manual", keepalive: blijvend === true, headers: { "X-CSRFToken": teken, "Accept": "application/json", "X-Requested-With": "fetch" } })
        .then(function (antwoord) {
          var json = (antwoord.headers.get("Content-Type") || "").indexOf("json") >= 0;
          if (antwoord.status === 401 || antwoord.type === "opaqueredirect") { return { status: "afgemeld" }; }
          if (!json || antwoord.status >= 500) { throw new Error("geen antwoord"); }
          return antwoord.json();
        })
        .then(function (antwoord) { bezig = false; verwerk(antwoord, gestuurd); })
        .catch(function () {
          bezig = false;
          if (weg) { return; }
          zeg("Niet bewaard: geen verbinding. We proberen opnieuw.", "fout");
          opnieuw();
        });
    }
    function verwerk(antwoord, gestuurd) {
      if (antwoord.status === "afgemeld") {
        zeg("U bent afgemeld. Meld u aan in een ander tabblad; uw tekst staat nog hier.", "fout");
        opnieuw();
        return;
      }
      pogingen = 0;
      var versies = antwoord.versies || {}, bewaard = antwoord.status === "bewaard";
      Object.keys(versies).forEach(function (n) { zetVersie(n, versies[n]); });
      Object.keys(gestuurd).forEach(function (n) { if ((bewaard || n in versies) && open[n] === gestuurd[n]) { delete open[n]; delete vast[n]; } });
      onthoud();
      if (bewaard) {
        zeg("Bewaard om " + (antwoord.tijd || new Date().toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" })));
      } else {
        Object.keys(gestuurd).forEach(function (n) { if (n in open) { vast[n] = gestuurd[n]; } });
        zeg(antwoord.zin || (antwoord.status === "conflict" ? "Niet bewaard: iemand anders wijzigde dit veld. Herlaad de pagina om die tekst te zien." : "Niet bewaard. Kijk uw antwoord na."), "fout");
      }
      if (Object.keys(open).some(function (n) { return vast[n] !== open[n]; })) { plan(800); }
    }
    function gewijzigd(gebeurtenis) {
      var e = gebeurtenis.target;
      if (!e.name || e.type === "file" || e.type === "hidden" || e.type === "password" || e.form !== formulier) { return; }
      open[e.name] = ++nummer;
      onthoud();
      if (!pogingen) { plan(800); }
    }
    function terugzetten() {
      var bewaard;
      try { bewaard = JSON.parse(localStorage.getItem(sleutel) || "null"); } catch (fout) { bewaard = null; }
      if (!bewaard) { return; }
      var namen = Object.keys(bewaard.velden).filter(function (n) {
        return velden(n).length && JSON.stringify(bewaard.velden[n].waarden) !== JSON.stringify(waarden(n));
      });
      if (!namen.length || Date.now() - bewaard.tijd > 30 * 86400000) { localStorage.removeItem(sleutel); return; }
      function doe() { namen.forEach(function (n) { zet(n, bewaard.velden[n].waarden); }); stuur(); }
      if (namen.every(function (n) { return bewaard.velden[n].versie === versie(n); })) { doe(); return; }
      namen.forEach(function (n) { wachtend[n] = bewaard.velden[n]; });
      var vraag = document.createElement("div");
      vraag.className = "melding melding--warning";
      vraag.innerHTML = "<p class='melding__kop'>Niet-bewaarde tekst</p><p>Op dit toestel staat tekst die niet bewaard raakte. Intussen is dit formulier gewijzigd.</p><div class='knoppen'><button type='button' class='govuk-button knop--klein'>Mijn tekst terugzetten</button><button type='button' class='govuk-button govuk-button--secondary knop--klein'>Mijn tekst weggooien</button></div>";
      var knoppen = alle("button", vraag);
      knoppen[0].addEventListener("click", function () { wachtend = {}; vraag.remove(); doe(); });
      knoppen[1].addEventListener("click", function () { wachtend = {}; onthoud(); vraag.remove(); });
      formulier.insertAdjacentElement("beforebegin", vraag);
    }

    formulier.addEventListener("input", gewijzigd);
    formulier.addEventListener("change", gewijzigd);
    formulier.addEventListener("focusout", function () { if (!pogingen) { stuur(); } });
    formulier.addEventListener("submit", function () { weg = true; clearTimeout(timer); });
    window.addEventListener("pageshow", function () { weg = false; });
    window.addEventListener("online", function () { pogingen = 0; stuur(); });
    document.addEventListener("visibilitychange", function () { stuur(document.hidden); });
    window.addEventListener("beforeunload", function (gebeurtenis) {
      if (!weg && melder.classList.contains("bewaring--fout") && Object.keys(open).length) { gebeurtenis.preventDefault(); gebeurtenis.returnValue = ""; }
    });
    terugzetten();
  }

  function huidigPunt() {
    alle(".navigatie__lijst, .tabbladen ul").forEach(function (lijst) {
      var punt = lijst.querySelector("[aria-current]");
      if (punt && lijst.scrollWidth > lijst.clientWidth) {
        lijst.scrollLeft = punt.getBoundingClientRect().left - lijst.getBoundingClientRect().left + lijst.scrollLeft - 32;
      }
    });
  }

  /* One box that ticks all boxes of a name on this page; without script each is ticked by itself. */
  function kiesAlles(houder) {
    var naam = houder.getAttribute("data-kies-alles"), alles = houder.querySelector("input");
    var vakjes = alle("input[type=checkbox][name=" + naam + "]");
    function toon() {
      var aan = vakjes.filter(function (v) { return v.checked; }).length;
      alles.checked = aan > 0 && aan === vakjes.length;
      alles.indeterminate = aan > 0 && aan < vakjes.length;
    }
    alles.addEventListener("change", function () { vakjes.forEach(function (v) { v.checked = alles.checked; }); toon(); });
    vakjes.forEach(function (v) { v.addEventListener("change", toon); });
    houder.hidden = false;
    toon();
  }

  /* A part of the page that changes by itself, fetched again every so many seconds until it stands still. */
  function ververs(deel) {
    var seconden = parseInt(deel.getAttribute("data-ververs"), 10);
    window.setTimeout(function () {
      fetch(location.href, { credentials: "same-origin" }).then(function (antwoord) {
        if (!antwoord.ok || antwoord.redirected) { throw new Error(antwoord.status); }
        return antwoord.text();
      }).then(function (tekst) {
        var nieuw = new DOMParser().parseFromString(tekst, "text/html").getElementById(deel.id);
        deel.replaceWith(nieuw);
        if (nieuw.hasAttribute("data-ververs")) { ververs(nieuw); } else { nieuw.setAttribute("role", "status"); }
      }).catch(function () { ververs(deel); });
    }, seconden * 1000);
  }

  alle("[data-ververs]").forEach(ververs);
  alle("[data-kies-alles]").forEach(kiesAlles);
  alle("form[data-bewaar-url]").forEach(bewaar);
  alle("form[data-waarschuw]").forEach(waarschuw);
  alle("[data-max-woorden], [data-max-tekens]").forEach(teller);
  eenmaal();
  aftellen();
  huidigPunt();
  foutenoverzicht();
})();
