"""nginx and Caddy before Hermes, by the examples of deploy/: only names, ports and certificate are the test's."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import trustme

from tests import ROOT
from tests.support.waiting import until

NGINX = """
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{block}
}}
"""
CADDY = """
{{
	admin off
	auto_https disable_redirects
	skip_install_trust
}}
{block}
"""


@asynccontextmanager
async def proxy(
    name: str, upstream: str, port: int, below: str, folder: Path
) -> AsyncGenerator[None]:
    """`name` with TLS at https://localhost:`port`, passing what is below `below` on to `upstream` (host:port)."""
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for part in certificate.cert_chain_pems:
        part.write_to_path(folder / "cert.pem", append=True)
    write = {"nginx": _nginx, "caddy": _caddy}[name]
    command = write(upstream, port, below, folder)
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}  # fmt: skip
    with (folder / "output.log").open("w") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=output, stderr=output
        )
    try:
        await until(lambda: _listens(process, port, folder), f"{name} listens", every=0.01)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listens(process: asyncio.subprocess.Process, port: int, folder: Path) -> bool:
    assert process.returncode is None, (folder / "output.log").read_text()
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _nginx(upstream: str, port: int, below: str, folder: Path) -> list[str]:
    block = _filled(
        "nginx.conf",
        {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "server_name hermes.example": "server_name localhost",
            "/etc/letsencrypt/live/hermes.example/fullchain.pem": str(folder / "cert.pem"),
            "/etc/letsencrypt/live/hermes.example/privkey.pem": str(folder / "key.pem"),
            "location / {": f"location {below} {{",
            "127.0.0.1:8400": upstream,
        },
    )
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, block=block))
    return ["nginx", "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log"), "-g", "daemon off;"]  # fmt: skip


def _caddy(upstream: str, port: int, below: str, folder: Path) -> list[str]:
    tls = f"tls {folder}/cert.pem {folder}/key.pem"
    block = _filled(
        "Caddyfile",
        {
            "\nhermes.example {": f"\nhttps://localhost:{port} {{\n\tbind 127.0.0.1\n\t{tls}",
            "reverse_proxy 127.0.0.1:8400": f"reverse_proxy {below}* {upstream}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(CADDY.format(block=block))
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


def _filled(example: str, words: dict[str, str]) -> str:
    text = (ROOT / "deploy" / example).read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    text = "\n" + "".join(lines)
    for word, value in words.items():
        assert word in text, f"deploy/{example} has no {word!r}"
        text = text.replace(word, value)
    return text
