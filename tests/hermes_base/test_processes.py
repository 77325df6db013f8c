"""Ports of processes: kept for a child that starts again and again, and refused where they are taken."""

import socket
import sys

import pytest

from hermes_base.problems import Problem
from hermes_base.processes import held_port, open_socket

HOST = "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the port is free until it is bound")
def test_a_held_port_is_given_to_nobody_but_a_child_that_binds_it() -> None:
    with held_port(HOST, 0) as port:
        with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind((HOST, port))
        for _start in range(2):
            with open_socket(HOST, port) as child:
                child.listen()
                with socket.create_connection((HOST, port)):
                    pass


def test_a_port_that_somebody_listens_at_is_refused_before_anything_starts() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(Problem, match=f"Port {port} of {HOST} is not free"),
            held_port(HOST, port),
        ):
            pass
