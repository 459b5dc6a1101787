"""What GitHub reads: valid, safe, and made of the Makefile's targets."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from places import ROOT, make_targets

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "dependabot": [GITHUB / "dependabot.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess:
    command = [Path(sys.executable).with_name(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def workflow(name: str) -> dict:
    loaded = yaml.safe_load((GITHUB / "workflows" / f"{name}.yml").read_text())
    return loaded | {"on": loaded[True]}  # YAML 1.1 reads the key "on" as true


def steps(name: str, job: str) -> list[dict]:
    return workflow(name)["jobs"][job]["steps"]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_have_the_form_that_their_reader_expects(schema):
    result = run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *SCHEMAS[schema])
    assert result.returncode == 0, result.stdout


def test_zizmor_finds_nothing_to_improve():
    result = run("zizmor", "--offline", "--persona=auditor", "--no-progress", GITHUB)
    assert result.returncode == 0, result.stdout + result.stderr
    for path in [*WORKFLOWS, GITHUB / "dependabot.yml"]:
        assert path.name in result.stderr, "not audited"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read_and_runs_make_targets_and_pinned_actions(path):
    jobs = workflow(path.stem)["jobs"]
    assert workflow(path.stem)["permissions"] == {"contents": "read"}
    for name, job in jobs.items():
        if "uses" in job:
            assert (ROOT / job["uses"].removeprefix("$/")).exists()
            continue
        assert "timeout-minutes" in job, name
        for step in job["steps"]:
            if "run" in step:
                assert re.fullmatch(r"make [a-z-]+", step["run"]), step["run"]
                assert step["run"].removeprefix("make ") in make_targets(), step["run"]
            else:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]


def test_ci_runs_what_the_readme_says():
    readme = (ROOT / "README.md").read_text()
    script = (ROOT / ".ci" / "run").read_text()
    commands = [step["run"] for step in steps("ci", "test") if "run" in step]
    assert commands == ["make book", "make test"]
    for command in commands:
        assert f"    {command} " in readme
        assert re.search(rf"^{command}$", script, re.MULTILINE)


def test_every_supported_python_is_checked():
    jobs = workflow("ci")["jobs"]
    pythons = jobs["check"]["strategy"]["matrix"]["python"]
    assert set(jobs["test"]["strategy"]["matrix"]["python"]) <= set(pythons)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={pythons[0]}"


def test_nothing_is_published_that_ci_has_not_passed():
    jobs = workflow("publish")["jobs"]
    assert workflow("publish")["on"]["push"] == {"branches": ["main"]}
    assert "workflow_call" in workflow("ci")["on"]
    assert jobs["ci"]["uses"] == "$/.github/workflows/ci.yml"
    assert jobs["deploy"]["needs"] == "ci"
    assert jobs["notebooks"]["needs"] == "deploy"


def test_what_is_published_is_what_ci_built():
    built = next(step["with"] for step in steps("ci", "test") if "upload" in step.get("uses", ""))
    assert built == {"name": "site", "path": "_build/html"}  # without hidden files
    for job in ("deploy", "notebooks"):
        loads = [s["with"] for s in steps("publish", job) if "download" in s.get("uses", "")]
        assert [load["name"] for load in loads] == ["site"]
    assert loads[0]["path"] == "_build/html"  # where `make colab` looks for the notebooks


@pytest.mark.parametrize(
    ("name", "job", "target"), [("publish", "notebooks", "colab"), ("weekly", "lock", "upgrade")]
)
def test_one_step_alone_has_the_token(name, job, target):
    *others, last = steps(name, job)
    assert last == {"run": f"make {target}", "env": {"GITHUB_TOKEN": "${{ github.token }}"}}
    assert others[0]["with"] == {"persist-credentials": False}
    text = (GITHUB / "workflows" / f"{name}.yml").read_text()
    assert text.count("github.token") == 1
    assert text.count("contents: write") == 1
