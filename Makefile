# Two commands are enough on a fresh machine (Python 3.11, make, the registries):
#   make run    sets up and serves the product with sample data on 127.0.0.1:8000
#   make test   sets up and runs lint, types, the import check and all tests
# Both work without a network the second time.

PYTHON ?= $(firstword $(foreach p,python3.11 python3,$(if $(shell command -v $(p) 2>/dev/null),$(p))))
VENV   := .venv
BIN    := $(VENV)/bin
HOME_DIR ?= $(CURDIR)/var
HOST   ?= 127.0.0.1
PORT   ?= 8000
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
SERVE  := DIABAN_HOME="$(HOME_DIR)" DIABAN_DEMO=1 $(BIN)/diaban

.PHONY: setup run test check lint types imports unit postgres format bench lock clean

setup: $(VENV)/.run $(VENV)/.messages

# The stamp names what was installed: a changed lock file installs again, an unchanged one
# asks no registry.
$(VENV)/.run: requirements/run.txt pyproject.toml
	@echo "[1/2] Tạo môi trường Python ($(PYTHON))"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) 2>/dev/null \
	  || $(PYTHON) -m virtualenv -q $(VENV) \
	  || { $(PYTHON) -m pip install --user -q virtualenv && $(PYTHON) -m virtualenv -q $(VENV); }
	@echo "[2/2] Cài các thư viện (khoảng một phút)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/diaban.pth"
	@printf '#!%s\nfrom diaban.cli import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/diaban
	@chmod +x $(BIN)/diaban
	@touch $@

$(VENV)/.messages: $(VENV)/.run $(wildcard src/diaban/web/locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python tools/compile_messages.py
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run $(VENV)/.messages
	@echo "Cài các công cụ kiểm thử"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Cài các thư viện để so sánh tốc độ"
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

run: setup
	@$(SERVE) demo --if-empty
	@$(SERVE) serve --host $(HOST) --port $(PORT)

test: check unit postgres

check: lint types imports

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@DIABAN_HOME="$(CURDIR)/build/types" $(BIN)/mypy

imports: $(VENV)/.dev
	@PYTHONPATH=src $(BIN)/lint-imports

unit: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile

# The same tests that touch a database, on PostgreSQL, where the machine has its server.
postgres: $(VENV)/.dev
	@$(BIN)/python -m tests.postgres -n 2 --dist loadfile

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.bench
	-@$(BIN)/python -m bench

# Development only: writes the lock files anew. They name no registry.
UVC := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q
lock:
	$(UVC) pyproject.toml --extra pg --group dev --group bench -o requirements/bench.txt
	$(UVC) pyproject.toml --extra pg --group dev -c requirements/bench.txt -o requirements/dev.txt
	$(UVC) pyproject.toml --extra pg -c requirements/bench.txt -o requirements/pg.txt
	$(UVC) pyproject.toml -c requirements/bench.txt -o requirements/run.txt

clean:
	rm -rf $(VENV) build var .mypy_cache .ruff_cache .import_linter_cache .hypothesis
