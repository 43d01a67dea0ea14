"""Withholds names of installed packages from a room: whoever reaches for one gets an ImportError that says so.

Its text is sent into the room before any student code, as the responder's is. It keeps honest students from wrapping
what they are asked to write, and what holds those packages still imports. It is no wall: the package's files lie in the
room, and code that copies them has them.
"""

import ast
import sys
import types
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec


def sentence(name, hint):
    """What is said to whoever reaches for a withheld name.

    Args:
        name: with its module's name before it.
        hint: what to do instead; "" for none.
    """
    return f"{name} is not available here{': ' if hint else '.'}{hint}"


def withhold(names, hint=""):
    """Withhold modules and names in modules, as in "torchvision.ops.misc.SqueezeExcitation".

    Args:
        names: with the module's name before each.
        hint: what to do instead; "" for none.

    Raises:
        RuntimeError: if one of them, or what it is in, was imported before.
    """
    names = set(names)
    late = {name.rpartition(".")[0] for name in names} & sys.modules.keys()
    if late:
        raise RuntimeError(f"imported already: {sorted(late)}")
    sys.meta_path.insert(0, Withholder(names, hint))


class Withholder(MetaPathFinder):
    """Finds an empty module in the place of a withheld one, and takes withheld names out of the others."""

    def __init__(self, names, hint=""):
        self.names = names
        self.hint = hint
        self.parents = {name.rpartition(".")[0] for name in names}
        self.emptied = {}

    def find_spec(self, fullname, path, target=None):
        """The spec of a module that has to do with a withheld name, else None."""
        if fullname not in self.names | self.parents:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, (finder.find_spec(fullname, path, target) for finder in others)), None)
        if spec is None or fullname not in self.names:
            return self.watched(fullname, spec)
        self.emptied[fullname] = public_names(spec.loader.get_source(fullname))  # type: ignore[union-attr]  # of a .py file
        return ModuleSpec(fullname, Empty(self.hint))

    def watched(self, fullname, spec):
        """`spec` with a loader that takes the withheld names out of the module when its code has run."""
        if spec is not None:
            execute = spec.loader.exec_module

            def execute_and_clear(module):
                execute(module)
                self.clear(fullname, module)

            spec.loader.exec_module = execute_and_clear
        return spec

    def clear(self, fullname, module):
        """Take the withheld names out of `module`, and what the withheld modules in it would have given it."""
        given = set()
        for name in self.names:
            parent, _, last = name.rpartition(".")
            if parent != fullname:
                continue
            if name in self.emptied:
                given |= self.emptied[name]
                forget_builders(name, self.emptied[name], self.hint)
            elif hasattr(module, last):
                setattr(module, last, type(last, (), {"__init__": refusal(name, self.hint)}))
        if given:
            module.__getattr__ = refuse_all(fullname, self.hint, given)


class Empty(Loader):
    """Makes a module that has nothing, and says so."""

    def __init__(self, hint):
        self.hint = hint

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__all__ = []
        module.__getattr__ = refuse_all(module.__name__, self.hint)


def refusal(name, hint):
    """A function that takes anything and raises an ImportError about `name`."""

    def refuse(*args, **kwargs):
        raise ImportError(sentence(name, hint))

    return refuse


def refuse_all(fullname, hint, names=None):
    """A module's `__getattr__` that refuses `names`, or everything but what Python's own import asks for."""

    def refuse(name):
        if name.startswith("__") or (names is not None and name not in names):
            raise AttributeError(f"module {fullname!r} has no attribute {name!r}")
        raise ImportError(sentence(f"{fullname}.{name}", hint))

    return refuse


def public_names(source):
    """The names of the classes and functions that a module's text defines."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    return {node.name for node in ast.parse(source).body if isinstance(node, kinds) and node.name[0] != "_"}


def forget_builders(name, builders, hint):
    """torchvision's `get_model` looks models up in a table, in which withheld ones are missing: let it say why.

    Args:
        name: the module that is withheld.
        builders: names of its functions and classes. Those in small letters are put into the table.
        hint: what to do instead; "" for none.
    """
    registry = sys.modules.get("torchvision.models._api", types.SimpleNamespace(BUILTIN_MODELS={})).BUILTIN_MODELS
    for builder in builders:
        if builder.islower():
            registry.setdefault(builder, refusal(f"{name}.{builder}", hint))
