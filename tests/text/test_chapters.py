"""Walk over `_toc.yml` and hold each chapter to the rules of the book.

A rule takes a chapter and returns what is wrong with it. Each is tested on a chapter that breaks
it, so that it is known to be able to fail.
"""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import jupytext
import pytest
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from places import ROOT
from tutorial.build import MIN_ALT_LENGTH

from crossentropy.exercises import BY_CHAPTER, EXERCISES

REFERENCE = "Part IV, Reference"
MAX_CELL_LINES = 20
DIRECTIVE = re.compile(r"\{([\w-]+)\}\s*(.*)")
MARKDOWN = MarkdownIt().use(colon_fence_plugin)


@dataclass
class Item:
    """One thing on a page: a heading, a paragraph, a directive, an image or a code cell."""

    kind: str
    text: str
    name: str = ""
    argument: str = ""
    level: int = 0
    metadata: dict | None = None


def read(text):
    """Return the items of a chapter's source, in order."""
    items = []
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            items.append(Item("code", cell.source, metadata=cell.metadata))
        else:
            items.extend(read_markdown(cell.source))
    return items


def read_markdown(text):
    tokens = MARKDOWN.parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield Item("heading", tokens[place + 1].content, level=int(token.tag[1]))
        elif token.type == "paragraph_open":
            inline = tokens[place + 1]
            yield Item("paragraph", inline.content)
            images = [child for child in inline.children if child.type == "image"]
            yield from (Item("image", image.content) for image in images)
        elif directive := DIRECTIVE.fullmatch(token.info.strip()):
            yield Item("directive", token.content, *directive.groups())
            yield from read_markdown(token.content)


def options(directive):
    """Return the options at the top of a directive, a dictionary."""
    lines = re.findall(r"^:([\w-]+):[ \t]*(.*)$", directive.text.split("\n\n")[0], re.MULTILINE)
    return dict(lines)


@cache
def table_of_contents():
    return yaml.safe_load((ROOT / "_toc.yml").read_text())


def pages():
    """Return the part of each page of the book; the welcome page's is empty."""
    toc = table_of_contents()
    parts = {toc["root"]: ""}
    for part in toc["parts"]:
        parts |= {chapter["file"]: part["caption"] for chapter in part["chapters"]}
    return parts


PAGES = sorted(pages())
CHAPTERS = [page for page in PAGES if pages()[page] not in ("", REFERENCE)]


@cache
def page(name):
    return tuple(read((ROOT / f"{name}.md").read_text()))


def cells(items):
    return [item for item in items if item.kind == "code"]


