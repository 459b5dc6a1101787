# Installs what this notebook needs and does not find. Where nothing is missing, it does nothing.
import importlib.util
import subprocess
import sys
from pathlib import Path


def install_missing(wheel, site, needs):
    needs["crossentropy"] = wheel if Path(wheel).exists() else site + wheel
    missing = [needs[name] for name in needs if importlib.util.find_spec(name) is None]
    if not missing:
        return
    print("Installing", *missing)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=1", *missing]
    pip = subprocess.run(pip, capture_output=True, text=True)
    importlib.invalidate_caches()
    if pip.returncode:
        print("That did not work. Is there a network? Run this cell again when there is one, or")
        print("install by hand what the line above names. The installer said:")
        print(*pip.stderr.strip().splitlines()[-1:])
