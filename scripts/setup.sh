# Sourced by scripts/run and scripts/test: a Node that is new enough, the dependencies, and a build of these sources.
# Says what it does on standard error, and only what it does.

say() { printf '%s\n' "$*" >&2; }

need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "Hearth needs Node 20.19 or newer, with npm. See https://nodejs.org or your system's packages."
    exit 69
  fi
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    say "Hearth needs Node 20.19 or newer; this is $(node --version)."
    exit 69
  fi
}

# The dependencies are those of the lock file: installed anew when it has changed since.
install_dependencies() {
  if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "Installing the dependencies…"
    if ! npm ci --no-audit --no-fund --loglevel=error >&2; then
      say "The dependencies could not be installed; see above. Is the network there?"
      return 69
    fi
    touch node_modules/.package-lock.json
  fi
}

build_if_changed() {
  if [ ! -f dist/.built ] || [ -n "$(find src scripts/build.mjs package.json -newer dist/.built -print -quit)" ]; then
    say "Building…"
    npm run --silent build >&2
  fi
}