def calls(source):
    """Yield each call in a cell with the dotted name of what it calls."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# The rules.


def outcomes(items):
    """One title, and right after it, in few words, what the reader will be able to do."""
    titles = [
        place for place, item in enumerate(items) if (item.kind, item.level) == ("heading", 1)
    ]
    if len(titles) != 1:
        return [f"{len(titles)} titles, expected one"]
    first = items[titles[0] + 1]
    if first.kind != "paragraph" or not re.search(r"\byou\b", first.text, re.IGNORECASE):
        return ["the paragraph below the title does not tell what you will be able to do"]
    words = len(first.text.split())
    return [f"opens with {words} words, expected at most 60"] if words > 60 else []


def ending(items):
    """The last sections are a summary, exercises, and where to go next."""
    sections = [item.text for item in items if (item.kind, item.level) == ("heading", 2)]
    expected = ["Summary", "Exercises", "Where to go next"]
    return [] if sections[-3:] == expected else [f"ends with {sections[-3:]}, expected {expected}"]


def short_cells(items):
    long = [item for item in cells(items) if len(item.text.splitlines()) > MAX_CELL_LINES]
    return [f"a cell of {len(item.text.splitlines())} lines: {item.text[:60]!r}" for item in long]


def python_only(items):
    """No magics, no shell, no change of the import path, no installation: plain notebooks."""
    found = []
    for item in cells(items):
        for line in item.text.splitlines():
            if re.match(r"\s*[%!]", line) or re.search(
                r"\bsys\b.*\bpath\b|(pip3?|conda|uv)\b.*\binstall|get_ipython|myst_nb", line
            ):
                found.append(f"not for a plain notebook: {line.strip()!r}")
    return found


SEEDED_BY_ARGUMENT = {"default_rng", "Random", "RandomState", "Generator", "SeedSequence"}
SEEDED_BY_RANDOM_STATE = {"train_test_split", "shuffle", "resample", "KFold", "StratifiedKFold"}
HARMLESS_IN_RANDOM = {"PCG64", "Philox", "MT19937", "SFC64"} | SEEDED_BY_ARGUMENT


def seeded(items):
    """Each random generator is made from a seed, and none is hidden in a module."""
    found = []
    for item in cells(items):
        for name, call in calls(item.text):
            *owner, function = name.split(".")
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            keywords = {keyword.arg for keyword in call.keywords}
            unseeded = function in SEEDED_BY_ARGUMENT and all(
                isinstance(value, ast.Constant) and value.value is None for value in arguments
            )
            by_state = function in SEEDED_BY_RANDOM_STATE or function.startswith("make_")
            is_method = bool(owner) and owner[0] in ("rng", "self")
            if by_state and not is_method and "random_state" not in keywords:
                unseeded = function not in ("KFold", "StratifiedKFold") or "shuffle" in keywords
            if owner and owner[-1] == "random" and function not in HARMLESS_IN_RANDOM:
                unseeded = True
            if unseeded:
                found.append(f"a generator without a seed: {ast.unparse(call)}")
    return found


DRAWS = re.compile(r"plt\.(show|subplots|figure|plot|imshow|bar|scatter|hist)\b")


def described_figures(items):
    """Each figure says its message in a caption, and what it shows in an alternative text."""
    found = []
    for item in items:
        if item.kind == "code" and DRAWS.search(item.text):
            settings = item.metadata.get("mystnb", {})
            caption = settings.get("figure", {}).get("caption", "")
            found += describe("caption", caption, item) + describe(
                "alt text", settings.get("image", {}).get("alt", ""), item
            )
        elif item.kind == "image":
            found += describe("alt text", item.text, item)
        elif item.kind == "directive" and item.name in ("image", "figure"):
            found += describe("alt text", options(item).get("alt", ""), item)
    return found


def describe(what, text, item):
    where = f"{(item.argument or item.text)[:60]!r}"
    if len(text) < MIN_ALT_LENGTH:
        return [f"the {what} of {where} is {text!r}, expected at least {MIN_ALT_LENGTH} characters"]
    if re.search(r"\.(png|svg|jpe?g|gif)\b", text):
        return [f"the {what} of {where} is a file name: {text!r}"]
    return []


EXERCISE_TITLE = re.compile(r"([ABC]\d+)\. \S.*")


def exercises_of(items):
    """Return the names of a page's exercises, in order."""
    titles = [item.argument for item in items if item.name == "exercise"]
    return [match[1] for title in titles if (match := EXERCISE_TITLE.fullmatch(title))]


def paired_exercises(items):
    """Two to five exercises: each named, with an unanswered check, and a folded, run solution."""
    exercises = [item for item in items if item.name == "exercise"]
    found = [] if 2 <= len(exercises) <= 5 else [f"{len(exercises)} exercises, expected 2 to 5"]
    solved = [item.argument for item in items if item.name == "solution-start"]
    found += [f"{name!r} instead of solution-start" for name in solved_otherwise(items)]
    labels = []
    for exercise in exercises:
        name = EXERCISE_TITLE.fullmatch(exercise.argument)
        if name is None:
            found.append(f"{exercise.argument!r} is no title of an exercise, expected 'A1. Title'")
            continue
        label = f"ex-{name[1].lower()}"
        labels.append(label)
        if options(exercise) != {"label": label, "nonumber": ""}:
            found.append(
                f"{name[1]}: options {options(exercise)}, expected :label: {label}, :nonumber:"
            )
        found += [f"{name[1]}: {fault}" for fault in faults_of_solution(items, exercise, name[1])]
    return found + ([] if solved == labels else [f"solutions {solved}, expected {labels}"])


def solved_otherwise(items):
    return [item.name for item in items if item.name == "solution"]


def faults_of_solution(items, exercise, name):
    """What is wrong between an exercise and the end of its solution."""
    after = items[items.index(exercise) + 1 :]
    names = [item.name for item in after]
    if (
        "solution-start" not in names
        or "solution-end" not in names[names.index("solution-start") :]
    ):
        return ["no solution"]
    start = names.index("solution-start")
    end = names.index("solution-end", start)
    found = []
    if not any(asks(item.text, name) for item in cells(after[:start])):
        found.append(f'no cell with `answer = ...` and `check("{name}", answer)`')
    if options(after[start]).get("class") != "dropdown":
        found.append("the solution is not folded, expected :class: dropdown")
    if not any(answers(item.text, name) for item in cells(after[start:end])):
        found.append(f'no `check("{name}", ...)` in the solution')
    return found


