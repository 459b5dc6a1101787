"""Change one thing in a function or a formula: the slips that a reader may make.

`mutation.py` changes the package to see whether its tests notice. Here it is a right answer to an
exercise that is changed, to see whether its grader does, and in more ways.
"""

import ast
import copy
from collections.abc import Iterator

from mutation import put, sites

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
FAMILIES = (
    ("log", "log2", "log10", "log1p"),
    ("exp", "expm1", "exp2"),
    ("sum", "mean", "prod", "max", "min", "median"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("floor", "ceil"),
    ("any", "all"),
    ("eigvalsh", "eigvals"),
    ("sqrt", "square"),
    ("zeros", "ones"),
)
OPTIONS = ("axis", "keepdims", "minlength", "ord")  # others change no number


def parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def replacements(node: ast.AST, names: list[str]) -> Iterator[ast.AST | None]:
    """Yield what may stand in a node's place; None where it is left out."""
    if isinstance(node, ast.BinOp):
        yield from of_operation(node)
    elif isinstance(node, ast.AugAssign):
        yield from of_addition(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare):
        for operator in COMPARISONS:
            if not isinstance(node.ops[0], operator):
                yield ast.Compare(node.left, [operator(), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from of_constant(node.value)
    elif isinstance(node, ast.Call):
        yield from of_call(node)
    elif isinstance(node, ast.Subscript):
        yield from of_subscript(node)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield from (ast.Name(name, node.ctx) for name in names if name != node.id)
    elif isinstance(node, (ast.IfExp, ast.If)):
        for value in (True, False):
            other = copy.deepcopy(node)
            other.test = ast.Constant(value)
            yield other
    elif isinstance(node, ast.Expr):
        yield None
    elif isinstance(node, ast.Return) and node.value is not None:
        yield from map(ast.Return, of_result(node.value, names))


def of_operation(node: ast.BinOp) -> Iterator[ast.AST]:
    for operator in OPERATORS:
        if not isinstance(node.op, operator):
            yield ast.BinOp(node.left, operator(), node.right)
    yield node.left
    yield node.right
    if not isinstance(node.op, (ast.Add, ast.Mult)):
        yield ast.BinOp(node.right, node.op, node.left)


def of_addition(node: ast.AugAssign) -> Iterator[ast.AST | None]:
    yield None
    yield ast.Assign([node.target], node.value, lineno=0)  # which unparse wants to know
    for operator in OPERATORS:
        if not isinstance(node.op, operator):
            yield ast.AugAssign(node.target, operator(), node.value)


def of_constant(value: float) -> Iterator[ast.AST]:
    changed = [value + 1, value - 1, -value, 2 * value]
    if isinstance(value, float):
        changed += [value / 2, value * 10, value / 10]
    for other in dict.fromkeys(changed):
        if other != value:
            yield ast.Constant(other)


def of_call(node: ast.Call) -> Iterator[ast.AST]:
    prefix, _, name = ast.unparse(node.func).rpartition(".")
    for family in FAMILIES:
        if name in family:
            for other in family:
                if other != name:
                    dotted = f"{prefix}.{other}" if prefix else other
                    yield ast.Call(parse(dotted), node.args, node.keywords)
    if node.args:
        yield node.args[0]
    elif isinstance(node.func, ast.Attribute):
        yield node.func.value
    if len(node.args) > 1:
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg not in OPTIONS:
            continue
        others = node.keywords[:place] + node.keywords[place + 1 :]
        yield ast.Call(node.func, node.args, others)
        if keyword.arg == "axis":
            for axis in (0, None):
                along = ast.keyword("axis", ast.Constant(axis))
                yield ast.Call(node.func, node.args, [*others, along])


def of_subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    if not isinstance(node.ctx, ast.Load):
        return
    yield node.value
    if isinstance(node.slice, ast.Tuple):
        elements = node.slice.elts
        yield ast.Subscript(node.value, ast.Tuple(elements[::-1], ast.Load()), node.ctx)
        yield ast.Subscript(
            node.value, ast.Tuple([ast.Slice(), *elements[1:]], ast.Load()), node.ctx
        )
    elif not isinstance(node.slice, (ast.Slice, ast.Compare)):
        for operator in (ast.Add, ast.Sub):
            index = ast.BinOp(node.slice, operator(), ast.Constant(1))
            yield ast.Subscript(node.value, index, node.ctx)


def of_result(value: ast.expr, names: list[str]) -> Iterator[ast.expr]:
    if isinstance(value, ast.Tuple):
        for place, part in enumerate(value.elts):
            for other in of_result(part, names):
                yield ast.Tuple([*value.elts[:place], other, *value.elts[place + 1 :]], value.ctx)
        yield ast.Tuple(value.elts[::-1], value.ctx)
        return
    if isinstance(value, ast.Constant) or ast.unparse(value) == "np.inf":
        return
    yield ast.UnaryOp(ast.USub(), value)
    for text in ("2", "0.5", "1 / np.log(2)", *(f"len({name})" for name in names[:1])):
        yield ast.BinOp(value, ast.Mult(), parse(text))
    yield from (ast.BinOp(value, ast.Div(), parse(f"len({name})")) for name in names[:1])
    yield ast.BinOp(value, ast.Pow(), ast.Constant(2))


def mutants_of(tree: ast.AST, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each change of a function or a formula, in words, and the source that comes of it.

    `names` are those of its arguments and variables, which may be confused.
    """
    seen = {ast.unparse(tree)}
    root = ast.Module([tree], []) if isinstance(tree, ast.stmt) else ast.Expression(tree)
    for parent, field, place, child in list(sites(root)):
        for replacement in replacements(child, names):
            put(parent, field, place, ast.Pass() if replacement is None else replacement)
            source = ast.unparse(root)
            after = "" if replacement is None else in_a_line(parent, replacement)
            put(parent, field, place, child)
            if source not in seen:
                seen.add(source)
                yield f"{in_a_line(parent, child)} -> {after}", source


def in_a_line(parent: ast.AST, node: ast.AST) -> str:
    """Return the code of a node, in that of its parent where it is only a number or a name."""
    small = isinstance(node, (ast.Constant, ast.Name)) and isinstance(
        parent, (ast.expr, ast.keyword)
    )
    return ast.unparse(parent if small else node).split("\n")[0]


def with_ticks(source: str) -> str:
    """Return the source of a function, with a call of `tick` in each turn of its loops."""
    if "while " not in source:
        return source
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            node.body.insert(0, ast.parse("tick()").body[0])
    return ast.unparse(tree)


def variables_of(function: ast.FunctionDef) -> list[str]:
    """Return the names of a function's arguments, and of what it assigns to."""
    arguments = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    assigned = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return list(dict.fromkeys([*arguments, *assigned]))
