"""The layers of the package, kept by looking at every import statement, wherever it stands."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "vidtag"
STEPS = (  # a module imports from earlier steps, or from its own
    ("errors", "version", "times", "cast", "timeline", "signals"),
    ("analysis",),
    ("options", "limits", "scores", "hiddenfiles", "claims", "refusals", "renaming", "wholefile", "outputs"),
    ("overlay",),
    ("media", "records"),
    ("predictors",),
    ("training",),
    ("evaluation",),
    ("parallel", "scoring", "looking", "rendering", "together", "pipeline", "frames"),
    ("season", "remote"),
    ("batch",),
    ("api", "cli", "__init__", "__main__"),
)
SIBLINGS = {"media": "records", "records": "media"}  # on one step, but neither imports the other
HEAVY = {"av", "cv2", "imageio_ffmpeg", "keras", "moviepy", "PIL", "subprocess", "tensorflow"}
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}


def layer(module):
    """Give what STEPS calls it: the module's own name, or that of its subpackage."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def step(module):
    return next(number for number, layers in enumerate(STEPS) if layer(module) in layers)


def imports(module):
    """List what a module imports, as (module, name); also in functions and for type checking only."""
    found = []
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found += [(node.module, alias.name) for alias in node.names]
    return found


def own_imports(module):
    """List what a module imports of vidtag; `from package import module` is the import of that module."""
    own = [(target, name) for target, name in imports(module) if target.split(".")[0] == "vidtag"]
    return [(f"{target}.{name}", "") if f"{target}.{name}" in MODULES else (target, name) for target, name in own]


def is_front(module):
    """Fronts re-export or start; nothing depends on them."""
    return module.endswith(("__init__", "__main__"))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_from_its_own_step_or_earlier_ones(module):
    for target, _ in own_imports(module):
        assert step(target) <= step(module), f"{module} must not import {target}"
        assert SIBLINGS.get(layer(module)) != layer(target), f"{module} must not import {target}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_names_come_from_the_module_that_defines_them(module):
    for target, name in own_imports(module):
        assert target in MODULES, f"{module} imports {name or target} from {target}, which is no module with code"
        tree = ast.parse(MODULES[target].read_text(encoding="utf-8"))
        assert not name or name in defined_in(tree), f"{module} imports {name} from {target}, which does not define it"


def defined_in(tree):
    """List the names that a module gives something to itself, at its outermost level."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
    return names


def test_no_modules_import_each_other_in_a_circle():
    waiting = {module: {target for target, _ in own_imports(module)} for module in MODULES if not is_front(module)}
    while free := [module for module, targets in waiting.items() if not targets & waiting.keys()]:
        for module in free:
            del waiting[module]
    assert not waiting, f"these import each other: {', '.join(sorted(waiting))}"


PURE = sorted(module for module in MODULES if not is_front(module) and step(module) <= 1)


@pytest.mark.parametrize("module", PURE)
def test_words_and_pure_functions_touch_no_media_library_and_no_file(module):
    assert not {target.split(".")[0] for target, _ in imports(module)} & HEAVY
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in {"open", "read_text", "write_text", "read_bytes", "write_bytes", "time", "now", "load"}


def test_the_test_sees_what_it_is_about():
    assert len(MODULES) > 40
    assert ("vidtag.errors", "ShapeError") in own_imports("vidtag.timeline")
    assert {"vidtag.analysis.smoothing", "vidtag.timeline"} <= set(PURE)
    assert step("vidtag.media.reader") > step("vidtag.analysis.sampling")