def checks(source):
    """Return, for each call of `check` in a cell, the exercise and the parts of its answer."""
    found = [call.args for name, call in calls(source) if name == "check" and len(call.args) == 2]
    return [
        (first.value, {ast.unparse(part) for part in getattr(second, "elts", [second])})
        for first, second in found
    ]


def asks(source, name):
    """Tell whether the cell checks an answer that is still `...`."""
    unanswered = {
        ast.unparse(target)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "..."
        for target in node.targets
    }
    return any(called == name and answer <= unanswered for called, answer in checks(source))


def answers(source, name):
    return name in [called for called, _ in checks(source)] and not asks(source, name)


def definitions(items):
    """Return the names of the functions and classes that a page defines."""
    found = set()
    for item in cells(items):
        for node in ast.parse(item.text).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                found |= {ast.unparse(target) for target in node.targets}
    return found


def at_least_one_figure(items):
    drawn = any(DRAWS.search(item.text) for item in cells(items))
    return [] if drawn else ["no figure"]


PAGE_RULES = [short_cells, python_only, seeded, described_figures]
CHAPTER_RULES = [outcomes, ending, paired_exercises, at_least_one_figure]


@pytest.mark.parametrize("rule", PAGE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", PAGES)
def test_page(name, rule):
    assert rule(page(name)) == []


@pytest.mark.parametrize("rule", CHAPTER_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter(name, rule):
    assert rule(page(name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_label(name):
    short = {"implementing-cross-entropy": "implementing", "surprise-and-entropy": "surprise"}
    stem = name.removeprefix("book/")
    expected = f"ch-{short.get(stem, stem)}"
    assert f"({expected})=\n" in (ROOT / f"{name}.md").read_text()


def defined_twice(pages_by_name):
    """Return the functions that more than one page defines."""
    counts = Counter(name for items in pages_by_name.values() for name in definitions(items))
    return sorted(name for name, count in counts.items() if count > 1)


def test_no_function_is_defined_in_two_chapters():
    assert defined_twice({name: page(name) for name in PAGES}) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_exercises_of_a_page_are_graded_in_its_file(name):
    file = name.removeprefix("book/").replace("-", "_")
    graded = list(BY_CHAPTER.get(file, {}))
    assert exercises_of(page(name)) == graded, (
        f"{name}.md has the exercises on the left, and code/crossentropy/exercises/{file}.py "
        "the graders on the right: give it a grader for each, in the order of the page"
    )


def test_each_exercise_is_on_one_page_in_reading_order():
    on_pages = [exercise for name in pages() for exercise in exercises_of(page(name))]
    assert on_pages == list(EXERCISES), "code/crossentropy/exercises/__init__.py has another order"


def test_sources_store_no_outputs():
    assert list((ROOT / "book").rglob("*.ipynb")) == []


def cited(text):
    """Return the keys of the works that a page cites."""
    return {
        key.strip()
        for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)
        for key in keys.split(",")
    }


def test_each_work_in_the_bibliography_is_cited():
    entries = re.findall(r"^@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(), re.M)
    assert len(entries) == len(set(entries))
    assert set(entries) == set().union(
        *(cited((ROOT / f"{name}.md").read_text()) for name in PAGES)
    )


# Each rule can fail.

GOOD = """\
---
kernelspec: {name: python3, display_name: Python 3}
---
(ch-sample)=
# Sample

After this chapter you can tell good chapters from bad ones.

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: "The message of this figure, in a sentence that is long enough."
  image:
    alt: "A falling curve from 4.6 at the left end to 0 at the right end."
---
fig, ax = plt.subplots()
plt.show()
```

```{code-cell} ipython3
def sample(rng=np.random.default_rng(15)):
    return rng.shuffle([1, 2])
```

## Summary

Short.

## Exercises

````{exercise} A1. First
:label: ex-a1
:nonumber:

What?
````

```{code-cell} ipython3
answer = ...  # replace the dots

check("A1", answer)
```

````{solution-start} ex-a1
:class: dropdown
````

```{code-cell} ipython3
check("A1", 1.0)
```

````{solution-end}
````

````{exercise} B1. Second
:label: ex-b1
:nonumber:

How?
````

```{code-cell} ipython3
my_function = ...

check("B1", my_function)
```

````{solution-start} ex-b1
:class: dropdown
````

```{code-cell} ipython3
def solution_b1():
    return 1


check("B1", solution_b1)
```

````{solution-end}
````

## Where to go next

On.
"""


def test_a_good_chapter_passes():
    items = read(GOOD)
    assert [rule(items) for rule in PAGE_RULES + CHAPTER_RULES] == [[]] * 8
    assert exercises_of(items) == ["A1", "B1"]
    assert definitions(items) == {"sample", "solution_b1"}


FAULTS = [
    (outcomes, "After this chapter you can", "This chapter lets readers"),
    (outcomes, "good chapters", "good chapters" + 60 * " and better ones"),
    (outcomes, "# Sample", "# Sample\n\nOnce upon a time."),
    (outcomes, "# Sample", "# Sample\n\n# Another"),
    (outcomes, "# Sample", ""),
    (ending, "## Summary", "## In short"),
    (ending, "## Where to go next", "### Where to go next"),
    (ending, "## Exercises", "## Summary"),
    (short_cells, "fig, ax = plt.subplots()", "pass\n" * 20),
    (python_only, "fig, ax = plt.subplots()", "%matplotlib inline"),
    (python_only, "fig, ax = plt.subplots()", "!pip list"),
    (python_only, "fig, ax = plt.subplots()", "from sys import path"),
    (python_only, "fig, ax = plt.subplots()", "run('pip install numpy')"),
    (python_only, "fig, ax = plt.subplots()", "from myst_nb import glue"),
    (seeded, "default_rng(15)", "default_rng()"),
    (seeded, "default_rng(15)", "default_rng(seed=None)"),
    (seeded, "np.random.default_rng(15)", "np.random.rand(3)"),
    (seeded, "np.random.default_rng(15)", "np.random.seed(3)"),
    (seeded, "np.random.default_rng(15)", "random.random()"),
    (seeded, "np.random.default_rng(15)", "train_test_split(x, y)"),
    (seeded, "np.random.default_rng(15)", "make_blobs(100)"),
    (seeded, "np.random.default_rng(15)", "KFold(5, shuffle=True)"),
    (described_figures, "The message of this figure, in a sentence that is long enough.", "Figure"),
    (
        described_figures,
        "A falling curve from 4.6 at the left end to 0 at the right end.",
        "A curve.",
    ),
    (
        described_figures,
        "A falling curve from 4.6 at the left end",
        "book/images/a_falling_curve.png",
    ),
    (described_figures, "    alt:", "    width:"),
    (described_figures, "Short.", "![Short](short.png)"),
    (described_figures, "Short.", "```{figure} short.png\n:alt: Short\n\nCaption\n```"),
    (described_figures, "Short.", ":::{image} short.png\n:::"),
    (paired_exercises, "A1. First", "First"),
    (paired_exercises, ":label: ex-b1", ":label: ex-b2"),
    (paired_exercises, ":nonumber:", ""),
    (
        paired_exercises,
        "```{code-cell} ipython3\nanswer = ...",
        "```{code-cell} ipython3\nanswer = 1",
    ),
    (paired_exercises, 'check("B1", my_function)', 'check("B2", my_function)'),
    (paired_exercises, 'check("A1", 1.0)', "print(1.0)"),
    (paired_exercises, 'check("A1", 1.0)', 'answer = ...\ncheck("A1", answer)'),
    (paired_exercises, ":class: dropdown", ""),
    (paired_exercises, "{solution-start} ex-b1", "{solution-start} ex-a1"),
    (paired_exercises, "{solution-start}", "{solution}"),
    (paired_exercises, "{exercise} B1", "{note} B1"),
    (at_least_one_figure, "fig, ax = plt.subplots()\nplt.show()", "pass"),
]


@pytest.mark.parametrize(("rule", "old", "new"), FAULTS)
def test_the_rule_sees_the_fault(rule, old, new):
    assert old in GOOD
    assert rule(read(GOOD.replace(old, new))) != []


def test_a_function_defined_twice_is_seen():
    items = read(GOOD)
    assert defined_twice({"one": items, "two": items}) == ["sample", "solution_b1"]
    assert defined_twice({"one": items}) == []
    assert definitions(read("```{code-cell} ipython3\nf = lambda x: x\n```")) == {"f"}
