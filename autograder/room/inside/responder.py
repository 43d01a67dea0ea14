"""The room's end of the judge's questions. Its text is sent into the room before any student code.

It holds nothing that is secret, and nothing that the judge relies on: student code can replace all of it, and
gains only what it can compute itself. It answers on a line of its own, which leads past the kernel's channels: those
take ten times as long, and nobody listens to what they tell beside an answer.

Requests: {"do": "run", "source"}, answered with {"status", "ename"}, and {"do": "get", "name"}, {"do": "make",
"source"}, {"do": "read", "handle"}, {"do": "call", "handle", "args", "kwargs"}, {"do": "replace", "name", "stand_in"}
and {"do": "restore"}. Answers: {"value"} (plain data), {"handle", "kind"} (an object that is no plain data),
{"missing"}, {"raised"} or {"novalue"} (the name of a built-in type).

Between "replace" and "restore" it may ask back before it answers: {"ask": [args, kwargs]} calls what is lent, which
stays with the judge. What comes then is {"value"} or {"raised"}.
"""

import asyncio
import base64
import builtins
import json
import socket
import sys
import threading
import types

from tornado.ioloop import IOLoop

from notebook_checks.values import NotAValue, kind_name, plain

from .ending import forget_alarms, outlive
from .figures import draw_without_windows
from .plan import LENGTH
from .unattended import do_without, renew_input

MAX_TENSOR = 64_000_000
"""Characters that a tensor may have on its way into a room."""


class Responder:
    """Answers the judge's requests about `namespace`, the globals of the student's notebook.

    exchange: sends a question to the judge, and gives what comes back.
    """

    def __init__(self, namespace, exchange):
        self.namespace = namespace
        self.exchange = exchange
        self.one_at_a_time = threading.Lock()
        self.objects = []
        self.replaced = {}

    def answer(self, request):
        """The answer to one request. Whatever student code does, one comes."""
        try:
            return getattr(self, "do_" + request["do"])(**{k: v for k, v in request.items() if k != "do"})
        except BaseException as problem:  # SystemExit and KeyboardInterrupt are the student's, too
            return {"raised": builtin_name(type(problem))}

    def do_get(self, name):
        if name not in self.namespace:
            return {"missing": True}
        return self.give(self.namespace[name])

    def do_make(self, source):
        return self.keep(eval(source, {}))

    def do_replace(self, name, stand_in):
        made = eval(stand_in, {})(lambda *args, **kwargs: self.ask(*args, **kwargs))  # unlike a method it can be copied
        self.replaced.setdefault(name, self.namespace.get(name, self))  # the responder itself says that there was none
        self.namespace[name] = made
        return {"value": None}

    def ask(self, *args, **kwargs):
        """Call what is lent. Arguments and result are plain data."""
        if not self.replaced:
            raise RuntimeError("nothing is lent any more")
        with self.one_at_a_time:
            said = self.exchange({"ask": [encode(plain(list(args))), encode(plain(kwargs))]})
        if "value" not in said:
            raise getattr(builtins, said["raised"])
        return self.decode(said["value"])

    def do_restore(self):
        while self.replaced:
            name, own = self.replaced.popitem()
            if own is self:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = own
        return {"value": None}

    def do_read(self, handle):
        try:
            return {"value": encode(plain(self.objects[handle]))}
        except NotAValue as problem:
            return {"novalue": problem.kind}

    def do_call(self, handle, args, kwargs):
        args = [self.decode(arg) for arg in args]
        kwargs = {key: self.decode(value) for key, value in kwargs.items()}
        return self.give(self.objects[handle](*args, **kwargs))

    def give(self, value):
        try:
            return {"value": encode(plain(value))}
        except NotAValue:
            return self.keep(value)

    def keep(self, value):
        self.objects.append(value)
        return {"handle": len(self.objects) - 1, "kind": kind_name(type(value))}

    def decode(self, value):
        if isinstance(value, list):
            return [self.decode(item) for item in value]
        if isinstance(value, dict):
            if "handle" in value:
                return self.objects[value["handle"]]
            if "tuple" in value:
                return tuple(self.decode(item) for item in value["tuple"])
            if "tensor" in value:
                return decode_tensor(value["tensor"])
            return {self.decode(key): self.decode(item) for key, item in value["pairs"]}
        return value


