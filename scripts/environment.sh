# Sourced by the other scripts: makes the environment .venv beside them once, installs vidtag into it and activates it.
# Usage: source scripts/environment.sh [EXTRAS], for example "[dev]".

cd "$(dirname "${BASH_SOURCE[0]}")/.."

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.12 python3.11 python3.13 python3 python; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "vidtag needs Python 3.11 or newer with venv; install it (Debian: apt install python3 python3-venv) or set PYTHON" >&2
    return 1
}

# OpenCV's wheel links two system libraries that a bare Debian or Ubuntu lacks.
install_system_libraries() {
    if .venv/bin/python -c 'import cv2' 2>/dev/null; then return; fi
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -q && apt-get install -q -y --no-install-recommends libgl1 libglib2.0-0
    fi
    .venv/bin/python -c 'import cv2' || { echo "OpenCV does not load; install libgl1 and libglib2.0-0" >&2; return 1; }
}

# The tests open reports in Debian's Chromium; without it they are skipped and say so.
install_browser() {
    if command -v chromium >/dev/null || ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then return; fi
    apt-get update -q && apt-get install -q -y --no-install-recommends chromium ||
        echo "Chromium could not be installed; tests that need a browser are skipped" >&2
}

prepare_environment() {
    local extras="${1:-}" python stamp
    stamp=".venv/.installed$extras-$(cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)"
    if [ ! -e "$stamp" ]; then
        python="$(find_python)" || return 1
        [ -x .venv/bin/python ] || "$python" -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$extras"
        install_system_libraries
        case "$extras" in *dev*) install_browser ;; esac
        touch "$stamp"
    fi
    # shellcheck disable=SC1091
    source .venv/bin/activate
}
