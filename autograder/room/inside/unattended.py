"""What a room has nobody and nothing for, and what comes of it, so that the code around it is judged all the same.

input() gets an empty line, as if somebody pressed Enter. A magic that no extension in the room has does nothing, and
so does loading an extension that is not installed: those are tools to look at code with, and change no answer. A cell
under such a magic runs as it does without it. Whoever goes to a folder of their own machine, or of their drive, stays
where they are, and a locale that only their machine has changes nothing. Commands of the shell run without a terminal.
"""

import builtins
import getpass
import locale
import os
import subprocess

from ipykernel import zmqshell

from .idle_modules import serve_idle_modules

MAX_LINES = 100
"""So many empty lines a cell or a call gets. Then the input ends, and with it a debugger's loop, or one that asks until
it likes what it gets."""

LONGEST_READ = 4096
"""Characters of a command's output that are printed at once."""

_left = [MAX_LINES]

INSTALLERS = {"conda", "mamba", "micromamba"}
"""Line magics that raise if Python is not from such an environment."""


def do_without(kernel):
    """Let the code of this process run where nobody types, and without the extensions that a student may have.

    Args:
        kernel: ipykernel's.
    """

    def empty_line(*_, **__):
        _left[0] -= 1
        if _left[0] < 0:
            raise EOFError
        return ""

    # The kernel puts its own in the place of Python's while a cell runs. Functions are called after that as well.
    kernel.raw_input = kernel.getpass = builtins.input = getpass.getpass = empty_line
    shell = kernel.shell
    run_line_magic = shell.run_line_magic
    run_cell_magic = shell.run_cell_magic
    load_extension = shell.extension_manager.load_extension

    def run_known_magic(magic_name, line, _stack_depth=1):
        if magic_name in INSTALLERS or shell.find_line_magic(magic_name) is None:
            return None
        return run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)

    def run_known_cell_magic(magic_name, line, cell):
        if shell.find_cell_magic(magic_name) is None and shell.find_line_magic(magic_name) is None:
            return shell.run_cell(cell, store_history=False).raise_error()
        return run_cell_magic(magic_name, line, cell)

    def load_installed_extension(module_str):
        try:
            return load_extension(module_str)
        except ModuleNotFoundError:
            return None

    zmqshell.system = run_command
    shell.run_line_magic = run_known_magic
    shell.run_cell_magic = run_known_cell_magic
    shell.extension_manager.load_extension = load_installed_extension
    serve_idle_modules()
    os.chdir = _to_a_folder_that_is_there(os.chdir)
    locale.setlocale = _to_a_locale_that_is_there(locale.setlocale)


def _to_a_folder_that_is_there(change):
    """os.chdir, which stays in the present folder where the other one is missing."""

    def change_if_there(path):
        try:
            change(path)
        except FileNotFoundError:
            return

    return change_if_there


def _to_a_locale_that_is_there(change):
    """locale.setlocale, which changes nothing where the locale is missing."""

    def change_if_there(category, locale_=None):
        try:
            return change(category, locale_)
        except locale.Error:
            return change(category)

    return change_if_there


def run_command(command):
    """Run a command of the shell as IPython does, with a pipe where that takes a terminal.

    Args:
        command: for sh.

    Returns:
        Its exit status, negative where a signal ended it.
    """
    with subprocess.Popen(
        command,
        shell=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        while running.stdout and (said := running.stdout.read(LONGEST_READ)):
            print(said, end="")
    status = running.returncode
    return 128 - status if status > 128 else status


def renew_input():
    """Let what comes next be given as many lines as what came before."""
    _left[0] = MAX_LINES
