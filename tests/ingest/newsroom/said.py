"""What the code says: the texts that its messages can have, read from the code itself."""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

PLACE = re.compile(r"\{\w+\}")


def messages(files: Iterable[Path], tellers: Iterable[str]) -> set[str]:
    """Every message in some files, with `{}` for each value. `tellers` are the functions and
    classes that take one."""
    found = set()
    for file in files:
        module = ast.parse(file.read_text())
        functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]
        functions += [one for one in ast.walk(module) if isinstance(one, ast.AsyncFunctionDef)]  # type: ignore[misc]
        for function in functions:
            nodes = told(function, set(tellers))
            found |= {said for node in nodes for said in written(node, function, module)}
    return found


def told(function: ast.FunctionDef, tellers: set[str]) -> Iterator[ast.expr]:
    """The expressions whose value is a message: what a teller takes last, or second; or what a
    function that gives texts gives."""
    yields = ast.unparse(function.returns or ast.Constant(None)) in ("str", "Iterator[str]")
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in tellers and node.args:
            place = 0 if node.func.id == "ValueError" else 1  # type: ignore[attr-defined]
            yield node.args[min(place, len(node.args) - 1)]
        elif yields and isinstance(node, ast.Yield | ast.Return) and node.value:
            yield node.value


def written(node: ast.expr, function: ast.FunctionDef, module: ast.Module) -> list[str]:
    """What an expression can say; a name is what the function or the module sets it to."""
    match node:
        case ast.Constant(value=str(said)):
            return [said]
        case ast.JoinedStr(values=parts):
            all_parts = (written(one, function, module) for one in parts)
            return ["".join(one) for one in product(*all_parts)]
        case ast.FormattedValue(value=ast.Name() as name):
            return written(name, function, module)
        case ast.IfExp(body=first, orelse=second):
            return [*written(first, function, module), *written(second, function, module)]
        case ast.Name(id=name):
            for nodes in (ast.walk(function), module.body):
                set_to = [
                    one.value
                    for one in nodes
                    if isinstance(one, ast.Assign)
                    and getattr(one.targets[0], "id", "") == name
                    and name not in {getattr(two, "id", "") for two in ast.walk(one.value)}
                ]
                if set_to:
                    return [said for one in set_to for said in written(one, function, module)]
    return ["{}"]