def encode(value):
    """Plain data as JSON has it: a dict becomes {"pairs": [[key, value], …]}, so that keys keep their types."""
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {"pairs": [[key, encode(item)] for key, item in value.items()]}
    return value


def decode_tensor(text):
    """A tensor of the judge's: {"tensor": the bytes of a safetensors file, in base64}."""
    if len(text) > MAX_TENSOR:
        raise ValueError("a tensor that is too large")
    from safetensors.torch import load  # takes a second to import, and few notebooks need it

    return load(base64.b64decode(text))["tensor"]


def builtin_name(cls: type) -> str:
    """The nearest built-in exception: the names of a student's own classes could carry inputs out."""
    for base in cls.__mro__:
        if getattr(builtins, base.__name__, None) is base:
            return base.__name__
    return "Exception"


class Notebook:
    """In the place of otter's: in a room, checks are the judge's, so a student's own calls of them do nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def check(self, *args, **kwargs):
        return None

    check_all = export = check


def stand_in_for_otter():
    """Modules with a Notebook: otter's own takes seconds to import, and has no business in a room; nor has ours."""
    for name in ("otter", "notebook_checks.notebook"):
        module = types.ModuleType(name)
        vars(module)["Notebook"] = Notebook
        sys.modules[name] = module


class Answering:
    """Hears requests on a line, and answers each: the other end of autograder.room.framing."""

    def __init__(self, kernel, line):
        self.kernel = kernel
        self.line = line
        self.responder = Responder(kernel.shell.user_ns, self.exchange)

    def hear(self, *_):
        request = self.receive()
        if request is None:
            IOLoop.current().remove_handler(self.line)
        elif request["do"] == "run":
            self.running = asyncio.ensure_future(self.run(request["source"]))
        else:
            answer = self.responder.answer(request)
            forget_alarms()
            renew_input()
            self.send(answer)

    async def run(self, source):
        """Run a cell as the kernel does when it is asked to on its shell channel."""
        try:
            reply = await self.kernel.do_execute(source, silent=False, store_history=True, allow_stdin=False)
            answer = {"status": reply["status"], "ename": reply.get("ename")}
        except BaseException as problem:
            answer = {"status": "error", "ename": builtin_name(type(problem))}
        forget_alarms()
        renew_input()
        self.send(answer)

    def receive(self):
        """The next request, or None where the judge has gone."""
        head = self.line.recv(LENGTH.size, socket.MSG_WAITALL)
        if len(head) < LENGTH.size:
            return None
        return json.loads(self.line.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL))

    def exchange(self, question):
        self.send(question)
        return self.receive()

    def send(self, answer):
        try:
            text = json.dumps(answer)
        except ValueError:  # an int of more digits than Python turns into text
            text = json.dumps({"novalue": "int"})
        self.line.sendall(LENGTH.pack(len(text)) + text.encode())


def install(kernel, descriptor):
    """Let a kernel answer the judge's requests, beside all that it answers already.

    Args:
        kernel: of the room, which has not run any student code.
        descriptor: of the connected socket, which is the kernel's from now on.
    """
    stand_in_for_otter()
    outlive(kernel.shell)
    draw_without_windows(kernel.shell)
    do_without(kernel)
    answering = Answering(kernel, socket.socket(fileno=descriptor))
    kernel.set_parent([], kernel.session.msg("execute_request"))  # of all that is displayed here
    IOLoop.current().add_handler(answering.line, answering.hear, IOLoop.READ)
