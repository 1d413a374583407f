# The usual errands. `make` alone lists them.

# One set of flags for every build, so that nothing is compiled twice: other flags mean another build.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
SOURCES := Sources Tests Package.swift

.PHONY: help deps demo test bench lint

help:
	@echo 'make demo   build, analyze fixtures/monoliths/webshop, leave a graph and a migration plan in .demo/'
	@echo 'make test   build and run every test'
	@echo 'make bench  build for speed and measure against clang; ARGS="<repo> <compile_commands.json>" for another tree'
	@echo 'make lint   check the layout of the code'
	@echo 'make deps   install the Debian packages and fetch the files that demo, test and bench need'

deps:
	@.ci/deps build test bench

# A debug build: for one small system building takes far longer than running, and optimizing would double it.
demo:
	@.ci/deps build
	swift build $(SWIFT_FLAGS) --product cleave
	@.ci/demo "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/cleave"

test:
ifdef CI
ifdef CLEAVE_UPDATE_GOLDEN
	$(error CLEAVE_UPDATE_GOLDEN is refused here: goldens are rewritten by hand and reviewed)
endif
endif
	@.ci/deps build test
	swift test $(SWIFT_FLAGS)

bench:
	@.ci/deps build bench
	swift build -c release $(SWIFT_FLAGS) --product cleave
	@.ci/bench --cleave "$$(swift build -c release $(SWIFT_FLAGS) --show-bin-path)/cleave" $(ARGS)

lint:
	swift format lint --strict --recursive $(SOURCES)
