"""The agreements of the house that no linter holds."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from narrator import errors

ROOT = Path(__file__).resolve().parent.parent
EXEMPT = "narrator/engines/qwen3/kernels/"
ROOMLESS = {"util", "utils", "common", "helper", "helpers", "core", "base", "manager", "misc"}


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files that git knows, by path from the root; deleted ones are left out."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [f for f in listed.stdout.split("\0") if f and (ROOT / f).is_file()]


@pytest.fixture(scope="module")
def modules(tracked) -> dict[str, str]:
    """Text of our own code, by path; tests are not held to its sizes."""
    return {
        f: (ROOT / f).read_text(encoding="utf-8")
        for f in tracked
        if f.endswith(".py") and f.startswith(("narrator/", "scripts/")) and not f.startswith(EXEMPT)
    }


def test_modules_are_short(modules):
    """A module has at most 400 lines."""
    assert {f: n for f, text in modules.items() if (n := text.count("\n")) > 400} == {}


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    named = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return named[1:] if named[:1] in (["self"], ["cls"]) else named


def test_functions_are_short_and_ask_little(modules):
    """A function has at most 50 lines and 5 arguments."""
    too_much = [
        f"{f}:{node.lineno} {node.name}: {n_lines} lines, {len(_arguments(node))} arguments"
        for f, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and ((n_lines := (node.end_lineno or node.lineno) - node.lineno + 1) > 50 or len(_arguments(node)) > 5)
    ]
    assert too_much == []


def test_no_module_is_named_for_nothing(tracked):
    """No file or folder of code has a name that says nothing about its work."""
    code = [Path(f) for f in tracked if f.endswith(".py")]
    assert [str(f) for f in code if ROOMLESS & {*f.parts[:-1], f.stem, f.stem.removeprefix("test_")}] == []


def test_decisions_are_short(tracked):
    """A decision has at most 40 lines."""
    records = [f for f in tracked if f.startswith("docs/decisions/")]
    assert records
    assert [f for f in records if len((ROOT / f).read_text(encoding="utf-8").splitlines()) > 40] == []


def test_no_file_knows_a_machine(tracked):
    """No tracked file names a folder of somebody's machine or the address of a package index."""
    needles = [
        "/".join(("", *parts, "")).encode()
        for parts in (("work",), ("home", "user"), ("root",), ("opt", "wheels"), ("opt", "pypi"))
    ] + [
        ".".join(parts).encode()
        for parts in (("pypi", "org"), ("files", "pythonhosted"), ("registry", "npmjs"), ("deb", "debian"))
    ]
    pattern = re.compile(b"(?<![\\w.])(?:" + b"|".join(map(re.escape, needles)) + b")")
    assert [(f, m[0]) for f in tracked if (m := pattern.search((ROOT / f).read_bytes()))] == []


def test_every_error_is_in_the_readme():
    """README's table gives every class of error the exit code that it has, and every exit code has a row."""
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.*)\|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: int(code) for code, _, names in rows for name in re.findall(r"`(\w+Error)`", names)}
    real = {c.__name__: int(c.exit_code) for c in errors.NarratorError.__subclasses__()}
    assert told == real
    assert [int(code) for code, _, _ in rows] == [int(code) for code in errors.ExitCode]


def _tree() -> dict[str, set[str]]:
    """README's tree: the names at the top level and inside `narrator/`."""
    block = re.search(r"```text\n(LICENSE.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block, "README has no tree"
    tree: dict[str, set[str]] = {"": set()}
    folder = ""
    for line in block[1].splitlines():
        indent, names = len(line) - len(line.lstrip()), re.split(r"\s{3,}", line.strip())[0].split()
        if indent == 0:
            folder = names[0] if names[0].endswith("/") else ""
            tree[""].update(names)
        elif indent == 2:
            tree.setdefault(folder, set()).update(names)
    return tree


def test_the_readme_shows_the_tree_as_it_is(tracked):
    """README's annotated tree names every top-level entry and every room of narrator/, and nothing else."""
    top = {f.partition("/")[0] + ("/" if "/" in f else "") for f in tracked}
    assert _tree()[""] == top - {".gitignore"}
    inside = {f.removeprefix("narrator/") for f in tracked if f.startswith("narrator/")}
    rooms = {f.partition("/")[0] + ("/" if "/" in f else "") for f in inside if f.endswith(".py")}
    assert _tree()["narrator/"] == rooms - {"__init__.py"}


def test_help_loads_nothing_heavy():
    """`narrate --help` imports no model, no signal processing and no language library."""
    heavy = {"torch", "onnxruntime", "hibari", "nltk", "babel", "num2words", "scipy", "av", "pydub", "ebooklib", "lxml"}
    script = (
        "import sys\nfrom narrator.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('LOADED', *sorted({heavy} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED"
