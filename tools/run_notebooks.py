"""Execute the site's notebooks in environments of their own, as a reader's machine would.

    python tools/run_notebooks.py lowest-direct    # the oldest versions that pyproject.toml allows
    python tools/run_notebooks.py highest          # the newest that there are

Each notebook lies alone in a folder beside nothing but the package's wheel.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "_build" / "html" / "notebooks"
CLIENT = ("nbclient", "ipykernel")
UV = Path(sys.executable).with_name("uv")
KEPT_OUT = ("PYTHON", "VIRTUAL_ENV", "IPYTHONDIR", "JUPYTER", "MPL")


def install(folder: Path, *packages: str, options: tuple[str, ...] = ()) -> None:
    """Install `packages` into the environment in `folder`."""
    command = [UV, "pip", "install", "--quiet", "--python", folder, *options, *packages]
    subprocess.run(command, check=True)


def make_environment(folder: Path, *packages: str, options: tuple[str, ...] = ()) -> Path:
    """Create an environment with pip and `packages`, and return its folder of programs.

    A copy of it works in another place.
    """
    venv = [UV, "venv", "--quiet", "--seed", "--relocatable", "--allow-existing"]
    command = [*venv, "--python", sys.executable, folder]
    subprocess.run(command, check=True)
    install(folder, *packages, options=options)
    return folder / "bin"


def clean_environ(programs: Path, home: Path, **more: str) -> dict[str, str]:
    """Return variables that lead to `programs` and nowhere near this checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(KEPT_OUT)}
    own = {
        "PATH": os.pathsep.join([str(programs), os.defpath]),
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        # kernels run side by side: threads of BLAS that wait for each other cost more than all else
        "OPENBLAS_NUM_THREADS": "1",
    }
    return kept | own | more


def execute(notebook: Path, programs: Path, **environ: str) -> subprocess.CompletedProcess:
    """Execute `notebook` in place, from top to bottom."""
    command = [programs / "jupyter-execute", "--inplace", "--timeout=180", notebook.name]
    return subprocess.run(
        command,
        cwd=notebook.parent,
        env=clean_environ(programs, home=notebook.parent, **environ),
        capture_output=True,
        text=True,
    )


def main(resolution: str) -> int:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    wheel = next(NOTEBOOKS.glob("*.whl"))
    with TemporaryDirectory() as temporary:
        environment = Path(temporary, "environment")
        options = (f"--resolution={resolution}",)
        programs = make_environment(environment, *groups["chapters"], options=options)
        install(environment, *CLIENT)

        def run(notebook: Path) -> tuple[str, subprocess.CompletedProcess]:
            folder = Path(temporary, notebook.stem)
            folder.mkdir()
            shutil.copy(wheel, folder)
            return notebook.name, execute(Path(shutil.copy(notebook, folder)), programs)

        with ThreadPoolExecutor(2) as pool:
            results = dict(pool.map(run, sorted(NOTEBOOKS.glob("*.ipynb"))))
    failed = [name for name, result in results.items() if result.returncode]
    for name in failed:
        print(f"{name}:\n{results[name].stderr}", file=sys.stderr)
    print(f"{len(results) - len(failed)} of {len(results)} notebooks ran ({resolution}).")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
