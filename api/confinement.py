"""Confinement: what a worker gives up before it takes a stranger's query.

It cannot grow beyond its memory limit and ends with the service. One that has its graph in memory
can open no file descriptor at all. One that reads a store on disk has to open the store's files,
so that it is the kernel that refuses it sockets and other programs (seccomp, on Linux).
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Final

STACK_BYTES: Final = 256 << 20
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1  # SECCOMP_FILTER_FLAG_TSYNC
_SPARE_DESCRIPTORS: Final = 32
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050001  # the latter with EPERM
_OTHER_ABI: Final = 0x40000000
_MACHINES: Final[dict[str, tuple[int, int, tuple[int, ...]]]] = {
    # Its number in audit.h, that of seccomp(2), and those of socket, connect, accept, bind, execve,
    # execveat, accept4 and io_uring_setup, which could do the same.
    "x86_64": (0xC000003E, 317, (41, 42, 43, 49, 59, 322, 288, 425)),
    "aarch64": (0xC00000B7, 277, (198, 203, 202, 200, 221, 281, 242, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def confine(memory: int, files: int = 0) -> None:
    """Give up what a worker does not need, for good.

    Args:
        memory: bytes that it may grow by.
        files: how many files of a store it may have open; 0 for none at all.
    """
    statm = Path("/proc/self/statm")
    if statm.exists():  # its first figure: pages of address space in use
        used = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = used + memory + STACK_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere a query outlives a killed service, to its own end
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if files:
        forbid_sockets()
        highest = max((int(file.name) for file in Path("/dev/fd").iterdir()), default=2)
        count = min(
            highest + files + _SPARE_DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        )
    else:
        count = 0  # no new descriptor, so no connection can be made and no file read
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def forbid_sockets() -> bool:
    """Have the kernel refuse this process new sockets and other programs; say whether it does."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    machine, seccomp, refused = _MACHINES[platform.machine()]
    checks = len(refused) + 1
    program = [
        (_LOAD, 0, 0, 4),  # the machine's number
        (_IS, 0, checks + 2, machine),
        (_LOAD, 0, 0, 0),  # the number of the system call
        (_AT_LEAST, checks, 0, _OTHER_ABI),
        *((_IS, checks - 1 - place, 0, call) for place, call in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOWED),
        (_RETURN, 0, 0, _REFUSED),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    filter_ = _Program(len(program), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done: int = libc.syscall(seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(filter_))
    return done == 0
