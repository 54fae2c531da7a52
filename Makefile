# The two that count: `make start` and `make test`. `make` alone lists the rest.
PYTHON ?= python3
VENV := .venv/bin
# One run per core of a small machine; PostgreSQL and a browser need room too.
WERKERS ?= 2

# Else every process of a test run compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install start test test-browser test-machine beelden lint lint-stijl lint-sjablonen lint-types lint-lagen lint-migraties \
	controleer demo-opnieuw lock test-rekenblad

help:
	@echo "make start         installeer wat nodig is en start het loket op http://127.0.0.1:8000"
	@echo "make test          alle tests, eerst op SQLite en dan op PostgreSQL"
	@echo "make test-browser  alle browsertests in Chromium, op beide databanken (make test doet er een deel van)"
	@echo "make test-rekenblad de rekenbladen laten narekenen door LibreOffice en vergelijken met de budgetstand"
	@echo "make test-machine  duizenden willekeurige boekingen en betalingen, naast een eenvoudig model nagerekend"
	@echo "make lint          stijl, sjablonen, types, lagen en migraties nakijken"
	@echo "make controleer    bedragen, ketens en momentopnamen narekenen"
	@echo "make demo-opnieuw  de demogegevens wissen en opnieuw maken"
	@echo "make install       alleen de virtuele omgeving .venv maken"
	@echo "make beelden       de schermbeelden in docs/beelden opnieuw maken, uit de demo"
	@echo "make lock          eisen.txt bijwerken na een wijziging in pyproject.toml (NIEUW=1: alles vernieuwen)"

install:
	@command -v $(PYTHON) >/dev/null || { echo "Fout: $(PYTHON) ontbreekt. Installeer Python 3.11 of nieuwer," \
		"op Debian of Ubuntu met: sudo apt install python3 python3-venv python3-pip"; exit 1; }
	@$(PYTHON) opzetten.py

start: install
	@$(VENV)/python manage.py start

# Both databases are always tried: a fault on the one says nothing about the other. The few browser tests that run
# along do so on SQLite; `make test-browser` runs them all on both.
test: install
	@fout=0; uitslag=""; \
	for db in sqlite postgres; do \
		echo "== Tests op $$db =="; \
		zonder=""; [ $$db = sqlite ] || zonder="-m 'not browser'"; \
		export TESTDB=$$db; if eval $(VENV)/pytest -n $(WERKERS) --dist loadfile --no-loadscope-reorder "$$zonder" '$(ARGS)'; then uitslag="$$uitslag $$db: geslaagd."; \
		else fout=1; uitslag="$$uitslag $$db: MISLUKT."; fi; \
	done; \
	echo "== Uitslag:$$uitslag"; exit $$fout

# Chromium itself is no package of Python: the tests say which line of apt brings it.
test-browser: install
	@$(MAKE) --no-print-directory test ARGS="tests/browser -m browser $(ARGS)"

# LibreOffice is no package of Python either: this test says which line of apt brings it.
test-rekenblad: install
	@$(MAKE) --no-print-directory test WERKERS=0 ARGS="tests/rekenblad.py $(ARGS)"

# Thousands of random bookings, and of random acts with payments and recoveries, on both databases; make test does
# some hundreds.
test-machine: install
	@MACHINE=250 $(MAKE) --no-print-directory test ARGS="tests/betalingen/test_machine.py tests/betalingen/test_machine_betalingen.py $(ARGS)"

# The pictures of the docs, taken from the demo.
beelden: install
	@$(VENV)/python -m tests.browser.beelden

# -k: show every fault at once, not only those of the first tool.
lint: install
	@$(MAKE) --no-print-directory -k lint-stijl lint-sjablonen lint-types lint-lagen lint-migraties

lint-stijl:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .

lint-sjablonen:
	git ls-files -z --cached --others --exclude-standard -- 'templates/*.html' '*/templates/*.html' \
		| xargs -0 -r $(VENV)/djade --check

lint-types:
	$(VENV)/mypy

lint-lagen:
	$(VENV)/lint-imports --no-logo

# In memory: the check should not leave a database file behind.
lint-migraties:
	DATABASE_URL=sqlite:///:memory: $(VENV)/python manage.py makemigrations --check --dry-run

controleer: install
	@$(VENV)/python manage.py controleer

demo-opnieuw: install
	@$(VENV)/python manage.py demo --opnieuw

# pip-tools stands in a throw-away environment: the project itself does not need it.
lock:
	@map=$$(mktemp -d) && trap 'rm -rf "$$map"' EXIT && $(PYTHON) -m venv "$$map" && \
	"$$map/bin/pip" install -qq "pip-tools>=7.6" && \
	CUSTOM_COMPILE_COMMAND="make lock" "$$map/bin/pip-compile" --quiet $(if $(NIEUW),--upgrade) \
		--extra ontwikkeling --generate-hashes --strip-extras --allow-unsafe --no-annotate \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
		--output-file eisen.txt pyproject.toml && \
	echo "eisen.txt is bijgewerkt."
